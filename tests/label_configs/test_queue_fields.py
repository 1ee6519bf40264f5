"""Every page shows why a task comes now, and none asks a task for it."""

import json
from typing import Any

import pytest
from lxml import etree

import label_configs
from label_configs import INTERFACES, Interface
from label_configs.queue_fields import (
    ACCEPTANCE,
    QUEUE_FIELDS,
    QUEUE_NOTE,
    kept_of_queue,
    without_queue,
)
from label_configs.task_fields import check_fields

PLACED = {QUEUE_NOTE: "Few tasks of this kind are done.", ACCEPTANCE: 0.4}


@pytest.fixture(params=INTERFACES)
def interface(request: pytest.FixtureRequest) -> Interface[Any]:
    return label_configs.load(request.param)


def test_the_page_shows_the_note_and_nothing_else_of_the_queue(interface: Interface[Any]) -> None:
    root = etree.fromstring(interface.label_config().encode())
    shown = [each for each in root.iter() if each.get("value") == f"${QUEUE_NOTE}"]
    assert [each.tag for each in shown] == ["Header"], "words only: a Header obeys no markup"
    assert [each.get("name") for each in shown] == [None], "Label Studio asks tasks for named ones"
    written = etree.tostring(root, encoding="unicode")
    assert not any(f"${name}" in written for name in QUEUE_FIELDS if name != QUEUE_NOTE)


def test_a_task_does_without_a_note(interface: Interface[Any]) -> None:
    task = interface.complete_task(interface.example)
    assert kept_of_queue(task) == {}
    check_fields(interface.config, task)


def test_no_draft_depends_on_the_place_in_the_queue(interface: Interface[Any]) -> None:
    task = interface.complete_task(interface.example)
    placed = interface.complete_task({**task, **PLACED})
    assert kept_of_queue(placed) == PLACED
    assert without_queue(placed) == task
    told = [json.dumps(interface.inputs(each), sort_keys=True) for each in (task, placed)]
    assert told[0] == told[1]
