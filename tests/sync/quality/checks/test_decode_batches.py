"""Pulled rows as finished work: batches change nothing."""

from label_configs.annotations.reviews import Verdicts
from sync.compute import LocalEngine
from sync.quality.checks.decode_batches import decode
from sync.records import Choosing, read_records
from sync.records.review_verdicts import newest_verdicts
from tests.sync.builders import INTERFACE, REVIEW, annotation, result, reviewed, task_row


def test_batches_together_are_what_all_rows_are() -> None:
    rows = [
        task_row(
            i,
            [
                [annotation(i, result(f"Answer {i}."))],
                [annotation(i, result(" "))],
                [annotation(i, [{"from_name": "response", "value": {}}])],
                [annotation(i, was_cancelled=True)],
                [],
            ][i % 5],
        )
        for i in range(1100)
    ]
    decoded = decode(rows, INTERFACE, {}, Choosing(), LocalEngine())
    assert decoded.labelled == read_records(rows, INTERFACE)
    assert len(decoded.labelled.unreadable) == decoded.labelled.unlabeled == 220
    assert [sentence is None for sentence in decoded.missing] == [True, False] * 220


def test_no_rows_are_no_work() -> None:
    assert decode([], INTERFACE, {}, Choosing(), LocalEngine()).labelled == read_records(
        [], INTERFACE
    )


def test_what_a_reviewer_rejected_is_not_judged_again() -> None:
    rows = [task_row(i, [annotation(i)], labeltune_id=f"id-{i}") for i in (1, 2)]
    review = reviewed("id-1", "An answer.", decision="reject")
    verdicts = Verdicts(newest_verdicts([review], REVIEW))
    decoded = decode(rows, INTERFACE, {}, Choosing(verdicts=verdicts), LocalEngine())
    assert [record.task_id for record in decoded.labelled.records] == [2]
    assert decoded.missing == (None,)
