"""`labeltune pull` beside a real Label Studio: killed, and the table is right again."""

import random
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.running import Up, start_labeltune
from tests.sync.builders import result
from tests.sync.table.pull.project import PulledProject, draft

pytestmark = pytest.mark.label_studio

KILLS = 50
TASKS = 300


class Project(PulledProject):
    """A project that people work on, and the folder that commands pull it into."""

    def __init__(self, up: Up, folder: Path) -> None:
        super().__init__(up, folder, "Pulled while killed")
        section = self.config.label_studio
        (folder / "labeltune.toml").write_text(
            f'[label_studio]\nurl = "{section.url}"\nproject = "{section.project}"\n'
        )
        (folder / ".env").write_text(f"LABEL_STUDIO_API_KEY={self.config.api_key}\n")
        self.fill(TASKS)

    def fill(self, count: int) -> None:
        annotations = [{"result": result("Hello."), "lead_time": 1.5}]
        drafts = [{"result": result("A draft."), "score": 0.5, "model_version": "v1"}]
        self.arrive(["?"] * count, annotations=annotations, predictions=drafts)

    def work(self, chance: random.Random) -> None:
        """One thing that somebody does."""
        task = chance.choice(self.tasks(include=["id"]))["id"]
        kind = chance.randrange(6)
        if kind == 0:
            self.delete(task)
            self.fill(1)
        elif kind == 1:
            self.client.import_predictions(self.id, [draft(task, "B.", "v2")])
        else:
            self.annotate(task, f"Answer {chance.random()}.", was_cancelled=kind == 2)


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
        while not self._stop.wait(0.1):
            with self.desk:
                self._project.work(chance)


def test_killed_at_random_moments(project: Project, often: Callable[[int], int]) -> None:
    """kill -9 in a first pull or in a later one: after one more the table is the full export."""
    chance = random.Random(5)
    killed, kills = 0, often(KILLS)
    started = time.monotonic()
    first = start_labeltune(project.config.folder, "pull")
    first.communicate(timeout=60)
    whole_s = time.monotonic() - started
    with Team(project) as team:
        while killed < kills:
            if killed % 5 == 4:
                shutil.rmtree(project.config.data_dir, ignore_errors=True)
            process = start_labeltune(project.config.folder, "pull")
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
                project.pull()
                assert project.rows() == project.exported(), f"kill {killed}"
