"""A person's record: the state, the shares with their intervals, and the months."""

from datetime import datetime, timedelta
from pathlib import Path

from sync.queue.review.people.measured_answers import MeasuredAnswer, TruthSource
from sync.queue.review.people.people_records import people_records, with_others
from sync.queue.review.people.sequential import TRUST_TEST
from sync.records.person_record import PersonRecord, known_people, note_people
from sync.records.shared_tasks import shared_work
from sync.table.data_folder import data_folder
from tests.sync.builders import INTERFACE, START, annotation, config_in, result, task_row

MONTH = timedelta(days=30)


def measured(
    number: int,
    agreed: bool,
    at: datetime = START,
    source: TruthSource = "gold",
    annotator: int = 1,
) -> MeasuredAnswer:
    known = at + timedelta(minutes=number)
    return MeasuredAnswer(annotator, number, known, at, source, agreed)


def records(*answers: MeasuredAnswer) -> tuple[PersonRecord, ...]:
    return people_records([1, 2], answers, {1: {"2026-11": (3, 4)}}, TRUST_TEST)


def test_a_record_tells_gold_reviews_and_others_apart() -> None:
    one, two = records(measured(1, True), measured(2, False), measured(3, True, source="review"))
    assert (one.gold.agreed, one.gold.of) == (1, 2)
    assert (one.reviewed.agreed, one.reviewed.of) == (1, 1)
    assert (one.others.agreed, one.others.of) == (3, 4)
    assert 0.0 < one.gold.low < 0.5 < one.gold.high < 1.0
    assert (one.measured, one.state, two.state) == (3, "new", "new")
    assert (two.annotator, two.measured) == (2, 0)


def test_the_moment_of_a_flag_is_when_its_last_answer_was_known() -> None:
    (one, _) = records(*(measured(number, False) for number in range(1, 7)))
    assert one.state == "flagged"
    assert one.flagged_at == (START + timedelta(minutes=4)).isoformat(timespec="seconds")
    assert "0 of 6 answers" in str(one.flag())


def test_answers_count_in_the_order_in_which_their_truth_was_known() -> None:
    later = [measured(number, True) for number in range(20, 28)]
    wrong = [measured(number, False) for number in range(4)]
    assert records(*later, *wrong)[0].state == "qualified"


def test_months_tell_how_it_went_over_time() -> None:
    (one, _) = records(measured(1, True), measured(2, True), measured(3, False, START + MONTH))
    assert [(each.month, each.truth.agreed, each.truth.of) for each in one.months] == [
        ("2026-11", 2, 2),
        ("2026-12", 0, 1),
    ]
    assert one.months[0].others.of == 4


def test_agreement_with_the_others_is_counted_by_month() -> None:
    rows = [
        task_row(
            number,
            [
                annotation(
                    10 * number + who,
                    result("Same.", certainty="speculative" if who == odd else "established"),
                    completed_by=who,
                    minutes=minutes,
                )
                for who in (1, 2, 3)
            ],
        )
        for number, odd, minutes in ((1, 3, 0), (2, 3, 0), (3, 0, 60 * 24 * 30))
    ]
    counts = with_others(shared_work(rows, INTERFACE).tasks, INTERFACE)
    assert counts[3] == {"2026-11": (0, 2), "2026-12": (1, 1)}
    assert counts[1]["2026-12"] == (1, 1)


def test_what_is_noted_is_read_again(tmp_path: Path) -> None:
    folder = data_folder(config_in(tmp_path))
    people = records(*(measured(number, False) for number in range(1, 7)))
    assert known_people(folder) == ()
    note_people(folder, people, 7)
    assert known_people(folder) == people
    folder.write("last-people.json", '{"people": [{"annotator": 1, "was": "otherwise"}]}')
    assert known_people(folder) == ()
