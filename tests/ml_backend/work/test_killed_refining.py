"""kill -9 of a real worker process in both passes: one draft a task to be seen, none forgotten."""

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from benchmarks.standin.label_studio import BACKEND_URL, PROJECT, label_studio_running
from connectors.label_studio import LabelStudio
from drafting.draft_version import model_version, replaced_version
from drafting.project_settings import ProjectSettings
from ml_backend.store.queues import open_queue
from ml_backend.work.jobs import Jobs
from tests.ml_backend.fakes import conversation, wait_until
from tests.ml_backend.refining_worker import BETTER, KEY
from tests.running import clean_environment

TASKS = 60
# what Label Studio did not list yet may have to wait for the next look, which comes each minute
LOOKS_S = 150
SETTINGS = ProjectSettings(guidelines="Be brief.")


@contextmanager
def worker(queue: Path, url: str) -> Iterator[None]:
    """A worker that is at work, killed in the end."""
    command = [sys.executable, "-m", "tests.ml_backend.refining_worker", str(queue), url]
    with (queue.parent / "worker.log").open("a") as log:
        process = subprocess.Popen(
            command, env=clean_environment(), stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n", (queue.parent / "worker.log").read_text()
        yield
    finally:
        process.kill()
        process.communicate()


def test_killed_at_random_moments(tmp_path: Path, often: Callable[[int], int]) -> None:
    chance = random.Random(7)
    queue, version = tmp_path / "queue.db", model_version(SETTINGS)
    with label_studio_running() as url, closing(LabelStudio(url, KEY)) as client:
        fields = {"url": BACKEND_URL, "project": PROJECT}
        extra = SETTINGS.to_extra_params()
        client.update_backend(1, {**fields, "extra_params": extra, "title": version})
        jobs = Jobs(open_queue(queue))
        jobs.projects.remember(PROJECT, SETTINGS)
        data = [{"data": conversation(f"Question {i}")} for i in range(TASKS)]
        client.import_tasks(PROJECT, data)
        kept: list[int] = []
        for _ in range(often(24) // 2):
            with worker(queue, url):
                time.sleep(chance.uniform(0.1, 1.0))
            kept.append(len(jobs.doubtful.waiting()))
        with worker(queue, url):
            wait_until(lambda: all(shown(client, version).values()), LOOKS_S)
            wait_until(lambda: not jobs.doubtful.waiting(), LOOKS_S)
            wait_until(lambda: set(map(len, shown(client, version).values())) == {1}, LOOKS_S)
        for task_id, texts in shown(client, version).items():
            assert texts == [BETTER if task_id % 2 == 0 else f"Answer to task {task_id}."]
        # what somebody may have had open is still there, and nothing else is
        for task_id, texts in shown(client, replaced_version(version)).items():
            assert set(texts) <= {f"Answer to task {task_id}.", BETTER}
            assert (task_id % 2 == 1) or f"Answer to task {task_id}." in texts
        assert max(kept) > 0, "the kills fell among first drafts only"
        jobs.drafts.storage.close()


def shown(client: LabelStudio, version: str) -> dict[int, list[str]]:
    """The drafts of a version, by task."""
    return {
        task["id"]: [
            prediction["result"][0]["value"]["text"][0]
            for prediction in task["predictions"]
            if prediction["model_version"] == version
        ]
        for page in client.task_pages(PROJECT)
        for task in page.tasks
    }
