"""A real queue in a temporary folder, seen by two processes as in production: web and worker."""

import signal
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from flask.testing import FlaskClient
from huey.api import Huey

from ml_backend.app import create_app
from ml_backend.jobs import Jobs, Work, open_queue
from ml_backend.settings import BackendSettings, ProjectSettings
from tests.ml_backend.fakes import FakeDrafting, FakeLabelStudio, backend_of

# two cores are shared with other work: a slow example is no failure
hypothesis.settings.register_profile("labeltune", deadline=None)
hypothesis.settings.load_profile("labeltune")


@pytest.fixture
def queue_path(tmp_path: Path) -> Path:
    return tmp_path / "queue" / "jobs.db"


@pytest.fixture
def queue(queue_path: Path) -> Iterator[Huey]:
    """The worker's queue."""
    huey = open_queue(queue_path)
    yield huey
    huey.storage.close()


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
    fake.add_project(1, backend_of(project, title=project.model_version()))
    return fake


@pytest.fixture
def jobs(queue: Huey, label_studio: FakeLabelStudio, drafting: FakeDrafting) -> Jobs:
    """The worker's jobs."""
    return Jobs(queue, Work(label_studio, drafting))


@pytest.fixture
def web_jobs(queue_path: Path) -> Iterator[Jobs]:
    """The web process's jobs: on the same file, able to enqueue only."""
    huey = open_queue(queue_path)
    yield Jobs(huey)
    huey.storage.close()


@pytest.fixture
def client(web_jobs: Jobs) -> FlaskClient:
    """The service, with a deadline of /predict that a test can wait for."""
    return create_app(BackendSettings(predict_deadline_s=0.5), web_jobs).test_client()


@pytest.fixture
def kept_signals() -> Iterator[None]:
    """A consumer takes over the process's signals; give them back."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)
