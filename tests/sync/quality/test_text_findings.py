"""Text checks over finished work."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from connectors.reading import Reading
from sync.quality.checks import WorkToCheck
from sync.quality.known_outcomes import TEXT_OUTCOMES
from sync.quality.text_checks.by_meaning import LeftOut
from sync.quality.text_checks.checked_text import CheckedText, TextCheck, TextFault
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


def work(*records: LabelledRecord) -> WorkToCheck:
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


@dataclass(frozen=True)
class Counting(Long):
    """Keeps what it was asked."""

    asked: ClassVar[list[str]] = []

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        self.asked.append(text.answer)
        yield from super().__call__(text)


def asked_by(checks: dict[str, TextCheck], known_in: Path, *answers: str) -> list[str]:
    """The answers that `Counting` looked at; what is found is always the same."""
    Counting.asked.clear()
    records = [record(n, answer) for n, answer in enumerate(answers, start=1)]
    found = find_in_texts(work(*records), checks, known_in=known_in)
    looked_at = list(Counting.asked)
    assert found == find_in_texts(work(*records), checks)
    return looked_at


def test_only_what_changed_is_looked_at_again(tmp_path: Path) -> None:
    path, long = tmp_path / "data" / TEXT_OUTCOMES, {"long": Counting()}
    assert asked_by(long, path, "Short", "Long enough") == ["Short", "Long enough"]
    assert asked_by(long, path, "Short", "Long enough") == []
    assert asked_by(long, path, "Short", "Longer now", "Short") == ["Longer now"]
    tuned = {"long": Counting(most=11)}
    assert asked_by(tuned, path, "Short", "Longer now") == ["Short", "Longer now"]
    both = {**tuned, "failing": Failing()}
    assert asked_by(both, path, "Short", "Longer now") == []
    assert asked_by({"failing": Failing()}, path, "Short", "Longer now") == []
    assert asked_by(both, path, "Short.", "Longer now") == ["Short."]


def test_what_failed_is_tried_again(tmp_path: Path) -> None:
    both = {"long": Counting(), "failing": Failing()}
    for _ in range(2):
        found = find_in_texts(work(record(1, "Now!")), both, known_in=tmp_path / TEXT_OUTCOMES)
        assert len(found.skips) == 1


@pytest.mark.parametrize("content", [b"", b"ARROW1", b"digest" * 99], ids=len)
def test_a_broken_file_costs_time_and_nothing_else(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / TEXT_OUTCOMES
    assert asked_by({"long": Counting()}, path, "Long enough") == ["Long enough"]
    whole = path.read_bytes()
    for broken in (content, whole[:-40], whole[: len(whole) // 2]):
        path.write_bytes(broken)
        assert asked_by({"long": Counting()}, path, "Long enough") == ["Long enough"]
    assert [each.name for each in tmp_path.iterdir()] == [TEXT_OUTCOMES]


def test_a_folder_that_can_t_be_written_costs_time_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    path = tmp_path / "file" / TEXT_OUTCOMES
    assert asked_by({"long": Counting()}, path, "Long enough") == ["Long enough"]


def test_nothing_to_do_is_nothing_found() -> None:
    assert find_in_texts(work(record(1, "Long enough")), {}).findings == ()
    assert find_in_texts(work(), {"long": Long()}).findings == ()


@dataclass(frozen=True)
class Strange:
    """Answers that belong to the second of two questions and not to the first."""

    by_meaning: ClassVar[bool] = True

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        yield TextFault("one", 0.5)
        yield TextFault("two", 0.5, "info", LeftOut(("one?", "two?"), 1, (text.answer,)))


def test_of_what_depends_on_meaning_stays_what_holds(tmp_path: Path) -> None:
    asked: list[Sequence[str]] = []

    def read(texts: Sequence[str]) -> Reading:
        asked.append(texts)
        rows = [[float("one" in text), float("two" in text)] for text in texts]
        return Reading(np.array(rows, dtype=np.float32), np.zeros(len(texts), dtype=bool))

    records = [record(1, "It is one."), record(2, "It is two."), record(3, "It is one.")]
    known_in = tmp_path / TEXT_OUTCOMES
    for model in ("a", "a", "b"):
        done = replace(work(*records), read_once=read, model=model)
        result = find_in_texts(done, {"strange": Strange()}, known_in=known_in)
        assert [(f.task_id, f.message) for f in result.findings] == [
            (1, "one"),
            (1, "two"),
            (2, "one"),
            (3, "one"),
            (3, "two"),
        ]
    # every text once, in one batch; and again only by another model
    assert asked == [["one?", "two?", "It is one.", "It is two."]] * 2
