"""What tells whether a source has changed: what it says, not what the page or a draft needs."""

import json
from typing import Any

import pytest

import label_configs
from label_configs import INTERFACES, Interface
from label_configs.queue_fields import ACCEPTANCE, QUEUE_NOTE
from sync.common.source_task import ID_FIELD
from sync.intake.push.project_tasks import SourceFields


@pytest.fixture(params=INTERFACES)
def interface(request: pytest.FixtureRequest) -> Interface[Any]:
    return label_configs.load(request.param)


def completed(interface: Interface[Any], data: dict[str, Any], guidelines: str) -> dict[str, Any]:
    """As Label Studio gives it back."""
    task = interface.complete_task({**data, ID_FIELD: "a"}, guidelines)
    return dict(json.loads(json.dumps(task)))


def test_a_pushed_task_says_what_its_source_says(interface: Interface[Any]) -> None:
    fields = SourceFields(interface)
    source = dict(interface.example)
    assert fields.digest(completed(interface, source, "Be kind.")) == fields.digest(source)
    assert fields.digest(completed(interface, source, "")) == fields.digest(source)


def test_drafts_are_no_change_of_the_source(interface: Interface[Any]) -> None:
    fields = SourceFields(interface)
    task = completed(interface, dict(interface.example), "")
    drafted = dict.fromkeys(interface.drafted_fields, "drafted")
    assert fields.digest({**task, **drafted}) == fields.digest(task)


def test_the_place_in_the_queue_is_no_change_of_the_source(interface: Interface[Any]) -> None:
    fields = SourceFields(interface)
    task = completed(interface, dict(interface.example), "")
    placed = {QUEUE_NOTE: "Few tasks of this kind are done.", ACCEPTANCE: 0.4}
    assert fields.digest({**task, **placed}) == fields.digest(interface.example)


@pytest.mark.parametrize(
    "change",
    [
        {"context": {"tier": "another"}},
        {"documents": [{"title": "New", "text": "New."}]},
        {"field_of_my_own": 1},
        {"categories": {"topic": "fees"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_a_source_says_counts(interface: Interface[Any], change: dict[str, Any]) -> None:
    fields = SourceFields(interface)
    assert fields.digest({**interface.example, **change}) != fields.digest(interface.example)


def test_the_order_of_fields_does_not_count(interface: Interface[Any]) -> None:
    fields = SourceFields(interface)
    backwards = dict(reversed(list(interface.example.items())))
    assert fields.digest(backwards) == fields.digest(interface.example)


def test_what_completing_makes_is_taken_for_granted(interface: Interface[Any]) -> None:
    """A task is checked against the label config before it is completed, which takes time."""
    fields = SourceFields(interface)
    messages = {"messages": interface.example["messages"]}
    whole = completed(interface, messages, "")
    assert fields.as_completed(messages).keys() == whole.keys()
