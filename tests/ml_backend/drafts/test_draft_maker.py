"""Making drafts with a real client and the real embedding model."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest

from connectors.errors import ContextTooLong
from drafting import draft_task, more_samples
from drafting.acceptance.acceptance import Acceptance, Calibrator
from drafting.draft_version import model_version
from drafting.project_settings import LLMSettings, ProjectSettings
from drafting.rewrite_request import Instructed
from label_configs import ReplyError
from label_configs.draft_meta import acceptance_of
from label_configs.queue_fields import FIRST, QUEUE_FIRST
from ml_backend.drafts.draft_maker import DraftMaker
from ml_backend.drafts.model_servers import ModelServers
from ml_backend.drafts.paid_sampler import BudgetReachedError
from ml_backend.settings import BackendSettings
from ml_backend.store.acceptances import LearntAcceptance
from ml_backend.store.draft_jobs import DraftJob, FinishedDraft
from ml_backend.store.replies import Replies
from ml_backend.work.jobs import Jobs
from tests.ml_backend.fakes import FakeLabelStudio, conversation
from tests.ml_backend.http_double import HTTPDouble, Reply, Request, http_double

Make = Callable[..., DraftMaker]

REPLIES = ["Please raise your limit.", "Please raise the limit.", "Bananas are yellow."]


def answer(request: Request) -> Reply:
    """Three replies of which two agree; as steps when a schema asks for them.

    The second model begins with the second of them, and so do two further ones of the first.
    """
    choices = []
    count = request.body.get("n", 1)
    first = 1 if count == 2 or request.body.get("model") == "b" else 0
    for i in range(count):
        text = REPLIES[(first + i) % 3]
        if "response_format" in request.body:
            drafted = {"steps": [{"text": "Declined.", "kind": "observation"}], "answer": text}
            text = json.dumps(drafted)
        choices.append(
            {
                "index": i,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": text},
                "logprobs": {"content": [{"token": "t", "logprob": -0.1}]},
            }
        )
    return Reply(
        {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": choices}
    )


def answering(**message: str) -> Callable[[Request], Reply]:
    """As `answer`, with this in each message."""

    def replied(request: Request) -> Reply:
        reply = answer(request)
        for each in reply.body["choices"]:
            each["message"] |= message
        return reply

    return replied


@pytest.fixture(scope="module")
def model() -> Iterator[HTTPDouble]:
    with http_double(answer) as double:
        yield double


@pytest.fixture
def maker(jobs: Jobs, label_studio: FakeLabelStudio) -> Make:
    """A worker's maker, as a new process has it."""

    def make(**environment: Any) -> DraftMaker:
        return DraftMaker(
            label_studio,
            ModelServers(BackendSettings(**environment), jobs.projects),
            Replies.beside(jobs.drafts),
            jobs.figures,
            jobs.projects,
            acceptance=jobs.learning.acceptances.of,
        )

    return make


@pytest.fixture
def asked(model: HTTPDouble) -> list[Request]:
    """What this test asks the model."""
    model.requests.clear()
    return model.requests


def job(
    model: HTTPDouble,
    data: dict[str, Any] | None = None,
    llm: dict[str, Any] | None = None,
    rewrite: Instructed | None = None,
    **project: Any,
) -> DraftJob:
    shape = {"base_url": f"{model.url}/v1", "samples": 3, "examples": 0, **(llm or {})}
    settings = ProjectSettings(**{"guidelines": "Be kind.", **project, "llm": LLMSettings(**shape)})
    return DraftJob(
        1, 7, data or conversation(), settings, model_version(settings), (5,), rewrite=rewrite
    )


def again(job: DraftJob) -> DraftJob:
    """The second pass of a job."""
    return replace(job, again=True)


def test_a_chat_response(maker: Make, model: HTTPDouble, asked: list[Request]) -> None:
    draft, patch = maker()(job(model))
    assert draft.result[0]["value"]["text"][0] in REPLIES[:2]
    assert draft.score == pytest.approx(0.9048, abs=1e-4)  # one sample, and the model is sure
    assert (draft.project_id, draft.task_id, draft.stale, patch) == (1, 7, (5,), {})
    assert draft.model_version.startswith("chat_response-qwen2.5-coder-1.5b-instruct-")
    assert not (draft.one_by_one or draft.again or draft.doubtful)
    told = acceptance_of(draft.result)
    assert told is not None
    assert told.acceptance == pytest.approx(draft.score, abs=1e-4)
    assert told.signals["token_confidence"] == pytest.approx(0.9048, abs=1e-4)
    assert told.signals["fitting_share"] == 1.0
    assert asked[-1].body["messages"][0]["content"].startswith("Be kind.\n\n")


