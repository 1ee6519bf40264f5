"""A disputed task gets one more annotator in a real Label Studio, and no other task changes."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import label_configs
from label_configs.chat_response import ChatResponse
from sync.common.source_task import ID_FIELD
from tests.e2e.annotators import Annotator
from tests.running import Up, labeltune

pytestmark = pytest.mark.label_studio

INTERFACE = label_configs.load("chat_response")
TITLE = "Second opinions"
QUIET = "[review]\nrandom = 0.0\nrisk = 0.0\nfirst_tasks = 0\nseverity = false\ngold = 0.0\n"


def answer(certainty: str = "established") -> list[Any]:
    return INTERFACE.encode(ChatResponse("It is free.", verdict="edit", certainty=certainty))


class Project:
    """A project of two annotators a task, and the folder of whoever runs `labeltune` on it."""

    def __init__(self, up: Up, folder: Path, number: int) -> None:
        self.client, self.folder = up.label_studio, folder
        made = self.client.create_project(
            {"title": TITLE, "label_config": INTERFACE.label_config(), "maximum_annotations": 2}
        )
        self.id = int(made["id"])
        asked = [
            {ID_FIELD: f"q{n}", "messages": [{"role": "user", "content": f"Question {n}?"}]}
            for n in range(number)
        ]
        self.client.import_tasks(
            self.id, [{"data": INTERFACE.complete_task(each)} for each in asked]
        )
        (folder / ".env").write_text(f"LABEL_STUDIO_API_KEY={up.env['LABEL_STUDIO_API_KEY']}\n")
        (folder / "labeltune.toml").write_text(
            f'[label_studio]\nurl = "{up.label_studio_url}"\nproject = "{TITLE}"\noverlap = 2\n'
            f'[backend]\nurl = "{up.backend_url}"\n{QUIET}'
        )

    def ask(self, question: str) -> set[int]:
        """One more task; returns its id."""
        before = self.tasks().keys()
        more = {"messages": [{"role": "user", "content": question}]}
        self.client.import_tasks(self.id, [{"data": INTERFACE.complete_task(more)}])
        return self.tasks().keys() - before

    def tasks(self) -> dict[int, tuple[int, bool, str]]:
        """Of each task its overlap, whether it is done, and when it was last changed."""
        fields = ("id", "overlap", "is_labeled", "updated_at")
        pages = self.client.task_pages(self.id, include=fields)
        return {
            int(task["id"]): (task["overlap"], task["is_labeled"], task["updated_at"])
            for page in pages
            for task in page.tasks
        }

    def review(self) -> dict[str, Any]:
        """Run the verb."""
        done = labeltune(self.folder, "review", "--json")
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found


@pytest.fixture(scope="module")
def people(signed_up: Callable[[str], Annotator]) -> list[Annotator]:
    """Four annotators."""
    return [signed_up(name) for name in ("dora", "emil", "fay", "gus")]


@pytest.fixture
def project(up: Up, tmp_path: Path) -> Iterator[Project]:
    """Three tasks."""
    made = Project(up, tmp_path, 3)
    yield made
    made.client.delete_project(made.id)


def test_a_disputed_task_gets_one_more_annotator_and_no_other_task_changes(
    project: Project, people: list[Annotator]
) -> None:
    dora, emil, fay, gus = people
    alike, differing, also_alike = sorted(project.tasks())
    for task_id in (alike, differing, also_alike):
        dora.submit(task_id, answer())
        emil.submit(task_id, answer("speculative" if task_id == differing else "established"))
    # somebody else works in the project, too, and everything is done
    assert [each.following(project.id) for each in people] == [None] * 4
    before = project.tasks()
    assert {overlap for overlap, _, _ in before.values()} == {2}

    # all who annotate in it have answered: a reviewer would decide
    assert project.review()["disputed"] == 1
    assert project.tasks() == before

    extra = project.client.import_tasks(
        project.id,
        [{"data": INTERFACE.complete_task({"messages": [{"role": "user", "content": "More?"}]})}],
    )
    assert extra == 1
    (fourth,) = project.tasks().keys() - before.keys()
    fay.submit(fourth, answer())
    gus.submit(fourth, answer())
    before = project.tasks()
    told = project.review()
    assert (told["disputed"], told["raised"]) == (1, 1)
    after = project.tasks()
    assert after[differing][:2] == (3, False)
    assert {i: each for i, each in after.items() if i != differing} == {
        i: each for i, each in before.items() if i != differing
    }

    # whoever has answered it does not get it again, whoever has not does, and only one of them
    assert dora.following(project.id) is None
    assert emil.following(project.id) is None
    assert fay.following(project.id) == differing
    assert gus.following(project.id) is None

    # another run changes nothing; one after the project's own overlap has changed sets it again
    assert project.review()["raised"] == 0
    assert project.tasks() == after
    for overlap in (1, 2):
        project.client.update_project(project.id, {"maximum_annotations": overlap})
    assert project.tasks()[differing][:2] == (2, True)
    assert project.review()["raised"] == 1
    assert project.tasks()[differing][:2] == (3, False)

    # two of three agree: nobody is asked any more
    fay.submit(differing, answer())
    assert gus.following(project.id) is None
    told = project.review()
    assert (told["disputed"], told["raised"]) == (0, 0)


@pytest.mark.thorough
def test_gold_comes_as_any_other_task_and_measures_whoever_gets_it(
    project: Project, people: list[Annotator]
) -> None:
    dora, emil, fay, _ = people
    known, *others = sorted(project.tasks())
    dora.submit(known, answer())
    emil.submit(known, answer())
    (task,) = project.client.tasks_by_id(project.id, [known], ("id", "annotations"))
    project.client.set_ground_truth(min(int(each["id"]) for each in task["annotations"]))
    for task_id in others:
        dora.submit(task_id, answer())
        emil.submit(task_id, answer())
    settings = project.folder / "labeltune.toml"
    settings.write_text(settings.read_text().replace("gold = 0.0", "gold = 0.5"))
    # of four answers since, two; but there is one truth, and nobody who could be asked
    assert project.review()["raised"] == 0
    (extra,) = project.ask("More?")
    fay.submit(extra, answer())
    told = project.review()
    assert (told["gold"], told["raised"]) == (1, 1)
    assert fay.following(project.id) == known
    shown = fay.http.post(
        "/api/dm/actions/", params={"id": "next_task", "project": project.id}, json={}
    ).json()
    assert shown["annotations"] == []
    fay.submit(known, answer("speculative"))
    assert project.review()["raised"] == 0
    noted = json.loads((project.folder / "labeltune-data" / "last-people.json").read_text())
    gold = {each["annotator"]: each["gold"] for each in noted["people"]}
    assert sorted((each["agreed"], each["of"]) for each in gold.values()) == [(0, 0)] * 2 + [(0, 1)]


@pytest.mark.thorough
def test_a_change_of_the_projects_overlap_reaches_raised_tasks_first(project: Project) -> None:
    """What docs/review.md tells of Label Studio."""
    first, *others = sorted(project.tasks())
    overlap = project.client.update_project
    overlap(project.id, {"maximum_annotations": 1})
    project.client.set_overlap(first, 2, is_labeled=False)
    overlap(project.id, {"maximum_annotations": 2})
    assert [project.tasks()[task_id][0] for task_id in (first, *others)] == [2, 1, 1]
    overlap(project.id, {"maximum_annotations": 1})
    overlap(project.id, {"maximum_annotations": 2})
    assert [project.tasks()[task_id][0] for task_id in (first, *others)] == [2, 2, 2]
