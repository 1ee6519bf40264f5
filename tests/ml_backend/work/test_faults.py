"""Drafting through the real client while the model server misbehaves in every way at once."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from benchmarks.standin import StandIn, running
from drafting.draft_version import model_version
from drafting.project_settings import LLMSettings, ProjectSettings
from ml_backend.drafts.draft_maker import DraftMaker
from ml_backend.drafts.model_servers import ModelServers
from ml_backend.settings import BackendSettings
from ml_backend.store.queues import open_queue
from ml_backend.store.replies import Replies
from ml_backend.work.job_dependencies import JobDependencies
from ml_backend.work.jobs import Jobs
from tests.ml_backend.fake_label_studio import FakeLabelStudio
from tests.ml_backend.fakes import backend_of
from tests.ml_backend.workers import consumer

TASKS = 300


@pytest.fixture
def model() -> Iterator[StandIn]:
    with running(latency_ms=50) as stand_in:
        yield stand_in


@pytest.fixture
def label_studio() -> FakeLabelStudio:
    """Project 1 with its tasks, none drafted."""
    project = ProjectSettings(llm=LLMSettings(model="stand-in", samples=1, examples=0))
    fake = FakeLabelStudio()
    fake.add_project(1, backend_of(project, title=model_version(project)))
    fake.add_tasks(range(1, TASKS + 1))
    return fake


@pytest.fixture
def jobs(tmp_path: Path, model: StandIn, label_studio: FakeLabelStudio) -> Iterator[Jobs]:
    """A worker's jobs, with everything real but Label Studio."""
    queue = open_queue(tmp_path / "queue.db")
    jobs = Jobs(queue, worker_id="w1")
    jobs.marks.be_alive(time.time(), 16)
    settings = BackendSettings(llm_base_url=model.url, llm_timeout_s=2.0)
    maker = DraftMaker(
        label_studio,
        ModelServers(settings, jobs.projects),
        Replies.beside(queue),
        jobs.figures,
        jobs.projects,
    )
    jobs.work = JobDependencies(label_studio, maker)
    yield jobs
    queue.storage.close()


def draft_everything(jobs: Jobs, label_studio: FakeLabelStudio, timeout_s: float) -> None:
    """Run a worker until every task has a draft or a reason why not."""
    until = time.monotonic() + timeout_s
    with consumer(jobs, workers=16):
        while True:
            jobs.marks.be_alive(time.time(), 16)
            listed = {failure.task_id for failure in jobs.ledger.failures()}
            left = [t for t in label_studio.tasks if not label_studio.versions(t)]
            if not set(left) - listed:
                return
            assert time.monotonic() < until, f"{len(left)} tasks without a draft or a reason"
            if not jobs.drafts.pending_count():
                jobs.sweep_all()  # as every minute
            time.sleep(0.5)


def test_faults_of_every_kind_lose_nothing(
    jobs: Jobs,
    model: StandIn,
    label_studio: FakeLabelStudio,
    caplog: pytest.LogCaptureFixture,
    often: Callable[[int], int],
) -> None:
    """10 % 429/500/503, 2 % never answer, 2 % garbage, and the server gone for up to 30 s."""
    caplog.set_level(logging.INFO, logger="ml_backend")
    faults = {
        "limited": 0.04,
        "retry_after_s": 1.0,
        "failed": 0.03,
        "overloaded": 0.03,
        "hanging": 0.02,
        "html": 0.01,
        "cut_json": 0.01,
    }
    model.change(**faults)
    gone = threading.Timer(1.0, lambda: model.change(**faults, gone_s=often(60) / 2))
    gone.start()
    jobs.sweep_all()
    draft_everything(jobs, label_studio, timeout_s=240)
    gone.join()
    seen = model.stats()
    drafts = Counter(len(label_studio.versions(task_id)) for task_id in label_studio.tasks)
    assert drafts == {1: TASKS}, jobs.ledger.failures()
    # every kind of fault did occur
    assert {"limited", "failed", "overloaded", "hanging", "gone"} <= set(seen["faults"])
    assert {"html", "cut_json"} & set(seen["faults"])
    # and Retry-After was respected
    assert seen["retries_after_429"]
    assert seen["early_retries"] == 0
    # a reply that came whole was never asked for again
    assert seen["most_calls_per_prompt"] == 1


def test_a_reply_that_never_fits_is_listed_with_its_reason(
    jobs: Jobs, model: StandIn, label_studio: FakeLabelStudio
) -> None:
    """A server that ignores the schema: no draft is made up of what it says."""
    steps = ProjectSettings(
        interface="reasoning_steps", llm=LLMSettings(model="stand-in", samples=1, examples=0)
    )
    label_studio.add_project(1, backend_of(steps, title=model_version(steps)))
    for task_id in range(21, TASKS + 1):
        del label_studio.tasks[task_id]
    model.change(structured="ignore")
    jobs.sweep_all()
    draft_everything(jobs, label_studio, timeout_s=60)
    assert not any(label_studio.versions(task_id) for task_id in label_studio.tasks)
    failures = jobs.ledger.failures()
    assert {failure.task_id for failure in failures} == set(range(1, 21))
    assert all("none of 2 replies fits reasoning_steps" in f.reason for f in failures)
    # each was asked for twice: once, and once again
    assert set(model.stats()["calls_by_prompt"].values()) == {2}
