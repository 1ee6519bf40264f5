"""Changes of tasks that the project holds, beside people and a drafter who work there."""

from typing import Any

import pytest

import label_configs
from label_configs import Interface
from label_configs.queue_fields import ACCEPTANCE, QUEUE_NOTE
from sync.common.source_task import ID_FIELD, SourceTask
from sync.intake.push.updates import CHUNK, Updater
from tests.sync.intake.push.fakes import PROJECT, FakeClock, FakeLabelStudio

STEPS = [{"text": "Drafted."}]


@pytest.fixture
def interface() -> Interface[Any]:
    """One whose drafts write into the task."""
    return label_configs.load("reasoning_steps")


@pytest.fixture
def studio() -> FakeLabelStudio:
    return FakeLabelStudio(FakeClock())


def ask(text: str, **more: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}], **more}


def held(studio: FakeLabelStudio, interface: Interface[Any], **counts: int) -> int:
    """A task that was pushed and drafted."""
    data = interface.complete_task({**ask("Where?"), ID_FIELD: "a"}, "Be kind.")
    return studio.add({**data, "steps": STEPS}, **counts)


def updater(studio: FakeLabelStudio, interface: Interface[Any], **options: bool) -> Updater:
    return Updater(studio, PROJECT, interface, "Be kind.", **options)


def test_another_question_is_drafted_anew(
    studio: FakeLabelStudio, interface: Interface[Any]
) -> None:
    task_id = held(studio, interface)
    changing = updater(studio, interface)
    changing.update([(task_id, SourceTask("a", ask("When?"), "a.jsonl, line 1"))])
    expected = interface.complete_task({**ask("When?"), ID_FIELD: "a"}, "Be kind.")
    assert studio.tasks[task_id]["data"] == expected
    assert expected["steps"] == []
    assert (changing.updated, changing.annotated) == (1, 0)


def test_what_shapes_no_draft_leaves_it(studio: FakeLabelStudio, interface: Interface[Any]) -> None:
    task_id = held(studio, interface)
    source = SourceTask("a", ask("Where?", ticket=7), "a.jsonl, line 1")
    updater(studio, interface).update([(task_id, source)])
    data = studio.tasks[task_id]["data"]
    assert (data["ticket"], data["steps"]) == (7, STEPS)


def test_a_task_keeps_its_place_in_the_queue_with_its_draft(
    studio: FakeLabelStudio, interface: Interface[Any]
) -> None:
    """A source has no say in it."""
    task_id = held(studio, interface)
    placed = {QUEUE_NOTE: "Few tasks of this kind are done.", ACCEPTANCE: 0.4}
    studio.tasks[task_id]["data"] |= placed
    changing, said = updater(studio, interface), {QUEUE_NOTE: "First!", ACCEPTANCE: 1}
    changing.update([(task_id, SourceTask("a", ask("Where?", ticket=7, **said), "line 1"))])
    assert studio.tasks[task_id]["data"].items() >= {**placed, "ticket": 7}.items()
    changing.update([(task_id, SourceTask("a", ask("When?", **said), "line 1"))])
    assert not studio.tasks[task_id]["data"].keys() & placed.keys(), "it gets another draft"


@pytest.mark.parametrize("work", [{"annotations": 1}, {"skipped": 1}, {"begun": 1}])
def test_who_was_quicker_keeps_the_task(
    studio: FakeLabelStudio, interface: Interface[Any], work: dict[str, int]
) -> None:
    """The table said that nobody had worked on it; since then somebody has."""
    task_id = held(studio, interface, **work)
    before = dict(studio.tasks[task_id]["data"])
    change = (task_id, SourceTask("a", ask("When?"), "a.jsonl, line 1"))
    kind = updater(studio, interface)
    kind.update([change])
    assert studio.tasks[task_id]["data"] == before
    assert (kind.updated, kind.annotated) == (0, 1)
    forced = updater(studio, interface, overwrite_annotated=True)
    forced.update([change])
    data = studio.tasks[task_id]["data"]
    assert data["messages"] == ask("When?")["messages"]
    assert data["steps"] == STEPS, "annotations speak of them"
    assert (kind.overwritten, forced.overwritten) == ([], [task_id])
    unasked = updater(studio, interface, overwrite_annotated=True)
    unasked.update([(task_id, SourceTask("a", ask("When?", ticket=7), "a.jsonl, line 1"))])
    assert (unasked.updated, unasked.overwritten) == (1, []), "the annotation fits all the same"


def test_a_task_that_was_deleted_meanwhile_is_left_to_the_next_push(
    studio: FakeLabelStudio, interface: Interface[Any]
) -> None:
    changing = updater(studio, interface)
    changing.update([(1, SourceTask("a", ask("When?"), "a.jsonl, line 1"))])
    assert (changing.updated, studio.changed) == (0, [])


def test_tasks_are_completed_with_what_the_page_shows(
    studio: FakeLabelStudio, interface: Interface[Any]
) -> None:
    whole = held(studio, interface)
    bare = [studio.add({**ask(f"{i}?"), ID_FIELD: str(i)}) for i in range(CHUNK + 5)]
    unusable = studio.add({"text": "of another interface"})
    advanced: list[int] = []
    completing = updater(studio, interface)
    completing.complete([whole, *bare, unusable], advanced.append)
    assert studio.changed == bare
    assert completing.completed == len(bare)
    assert advanced == [CHUNK, 7]
    data = studio.tasks[bare[0]]["data"]
    assert data == interface.complete_task({**ask("0?"), ID_FIELD: "0"}, "Be kind.")


def test_new_guidelines_reach_only_tasks_that_wait(
    studio: FakeLabelStudio, interface: Interface[Any]
) -> None:
    waiting, done = held(studio, interface), held(studio, interface, annotations=1)
    changing = Updater(studio, PROJECT, interface, "Be brief.")
    changing.complete([waiting, done], lambda count: None)
    shown = [studio.tasks[i]["data"]["guidelines"] for i in (waiting, done)]
    assert shown == ["Be brief.", "Be kind."]
    assert studio.tasks[waiting]["data"]["steps"] == STEPS
