"""Rows as labelled records: which annotation counts, and what can't be read."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

import label_configs
from label_configs.chat_response import ChatResponse
from label_configs.draft_meta import with_acceptance
from label_configs.provenance import Provenance
from label_configs.queue_fields import ACCEPTANCE, QUEUE_AUDIT
from sync.common.task_texts import user_text
from sync.records import (
    Choosing,
    LabelledRecord,
    Outcome,
    Unfinished,
    Unreadable,
    iter_records,
    read_records,
)
from sync.settings.categories import CategorySection
from sync.table.task_rows import Annotation, Prediction
from tests.sync.builders import INTERFACE, START, annotation, result, task_row


@pytest.mark.parametrize(
    ("annotations", "winner"),
    [
        ([], None),
        ([annotation(1)], 1),
        ([annotation(1, was_cancelled=True)], None),
        ([annotation(1, minutes=5), annotation(2, minutes=9)], 2),
        ([annotation(1, minutes=9), annotation(2, minutes=5)], 1),
        ([annotation(1, ground_truth=True), annotation(2, minutes=9)], 1),
        ([annotation(1, minutes=9, was_cancelled=True), annotation(2)], 2),
        ([annotation(1), annotation(2)], 2),
    ],
)
def test_ground_truth_wins_then_the_latest(
    annotations: Sequence[Annotation], winner: int | None
) -> None:
    labelled = read_records([task_row(1, annotations)], INTERFACE)
    assert [found.annotation_id for found in labelled.records] == ([winner] if winner else [])
    assert labelled.unreadable == ()


def test_every_task_is_counted_once() -> None:
    rows = [
        task_row(1, [annotation(1, result("Yes.", verdict="edit", category="billing"))]),
        task_row(2, [annotation(2, was_cancelled=True)]),
        task_row(3),
        task_row(4, [annotation(4, [{"from_name": "response", "value": {"text": 7}}])]),
    ]
    labelled = read_records(rows, INTERFACE)
    (found,) = labelled.records
    assert (found.task_id, found.annotation_id) == (1, 1)
    assert found.record.response == "Yes."
    assert (labelled.skipped, labelled.unlabeled) == (1, 1)
    (unreadable,) = labelled.unreadable
    assert (unreadable.task_id, unreadable.annotation_id) == (4, 4)
    assert "value.text can't be read" in unreadable.reason


BROKEN = [{"from_name": "response", "value": {"text": 7}}]


def outcomes(annotations: Sequence[Annotation], *order: Any) -> list[Outcome]:
    choosing = Choosing(order) if order else None
    return list(iter_records([task_row(1, annotations)], INTERFACE, choosing=choosing))


def test_what_can_t_be_read_hides_nothing_and_is_told() -> None:
    readable, broken = annotation(1), annotation(2, BROKEN, minutes=9)
    found, fault = outcomes([readable, broken])
    assert isinstance(found, LabelledRecord)
    assert (found.annotation_id, found.annotations) == (1, 2)
    assert isinstance(fault, Unreadable)
    assert (fault.annotation_id, fault.instead) == (2, 1)
    (alone,) = outcomes([broken])
    assert isinstance(alone, Unreadable)
    assert alone.instead is None


def test_a_task_without_a_record_is_reported_once() -> None:
    broken = [annotation(i, BROKEN, minutes=i, completed_by=i) for i in (1, 2, 3)]
    (fault,) = outcomes(broken)
    assert isinstance(fault, Unreadable)
    assert (fault.annotation_id, fault.instead) == (3, None)
    assert fault.reason.endswith("(of its other annotations, 2 can't be read either)")
    # what can't be read might have settled it
    (fault,) = outcomes([*broken[:1], annotation(4)], "consensus")
    assert isinstance(fault, Unreadable)
    assert fault.annotation_id == 1


def test_a_ground_truth_that_can_t_be_read_has_no_substitute() -> None:
    (fault,) = outcomes([annotation(1), annotation(2, BROKEN, ground_truth=True)])
    assert isinstance(fault, Unreadable)
    assert (fault.annotation_id, fault.instead) == (2, None)


def test_beside_a_ground_truth_nothing_else_is_read() -> None:
    (found,) = outcomes([annotation(1, BROKEN, minutes=9), annotation(2, ground_truth=True)])
    assert isinstance(found, LabelledRecord)


def test_what_can_t_be_read_has_no_vote() -> None:
    votes = [annotation(i, result("Free."), completed_by=i) for i in (1, 2)]
    votes.append(annotation(3, BROKEN, completed_by=3, minutes=9))
    found, fault = outcomes(votes)
    assert isinstance(found, LabelledRecord)
    assert found.chosen_by == "consensus"
    assert isinstance(fault, Unreadable)


def test_a_task_that_no_rule_settles_says_so() -> None:
    assert outcomes([annotation(1)], "reviewed", "consensus") == [Unfinished(1, "unsettled")]
    row = task_row(1, [annotation(1)])
    assert read_records([row], INTERFACE, choosing=Choosing(("consensus",))).unsettled == 1


def test_records_come_one_by_one_in_the_rows_order() -> None:
    rows = (task_row(i, [annotation(i)]) for i in (3, 1, 2))
    found = iter_records(rows, INTERFACE)
    assert next(found).task_id == 3
    assert next(rows).task_id == 1
    assert next(found).task_id == 2


@pytest.mark.parametrize(
    ("data", "key"),
    [({}, "task-4"), ({"labeltune_id": "faq-1"}, "faq-1"), ({"labeltune_id": ""}, "task-4")],
)
def test_a_record_is_known_by_its_source_s_id(data: dict[str, Any], key: str) -> None:
    (found,) = read_records([task_row(4, [annotation(1)], **data)], INTERFACE).records
    assert found.key == key


def test_a_record_tells_when_its_task_was_made() -> None:
    (found,) = read_records([task_row(4, [annotation(1, minutes=7)])], INTERFACE).records
    assert found.created_at == START
    assert (found.chosen_by, found.review, found.annotations) == ("latest", None, 1)


@pytest.mark.parametrize("items", ["text", [1], {"a": 1}, [["nested"]]])
def test_a_result_that_is_no_list_of_items_is_reported(items: object) -> None:
    labelled = read_records([task_row(1, [annotation(1, items)])], INTERFACE)
    assert labelled.records == ()
    assert "no list of result items" in labelled.unreadable[0].reason


def test_a_task_without_a_conversation_is_reported() -> None:
    labelled = read_records([task_row(1, [annotation(1)], messages=None)], INTERFACE)
    assert labelled.unreadable[0].reason.startswith("task 1: 'messages' must be a non-empty list")


def test_user_text_is_every_user_turn() -> None:
    turns = [("system", "Be kind."), ("user", "One?"), ("assistant", "1."), ("user", "Two?")]
    data = {"messages": [{"role": role, "content": content} for role, content in turns]}
    assert user_text(data) == "One?\n\nTwo?"


def test_an_annotation_is_compared_with_the_draft_it_came_from() -> None:
    drafts = [
        Prediction(1, "v1", 0.2, START, json.dumps(result("An older draft."))),
        Prediction(2, "v2", 0.2, START, json.dumps(result("An answer!"))),
    ]
    row = task_row(1, [annotation(1, parent_prediction=2)], drafts)
    (record,) = read_records([row], INTERFACE).records
    assert record.provenance == Provenance("v2", "edited", pytest.approx(0.1), 12.5)
    assert record.draft == ChatResponse("An answer!")


@pytest.mark.parametrize(
    ("data", "acceptance", "is_audit"),
    [
        ({}, 0.3, False),
        ({ACCEPTANCE: 0.4, QUEUE_AUDIT: True}, 0.4, True),
        ({ACCEPTANCE: "high", QUEUE_AUDIT: "yes"}, 0.3, False),
    ],
)
def test_a_record_tells_how_likely_its_draft_was_accepted(
    data: dict[str, Any], acceptance: float, is_audit: bool
) -> None:
    items = with_acceptance(result("A draft."), 0.3, {"agreement": 0.3})
    draft = Prediction(2, "v2", 0.02, START, json.dumps(items))
    row = task_row(1, [annotation(1, parent_prediction=2)], [draft], **data)
    (record,) = read_records([row], INTERFACE).records
    assert (record.acceptance, record.is_audit) == (acceptance, is_audit)


def test_a_draft_that_can_t_be_read_is_reported_with_the_annotation() -> None:
    draft = Prediction(2, "v2", 0.2, START, json.dumps(BROKEN))
    row = task_row(1, [annotation(5, parent_prediction=2)], [draft])
    labelled = read_records([row], INTERFACE)
    assert labelled.records == ()
    assert [(u.annotation_id, u.instead) for u in labelled.unreadable] == [(5, None)]


def test_an_annotation_whose_draft_is_gone_says_so() -> None:
    items = [{**item, "origin": "prediction"} for item in result("An answer.")]
    row = task_row(1, [annotation(1, items, parent_prediction=9)])
    (record,) = read_records([row], INTERFACE).records
    assert record.provenance == Provenance(None, "unchanged", None, 12.5)
    assert record.draft is None


KINDS = {
    "topic": CategorySection(labels=("cards", "fees"), rules={"cards": ("card",)}),
    "size": CategorySection(labels=("big", "small"), otherwise="small"),
    "mood": CategorySection(labels=("formal", "casual"), assign="model"),
}
OWN = label_configs.load(
    "chat_response", dimensions={name: section.labels for name, section in KINDS.items()}
)
MY_CARD = [{"role": "user", "content": "My card?"}]


@pytest.mark.parametrize(
    ("chosen", "held", "found"),
    [
        # the annotator's word counts most, then the task's, then what the rules say now
        ({"topic": "fees"}, {"topic": "cards"}, {"topic": "fees", "size": "small"}),
        ({}, {"topic": "fees", "size": "big"}, {"topic": "fees", "size": "big"}),
        ({"mood": "casual"}, None, {"topic": "cards", "size": "small", "mood": "casual"}),
        ({}, {"topic": "gone"}, {"topic": "cards", "size": "small"}),
    ],
)
def test_categories_of_a_record(
    chosen: dict[str, str], held: dict[str, str] | None, found: dict[str, str]
) -> None:
    items = [*result(), *OWN.encode_categories(chosen)]
    row = task_row(1, [annotation(1, items)], messages=MY_CARD, categories=held)
    (record,) = read_records([row], OWN, KINDS).records
    assert record.categories == found
    assert record.record.response == "An answer."


def test_a_project_without_categories_has_none() -> None:
    items = [*result(), *OWN.encode_categories({"topic": "fees"})]
    row = task_row(1, [annotation(1, items)], categories={"topic": "fees"})
    (record,) = read_records([row], INTERFACE).records
    assert record.categories == {}
