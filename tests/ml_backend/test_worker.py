"""The worker: drafts with a real client and the real embedding model, or says why it can't."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ml_backend import worker
from ml_backend.settings import BackendSettings, LLMSettings, ProjectSettings
from ml_backend.tasks import DraftJob, FinishedDraft
from tests.ml_backend.fakes import conversation
from tests.ml_backend.http_double import HTTPDouble, Reply, Request, http_double

REPLIES = ["Please raise your limit.", "Please raise the limit.", "Bananas are yellow."]


def answer(request: Request) -> Reply:
    """Three replies of which two agree; as steps when a schema asks for them."""
    choices = []
    for i in range(request.body.get("n", 1)):
        text = REPLIES[i % 3]
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


@pytest.fixture(scope="module")
def model() -> Iterator[HTTPDouble]:
    with http_double(answer) as double:
        yield double


def drafted(
    model: HTTPDouble, settings: BackendSettings, data: dict[str, Any], **project: Any
) -> tuple[FinishedDraft, dict[str, Any], Request]:
    """The draft, what is to be written to the task first, and what the model was asked."""
    configured = ProjectSettings(
        guidelines="Be kind.", llm=LLMSettings(base_url=f"{model.url}/v1", samples=3), **project
    )
    job = DraftJob(1, 7, data, configured, configured.model_version(), stale=(5,))
    draft, patch = worker.make_drafting(settings)(job)
    return draft, patch, model.requests[-1]


def test_a_chat_response(model: HTTPDouble) -> None:
    draft, patch, asked = drafted(model, BackendSettings(), conversation())
    assert draft.result[0]["value"]["text"][0] in REPLIES[:2]
    assert 0.3 < draft.score < 0.9  # confident, but one of three is of something else
    assert (draft.task_id, draft.stale, patch) == (7, (5,), {})
    assert draft.model_version.startswith("chat_response-qwen2.5-coder-1.5b-instruct-")
    assert asked.body["messages"][0]["content"].startswith("Be kind.\n\n")


def test_reasoning_steps(model: HTTPDouble) -> None:
    draft, patch, asked = drafted(
        model, BackendSettings(), conversation(), interface="reasoning_steps"
    )
    assert patch == {"steps": [{"text": "Declined."}]}
    assert [item["from_name"] for item in draft.result] == ["fix_0", "kind_0", "answer"]
    assert asked.body["response_format"]["type"] == "json_schema"


def test_the_project_s_guidelines_are_the_model_s(model: HTTPDouble) -> None:
    """A task may still show the ones before the last push."""
    *_, asked = drafted(model, BackendSettings(), conversation(guidelines="Be strict."))
    assert asked.body["messages"][0]["content"].startswith("Be kind.\n\n")


def test_a_task_s_own_guidelines_count_where_the_project_has_none(model: HTTPDouble) -> None:
    data = conversation(guidelines="Be strict.")
    settings = ProjectSettings(llm=LLMSettings(base_url=f"{model.url}/v1", samples=3))
    worker.make_drafting(BackendSettings())(DraftJob(1, 7, data, settings, "v1"))
    system = model.requests[-1].body["messages"][0]["content"]
    assert system.startswith("Be strict.\n\n")


def test_the_worker_s_endpoint_and_key_come_before_the_project_s(model: HTTPDouble) -> None:
    with http_double(answer) as own:
        settings = BackendSettings(llm_base_url=f"{own.url}/v1", llm_key="sk-1")
        before = len(model.requests)
        drafted_there, *_ = worker.make_drafting(settings)(
            DraftJob(
                1,
                7,
                conversation(),
                ProjectSettings(llm=LLMSettings(base_url=f"{model.url}/v1", samples=1)),
                "v1",
            )
        )
        assert drafted_there.score == pytest.approx(0.9048, abs=1e-4)
        assert own.requests[0].headers["authorization"] == "Bearer sk-1"
    assert len(model.requests) == before


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "the worker can't start: no Label Studio key: set LABEL_STUDIO_API_KEY"),
        (
            {"LABELTUNE_CONCURRENCY": "many", "LABEL_STUDIO_API_KEY": "k"},
            "the worker can't start: LABELTUNE_CONCURRENCY must be a number above 0, found 'many'",
        ),
    ],
)
def test_a_worker_that_can_t_start_says_why(
    environment: dict[str, str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [n for n in os.environ if n.startswith(("LABEL_STUDIO_", "LABELTUNE_"))]:
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    caplog.set_level(logging.INFO)
    assert worker.main() == 1
    [record] = caplog.records
    assert record.getMessage().startswith(said)


def test_importing_the_service_opens_nothing(tmp_path: Path) -> None:
    """No file, no model: heavy libraries come with the first draft."""
    code = (
        "import sys, ml_backend.app, ml_backend.worker\n"
        "print(*sorted({'torch', 'sentence_transformers'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == ""
    assert list(tmp_path.iterdir()) == []
