"""Pulled rows as finished work: batches change nothing."""

from sync.checks.decoding import decode
from sync.engine.local import LocalEngine
from sync.records import read_records
from tests.sync.builders import INTERFACE, annotation, result, task_row


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
    decoded = decode(rows, INTERFACE, {}, LocalEngine())
    assert decoded.labelled == read_records(rows, INTERFACE)
    assert len(decoded.labelled.unreadable) == decoded.labelled.unlabeled == 220
    assert [sentence is None for sentence in decoded.missing] == [True, False] * 220


def test_no_rows_are_no_work() -> None:
    assert decode([], INTERFACE, {}, LocalEngine()).labelled == read_records([], INTERFACE)
