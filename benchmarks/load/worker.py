"""The real worker process: it finds its tasks by a sweep and stores drafts in a Label Studio."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks.load import work
from benchmarks.standin import StandIn
from benchmarks.standin.label_studio import PROJECT, label_studio_running
from benchmarks.standin.process import stop
from connectors.label_studio import LabelStudio
from drafting.project_settings import ProjectSettings
from ml_backend.store.queues import open_queue
from ml_backend.work.jobs import Jobs
from tests.running import clean_environment

KEY = "0123456789abcdef0123456789abcdef01234567"
LOOK_S = 0.25
# a worker that stores nothing for this long has failed
STUCK_S = 60.0
START_S = 300.0
# what it logs once it has started
DRAFTS, COMPARES = "tasks at a time", "embedding model loaded"
MEGABYTE = 2**20


@dataclass
class Drafted:
    """What a worker did with its tasks.

    Attributes:
        per_second: tasks, from the first request to the model to the last draft stored.
        rss_mb: resident memory of its process when at least so many tasks were stored.
        doubled: tasks that show more than one prediction.
        missing: tasks that hold none.
        most_at_a_time: requests to the model that were under way together.
        refined_per_second: tasks that got their further samples, from the last first draft on; 0
            where one sample is all.
    """

    tasks: int
    per_second: float
    cpu_ms: float
    peak_rss_mb: float
    rss_mb: dict[int, float] = field(default_factory=dict)
    batches: int = 0
    doubled: int = 0
    missing: int = 0
    most_at_a_time: int = 0
    refined_per_second: float = 0.0


@contextmanager
def worker(
    settings: ProjectSettings, model: StandIn, queue: Path, label_studio_url: str, concurrency: int
) -> Iterator[Any]:
    """A worker that has started, as a `psutil.Process`.

    Args:
        queue: knows the project already, as after a call of /setup.
    """
    env = clean_environment() | {
        "LABEL_STUDIO_URL": label_studio_url,
        "LABEL_STUDIO_API_KEY": KEY,
        "LABELTUNE_QUEUE": str(queue),
        "LABELTUNE_CONCURRENCY": str(concurrency),
        "OPENAI_API_KEY": "none",
        "OPENAI_BASE_URL": model.url,
    }
    command = [sys.executable, "-m", "ml_backend.worker"]
    with (queue.parent / "worker.log").open("w") as log:
        process = subprocess.Popen(command, cwd=queue.parent, env=env, stderr=log)
    try:
        _wait(process, queue, COMPARES if settings.llm.samples > 1 else DRAFTS)
        yield psutil.Process(process.pid)
    finally:
        stop(process)


def _wait(process: subprocess.Popen[Any], queue: Path, line: str) -> None:
    until = time.monotonic() + START_S
    while line not in _told(queue):
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"the worker did not start:\n{_told(queue)}")
        time.sleep(LOOK_S)


def draft(
    model: StandIn, concurrency: int, count: int, samples: int = 1, look_at: tuple[int, ...] = ()
) -> Drafted:
    """Have a worker draft so many tasks.

    Its start is not measured; the sweep that finds the tasks runs while they are drafted.

    Args:
        look_at: numbers of stored drafts at which its memory is measured.

    Raises:
        RuntimeError: it ended, or stores nothing any more.
    """
    settings = work.project(samples)
    with tempfile.TemporaryDirectory() as folder, label_studio_running() as url:
        queue = Path(folder) / "queue.db"
        with closing(LabelStudio(url, KEY)) as client:
            extra = {"labeltune": settings.model_dump(mode="json")}
            client.update_backend(1, {"extra_params": extra})
            jobs = Jobs(open_queue(queue))
            jobs.projects.remember(PROJECT, settings)
            with worker(settings, model, queue, url, concurrency) as process:
                client.import_tasks(PROJECT, [{"data": data} for data in work.tasks(count)])
                model.reset()
                before = _cpu_s(process)
                jobs.sweep(PROJECT)  # as the service does at a webhook
                rss = _watch(process, url, queue, count, look_at)
                cpu_s = _cpu_s(process) - before
                to_refine = len(jobs.doubtful.waiting())
                _wait_for_second_pass(process, jobs, queue)
        stored = httpx.get(f"{url}/_stats").json()
    asked = model.stats()
    began, ended = asked["first_s"], stored["drafted_at"]
    held = {int(number): tasks for number, tasks in stored["tasks_by_predictions"].items()}
    return Drafted(
        tasks=count,
        per_second=count / (ended - began),
        cpu_ms=1000 * cpu_s / count,
        peak_rss_mb=max(rss.values()),
        rss_mb={number: rss[number] for number in (*look_at, count)},
        batches=len(stored["batches"]),
        doubled=sum(tasks for number, tasks in held.items() if number > 1),
        missing=held.get(0, 0),
        most_at_a_time=int(asked["max_concurrent"]),
        refined_per_second=to_refine / (stored["refined_at"] - ended) if to_refine else 0.0,
    )


def _wait_for_second_pass(process: Any, jobs: Jobs, queue: Path) -> None:
    left, changed_at = -1, time.monotonic()
    while (now := len(jobs.doubtful.waiting())) > 0:
        if now != left:
            left, changed_at = now, time.monotonic()
        elif time.monotonic() - changed_at > STUCK_S or not process.is_running():
            raise RuntimeError(f"{now} drafts were not refined:\n{_told(queue)}")
        time.sleep(LOOK_S)


def _watch(
    process: Any, url: str, queue: Path, count: int, look_at: tuple[int, ...]
) -> dict[int, float]:
    """Wait until all is stored; resident megabytes at the start (0), at each look, and in between.

    The highest of what was seen in between is under -1.
    """
    rss = {0: process.memory_info().rss / MEGABYTE}
    stored, changed_at = 0, time.monotonic()
    while stored < count:
        time.sleep(LOOK_S)
        now = int(httpx.get(f"{url}/_count").json()["drafted"])
        if now != stored:
            stored, changed_at = now, time.monotonic()
        elif time.monotonic() - changed_at > STUCK_S:
            raise RuntimeError(f"{stored} of {count} drafts were stored:\n{_told(queue)}")
        resident = process.memory_info().rss / MEGABYTE
        rss[-1] = max(resident, rss.get(-1, 0.0))
        for number in (*look_at, count):
            if stored >= number:
                rss.setdefault(number, resident)
    return rss


def _cpu_s(process: Any) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _told(queue: Path) -> str:
    return (queue.parent / "worker.log").read_text()[-2000:]
