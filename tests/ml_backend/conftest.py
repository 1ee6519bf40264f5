"""A real queue in a store of its own, seen by two processes as in production: web and worker."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from huey.api import Huey
from redis import Redis

from drafting.draft_version import model_version
from drafting.project_settings import ProjectSettings
from ml_backend.service.app import create_app
from ml_backend.settings import BackendSettings
from ml_backend.store import ledger as ledger_module
from ml_backend.store import queues
from ml_backend.store.ledger import Ledger
from ml_backend.work.job_dependencies import JobDependencies
from ml_backend.work.jobs import Jobs
from tests.ml_backend.fakes import FakeDrafting, FakeLabelStudio, backend_of
from tests.ml_backend.ledgers import ledger_of
from tests.ml_backend.stores import redis_server
from tests.ml_backend.workers import PassTime


@pytest.fixture(autouse=True)
def closed_queues(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every queue that a test opens is closed after it, those beside others too."""
    opened: list[Huey] = []
    open_queue = queues.open_queue

    def open_and_remember(*args: Any, **kwargs: Any) -> Huey:
        opened.append(open_queue(*args, **kwargs))
        return opened[-1]

    monkeypatch.setattr(queues, "open_queue", open_and_remember)
    yield
    for huey in opened:
        huey.storage.close()
        if hasattr(huey.storage, "pool"):  # on Redis
            huey.storage.pool.disconnect()


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One Redis server for the whole session."""
    with redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def queue_path(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where the queue is kept: in an SQLite file, or as `IN_EITHER_STORE` asks."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return tmp_path / "queue" / "jobs.db"
    url: str = request.getfixturevalue("redis_url")
    with Redis.from_url(url) as client:
        client.flushall()
    return url


@pytest.fixture
def queue(queue_path: Path | str) -> Huey:
    """The worker's queue."""
    return queues.open_queue(queue_path)


@pytest.fixture
def drafting() -> FakeDrafting:
    return FakeDrafting()


@pytest.fixture
def project() -> ProjectSettings:
    return ProjectSettings(guidelines="Be brief.")


@pytest.fixture
def label_studio(project: ProjectSettings) -> FakeLabelStudio:
    """Label Studio with project 1, which is ours, and no tasks yet."""
    fake = FakeLabelStudio()
    fake.add_project(1, backend_of(project, title=model_version(project)))
    return fake


@pytest.fixture
def jobs(queue: Huey, label_studio: FakeLabelStudio, drafting: FakeDrafting) -> Jobs:
    """The jobs of a worker that is alive."""
    made = Jobs(queue, JobDependencies(label_studio, drafting), worker_id="w1")
    made.marks.be_alive(time.time(), 4)
    return made


@pytest.fixture
def web_jobs(queue_path: Path | str) -> Jobs:
    """The web process's jobs: in the same store, able to enqueue only."""
    return Jobs(queues.open_queue(queue_path))


@pytest.fixture
def known(jobs: Jobs, project: ProjectSettings) -> ProjectSettings:
    """Project 1, which /setup has told us of."""
    jobs.projects.remember(1, project)
    return project


@pytest.fixture
def workers(
    queue_path: Path | str, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> list[Jobs]:
    """Three workers as separate processes: a connection and a heartbeat each."""
    made = [
        Jobs(
            queues.open_queue(queue_path),
            JobDependencies(label_studio, drafting),
            worker_id=f"w{place}",
        )
        for place in (2, 3, 4)
    ]
    for jobs in made:
        jobs.marks.be_alive(time.time(), 2)
    return made


@pytest.fixture
def settled_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sweeps trust their listings, however fresh: a test does not wait ten seconds."""
    monkeypatch.setattr(ledger_module, "SETTLE_S", 0.0)


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> PassTime:
    """Lets seconds pass at once, for whoever asks the time of day, however busy the machine is."""
    clock, passed = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: clock() + sum(passed))
    return passed.append


@pytest.fixture
def ledger(queue: Huey) -> Ledger:
    """A worker's."""
    return ledger_of(queue, "w1")


@pytest.fixture
def processes(queue_path: Path | str) -> list[Ledger]:
    """Ledgers as separate workers see them: a connection each."""
    return [ledger_of(queues.open_queue(queue_path), f"w{place}") for place in range(8)]


@pytest.fixture
def client(web_jobs: Jobs) -> FlaskClient:
    """The service, with a deadline of /predict that a test can wait for."""
    return create_app(BackendSettings(predict_deadline_s=0.5), web_jobs).test_client()
