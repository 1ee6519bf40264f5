"""What a reviewer rejects in a live queue is in no prompt of a backend that drafts beside it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from benchmarks.standin import StandIn, running
from label_configs.review import Review, interface
from tests.e2e.annotators import Annotator
from tests.e2e.backend_processes import BackendProcesses, backend_processes
from tests.e2e.test_push_survives import in_label_studio, project_folder, write
from tests.ml_backend.http_double import HTTPDouble, Reply, Request, http_double
from tests.ml_backend.workers import wait_until
from tests.running import Up, labeltune
from tests.sync.builders import result

pytestmark = [pytest.mark.label_studio, pytest.mark.thorough]

TITLE = "Prompts beside a review"
QUEUE = f"{TITLE} review: peer"
ANSWERS = {
    "hope": "Write to the branch and hope.",
    "fee": "A lost card is replaced for five pounds.",
    "freeze": "Freeze the lost card in the app.",
}
AMENDED = "A lost card is replaced free of charge."


@pytest.fixture
def drafting(up: Up, tmp_path: Path) -> Iterator[tuple[BackendProcesses, HTTPDouble]]:
    """A backend, and what its model is asked."""
    with (
        running() as model,
        http_double(lambda request: forwarded(model, request)) as asked,
        backend_processes(tmp_path, up, model, OPENAI_BASE_URL=f"{asked.url}/v1") as backend,
    ):
        yield backend, asked


def forwarded(model: StandIn, request: Request) -> Reply:
    """A model server's answer."""
    url = model.url.removesuffix("/v1") + request.path
    body = request.body if request.method == "POST" else None
    answer = httpx.request(request.method, url, json=body, timeout=60)
    return Reply(answer.json(), answer.status_code)


def prompt_of(asked: HTTPDouble, question: str) -> str:
    """What the model was asked for a task's draft, once it was."""
    found: list[str] = []

    def is_asked() -> bool:
        bodies = [body for body in asked.bodies() if isinstance(body, dict) and "messages" in body]
        found[:] = [
            json.dumps(body["messages"])
            for body in bodies
            if question in json.dumps(body["messages"][-1])
        ]
        return bool(found)

    wait_until(is_asked, 120)
    return found[0]


def test_rejected_in_a_live_queue_it_is_in_no_prompt(
    tmp_path: Path,
    up: Up,
    drafting: tuple[BackendProcesses, HTTPDouble],
    signed_up: Callable[[str], Annotator],
) -> None:
    backend, asked = drafting
    author, reviewer = signed_up("prompt-author"), signed_up("prompt-reviewer")
    project_folder(tmp_path, up, backend, TITLE)
    with (tmp_path / "labeltune.toml").open("a") as file:
        file.write(f'[llm]\nbase_url = "{asked.url}/v1"\nmodel = "stand-in"\nsamples = 1\n')
        file.write("[review]\nrandom = 1.0\ngold = 0.0\n")
    backend.start("web")
    done(tmp_path, {name: f"I lost my card: {name}?" for name in ANSWERS}, "push", "tasks.jsonl")
    for task in in_label_studio(up, TITLE):
        answer = result(ANSWERS[task["data"]["labeltune_id"]], verdict="edit")
        author.submit(task["id"], answer)
    done(tmp_path, {}, "review")

    backend.start("worker")
    done(tmp_path, {"before": "I lost my card: before?"}, "push", "tasks.jsonl")
    before = prompt_of(asked, "I lost my card: before?")
    assert all(answer in before for answer in ANSWERS.values())

    verdicts = {
        "hope": Review("reject", reason="It hopes."),
        "fee": Review("amend", best=0, amended=AMENDED, reason="It is free."),
        "freeze": Review("approve", best=0),
    }
    for review in in_label_studio(up, QUEUE):
        said = interface.encode(verdicts[review["data"]["reviewed_id"]])
        reviewer.submit(review["id"], said)
    backend.kill("worker")
    backend.start("worker")
    done(tmp_path, {"after": "I lost my card: after?"}, "push", "tasks.jsonl")
    after = prompt_of(asked, "I lost my card: after?")
    assert ANSWERS["freeze"] in after and AMENDED in after
    assert ANSWERS["hope"] not in after and ANSWERS["fee"] not in after


def done(folder: Path, tasks: dict[str, str], *arguments: str) -> None:
    """Run a command, with these tasks as its source."""
    if tasks:
        write(folder, tasks)
    ended = labeltune(folder, *arguments)
    assert ended.returncode == 0, ended.stderr
