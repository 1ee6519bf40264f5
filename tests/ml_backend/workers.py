"""Running jobs in tests: one after the other in this thread, or by real consumers on threads."""

import contextlib
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from huey.api import Huey
from huey.signals import SIGNAL_ERROR

from ml_backend.work.jobs import Jobs

# lets seconds pass at once: the fixture of this name
PassTime = Callable[[float], None]


def run_jobs(jobs: Jobs, ahead_s: float = 3600.0) -> int:
    """Run what is queued, and what is scheduled within `ahead_s`, until nothing is left.

    Chores first, so that a sweep has queued all it finds before the first draft is made, and
    drafts that are made one after the other wait for delivery together.

    Returns:
        How many jobs ran. An exception that leaves a job is raised here.
    """
    ran = 0
    while done := _run_queue(jobs.chores, ahead_s) + _run_queue(jobs.drafts, ahead_s):
        ran += done
    jobs.figures.flush()  # as the heartbeat does
    return ran


def _run_queue(huey: Huey, ahead_s: float) -> int:
    errors: list[Exception] = []

    def remember(_signal: str, _task: Any, error: Exception) -> None:
        errors.append(error)

    huey.signal(SIGNAL_ERROR)(remember)
    # on Redis, an empty queue is waited for otherwise
    blocking, huey.storage.blocking = huey.storage.blocking, False
    later = datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=ahead_s)
    ran = 0
    try:
        while True:
            for task in huey.read_schedule(later):
                huey.enqueue(task)
            task = huey.dequeue()
            if task is None:
                return ran
            ran += 1
            huey.execute(task, later)
            if errors:
                raise errors[0]
    finally:
        huey.disconnect_signal(remember)
        huey.storage.blocking = blocking


@contextmanager
def kept_signals() -> Iterator[None]:
    """A consumer takes over the process's signals; give them back."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


@contextmanager
def consumer(jobs: Jobs, workers: int) -> Iterator[None]:
    """Real consumers of both queues, on threads, without the sweep of every minute."""
    options = {"worker_type": "thread", "periodic": False, "scheduler_interval": 1}
    pace = {"initial_delay": 0.01, "max_delay": 0.02}
    with kept_signals(), contextlib.ExitStack() as stack:
        for huey, count in ((jobs.chores, 2), (jobs.drafts, workers)):
            running = huey.create_consumer(workers=count, **options, **pace)
            running.start()
            stack.callback(running.stop, graceful=True)
        yield


def is_idle(jobs: Jobs) -> bool:
    """Whether nothing is queued; what has been taken from a queue may still be under way."""
    return not jobs.drafts.pending_count() and not jobs.chores.pending_count()


def wait_until(condition: Callable[[], bool], timeout_s: float = 10.0) -> None:
    """Wait for other threads.

    Raises:
        AssertionError: it did not come true in time.
    """
    until = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.01)


def sweep(jobs: Jobs, project_id: int = 1) -> None:
    """Look through a project, and do all that this brings."""
    jobs.sweep(project_id)
    run_jobs(jobs)
