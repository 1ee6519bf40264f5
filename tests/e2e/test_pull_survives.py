"""`labeltune pull` beside a real Label Studio: killed, and the table is right again."""

import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from connectors.label_studio import LabelStudio
from sync.config import Config, LabelStudioSection
from sync.pull import pull
from sync.store.rows import TaskRow
from sync.store.table import TaskTable
from tests.running import Up, clean_environment
from tests.sync.builders import INTERFACE, result
from tests.sync.pull.truth import exported

pytestmark = pytest.mark.label_studio

KILLS = 50
TASKS = 300
TITLE = "Pulled while killed"


class Project:
    """A project that people work on, and the folder that it is pulled into."""

    def __init__(self, up: Up, folder: Path) -> None:
        self.folder = folder
        self.client: LabelStudio = up.label_studio
        key = up.env["LABEL_STUDIO_API_KEY"]
        self.http = httpx.Client(
            base_url=up.label_studio_url,
            headers={"Authorization": f"Token {key}"},
            timeout=60.0,
            event_hooks={"response": [httpx.Response.raise_for_status]},
        )
        (folder / "labeltune.toml").write_text(
            f'[label_studio]\nurl = "{up.label_studio_url}"\nproject = "{TITLE}"\n'
        )
        (folder / ".env").write_text(f"LABEL_STUDIO_API_KEY={key}\n")
        section = LabelStudioSection(url=up.label_studio_url, project=TITLE)
        self.config = Config(folder=folder, api_key=key, label_studio=section)
        fields = {"title": TITLE, "label_config": INTERFACE.label_config()}
        self.id = int(self.client.create_project(fields)["id"])
        self.arrive(TASKS)

    def close(self) -> None:
        self.http.close()
        self.client.delete_project(self.id)

    def arrive(self, count: int) -> None:
        data = INTERFACE.complete_task({"messages": [{"role": "user", "content": "?"}]})
        annotations = [{"result": result("Hello."), "lead_time": 1.5}]
        drafts = [{"result": result("A draft."), "score": 0.5, "model_version": "v1"}]
        task = {"data": data, "annotations": annotations, "predictions": drafts}
        self.client.import_tasks(self.id, [task] * count)

    def work(self, chance: random.Random) -> None:
        """One thing that somebody does."""
        task = chance.choice(self.tasks())
        kind = chance.randrange(6)
        if kind == 0:
            self.http.delete(f"/api/tasks/{task}/")
            self.arrive(1)
        elif kind == 1:
            draft = {"task": task, "model_version": "v2", "score": 0.5, "result": result("B.")}
            self.client.import_predictions(self.id, [draft])
        else:
            answer = {"result": result(f"Answer {chance.random()}."), "was_cancelled": kind == 2}
            self.http.post(f"/api/tasks/{task}/annotations/", json=answer)

    def tasks(self) -> list[int]:
        pages = self.client.task_pages(self.id, include=("id",), page_size=1000)
        return [task["id"] for page in pages for task in page.tasks]

    def rows(self) -> list[TaskRow]:
        return TaskTable(self.config.data_dir / "tasks").rows(self.id)

    def start_pull(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "sync", "pull"],
            cwd=self.folder,
            env=clean_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture
def project(up: Up, tmp_path: Path) -> Iterator[Project]:
    found = Project(up, tmp_path)
    yield found
    found.close()


class Team:
    """Works in a thread of its own, and pauses to be looked at."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._stop = threading.Event()
        self.desk = threading.Lock()
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> "Team":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        chance = random.Random(7)
        while not self._stop.wait(0.02):
            with self.desk:
                self._project.work(chance)


def test_killed_at_fifty_random_moments(project: Project) -> None:
    """kill -9 in a first pull or in a later one: after one more the table is the full export."""
    chance = random.Random(5)
    killed = 0
    started = time.monotonic()
    first = project.start_pull()
    first.communicate(timeout=60)
    whole_s = time.monotonic() - started
    with Team(project) as team:
        while killed < KILLS:
            if killed % 5 == 4:
                shutil.rmtree(project.config.data_dir, ignore_errors=True)
            process = project.start_pull()
            try:
                process.communicate(timeout=whole_s * chance.uniform(0.3, 1.0))
                continue  # it was done before
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
            killed += 1
            with team.desk:
                before = project.rows()  # readable, whatever happened
                assert len({row.task_id for row in before}) == len(before)
                pull(project.config, project.client)
                assert project.rows() == exported(project.http, project.id), f"kill {killed}"
