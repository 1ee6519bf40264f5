"""The worker process: it drafts until it is stopped, or says why it can't start."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ml_backend import worker
from ml_backend.store.marks import WorkerSeen
from ml_backend.work.jobs import Jobs
from tests.ml_backend.fakes import FakeDrafting, FakeLabelStudio, run_jobs, wait_until
from tests.ml_backend.workers import kept_signals


@contextmanager
def terminated(when: Callable[[], bool]) -> Iterator[None]:
    """This process gets SIGTERM as soon as that is so."""

    def terminate() -> None:
        try:
            wait_until(when, 20)
        finally:  # a worker that is never told to stop would hang the tests
            os.kill(os.getpid(), signal.SIGTERM)

    thread = threading.Thread(target=terminate)
    thread.start()
    with kept_signals():
        yield
        thread.join()


def let_finish(drafting: FakeDrafting) -> None:
    """Let the threads of a worker that was interrupted come to their end."""
    drafting.gate.set()
    names = ("Worker-", "Scheduler", "heartbeat")
    wait_until(lambda: not any(t.name.startswith(names) for t in threading.enumerate()), 20)


def test_it_drafts_delivers_and_stops_at_sigterm(
    jobs: Jobs, web_jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    label_studio.add_tasks((1, 2, 3))
    with terminated(lambda: all(label_studio.versions(i) for i in (1, 2, 3))):
        worker.run(jobs, 2)
    let_finish(drafting)
    assert sorted(drafting.tasks()) == [1, 2, 3]
    assert web_jobs.marks.workers() == []
    assert web_jobs.figures.get("drafted", 1) == 3


def test_it_says_that_it_lives_although_the_store_was_busy(
    jobs: Jobs, web_jobs: Jobs, drafting: FakeDrafting, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.marks.be_gone()
    be_alive, failures = jobs.marks.be_alive, [OSError("busy")]

    def be_alive_later(started: float, concurrency: int) -> None:
        if failures:
            raise failures.pop()
        be_alive(started, concurrency)

    monkeypatch.setattr(jobs.marks, "be_alive", be_alive_later)
    monkeypatch.setattr(worker, "HEARTBEAT_S", 0.05)
    seen: list[WorkerSeen] = []

    def is_seen() -> bool:
        seen.extend(web_jobs.marks.workers())
        return bool(seen)

    before = time.time()
    with terminated(is_seen):
        worker.run(jobs, 3)
    let_finish(drafting)
    assert (seen[0].id, seen[0].concurrency) == ("w1", 3)
    assert before <= seen[0].started <= time.time()


@pytest.mark.usefixtures("settled_at_once")
def test_what_does_not_finish_in_time_is_put_back(
    jobs: Jobs,
    web_jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "FINISH_S", 0.2)
    drafting.slow = {1, 2, 3}
    label_studio.add_tasks((1, 2, 3))
    with terminated(lambda: len(drafting.tasks()) > 0):
        worker.run(jobs, 1)
    assert web_jobs.drafts.pending_count() == 3
    assert web_jobs.marks.workers() == []
    let_finish(drafting)
    # it did come to its end, as a thread does until the process is gone; another worker goes on
    run_jobs(jobs)
    assert sorted(set(drafting.tasks())) == [1, 2, 3]
    assert [len(label_studio.versions(i)) for i in (1, 2, 3)] == [1, 1, 1]


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
    monkeypatch.setattr(worker, "configure", lambda: None)  # it would take the records away
    assert worker.main() == 1
    [record] = caplog.records
    assert record.getMessage().startswith(said)


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("ml_backend.worker", {"torch", "sentence_transformers"}),
        # the web side starts at once, and talks to nobody
        (
            "ml_backend.service.app",
            {"torch", "sentence_transformers", "openai", "label_studio_sdk"},
        ),
    ],
)
def test_importing_opens_nothing(tmp_path: Path, module: str, heavy: set[str]) -> None:
    """No file, no model: heavy libraries come with the first draft."""
    code = f"import sys, {module}\nprint(*sorted({heavy!r} & sys.modules.keys()))"
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
