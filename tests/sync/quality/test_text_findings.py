"""Text checks over finished work."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sync.quality.text_checks.checked_text import CheckedText, TextFault
from sync.quality.text_findings import find_in_texts
from sync.records import LabelledRecord
from tests.sync.builders import record
from tests.sync.quality.checks.work import work_of


@dataclass(frozen=True)
class Long:
    """Answers of more letters than this."""

    most: int = 5

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        if len(text.answer) > self.most:
            yield TextFault(f"{len(text.answer)} letters \ud800", -1.0, "info")


@dataclass(frozen=True)
class Failing:
    """A check with a fault of its own."""

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        if "!" in text.answer:
            raise IndexError(text.answer)
        yield from ()


def work(*records: LabelledRecord):
    return work_of(records, np.eye(len(records), 4, dtype=np.float32))


def test_findings_are_about_their_tasks_in_their_order() -> None:
    answers = ["Short", "Long enough", "Fine!", "Much longer"]
    records = [record(n, answer) for n, answer in enumerate(answers, start=1)]
    rejected = record(9, "As long as that", decision="reject")
    done: list[tuple[int, int]] = []
    result = find_in_texts(
        work(*records, rejected),
        {"long": Long(), "failing": Failing()},
        lambda count, total: done.append((count, total)),
    )
    assert [(f.task_id, f.kind, f.severity, f.score) for f in result.findings] == [
        (2, "long", "info", 0.0),
        (4, "long", "info", 0.0),
    ]
    assert result.findings[0].url == "http://ls/2"
    assert result.findings[0].message == "11 letters \ud800"
    assert done == [(4, 4)]
    assert result.skips == (
        "failing: failed on task 3 (IndexError), which is a fault of the check's",
    )


def test_batches_change_nothing() -> None:
    records = [record(n, "!" if n % 100 else "Long enough", f"Question {n}") for n in range(700)]
    result = find_in_texts(work(*records), {"long": Long(), "failing": Failing()})
    assert [f.task_id for f in result.findings] == [0, 100, 200, 300, 400, 500, 600]
    (skip,) = result.skips
    assert skip.startswith("failing: failed on task 1 and 692 others (IndexError)")


def test_nothing_to_do_is_nothing_found() -> None:
    assert find_in_texts(work(record(1, "Long enough")), {}).findings == ()
    assert find_in_texts(work(), {"long": Long()}).findings == ()
