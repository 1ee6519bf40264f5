"""`python -m ml_backend` as processes: however the service ends, its worker ends and gives back."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from drafting.project_settings import LLMSettings, ProjectSettings
from ml_backend.store.queues import open_queue
from ml_backend.work.jobs import Jobs
from tests.connectors.chat_server import LOGPROBS, choice, completion
from tests.ml_backend.fakes import conversation, wait_until
from tests.ml_backend.http_double import HTTPDouble, Reply, Request, http_double
from tests.running import clean_environment, free_port

TASKS = 6


class SlowModel:
    """Label Studio and a model server in one; the model answers once the gate is open."""

    def __init__(self) -> None:
        self.gate = threading.Event()

    def __call__(self, request: Request) -> Reply:
        if request.path == "/api/projects/":
            return Reply({"results": [{"id": 1, "model_version": ""}], "next": None})
        if request.path == "/api/ml/":
            settings = ProjectSettings(llm=LLMSettings(samples=1, examples=0))
            params = {"labeltune": settings.model_dump()}
            backend = {"id": 1, "url": "http://127.0.0.1:1", "title": "t", "extra_params": params}
            return Reply([backend])
        if request.path == "/api/tasks/":
            tasks = [
                {"id": n, "data": conversation(f"Question {n}"), "predictions": []}
                for n in range(1, TASKS + 1)
            ]
            return Reply({"tasks": tasks, "total": TASKS, "total_annotations": 0})
        if request.path.startswith("/v1/"):
            self.gate.wait(30)
            time.sleep(0.5)  # so that a signal is heeded before the next task
            return completion(choice("An answer.", logprobs=LOGPROBS))
        return Reply({"created": 0})


@pytest.fixture
def model() -> Iterator[SlowModel]:
    slow = SlowModel()
    yield slow
    slow.gate.set()


@pytest.fixture
def double(model: SlowModel) -> Iterator[HTTPDouble]:
    with http_double(model) as served:
        yield served
        model.gate.set()


@pytest.fixture
def service(double: HTTPDouble, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    env: dict[str, Any] = clean_environment() | {
        "LABEL_STUDIO_URL": double.url,
        "LABEL_STUDIO_API_KEY": "k",
        "OPENAI_BASE_URL": f"{double.url}/v1",
        "LABELTUNE_QUEUE": str(tmp_path / "q.db"),
        "LABELTUNE_CONCURRENCY": "1",
    }
    command = [sys.executable, "-m", "ml_backend", "--port", str(free_port())]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=tmp_path, env=env, stdout=log, stderr=log, start_new_session=True
        )
    yield process
    for child in psutil.Process(process.pid).children() if process.poll() is None else ():
        child.kill()
    process.kill()
    process.wait()


@pytest.mark.parametrize(
    ("number", "status", "finishes"),
    [
        (signal.SIGTERM, 0, True),  # what is nearly done is finished
        (signal.SIGINT, 0, False),  # all is put back at once
        (signal.SIGKILL, -9, True),
    ],
    ids=["SIGTERM", "SIGINT", "SIGKILL"],
)
def test_the_worker_ends_with_the_service_and_gives_back_what_it_holds(
    service: subprocess.Popen[bytes],
    double: HTTPDouble,
    model: SlowModel,
    tmp_path: Path,
    number: int,
    status: int,
    finishes: bool,
) -> None:
    """The signal goes to the service alone, as a process manager or `kill` sends it."""
    wait_until(lambda: any(r.path.startswith("/v1/") for r in double.requests), timeout_s=60)
    (worker,) = psutil.Process(service.pid).children(recursive=True)
    service.send_signal(number)
    if finishes:
        model.gate.set()
    assert service.wait(20) == status
    worker.wait(20)
    jobs = Jobs(open_queue(tmp_path / "q.db"), worker_id="next")
    assert jobs.marks.workers() == []
    left = jobs.drafts.pending_count()
    # nothing is lost, and all of it can be taken at once
    assert left == TASKS if not finishes else 0 < left < TASKS
    for _ in range(left):
        raw, queued = jobs.drafts.dequeue().args
        assert jobs.ledger.claim_running(raw["key"], raw["seen_at"], queued)
    assert "Traceback" not in (tmp_path / "log").read_text()
