"""Tasks that an earlier LabelTune pushed are the same tasks now, and unchanged.

`pushed_before/rows.jsonl` is a source, and `tasks.jsonl` what commit b2ababb made of it: identity
and digests of each task, and its data as Label Studio got it.
"""

import json
from pathlib import Path
from typing import Any

import pytest

import label_configs
from label_configs.task_listing import LAST_QUESTION
from sync.common.source_task import ID_FIELD, SourceTask
from sync.intake.cleaning.task_identity import circumstances_digest, inputs_digest, made_id
from sync.intake.push.plan import Fate, compare
from sync.intake.push.project_tasks import ProjectTask, ProjectTasks, SourceFields
from sync.intake.sources import SourceReader
from sync.settings.cleaning import CleaningSection
from sync.settings.sources import SourcesSection
from tests.sync.intake.cleaning.desk import cleaned

FOLDER = Path(__file__).parent / "pushed_before"
INTERFACE = label_configs.load("chat_response")
FIELDS = SourceFields(INTERFACE)


@pytest.fixture(scope="module")
def before() -> list[dict[str, Any]]:
    """What the earlier tree made of each row."""
    return [json.loads(line) for line in (FOLDER / "tasks.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def now() -> list[SourceTask]:
    """What this tree makes of them."""
    reader = SourceReader([FOLDER / "rows.jsonl"], SourcesSection(), INTERFACE)
    with cleaned(reader, CleaningSection()) as done:
        return list(done.tasks())


def test_each_task_has_the_identity_that_it_had(
    now: list[SourceTask], before: list[dict[str, Any]]
) -> None:
    assert [task.id for task in now] == [row["id"] for row in before]


def test_each_digest_is_what_it_was(now: list[SourceTask], before: list[dict[str, Any]]) -> None:
    for task, row in zip(now, before, strict=True):
        assert FIELDS.digest(task.data).hex() == row["digest"]
        assert circumstances_digest(task.data, context=True).hex() == row["with_context"]
        assert circumstances_digest(task.data, context=False).hex() == row["without_context"]


def test_every_task_is_unchanged(now: list[SourceTask], before: list[dict[str, Any]]) -> None:
    held = ProjectTasks()
    for number, row in enumerate(before, start=1):
        assert row["data"][ID_FIELD] == row["id"]
        held.add(row["id"], ProjectTask(number, FIELDS.digest(row["data"]), annotated=False))
    assert set(compare(now, held, FIELDS, lambda task: None)) == {Fate.UNCHANGED}


def test_no_task_is_written_for_the_fields_by_which_tasks_are_listed(
    before: list[dict[str, Any]],
) -> None:
    """They came later; a task gets them when it changes."""
    for row in before:
        assert LAST_QUESTION not in row["data"]
        assert FIELDS.page <= row["data"].keys()
        listed = {**row["data"], **INTERFACE.listed_fields(row["data"])}
        assert FIELDS.digest(listed) == FIELDS.digest(row["data"])


def test_a_developer_speaks_as_the_system_in_tasks_that_were_pushed_so() -> None:
    asked = {"role": "user", "content": "Ça va ?"}
    now, before = (
        {"messages": [{"role": role, "content": "Be kind."}, asked]}
        for role in ("developer", "system")
    )
    for known_by in (made_id, inputs_digest, FIELDS.digest):
        assert known_by(now) == known_by(before)
    assert circumstances_digest(now, context=True) == circumstances_digest(before, context=True)


def test_what_is_sent_holds_the_same_words(
    now: list[SourceTask], before: list[dict[str, Any]]
) -> None:
    for task, row in zip(now, before, strict=True):
        assert {**row["data"], **task.data} == row["data"]
