"""What becomes of each task, by what the project holds."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import label_configs
from sync.common.source_task import ID_FIELD, SourceTask
from sync.intake.push.plan import Fate, PushPlan, compare
from sync.intake.push.project_tasks import (
    ProjectTask,
    ProjectTasks,
    SourceFields,
    held_tasks,
    read_held,
)
from sync.table.task_rows import TaskRow, from_label_studio
from sync.table.task_table import TaskTable
from tests.sync.fakes import FakeLabelStudio

PROJECT = 7
INTERFACE = label_configs.load("chat_response")
FIELDS = SourceFields(INTERFACE)
CHANGED = b"of something else"


def ask(text: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}]}


def source(identity: str, text: str = "Where?") -> SourceTask:
    return SourceTask(identity, ask(text), f"a.jsonl, {identity}")


def holding(identity: str, digest: bytes, *, annotated: bool = False) -> ProjectTasks:
    held = ProjectTasks()
    held.add(identity, ProjectTask(1, digest, annotated))
    return held


def plan(
    tasks: Sequence[SourceTask], held: ProjectTasks, *, overwrite_annotated: bool = False
) -> PushPlan:
    return compare(tasks, held, FIELDS, lambda task: None, overwrite_annotated=overwrite_annotated)


@pytest.mark.parametrize(
    ("held", "overwrite", "fate"),
    [
        (ProjectTasks(), False, Fate.CREATED),
        (holding("a", FIELDS.digest(ask("Where?"))), False, Fate.UNCHANGED),
        (holding("a", FIELDS.digest(ask("Where?")), annotated=True), True, Fate.UNCHANGED),
        (holding("a", CHANGED), False, Fate.UPDATED),
        (holding("a", CHANGED, annotated=True), False, Fate.ANNOTATED),
        (holding("a", CHANGED, annotated=True), True, Fate.UPDATED),
    ],
)
def test_the_fate_of_a_task(held: ProjectTasks, overwrite: bool, fate: Fate) -> None:
    assert list(plan([source("a")], held, overwrite_annotated=overwrite)) == [fate]


def test_only_what_would_be_sent_is_checked() -> None:
    checked: list[str | None] = []
    held = holding("a", FIELDS.digest(ask("Where?")))
    compare([source("a"), source("b")], held, FIELDS, lambda task: checked.append(task.id))
    assert checked == ["b"]


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, unique_by=lambda t: t[0]))
def test_of_several_with_one_identity_the_annotated_one_stays_then_the_oldest(
    tasks: list[tuple[int, bool]],
) -> None:
    held = ProjectTasks()
    for task_id, annotated in tasks:
        held.add("a", ProjectTask(task_id, b"", annotated))
    kept = held.tasks["a"]
    of_its_kind = [i for i, annotated in tasks if annotated] or [i for i, _ in tasks]
    assert kept.task_id == min(of_its_kind)
    assert sorted([kept.task_id, *held.doubles]) == sorted(i for i, _ in tasks)


@pytest.fixture
def table(tmp_path: Path) -> TaskTable:
    """Tasks as they were pulled: pushed, annotated, bare, and one that no source gave."""
    studio = FakeLabelStudio()
    data = INTERFACE.complete_task(ask("Where?"), "Be kind.")
    pushed = studio.add(**data, labeltune_id="a")
    annotated = studio.add(**data, labeltune_id="b")
    studio.annotate(annotated)
    studio.add(**ask("Bare?"), labeltune_id="c")
    studio.add(**data)
    double = studio.add(**data, labeltune_id="a")
    assert (pushed, double) == (101, 106)
    table = TaskTable(tmp_path / "tasks")
    rows: list[TaskRow] = [from_label_studio(PROJECT, t) for t in studio.tasks.values()]
    table.apply(PROJECT, rows)
    return TaskTable(tmp_path / "tasks")


def test_what_the_table_tells(table: TaskTable) -> None:
    held = read_held(table, PROJECT, FIELDS, "Be kind.")
    digest = FIELDS.digest(ask("Where?"))
    assert held.tasks["a"] == ProjectTask(101, digest, False)
    assert held.tasks["b"] == ProjectTask(102, digest, True)
    assert held.holds(["a", "b", "c"])
    assert not held.holds(["a", "d"])
    assert (held.total, held.doubles, held.outdated) == (5, [106], [104])
    assert held.unlisted == 1


def test_other_guidelines_make_tasks_outdated_until_they_are_annotated(table: TaskTable) -> None:
    assert sorted(read_held(table, PROJECT, FIELDS, "Be brief.").outdated) == [101, 104, 105, 106]
    assert read_held(table, PROJECT, FIELDS, "").outdated == [104]


def test_another_project_holds_nothing(table: TaskTable) -> None:
    assert read_held(table, PROJECT + 1, FIELDS, "").total == 0
    assert read_held(TaskTable(Path("nowhere")), PROJECT, FIELDS, "").total == 0


def test_held_tasks_as_a_source_would_give_them(table: TaskTable) -> None:
    tasks = {task.where: task for task in held_tasks(table, PROJECT)}
    assert tasks["task 101"].id == "a"
    assert tasks["task 105"].id == "task 105"
    assert tasks["task 104"].data == {**ask("Bare?"), ID_FIELD: "c"}
