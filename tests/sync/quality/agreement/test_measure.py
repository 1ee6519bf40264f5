"""Agreement of pulled tasks: who counts, what is missing, and what each control is measured by."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import orjson
import pytest

from label_configs import load
from label_configs.multi_intent import MultiIntent
from label_configs.multi_intent_items import Intent, QuerySpan
from sync.quality.agreement.figures import AgreementReport, ControlAgreement
from sync.quality.agreement.measure import agreement
from sync.quality.checks.agreement import check
from sync.quality.checks.check import CheckResult
from sync.records.shared_tasks import shared_work
from sync.table.task_rows import TaskRow
from tests.sync.builders import INTERFACE, annotation, drafted, result, task_row
from tests.sync.quality.checks.work import work_of


def measured(rows: list[TaskRow], interface: Any = INTERFACE) -> AgreementReport:
    """With answers that are all alike to the embedding model."""
    shared = shared_work(rows, interface)
    answers = np.tile(np.array([1.0, 0.0], dtype=np.float32), (len(shared.answers), 1))
    return agreement(shared, interface, answers, frozenset())


def two(task_id: int, mine: dict[str, Any], theirs: dict[str, Any], **more: Any) -> TaskRow:
    """A task that annotators 1 and 2 finished."""
    return task_row(
        task_id,
        [
            annotation(2 * task_id, result(**mine), completed_by=1, **more),
            annotation(2 * task_id + 1, result(**theirs), completed_by=2, **more),
        ],
    )


def control(report: AgreementReport, name: str) -> ControlAgreement:
    return next(each for each in report.controls if each.control == name)


def test_labels_stars_and_several_labels_are_measured_each_in_its_way() -> None:
    rows = [
        two(
            task,
            {
                "category": "billing" if task % 2 else "account",
                "quality": {"tone": 1 + task % 5},
                "flags": ("escalate", "sensitive") if task % 2 else (),
            },
            {
                "category": "billing" if task % 2 and task > 3 else "account",
                "quality": {"tone": min(5, 2 + task % 5)},
                "flags": ("escalate",) if task % 2 else (),
            },
        )
        for task in range(1, 21)
    ]
    report = measured(rows)
    assert (report.finished_tasks, report.shared_tasks) == (20, 20)
    category = control(report, "category")
    assert (category.level, category.items, category.annotators) == ("nominal", 20, 2)
    assert category.agreed == pytest.approx(0.9)
    assert category.alpha is not None and 0.7 < category.alpha.value < 0.9
    assert category.ac1 is not None and category.ac1 > category.alpha.value
    (pair,) = category.pairs
    assert (pair.annotators, pair.items) == ((1, 2), 20)
    assert pair.kappa is not None
    assert {each.category for each in category.categories} == {"billing", "account"}
    assert control(report, "tone").level == "ordinal"
    flags = control(report, "flags")
    assert flags.level == "set"
    assert flags.agreed == pytest.approx(0.5 + 0.5 / 3)  # one in common of two, and one holds it
    assert {each.category for each in flags.categories} == {"escalate", "sensitive"}
    # nobody chose anything there
    assert "certainty" not in {each.control for each in report.controls}
    assert any(said.startswith("category: alpha 0.8") for said in report.sentences())


def test_one_vote_an_annotator_and_none_of_who_skipped() -> None:
    again = [
        annotation(1, result(category="billing"), completed_by=1),
        annotation(2, result(category="account"), completed_by=1, minutes=5),
        annotation(3, result(category="account"), completed_by=2),
        annotation(4, result(category="billing"), completed_by=3, was_cancelled=True),
        annotation(5, result(), completed_by=4),  # said nothing of it
    ]
    report = measured(
        [task_row(1, again), two(2, {"category": "billing"}, {"category": "account"})]
    )
    category = control(report, "category")
    assert (category.items, category.values, category.annotators) == (2, 4, 2)
    assert category.agreed == 0.5


def test_tasks_of_one_annotator_have_no_agreement() -> None:
    alone = task_row(1, [annotation(1, result(category="billing"))])
    same = task_row(2, [annotation(2), annotation(3, minutes=2)])
    report = measured([alone, same, task_row(3)])
    assert (report.finished_tasks, report.shared_tasks, report.controls) == (2, 0, ())
    assert report.text is None
    assert list(report.sentences()) == []


def test_one_value_everywhere_says_that_chance_cannot_be_told() -> None:
    rows = [two(i, {"category": "billing"}, {"category": "billing"}) for i in range(1, 6)]
    category = control(measured(rows), "category")
    assert category.alpha is None
    assert category.agreed == category.ac1 == 1.0
    assert category.pairs[0].kappa is None
    assert "'billing'" in category.sentence() and "chance" in category.sentence()


def test_lopsided_categories_point_to_ac1() -> None:
    rows = [two(i, {"category": "billing"}, {"category": "billing"}) for i in range(1, 40)]
    rows += [two(i, {"category": "billing"}, {"category": "other"}) for i in range(40, 43)]
    category = control(measured(rows), "category")
    assert category.lopsided
    assert category.alpha is not None and category.alpha.value < 0.1
    assert category.ac1 is not None and category.ac1 > 0.9
    assert "read AC1" in category.sentence()


def test_agreement_over_time_by_week() -> None:
    rows = [
        two(i, {"category": "billing"}, {"category": "billing" if i % 2 else "other"}, minutes=0)
        for i in range(1, 5)
    ]
    week = timedelta(days=7) // timedelta(minutes=1)
    rows += [
        two(i, {"category": "other"}, {"category": "other"}, minutes=week) for i in range(5, 8)
    ]
    periods = control(measured(rows), "category").periods
    assert [(each.period, each.items, each.agreed) for each in periods] == [
        ("2026-W47", 4, 0.5),
        ("2026-W48", 3, 1.0),
    ]


def test_a_drafts_own_values_and_words_are_told() -> None:
    kept = result("A draft.", category="billing")
    for item in kept:
        item["origin"] = "prediction"
    draft = drafted(9, "A draft.")
    rows = [
        task_row(
            task,
            [
                annotation(2 * task, kept, completed_by=1, parent_prediction=9),
                annotation(2 * task + 1, kept, completed_by=2, parent_prediction=9),
            ],
            [draft],
        )
        for task in (1, 2)
    ]
    report = measured(rows)
    assert control(report, "category").untouched == 1.0
    assert report.text is not None
    assert (report.text.untouched, report.text.same) == (1.0, 1.0)
    assert report.text.decisions is not None
    assert report.text.decisions.agreed == 1.0


def test_answers_are_compared_by_meaning_beside_those_of_other_tasks() -> None:
    rows = [two(i, {"response": "Yes."}, {"response": "No, never."}) for i in (1, 2, 3)]
    shared = shared_work(rows, INTERFACE)
    side = np.sqrt(0.5)
    vectors = np.array(
        [[1, 0], [side, side], [0, 1], [side, side], [1, 0], [1, 0]], dtype=np.float32
    )
    text = agreement(shared, INTERFACE, vectors, frozenset({1})).text
    assert text is not None
    assert (text.items, text.pairs, text.annotators, text.unread) == (3, 3, 2, 1)
    assert text.meaning.value == pytest.approx((side + side + 1) / 3, abs=1e-6)
    others = [
        float(vectors[i] @ vectors[j]) for i in range(6) for j in range(6) if i // 2 != j // 2
    ]
    assert text.baseline == pytest.approx(np.mean(others), abs=1e-6)


def test_marks_and_intents_of_a_query() -> None:
    interface = load("multi_intent")
    query = "How do I freeze it, and what does a new one cost?"

    def of(spans: tuple[QuerySpan, ...], intents: tuple[Intent, ...]) -> list[dict[str, Any]]:
        return interface.encode(MultiIntent(intents, spans, verdict="edit"))

    def row(task: int, mine: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> TaskRow:
        both = [
            annotation(2 * task, mine, completed_by=1),
            annotation(2 * task + 1, theirs, completed_by=2),
        ]
        return task_row(task, both, messages=[{"role": "user", "content": query}], intents=[{}, {}])

    how = QuerySpan(0, 18, query[:18], "how-to")
    cost = QuerySpan(24, 49, query[24:], "billing")
    answered = (Intent("how-to", 1, "", "So."), Intent("billing", 2, "", "5."))
    mine, theirs = of((how, cost), answered), of((how,), answered[:1])
    report = measured([row(1, mine, theirs), row(2, mine, mine)], interface)
    marks = control(report, "intent")
    assert marks.level == "spans"
    assert marks.f1 is not None
    assert marks.f1.value == pytest.approx((2 * 18 + 2 * 43) / (43 + 18 + 43 + 43))
    assert control(report, "priority_{{idx}}").level == "ordinal"
    assert control(report, "intent_{{idx}}").items == 3  # of one row only one annotator said it
    (intents,) = [each for each in report.controls if each.level == "set"]
    assert (intents.control, intents.items) == ("intent", 2)
    assert intents.agreed == pytest.approx((1 + 1 / 3) / 2)


def test_what_cannot_be_read_is_counted_and_left_out() -> None:
    broken = [{"from_name": "category", "type": "choices", "value": {"choices": 3}}]
    row = task_row(
        1,
        [annotation(1, completed_by=1), annotation(2, broken, completed_by=2)],
    )
    report = measured([row, two(2, {"category": "other"}, {"category": "other"})])
    assert (report.unread, report.shared_tasks) == (1, 1)


def test_the_check_says_a_line_a_control_and_leaves_plain_figures() -> None:
    rows = [two(i, {"category": "billing"}, {"category": "other"}) for i in (1, 2)]
    shared = shared_work([*rows, task_row(3, [annotation(9)])], INTERFACE)
    vectors = np.tile(np.array([1.0, 0.0], dtype=np.float32), (4, 1))
    work = replace(work_of([], vectors[:0]), shared=shared, shared_answers=vectors)
    outcome = check(work)
    assert outcome.findings == ()
    assert outcome.notes[0].startswith("Agreement, on 2 of 3 finished tasks: category: alpha -")
    assert orjson.loads(orjson.dumps(outcome.figures))["controls"][0]["control"] == "category"
    assert check(work_of([], vectors[:0])) == CheckResult()
