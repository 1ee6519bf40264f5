"""What a report counts, of annotators and of the work."""

from pathlib import Path

import pytest

from sync.quality.report.annotators import LETTERS, MOST_SECONDS, AnnotatorNames, hidden_names
from sync.quality.report.history import HISTORY, CheckedVersion, read_history, remember
from sync.quality.report.plots import stretches
from sync.quality.report.work_figures import FiguresCount, WorkFigures
from sync.records import Choosing, iter_records
from sync.table.data_folder import LocalFolder
from sync.table.task_rows import TaskRow
from tests.sync.builders import INTERFACE, START, annotation, drafted, result, task_row
from tests.sync.quality.report.planted import answered


def counted(
    *rows: TaskRow, quoted: tuple[int, ...] = (), of: dict[int, int] | None = None
) -> WorkFigures:
    counting = FiguresCount(INTERFACE, quoted, of)
    for outcome in iter_records(counting.watch(rows), INTERFACE, {}, Choosing()):
        counting.add(outcome)
    return counting.figures()


def test_nobody_did_anything() -> None:
    assert counted() == WorkFigures(drafts=counted().drafts)
    assert counted(task_row(1, [], [drafted(1)])).sure_waiting[2] == 1


def test_work_is_counted_by_annotator() -> None:
    rows = [
        answered(1, by=3),
        answered(2, by=3, verdict="edit"),
        answered(3, "No.", annotation(31, completed_by=5, minutes=-1), by=3),
        task_row(4, [annotation(40, completed_by=5, was_cancelled=True)]),
        answered(5, by=None),
    ]
    said = counted(*rows, of={10: 2, 31: 1})
    three, five, unknown = said.annotators
    assert (three.id, three.answers, three.skipped, three.findings) == (3, 3, 0, 2)
    assert three.kept == {"accepted": 2, "edited": 1}
    assert three.accepted_share == pytest.approx(2 / 3)
    assert three.findings_share == pytest.approx(2 / 3)
    assert (five.id, five.answers, five.skipped, five.accepted_share) == (5, 1, 1, None)
    assert (unknown.id, five.median_seconds) == (None, 12.5)
    assert (said.answers, said.timed, said.seconds, said.repeated) == (5, 6, 75.0, 1)
    assert said.work.accepted == 4
    assert said.work.skipped == 1


def test_a_page_that_was_left_open_is_no_work() -> None:
    from dataclasses import replace

    long = replace(annotation(10), lead_time=90_000.0)
    broken = replace(annotation(20), lead_time=-5.0)
    assert counted(task_row(1, [long]), task_row(2, [broken])).seconds == MOST_SECONDS


def test_labels_days_and_words() -> None:
    rows = [answered(n, category="fees" if n > 3 else "cards", days=n % 2) for n in range(1, 6)]
    said = counted(*rows, quoted=(1, 9))
    assert said.labels == {"category": {"cards": 3, "fees": 2}}
    assert [sum(counts.values()) for counts in said.days.values()] == [2, 3]
    assert said.quotes[1].answer == "It costs five pounds."
    assert said.sure_finished[2] == 5
    assert counted(*rows).quotes == {}


def test_a_task_that_can_not_be_read_is_quoted_by_its_question() -> None:
    broken = task_row(3, [annotation(30, [{"from_name": "response", "value": {}}])])
    said = counted(broken, quoted=(3,))
    assert (said.quotes[3].question, said.quotes[3].answer) == ("Question 3?", "")
    assert said.work.unreadable == 1


def test_days_become_weeks_and_months() -> None:
    from datetime import timedelta

    first = START.date()
    expected = ((0, "day", 1), (30, "day", 31), (90, "week", 14), (700, "month", 24))
    for span, stretch, number in expected:
        days = {first + timedelta(days=n): {"edited": 1} for n in range(span + 1)}
        named, found = stretches(days)
        assert (named, len(found)) == (stretch, number)
        assert sum(sum(counts.values()) for counts in found.values()) == span + 1
    assert stretches({}) == ("day", {})


def test_letters_stay_the_same(tmp_path: Path) -> None:
    folder = LocalFolder(tmp_path)
    first = hidden_names(folder, [8, 5, None])
    assert (first.of(5), first.of(8), first.of(None)) == ("A", "B", "unknown")
    later = hidden_names(folder, [3, 8])
    assert [later.of(who) for who in (3, 5, 8)] == ["C", "A", "B"]
    many = hidden_names(folder, range(100, 130))
    assert many.of(129) == "AG"
    (tmp_path / LETTERS).write_text("not JSON")
    assert hidden_names(folder, [8]).of(8) == "A"


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        ("annotator 7: half of it", "annotator A: half of it"),
        ("Annotators 7, 12 and 7 differ in 40 tasks", "annotators A, B, A differ in 40 tasks"),
        ("task 7 is answered by nobody", "task 7 is answered by nobody"),
        ("annotator 99 left", "annotator ? left"),
    ],
)
def test_numbers_of_people_are_hidden_in_sentences(said: str, hidden: str) -> None:
    assert AnnotatorNames({7: "A", 12: "B"}).hidden_in(said) == hidden
    assert AnnotatorNames().hidden_in(said) == said


def version(number: int, **fields: int) -> CheckedVersion:
    counts = {"finished": 50, "accepted": 40, "errors": 2, "warnings": 3, "notes": 9} | fields
    return CheckedVersion(at="2026-11-21T15:00:00+00:00", table_version=number, **counts)


def test_the_last_check_of_a_version_is_remembered(tmp_path: Path) -> None:
    folder = LocalFolder(tmp_path)
    for each in (version(2), version(0), version(2, errors=0)):
        remember(folder, each)
    assert read_history(folder) == (version(0), version(2, errors=0))
    assert version(0).findings_per_hundred == 10
    with (tmp_path / HISTORY).open("a") as file:
        file.write('{"of": "another version"}\nno JSON\n')
    assert len(read_history(folder)) == 2


def test_a_result_without_labels_has_no_kinds() -> None:
    assert counted(task_row(1, [annotation(10, result("Yes."))])).labels == {}
