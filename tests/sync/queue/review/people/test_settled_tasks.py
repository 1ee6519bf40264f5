"""Tasks whose right answer is known: since when, to whom, and what everybody said."""

from collections.abc import Sequence
from datetime import timedelta

from label_configs.annotations.choose_annotation import Choosing
from label_configs.annotations.reviews import Verdicts
from label_configs.chat_response import ChatResponse
from sync.queue.review.people.compared_answers import TextPair
from sync.queue.review.people.settled_tasks import SettledTask, settled_task
from sync.records import LabelledRecord
from sync.records.record_reader import iter_records
from sync.records.review_verdicts import newest_verdicts
from sync.table.task_rows import Annotation, TaskRow
from tests.sync.builders import INTERFACE, REVIEW, START, annotation, reviewed, task_row


def said(
    annotation_id: int, text: str, *, by: int, minutes: int = 0, star: bool = False
) -> Annotation:
    items = INTERFACE.encode(ChatResponse(text, verdict="edit"))
    return annotation(annotation_id, items, completed_by=by, minutes=minutes, ground_truth=star)


def settled(annotations: Sequence[Annotation], *reviews: TaskRow) -> SettledTask | None:
    verdicts = Verdicts(newest_verdicts(reviews, REVIEW))
    row = task_row(1, annotations, labeltune_id="one")
    (record,) = iter_records([row], INTERFACE, choosing=Choosing(verdicts=verdicts))
    assert isinstance(record, LabelledRecord)
    return settled_task(row, record, INTERFACE, verdicts.of(record.data))


def test_nobody_knows_what_nobody_has_decided() -> None:
    assert settled([said(1, "It is free.", by=4)]) is None


def test_a_truth_is_known_to_its_author_and_to_who_approved_it() -> None:
    found = settled(
        [said(1, "It is free.", by=4), said(2, "It costs 5.", by=5)],
        reviewed("one", "It is free.", "It costs 5.", decision="approve", best=0),
    )
    assert found is not None
    assert (found.known_to, found.known_at, found.reviewed) == (
        {4, 9},
        START + timedelta(minutes=60),
        True,
    )
    assert [(each.annotator, each.said) for each in found.given] == [
        (4, True),
        (5, TextPair("It costs 5.", "It is free.")),
    ]


def test_an_amended_text_is_the_reviewers() -> None:
    found = settled(
        [said(1, "It costs 5.", by=4)],
        reviewed("one", "It costs 5.", decision="amend", amended="It is free."),
    )
    assert found is not None
    assert found.known_to == {9}
    assert [each.said for each in found.given] == [TextPair("It costs 5.", "It is free.")]


def test_a_rejected_answer_is_wrong() -> None:
    found = settled(
        [said(1, "It costs 5.", by=4)], reviewed("one", "It costs 5.", decision="reject")
    )
    assert found is not None
    assert [(each.annotator, each.said) for each in found.given] == [(4, False)]


def test_a_star_is_known_to_its_author_and_to_who_had_decided_before() -> None:
    decision = reviewed("one", "It is free.", decision="approve", best=0)
    starred = said(1, "It is free.", by=4, minutes=90, star=True)
    alone, after = settled([starred]), settled([starred], decision)
    assert alone is not None
    assert after is not None
    assert (alone.known_to, after.known_to) == ({4}, {4, 9})
    assert (alone.reviewed, after.reviewed) == (False, False)