def test_the_draft_of_a_task_that_comes_first_does_so_before_anybody_ranks(
    maker: Make, model: HTTPDouble, asked: list[Request]
) -> None:
    plain, _ = maker()(job(model))
    first, _ = maker()(job(model, {**conversation(), QUEUE_FIRST: "tuned:bank-1: fees"}))
    assert plain.prediction()["score"] == plain.score == first.score
    assert first.prediction()["score"] == pytest.approx(FIRST * plain.score)
    # how likely it is to be right is told as it is
    told, before = acceptance_of(first.result), acceptance_of(plain.result)
    assert told is not None
    assert told == before


def test_what_experts_taught_scores_the_next_draft(
    maker: Make, model: HTTPDouble, jobs: Jobs
) -> None:
    make, asked = maker(), job(model)
    by_prior, _ = make(asked)
    doubtful = Acceptance(Calibrator(-6.0, 1.0, {}))
    jobs.learning.acceptances.put(1, LearntAcceptance(doubtful, 300))
    for made in (make(asked)[0], make(again(asked))[0]):
        assert made.score == doubtful.probability(made.signals) < 0.5
        told = acceptance_of(made.result)
        assert told is not None and told.acceptance == pytest.approx(made.score, abs=1e-4)
    assert by_prior.score > 0.9
    jobs.learning.acceptances.put(2, LearntAcceptance(Acceptance(), 300))
    assert make(replace(asked, project_id=2))[0].score == by_prior.score


def test_a_model_that_is_sure_is_not_asked_again_where_experts_accept_little(
    maker: Make, model: HTTPDouble, jobs: Jobs
) -> None:
    jobs.learning.acceptances.put(1, LearntAcceptance(Acceptance(Calibrator(-3.0, 1.0, {})), 300))
    made, _ = maker()(job(model))
    assert 0.1 < made.score < 0.9
    assert not made.doubtful


