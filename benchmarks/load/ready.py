"""The real service under gunicorn: how long a draft that is ready takes to be handed out."""

import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import httpx
import psutil

from benchmarks.load import work
from benchmarks.standin.process import stop
from drafting.draft_version import model_version
from drafting.project_settings import ProjectSettings
from ml_backend.store.draft_jobs import DraftJob, FinishedDraft
from ml_backend.store.queues import open_queue
from ml_backend.work.jobs import Jobs
from tests.running import clean_environment, free_port

PROJECT = 1
CLIENTS = 16
WARM_UP = 64
JSON = {"Content-Type": "application/json"}
HEALTH_EVERY_S = 0.02
START_S = 60.0
OURS, BARE = "ml_backend.wsgi:app", "benchmarks.load.bare:app"


@dataclass(frozen=True)
class Latencies:
    """Sorted milliseconds of all calls of /predict, and of /health meanwhile.

    Attributes:
        cpu_ms: processor time of the service for each call of /predict.
    """

    predict: list[float]
    health: list[float]
    per_second: float
    cpu_ms: float

    def figures(self) -> dict[str, float]:
        """Median, 99th percentile and maximum, by name."""
        found = {"per_second": self.per_second, "cpu_ms": self.cpu_ms}
        for name, taken in (("", self.predict), ("health_", self.health)):
            found[f"{name}p50_ms"] = statistics.median(taken)
            found[f"{name}p99_ms"] = taken[int(len(taken) * 0.99)]
            found[f"{name}max_ms"] = taken[-1]
        return {name: round(value, 2) for name, value in found.items()}


def ready_drafts(app: str, workers: int, count: int) -> Latencies:
    """Have a service hand out so many drafts that are ready, each once, one a call.

    Args:
        app: `OURS` or `BARE`, both under the same gunicorn settings.
    """
    settings = work.project(samples=1)
    with tempfile.TemporaryDirectory() as folder:
        queue = Path(folder) / "queue.db"
        bodies = _store(settings, queue, count + WARM_UP)
        with _service(app, workers, queue) as (url, process):
            asyncio.run(_load(url, process, bodies[:WARM_UP]))
            return asyncio.run(_load(url, process, bodies[WARM_UP:]))


def _store(settings: ProjectSettings, queue: Path, count: int) -> list[bytes]:
    """Put finished drafts into the ledger; returns the calls of /predict that ask for them."""
    jobs = Jobs(open_queue(queue))
    jobs.projects.remember(PROJECT, settings)
    interface, version = settings.load_interface(), model_version(settings)
    bodies = []
    for task_id, data in enumerate(work.tasks(count), start=1):
        record = interface.read_reply("word " * 40, data)
        key = DraftJob(PROJECT, task_id, data, settings, version).key
        draft = FinishedDraft(PROJECT, task_id, interface.encode(record), 0.5, version)
        jobs.ledger.put(key, draft)
        tasks = [{"id": task_id, "data": data, "annotations": [], "predictions": []}]
        params = {"login": None, "password": None, "context": None}
        body = {"tasks": tasks, "project": f"{PROJECT}.0", "params": params}
        bodies.append(json.dumps(body).encode())
    jobs.drafts.storage.close()
    return bodies


@contextmanager
def _service(app: str, workers: int, queue: Path) -> Iterator[tuple[str, psutil.Process]]:
    address = f"127.0.0.1:{free_port()}"
    env = clean_environment() | {"LABELTUNE_QUEUE": str(queue)}
    command = [sys.executable, "-m", "gunicorn", "-c", "python:ml_backend.gunicorn_conf", app]
    command += ["--bind", address, "--workers", str(workers)]
    with (queue.parent / "service.log").open("w") as log:
        process = subprocess.Popen(command, cwd=queue.parent, env=env, stderr=log)
    try:
        until = time.monotonic() + START_S
        while not _answers(f"http://{address}/health"):
            if process.poll() is not None or time.monotonic() > until:
                told = (queue.parent / "service.log").read_text()[-2000:]
                raise RuntimeError(f"the service did not start:\n{told}")
            time.sleep(0.1)
        yield f"http://{address}", psutil.Process(process.pid)
    finally:
        stop(process)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.TransportError:
        return False


async def _load(url: str, process: psutil.Process, bodies: Sequence[bytes]) -> Latencies:
    """`CLIENTS` callers, each with a call under way at all times."""
    left, predict, health = iter(bodies), list[float](), list[float]()
    answers: list[bytes] = []  # read when the clock has stopped: the client shares the machine
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def take_turns() -> None:
            for body in left:
                began = time.perf_counter()
                async with session.post(f"{url}/predict", data=body, headers=JSON) as answer:
                    answers.append(await answer.read())
                predict.append((time.perf_counter() - began) * 1000)

        async def look_after() -> None:
            while True:
                began = time.perf_counter()
                async with session.get(f"{url}/health") as answer:
                    await answer.read()
                health.append((time.perf_counter() - began) * 1000)
                await asyncio.sleep(HEALTH_EVERY_S)

        began, cpu_s = time.perf_counter(), _cpu_s(process)
        looking = asyncio.create_task(look_after())
        await asyncio.gather(*(take_turns() for _ in range(CLIENTS)))
        took_s, cpu_s = time.perf_counter() - began, _cpu_s(process) - cpu_s
        looking.cancel()
    for (slot,) in (json.loads(answer)["results"] for answer in answers):
        if not slot:
            raise RuntimeError("a draft that is ready was not handed out")
    return Latencies(
        sorted(predict),
        sorted(health) or [0.0],
        len(bodies) / took_s,
        1000 * cpu_s / len(bodies),
    )


def _cpu_s(process: psutil.Process) -> float:
    times = [child.cpu_times() for child in (process, *process.children())]
    return sum(float(found.user + found.system) for found in times)
