"""How tasks are put together into imports and changes."""

from collections.abc import Sequence
from typing import Any

import label_configs
from sync.common.source_task import ID_FIELD, SourceTask
from sync.intake.push.exactly_once import BATCH, BATCH_BYTES, Importer, Journal
from sync.intake.push.plan import Fate, PushPlan, send
from sync.intake.push.project_tasks import ProjectTask, ProjectTasks
from sync.intake.push.updates import CHUNK, Updater
from tests.sync.intake.push.fakes import PROJECT, FakeClock, FakeFiles, FakeLabelStudio


def ask(text: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}]}


def sent(
    studio: FakeLabelStudio, tasks: Sequence[SourceTask], fates: Sequence[Fate], held: ProjectTasks
) -> list[int]:
    """Carry a plan out; how many were done at a time."""
    plan, advanced = PushPlan(), list[int]()
    for fate in fates:
        plan.append(fate)
    importer = Importer(studio, PROJECT, Journal(FakeFiles()), studio.look, studio.clock)
    updater = Updater(studio, PROJECT, label_configs.load("chat_response"), "")

    def complete(task: SourceTask) -> dict[str, Any]:
        return {**task.data, ID_FIELD: task.id}

    send(tasks, plan, held, importer, updater, complete, advanced.append)
    studio.land()
    return advanced


def sources(count: int, text: str = "Where?") -> list[SourceTask]:
    return [SourceTask(f"t{i}", ask(text), f"a.jsonl, line {i}") for i in range(count)]


def test_imports_are_of_a_modest_size_and_in_order() -> None:
    studio = FakeLabelStudio(FakeClock())
    tasks = sources(BATCH + 3)
    advanced = sent(studio, tasks, [Fate.CREATED] * len(tasks), ProjectTasks())
    assert studio.history == [BATCH, 3]
    assert sum(advanced) == len(tasks)
    assert studio.identities() == [task.id for task in tasks]


def test_long_tasks_make_smaller_imports() -> None:
    studio = FakeLabelStudio(FakeClock())
    tasks = sources(5, "x" * (BATCH_BYTES // 2 - 1000))
    sent(studio, tasks, [Fate.CREATED] * 5, ProjectTasks())
    assert studio.history == [2, 2, 1]


def test_a_task_that_is_longer_than_an_import_should_be_travels_alone() -> None:
    studio = FakeLabelStudio(FakeClock())
    tasks = sources(2, "x" * (BATCH_BYTES + 1))
    sent(studio, tasks, [Fate.CREATED] * 2, ProjectTasks())
    assert studio.history == [1, 1]


def test_only_what_has_changed_is_touched() -> None:
    studio = FakeLabelStudio(FakeClock())
    held, tasks = ProjectTasks(), sources(CHUNK + 2)
    for task in tasks:
        task_id = studio.add({**ask("Before?"), ID_FIELD: task.id})
        held.add(str(task.id), ProjectTask(task_id, b"", False))
    fates = [Fate.UPDATED] * (CHUNK + 1) + [Fate.UNCHANGED]
    advanced = sent(studio, tasks, fates, held)
    assert (studio.history, advanced) == ([], [CHUNK, 1])
    asked = [task["data"]["messages"][0]["content"] for task in studio.tasks.values()]
    assert asked == ["Where?"] * (CHUNK + 1) + ["Before?"]
