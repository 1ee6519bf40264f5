"""Marks in a real Label Studio: nothing else changes there, and a pull sees them once."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from label_configs import load
from label_configs.annotations import ORDER
from ml_backend.drafts.finished_work import FinishedWork
from sync.dataset.splits.mark_tasks import Marked, mark
from sync.dataset.splits.split import split
from sync.settings.split import SplitSection
from tests.e2e.test_failures import folder as folder  # the same kind of folder
from tests.running import Up, labeltune
from tests.sync.desk import tally
from tests.sync.table.pull.project import PulledProject

pytestmark = pytest.mark.label_studio

COUNT = 12
LISTED = ("id", "data", "meta", "annotations", "predictions")


@pytest.fixture
def project(up: Up, tmp_path: Path) -> Iterator[PulledProject]:
    found = PulledProject(up, tmp_path, "Split")
    section = SplitSection(near_duplicates=False)
    found.config = found.config.model_copy(update={"split": section})
    yield found
    found.close()


def listed(project: PulledProject) -> dict[int, dict[str, Any]]:
    return {task["id"]: task for task in project.tasks(LISTED)}


def test_marks_stay_and_change_nothing_else(project: PulledProject) -> None:
    project.arrive([f"Question {i}?" for i in range(COUNT)], meta={"mine": [1, "ü"]})
    for task_id in listed(project):
        project.annotate(task_id, f"Answer {task_id}.")
    project.pull()
    before = listed(project)
    made = split(project.config).split
    client, lines = project.client, made.lines
    assert mark(client, project.id, lines) == Marked(COUNT, 0, 0)
    after = listed(project)
    for task_id, task in after.items():
        expected = {"mine": [1, "ü"], "split": made.split_of(f"task-{task_id}")}
        assert task["meta"] == expected
        assert task | {"meta": None} == before[task_id] | {"meta": None}
    assert mark(client, project.id, lines) == Marked(0, COUNT, 0)
    # a mark moves `updated_at`: the next pull fetches the tasks, the one after it nothing
    assert tally(project.pull())[0] == 0
    assert tally(project.pull()) == (0, 0, 0, COUNT)
    assert not split(project.config).is_new
    assert listed(project) == after


def test_drafting_takes_examples_of_train_only(project: PulledProject) -> None:
    project.arrive([f"Question {i}?" for i in range(COUNT)])
    for task_id in listed(project):
        project.annotate(task_id, f"Answer {task_id}.")
    project.pull()
    made = split(project.config).split
    mark(project.client, project.id, made.lines)
    # finished after the split: nobody knows yet where it belongs
    project.arrive(["Another question?"])
    project.annotate(max(listed(project)), "Another answer.")
    work = FinishedWork(project.client, project.id, load("chat_response"), ORDER, dict)
    work.refresh()
    train = {line.task_id for line in made.lines if line.split == "train"}
    assert {one.task_id for one in work.examples()} == train


def told(folder: Path, *command: str) -> dict[str, Any]:
    """What a command that succeeds says as JSON."""
    done = labeltune(folder, *command, "--json")
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def test_push_leaves_marks_alone(folder: Path, up: Up) -> None:
    config = folder / "labeltune.toml"
    text = config.read_text().replace('"Failures"', '"Marked"')
    config.write_text(text + "[split]\nnear_duplicates = false\n")
    sources = [{"id": f"q{i}", "prompt": f"Question {i}?"} for i in range(COUNT)]
    (folder / "many.jsonl").write_text("".join(json.dumps(row) + "\n" for row in sources))
    assert told(folder, "push", "many.jsonl")["created"] == COUNT
    project = up.label_studio.find_project("Marked")
    assert project is not None
    answer = {"type": "textarea", "from_name": "response", "to_name": "conversation"}
    pages = up.label_studio.task_pages(project["id"], include=("id",))
    for task in [task for page in pages for task in page.tasks]:
        body = {"result": [answer | {"id": "r", "value": {"text": ["Yes."]}}]}
        up.http.post(f"/api/tasks/{task['id']}/annotations/", json=body)
    told(folder, "pull")
    made = told(folder, "split")
    assert made["marked"] == {"changed": COUNT, "same": 0, "gone": 0}
    told(folder, "pull")
    pushed = told(folder, "push", "many.jsonl")
    assert (pushed["created"], pushed["updated"], pushed["unchanged"]) == (0, 0, COUNT)
    again = told(folder, "split")
    assert (again["written"], again["marked"]["changed"]) == (False, 0)
    sizes = made["manifest"]["sizes"]
    pages = up.label_studio.task_pages(project["id"], include=("id", "meta"))
    marks = [task["meta"]["split"] for page in pages for task in page.tasks]
    assert {name: marks.count(name) for name in sizes} == sizes
