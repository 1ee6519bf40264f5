"""A push says which labels are not listed any more, and stops where a control would get lost."""

from pathlib import Path
from typing import Any

import pytest

import label_configs
from label_configs import items
from sync.common.errors import SyncError
from sync.intake.push.project import FoundProject
from sync.intake.push.renamed_categories import refuse_lost, renamed
from sync.records.unlisted import Unlisted
from sync.table.task_table import TaskTable
from tests.sync.builders import annotation, config_in, result, task_row

BEFORE = label_configs.load("chat_response", dimensions={"topic": ("cards", "fees")})
AFTER = label_configs.load("chat_response", dimensions={"subject": ("cards", "fees")})
OTHER_LABELS = label_configs.load("chat_response", dimensions={"topic": ("cards", "charges")})


def standing(now: Any, project: dict[str, Any] | None) -> FoundProject:
    xml = now.label_config()
    return FoundProject(project, None, False, xml, now.check_config(xml))


def project(**fields: Any) -> dict[str, Any]:
    return {"id": 7, "label_config": BEFORE.label_config(), "total_annotations_number": 2} | fields


def looked_at(tmp_path: Path, now: Any, found: FoundProject) -> tuple[Unlisted, ...]:
    """Two finished tasks, one of them with a category."""
    table = TaskTable(tmp_path / "tasks")
    held = [*result(), items.choices("topic", "conversation", "fees")]
    table.apply(7, [task_row(1, [annotation(10, held)]), task_row(2, [annotation(20)])])
    return renamed(config_in(tmp_path), now, found, table)


def test_a_label_that_went_is_said_and_stops_nothing(tmp_path: Path) -> None:
    found = standing(OTHER_LABELS, project())
    (one,) = unlisted = looked_at(tmp_path, OTHER_LABELS, found)
    assert (one.kind, one.label, one.annotations) == ("topic", "fees", 1)
    refuse_lost(unlisted, found, OTHER_LABELS)


def test_a_kind_that_went_stops_the_push_before_anything_is_sent(tmp_path: Path) -> None:
    found = standing(AFTER, project())
    unlisted = looked_at(tmp_path, AFTER, found)
    with pytest.raises(SyncError, match=r"'topic'.*nothing was sent: add \[categories\.topic\]"):
        refuse_lost(unlisted, found, AFTER)


def test_the_list_of_categories_that_went_has_a_remedy_of_its_own(tmp_path: Path) -> None:
    without = label_configs.load("chat_response", None, {"topic": ("cards", "fees")})
    found = standing(without, project())
    table = TaskTable(tmp_path / "tasks")
    table.apply(7, [task_row(1, [annotation(10, result(category="billing"))])])
    unlisted = renamed(config_in(tmp_path, categories=None), without, found, table)
    with pytest.raises(SyncError) as refused:
        refuse_lost(unlisted, found, without)
    assert str(refused.value) == (
        "1 annotation of the project chose from its list of categories ('category'), and Label "
        "Studio gives up no control that annotations have results of, so nothing was sent: remove "
        "label_studio.categories = false, or push to a project with another title"
    )
    refuse_lost((), found, without)


@pytest.mark.parametrize(
    "fields", [{"label_config": AFTER.label_config()}, {"label_config": ""}, {"label_config": "<"}]
)
def test_a_kind_that_the_page_does_not_show_stops_nothing(
    tmp_path: Path, fields: dict[str, Any]
) -> None:
    found = standing(AFTER, project(**fields))
    unlisted = looked_at(tmp_path, AFTER, found)
    assert [each.kind for each in unlisted] == ["topic"]
    refuse_lost(unlisted, found, AFTER)


@pytest.mark.parametrize("before", [None, project(total_annotations_number=0)])
def test_without_annotations_nothing_is_read(tmp_path: Path, before: Any) -> None:
    assert looked_at(tmp_path, AFTER, standing(AFTER, before)) == ()


def test_what_is_listed_is_nothing_to_speak_of(tmp_path: Path) -> None:
    assert looked_at(tmp_path, BEFORE, standing(BEFORE, project())) == ()
