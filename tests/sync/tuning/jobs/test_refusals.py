"""What providers say when they refuse, from public reports, and what people are told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.common.errors import SyncError
from sync.tuning.jobs.refusals import line_of
from tests.sync.tuning.jobs.orders import Desk
from tests.sync.tuning.jobs.standin import Refused, Script, StandIn, stand_in

FILES, JOBS = "/v1/files", "/v1/fine_tuning/jobs"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with stand_in() as api:
        made = Desk(tmp_path, api)
        made.release()
        yield made


WOUND_DOWN = "takes no new fine-tuning jobs from this account"
CREDIT = "has no credit left, or none for fine-tuning"
BUSY = "takes no further job now"
UNTUNED = "does not tune 'gpt-4.1-mini-2025-04-14'"
POLICY = "found examples that its usage policies forbid"
# of a job that is asked for: report, status, message and code, what is told
ASKED = [
    (
        "ed-donner/llm_engineering#3258",
        403,
        "OpenAI is winding down its fine-tuning platform; your organization can no longer create "
        "new fine-tuning jobs.",
        "training_not_available",
        WOUND_DOWN,
    ),
    (
        "betalgo/openai#397",
        400,
        "Fine-tuning jobs cannot be created on an Explore plan. You can upgrade to a paid plan on "
        "your billing page.",
        "exceeded_quota",
        CREDIT,
    ),
    (
        "Center-for-AI-Innovation/ai-ta-backend#67",
        429,
        "You exceeded your current quota, please check your plan and billing details.",
        "insufficient_quota",
        CREDIT,
    ),
    (
        "alexrudall/ruby-openai#180",
        400,
        "Invalid base model: xxi (model must be one of ada, babbage, curie, davinci) or a "
        "fine-tuned model created by your organization",
        None,
        UNTUNED,
    ),
    (
        "BerriAI/litellm#24687",
        400,
        "The specified base model does not support fine-tuning.",
        "invalidPayload",
        UNTUNED,
    ),
    (
        "a model without a date",
        400,
        "Model gpt-4 is not available for fine-tuning or does not exist.",
        "model_not_available",
        UNTUNED,
    ),
    (
        "too many at a time",
        429,
        "This fine-tune request has been rate-limited. Your organization has reached the maximum "
        "of 3 active requests (running: 3, queued: 0).",
        "daily_rate_limit_exceeded",
        BUSY,
    ),
    ("a key without the right", 403, "You have insufficient permissions.", None, "does not let"),
    ("a wrong key", 401, "Incorrect API key provided", "invalid_api_key", "OPENAI_API_KEY"),
    ("no such API", 404, "Invalid URL (POST /v1/fine_tuning/jobs)", None, "no fine-tuning API"),
    ("words that nobody knows", 400, "The moon is in the wrong house.", None, "wrong house"),
]


@pytest.mark.parametrize(
    ("report", "status", "message", "code", "told"), ASKED, ids=[one[0] for one in ASKED]
)
def test_a_refused_job_is_one_sentence_that_says_what_it_means(
    desk: Desk, report: str, status: int, message: str, code: str | None, told: str
) -> None:
    refused = Refused.error(status, message, code=code, type="invalid_request_error")
    desk.api.fault("POST", JOBS, times=9, refused=refused)
    with pytest.raises(SyncError) as error:
        desk.start()
    assert told in str(error.value)
    assert "\n" not in str(error.value)
    assert desk.api.jobs == {}


# of a job that failed: report, code and message, what is told
FAILED = [
    (
        "johny-b/llmcomp#59",
        "invalid_training_file",
        "The job failed due to a file format error in the training file. Invalid file format. "
        "Example 7 message contains an invalid token: <|fim_suffix|>.",
        "refuses a file of the release",
    ),
    (
        "ed-donner/llm_engineering#723",
        "user_error",
        "Error while running moderation eval refusals_v3 for snapshot ft:gpt-4o-mini",
        POLICY,
    ),
    (
        "openai-php/client#107",
        "invalid_training_file",
        "INVALID JSONL FILE ON LINE 7",
        "refuses a file of the release",
    ),
    (
        "openai/openai-python#1207",
        "billing_hard_limit_reached",
        "Billing hard limit has been reached",
        CREDIT,
    ),
]


@pytest.mark.parametrize(
    ("report", "code", "message", "told"), FAILED, ids=[one[0] for one in FAILED]
)
def test_a_job_that_failed_says_why(
    desk: Desk, report: str, code: str, message: str, told: str
) -> None:
    desk.api.script = Script(ends="failed", error={"code": code, "message": message, "param": None})
    name = desk.start()
    with pytest.raises(SyncError) as error:
        desk.watch(name)
    assert str(error.value).startswith(f"{name} failed: ")
    assert told in str(error.value)
    if line_of(message):
        assert "that is line 7 of openai-chat.train.jsonl (task 7" in str(error.value)
    assert desk.estimate().costs  # another attempt is asked for


def test_an_upload_that_breaks_off_is_told_and_goes_on(desk: Desk) -> None:
    """Azure/azure-sdk-for-js#31148: ECONNRESET while a large file is sent."""
    desk.api.fault("POST", FILES, times=9, lost="before")
    with pytest.raises(SyncError, match="can't be reached, or broke off; run the same command ag"):
        desk.start()
    desk.api.faults.clear()
    desk.tune()
    assert (len(desk.api.files), len(desk.api.jobs)) == (2, 1)


def test_a_byte_order_mark_never_reaches_openai(tmp_path: Path) -> None:
    """OkGoDoIt/OpenAI-API-dotnet#59: "Line 1 is not a dictionary"."""
    with stand_in() as api:
        desk = Desk(tmp_path, api)
        desk.release(bom=True)
        with pytest.raises(SyncError, match="byte order mark"):
            desk.start()
        assert api.calls == []


def test_a_file_that_fails_without_a_word_is_told(tmp_path: Path) -> None:
    """openai/openai-cookbook#20: Azure's file becomes `failed`, and nobody says why."""

    class Failing(StandIn):
        def file(self, file_id: str) -> object:
            return {**self.files[file_id], "status": "failed", "status_details": None}

    with stand_in(Failing, azure=True) as api:
        desk = Desk(tmp_path, api)
        desk.configure(endpoint='provider = "azure"')
        desk.release(bom=True)
        with pytest.raises(SyncError, match=r"azure can't use openai-chat.*does not say why"):
            desk.start()
        assert api.jobs == {}


def test_a_page_of_a_gateway_is_no_api(desk: Desk) -> None:
    desk.api.fault("GET", FILES, times=99, refused=Refused(200, b"<html>Sign in</html>"))
    with pytest.raises(SyncError, match="answered no JSON"):
        desk.start()


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("Line 17, message 2: role missing", 17),
        ("Example 6174 message contains an invalid token", 6174),
        ("Invalid file format. Row number 3 is not JSON", 3),
        ("Error at line #8", 8),
        ("online 24 hours, deadline 7", None),
    ],
)
def test_the_line_that_a_provider_names_is_found(said: str, line: int | None) -> None:
    assert line_of(said) == line
