"""What checks say of people: one who differs, work that tires, questions answered twice."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from sync.quality.checks import annotators, answered_twice, fatigue
from sync.quality.checks.check import CheckResult, WorkToCheck
from sync.records import LabelledRecord
from sync.records.shared_tasks import shared_work
from tests.sync.builders import INTERFACE, START, annotation, record, result, task_row
from tests.sync.quality.checks.work import work_of


def by(annotator: int, task_id: int, **more: object) -> LabelledRecord:
    return replace(record(task_id, **more), completed_by=annotator)  # type: ignore[arg-type]


def work(records: Sequence[LabelledRecord]) -> WorkToCheck:
    return work_of(records, np.eye(len(records), dtype=np.float32))


def found_in(
    of: WorkToCheck, tasks: Sequence[int], severity: str = "warning"
) -> Mapping[str, CheckResult]:
    """Another check's findings about these tasks."""
    at = {r.task_id: r for r in of.labelled.records}
    findings = [of.finding(at[i], "label_error", severity, 0.1, "wrong") for i in tasks]  # type: ignore[arg-type]
    return {"label_error": CheckResult(tuple(findings))}


def test_who_is_faulty_more_often_is_named() -> None:
    of = work([by(1 + i // 50, i) for i in range(150)])
    results = found_in(of, [*range(0, 15), 60, 110, 120])
    result = annotators.check(of, results)
    (found,) = result.findings
    assert (found.annotator, found.task_id, found.severity) == (1, None, "warning")
    assert "annotator 1: 15 of 50 (30%, 19 to 44%)" in found.message
    assert "(label error 15)" in found.message
    table = result.figures["annotators"]
    assert [(row["annotator"], row["faulty"], row["tasks"]) for row in table] == [
        (1, 15, 50),
        (2, 1, 50),
        (3, 2, 50),
    ]


def test_notes_and_small_differences_accuse_nobody() -> None:
    of = work([by(1 + i // 50, i) for i in range(150)])
    assert annotators.check(of, found_in(of, range(20), "info")).findings == ()
    assert annotators.check(of, found_in(of, [*range(6), 55, 56, 57, 101])).findings == ()


def test_who_gets_the_hard_tasks_is_not_accused() -> None:
    """Everybody fails at half of the hard tasks, and one person has most of them."""
    hard = {"topic": "tax"}
    records = [by(1, i, categories=hard) for i in range(40)]
    records += [by(2, 40 + i, categories=hard if i < 8 else {"topic": "cards"}) for i in range(60)]
    of = work(records)
    faulty = [*range(0, 40, 2), *range(40, 48, 2)]
    assert annotators.check(of, found_in(of, faulty)).findings == ()


def test_what_reviewers_reject_counts() -> None:
    of = work([by(1 + i // 40, i) for i in range(80)])
    rejected = tuple(by(1, 100 + i, decision="reject") for i in range(15))
    (found,) = annotators.check(replace(of, rejected=rejected), {}).findings
    assert "(review 15)" in found.message


def test_who_did_little_is_not_judged() -> None:
    of = work([by(1 + (i < 5), i) for i in range(60)])
    result = annotators.check(of, found_in(of, range(5)))
    assert (result.findings, len(result.skips)) == ((), 1)


def test_who_chooses_otherwise_than_the_others_is_named() -> None:
    def category(task: int, who: int) -> str:
        return "fees" if who == 3 and task % 3 == 0 else "cards"

    rows = [
        task_row(
            task,
            [
                annotation(task * 10 + who, result(category=category(task, who)), completed_by=who)
                for who in (1, 2, 3)
            ],
        )
        for task in range(1, 31)
    ]
    of = replace(work([by(1, 1)]), shared=shared_work(rows, INTERFACE))
    result_of = annotators.check(of, {})
    (found,) = result_of.findings
    assert (found.annotator, found.control, found.task_id) == (3, "consensus", None)
    assert "annotator 3: 10 of 30 (33%, 19 to 51%) of the choices differ" in found.message
    assert {v["annotator"]: v["differ"] for v in result_of.figures["votes"]} == {1: 0, 2: 0, 3: 10}


def test_hours_begin_anew_after_a_pause() -> None:
    ends = [START + timedelta(minutes=m) for m in (10, 30, 60, 180, 200)]
    hours = fatigue.hours_worked([(end, 600.0) for end in ends], pause_min=45)
    assert hours.tolist() == pytest.approx([1 / 6, 0.5, 1.0, 1 / 6, 0.5])


def test_a_page_left_open_does_not_begin_a_stretch() -> None:
    hours = fatigue.hours_worked([(START, 9 * 3600.0)], pause_min=30)
    assert hours.tolist() == [0.5]


def days_of_work(
    days: int, each: int, tired: float, seed: int = 0
) -> tuple[WorkToCheck, Mapping[str, CheckResult]]:
    """One finished every ten minutes, and how much likelier a fault is after two hours."""
    rng = np.random.default_rng(seed)
    records, faulty = [], []
    for i in range(days * each):
        day, place = divmod(i, each)
        records.append(by(1 + day % 2, i, minutes=day * 1440 + place * 10))
        if rng.random() < 0.1 * (tired if place > 12 else 1.0):
            faulty.append(i)
    of = work(records)
    return of, found_in(of, faulty)


def test_work_that_tires_is_told_with_both_shares() -> None:
    (found,) = fatigue.check(*days_of_work(12, 30, 4.0)).findings
    assert found.severity == "warning"
    assert "after 2 hours of work without a break have a finding, before that" in found.message


def test_even_work_is_not_called_tired() -> None:
    said = [fatigue.check(*days_of_work(6, 30, 1.0, seed)).findings for seed in range(20)]
    assert sum(map(bool, said)) <= 1


def test_too_little_is_not_judged() -> None:
    assert fatigue.check(*days_of_work(2, 8, 4.0)) == CheckResult(needs=100)
    assert "too few" in fatigue.check(*days_of_work(15, 8, 4.0)).skips[0]


def twice(n: int, differ: int, same_person: bool = False) -> WorkToCheck:
    """n questions, each asked twice; so many are answered otherwise."""
    records = [by(1 if same_person else 1 + i % 2, i, prompt=f"q{i // 2}") for i in range(2 * n)]
    records.append(by(3, 999))
    prompts = np.vstack([np.repeat(np.eye(n, n + 1), 2, axis=0), np.eye(n + 1)[-1:]])
    answers = np.repeat(np.eye(n, n + 1), 2, axis=0)
    for i in range(differ):
        answers[2 * i] = np.eye(n + 1)[-1]
    answers = np.vstack([answers, np.eye(n + 1)[-1:]])
    return work_of(records, prompts.astype(np.float32), answers.astype(np.float32))


def test_people_who_differ_are_told_as_a_share() -> None:
    result = answered_twice.check(twice(20, 10))
    (found,) = result.findings
    assert "20 of 40 (50%, 35 to 65%) of their answers say something else" in found.message
    assert set(found.tasks) <= set(range(20))
    assert result.figures["answers"] == 40


def test_people_who_agree_are_a_note() -> None:
    result = answered_twice.check(twice(20, 0))
    assert result.findings == ()
    assert result.notes[0].startswith("Questions that two people answered: 0 of 40")


def test_one_person_alone_is_nothing_to_compare() -> None:
    assert answered_twice.check(twice(5, 2, same_person=True)).findings == ()


def test_labels_of_one_question_must_agree() -> None:
    of = twice(1, 0)
    first, second, third = of.labelled.records
    first = replace(first, categories={"topic": "fees"})
    second = replace(second, categories={"topic": "cards"})
    labelled = replace(of.labelled, records=(first, second, third))
    (found,) = answered_twice.check(replace(of, labelled=labelled)).findings
    assert (found.task_id, found.related_task_id, found.severity) == (1, 0, "warning")
    assert "annotator 2 says topic is 'cards', annotator 1 'fees'" in found.message