def test_the_second_pass_draws_the_rest_and_pays_for_nothing_twice(
    maker: Make,
    model: HTTPDouble,
    asked: list[Request],
    jobs: Jobs,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # the model gives other replies to one call for many than to many calls
    monkeypatch.setattr(draft_task, "further_counts", lambda most: iter([most]))
    llm = {"prices": {"qwen2.5-coder-1.5b-instruct": {"input": 1.0, "output": 1.0}}}
    first = job(model, conversation("Why was it declined?"), llm=llm)
    maker()(first)
    draft, patch = maker()(again(first))
    assert [request.body.get("n", 1) for request in asked] == [1, 2]
    assert draft.result[0]["value"]["text"][0] in REPLIES[:2]
    assert 0.3 < draft.score < 0.9  # confident, but one of three is of something else
    assert (draft.again, draft.score_only, draft.doubtful, patch) == (True, False, False, {})
    told = acceptance_of(draft.result)
    assert told is not None
    assert told.signals["agreement"] == pytest.approx(draft.signals["agreement"], abs=1e-4)
    spent = jobs.figures.get("cost_micros", 1)
    assert maker()(again(first))[0] == draft
    assert (len(asked), jobs.figures.get("cost_micros", 1)) == (2, spent)


def test_samples_that_agree_end_the_second_pass(
    maker: Make, model: HTTPDouble, asked: list[Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And it takes no more slots than it draws samples at a time."""
    monkeypatch.setattr(more_samples, "ALIKE", 0.0)
    first = job(model, conversation("Is one more enough?"))
    maker()(first)
    taken: list[int] = []
    further = ModelServers.further_slots

    def slots(servers: ModelServers, samples: int) -> AbstractContextManager[None]:
        taken.append(samples)
        return further(servers, samples)

    monkeypatch.setattr(ModelServers, "further_slots", slots)
    draft, _ = maker()(again(first))
    assert [request.body.get("n", 1) for request in asked] == [1, 1]
    assert taken == [1]
    assert "semantic_entropy" in draft.signals


def test_the_second_pass_asks_with_the_prompt_of_the_first(
    maker: Make,
    model: HTTPDouble,
    asked: list[Request],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Other examples may be nearest by then, and samples of two prompts are not of one draft."""
    monkeypatch.setattr(more_samples, "CLEAR", 0.95)
    first = job(model, conversation("Which examples?"))
    assert maker()(first)[0].doubtful
    later = maker()
    monkeypatch.setattr(later, "_prompts", lambda *_: iter([[{"role": "user", "content": "No."}]]))
    later(again(first))
    assert asked[0].body["messages"] == asked[1].body["messages"]


def test_the_second_pass_leaves_drafted_steps_as_they_are(
    maker: Make, model: HTTPDouble, asked: list[Request]
) -> None:
    draft, patch = maker()(again(job(model, interface="reasoning_steps")))
    assert (draft.again, draft.score_only, draft.result, patch) == (True, True, [], {})
    assert 0.3 < draft.score < 0.9
    assert "agreement" in draft.signals


def test_reasoning_steps_can_t_be_imported_in_bulk(
    maker: Make, model: HTTPDouble, asked: list[Request]
) -> None:
    draft, patch = maker()(job(model, interface="reasoning_steps"))
    assert patch == {"steps": [{"text": "Declined."}]}
    assert [item["from_name"] for item in draft.result] == ["fix_0", "kind_0", "answer"]
    assert draft.one_by_one
    assert asked[-1].body["response_format"]["type"] == "json_schema"


def test_reasoning_can_t_be_imported_in_bulk(maker: Make) -> None:
    """A project that an older LabelTune pushed has no place for it, and would lose the draft."""

    with http_double(answering(reasoning_content="The limit was reached.")) as double:
        draft, _ = maker()(job(double))
    assert [item["from_name"] for item in draft.result] == ["response", "reasoning"]
    assert draft.one_by_one


def test_two_models_make_a_pair_and_are_recorded(
    maker: Make, model: HTTPDouble, asked: list[Request]
) -> None:
    llm = {"model": "a", "more_models": ("b",), "samples": 4}
    draft, patch = maker()(job(model, llm=llm, interface="preference"))
    assert {request.body["model"] for request in asked} == {"a", "b"}
    assert {patch["pair"][side]["source"] for side in ("left", "right")} == {"a", "b"}
    assert {item["from_name"] for item in draft.result} == {"left", "right"}


def test_the_project_s_guidelines_are_the_model_s(
    maker: Make, model: HTTPDouble, asked: list[Request]
) -> None:
    """A task may still show the ones before the last push."""
    maker()(job(model, conversation(guidelines="Be strict.")))
    assert asked[-1].body["messages"][0]["content"].startswith("Be kind.\n\n")


def test_a_task_s_own_guidelines_count_where_the_project_has_none(
    maker: Make, model: HTTPDouble, asked: list[Request]
) -> None:
    maker()(job(model, conversation(guidelines="Be strict."), guidelines=""))
    assert asked[-1].body["messages"][0]["content"].startswith("Be strict.\n\n")


def test_the_worker_s_endpoint_and_key_come_before_the_project_s(
    maker: Make, model: HTTPDouble, asked: list[Request]
) -> None:
    with http_double(answer) as own:
        made, _ = maker(llm_base_url=f"{own.url}/v1", llm_key="sk-1")(
            job(model, llm={"samples": 1})
        )
        assert made.score == pytest.approx(0.9048, abs=1e-4)
        assert own.requests[0].headers["authorization"] == "Bearer sk-1"
    assert asked == []


def test_after_a_restart_the_same_draft_costs_no_call(
    maker: Make, model: HTTPDouble, asked: list[Request], jobs: Jobs
) -> None:
    first = maker()(job(model))
    calls = len(asked)
    assert maker()(job(model)) == first
    assert len(asked) == calls
    maker()(job(model, conversation("Another question")))
    assert len(asked) > calls
    jobs.figures.flush()
    assert jobs.figures.get("cached", 1) == 1


def test_at_the_budget_no_call_is_made(
    maker: Make, model: HTTPDouble, asked: list[Request]
) -> None:
    with pytest.raises(BudgetReachedError):
        maker()(job(model, llm={"budget": 0.0}))
    assert asked == []


def test_what_never_fits_is_asked_for_twice(maker: Make) -> None:
    def blank(request: Request) -> Reply:
        body = answer(request).body
        for choice in body["choices"]:
            choice["message"]["content"] = " "
        return Reply(body)

    with http_double(blank) as double, pytest.raises(ReplyError, match="none of 4 replies fits"):
        maker()(job(double, llm={"samples": 2}))
    assert len(double.requests) == 4  # a reply and a second try, of each sample


def test_a_prompt_that_is_too_long_is_cut(maker: Make) -> None:
    """A server of 8k tokens says so; the document is cut, the question stays."""
    long_document = {"title": "Fees", "text": "x" * 40_000}
    said = "This model's maximum context length is 8192 tokens."

    def small(request: Request) -> Reply:
        if len(json.dumps(request.body)) > 20_000:
            error = {"message": said, "code": "context_length_exceeded", "type": "invalid"}
            return Reply({"error": error}, status=400)
        return answer(request)

    with http_double(small) as double:
        draft, _ = maker()(job(double, conversation("Why?", documents=[long_document])))
        assert double.requests[-1].body["messages"][-1] == {"role": "user", "content": "Why?"}
    assert draft.result[0]["value"]["text"][0] in REPLIES


def test_a_prompt_that_can_t_be_cut_any_more_is_given_up(maker: Make) -> None:
    error = {"message": "maximum context length is 16 tokens", "code": "context_length_exceeded"}
    refusal = Reply({"error": error}, status=400)
    with http_double(lambda _: refusal) as double, pytest.raises(ContextTooLong):
        maker()(job(double))


def test_a_rewrite_is_for_the_page_only(
    maker: Make, model: HTTPDouble, asked: list[Request]
) -> None:
    rewrite = Instructed(("shorter",), "A long answer.")
    draft, patch = maker()(job(model, rewrite=rewrite))
    assert isinstance(draft, FinishedDraft)
    assert (draft.for_page_only, patch) == (True, {})
    [request] = asked
    said = json.dumps(request.body["messages"])
    assert "A long answer." in said
    assert "shorter" in said


LEARNT: dict[str, Any] = {"model": "tuned:bank", "learnt": {"system": "You work for a bank."}}


def test_a_tuned_model_is_asked_as_it_learned(
    maker: Make, model: HTTPDouble, asked: list[Request], label_studio: FakeLabelStudio
) -> None:
    data = {**conversation("What does it cost?"), "context": {"tier": "Plus"}}
    draft, _ = maker()(job(model, data, {**LEARNT, "examples": 3}))
    assert draft.result[0]["value"]["text"][0] in REPLIES[:2]
    assert asked[-1].body["messages"] == [
        {"role": "system", "content": "You work for a bank.\n\nContext:\n- tier: Plus"},
        {"role": "user", "content": "What does it cost?"},
    ]


def test_a_tuned_models_steps_are_read_from_its_reasoning(maker: Make) -> None:
    said = "<think>\nLost.\n\nIt costs.\n</think>\n\nFive."
    with http_double(answering(content=said)) as double:
        llm = {"model": "tuned:bank", "learnt": {"reasoning": "think"}}
        draft, patch = maker()(job(double, llm=llm, interface="reasoning_steps"))
        assert "response_format" not in double.requests[-1].body
    assert patch == {"steps": [{"text": "Lost."}, {"text": "It costs."}]}
    assert [item["from_name"] for item in draft.result] == ["fix_0", "fix_1", "answer"]


def test_a_tuned_model_rewrites_by_the_full_prompt(
    maker: Make, model: HTTPDouble, asked: list[Request]
) -> None:
    """It never learned to rewrite, and the guidelines hold for that, too."""
    maker()(job(model, llm=LEARNT, rewrite=Instructed(("shorter",), "A long answer.")))
    said = asked[-1].body["messages"]
    assert said[0]["content"].startswith("Be kind.\n\n")
    assert "You work for a bank." not in json.dumps(said)


DIMENSIONS = {
    "topic": {"labels": ["cards", "fees"], "assign": "model"},
    "complexity": {"labels": ["plain", "nuanced"], "assign": "rules"},
}


def with_categories(said: str | Reply) -> Callable[[Request], Reply]:
    """A model that answers as `answer` does, and so when it is asked for a topic."""

    def answering(request: Request) -> Reply:
        schema = json.dumps(request.body.get("response_format"))
        if "topic" not in schema:
            return answer(request)
        if isinstance(said, Reply):
            return said
        logprobs = {"content": [{"token": "t", "logprob": -0.1}]}
        message = {"content": said}
        choice = {"index": 0, "finish_reason": "stop", "message": message, "logprobs": logprobs}
        usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0}
        return Reply({"choices": [choice], "usage": usage})

    return answering


def chosen(draft: FinishedDraft) -> dict[str, str]:
    return {
        item["from_name"]: item["value"]["choices"][0]
        for item in draft.result
        if item["from_name"] in DIMENSIONS
    }


def test_a_draft_carries_the_task_s_categories_and_the_model_s(maker: Make) -> None:
    data = conversation("My card?", categories={"complexity": "nuanced", "other": "x"})
    with http_double(with_categories('{"topic": "cards"}')) as double:
        made = maker()
        draft, _ = made(job(double, data, dimensions=DIMENSIONS))
        assert chosen(draft) == {"complexity": "nuanced", "topic": "cards"}
        assert draft.result[0]["from_name"] == "response"
        assert not draft.one_by_one
        assert [request.body["temperature"] for request in double.requests] == [0.7, 0.0]
        # asked for once, and paid for once
        assert made(job(double, data, dimensions=DIMENSIONS))[0] == draft
        assert len(double.requests) == 2


def test_a_task_s_own_label_is_not_asked_for(maker: Make) -> None:
    data = conversation(categories={"topic": "fees"})
    with http_double(with_categories('{"topic": "cards"}')) as double:
        draft, _ = maker()(job(double, data, dimensions=DIMENSIONS))
        assert len(double.requests) == 1
    assert chosen(draft) == {"topic": "fees"}


def test_rows_and_categories_in_one_draft(maker: Make) -> None:
    with http_double(with_categories('{"topic": "cards"}')) as double:
        draft, patch = maker()(job(double, interface="reasoning_steps", dimensions=DIMENSIONS))
    assert chosen(draft) == {"topic": "cards"}
    assert patch == {"steps": [{"text": "Declined."}]}


REFUSED = Reply({"error": {"message": "no"}}, status=401)


@pytest.mark.parametrize("said", ["no JSON", '{"topic": "loans"}', REFUSED], ids=str)
def test_categories_that_fail_never_cost_the_draft(
    maker: Make, jobs: Jobs, said: str | Reply
) -> None:
    with http_double(with_categories(said)) as double:
        draft, _ = maker()(job(double, dimensions=DIMENSIONS))
    assert draft.result[0]["value"]["text"][0] in REPLIES[:2]
    assert chosen(draft) == {}
    jobs.figures.flush()
    told = [error.task_id for error in jobs.figures.errors()]
    assert told == ([] if said == '{"topic": "loans"}' else [7])


def test_categories_count_towards_the_budget(maker: Make, jobs: Jobs) -> None:
    """They are the dearer call here; once it is spent, drafts wait as they always do."""
    model = "qwen2.5-coder-1.5b-instruct"
    llm = {"budget": 4.0, "prices": {model: {"input": 5.0, "output": 0.0}}}
    with http_double(with_categories('{"topic": "cards"}')) as double:
        made = maker()
        draft, _ = made(job(double, llm=llm, dimensions=DIMENSIONS))
        assert chosen(draft) == {"topic": "cards"}
        jobs.figures.flush()
        with pytest.raises(BudgetReachedError):
            made(job(double, conversation("Another"), llm=llm, dimensions=DIMENSIONS))


def test_a_rewrite_asks_for_no_categories(maker: Make) -> None:
    with http_double(with_categories('{"topic": "cards"}')) as double:
        rewrite = Instructed(("shorter",), "A long answer.")
        draft, _ = maker()(job(double, rewrite=rewrite, dimensions=DIMENSIONS))
        assert len(double.requests) == 1
    assert chosen(draft) == {}


def judging(request: Request) -> Reply:
    """Replies as `answer` does, and says of a draft that it is right, or fails to."""
    if "Reply with one word" not in request.body["messages"][-1]["content"]:
        return answer(request)
    if request.body["model"] == "b":
        return Reply({"error": {"message": "no"}}, status=400)
    said = {"role": "assistant", "content": "Yes"}
    told = {"content": [{"token": "Yes", "logprob": -0.5}]}
    return Reply({"choices": [{"finish_reason": "stop", "message": said, "logprobs": told}]})


@pytest.mark.parametrize(
    ("name", "expected"), [("a", pytest.approx(0.6065, abs=1e-4)), ("b", None)]
)
def test_the_model_judges_its_draft_where_that_is_asked_for(
    maker: Make, name: str, expected: float | None
) -> None:
    """What it says is one more signal; where it fails, the draft comes without it."""
    with http_double(judging) as double:
        shape = {"model": name, "self_judgement": True}
        first = job(double, conversation("Is it right?"), llm=shape)
        draft, _ = maker()(first)
        assert draft.signals.get("self_judgement") == expected
        asked = double.requests[-1].body
        assert (asked["temperature"], asked["max_tokens"]) == (0.0, 16)
        assert asked["messages"][-2]["content"] == draft.result[0]["value"]["text"][0]
        calls = len(double.requests)
        assert maker()(first)[0] == draft
        if name == "a":
            assert len(double.requests) == calls
