"""Is the set ready? Yes, or what keeps it."""

from dataclasses import replace
from typing import Any

import pytest

from sync.quality.report.agreement_shown import AgreementLine, AgreementShown
from sync.quality.report.found_kinds import AllFound
from sync.quality.report.other_rooms import WantedExamples
from sync.quality.report.readiness import FEWEST, LEAST_ALPHA, Readiness, readiness
from sync.quality.report.work_figures import WorkFigures
from sync.records.states import WorkCounts
from tests.sync.quality.report.planted import finding
from tests.sync.quality.report.test_found_kinds import found

GOOD = WorkFigures(work=WorkCounts(accepted=1200), repeated=100, reviewed=30)


def judged(figures: WorkFigures = GOOD, said: AllFound | None = None, **more: Any) -> Readiness:
    return readiness(figures, said or found(), **more)


def agreeing(value: float | None, *, judged: bool = True) -> AgreementShown:
    return AgreementShown([AgreementLine("category", "alpha", value, items=50, judged=judged)])


def test_a_set_is_ready_when_nothing_keeps_it() -> None:
    said = judged(agreement=agreeing(0.9))
    assert (said.ready, said.answer, said.reasons, said.cautions) == (True, "Yes", (), ())


def test_nothing_finished_is_the_only_reason() -> None:
    said = judged(WorkFigures(work=WorkCounts(unlabeled=9)), newer=True)
    assert (said.answer, said.reasons) == ("Not yet", ("No task is finished yet.",))


def test_errors_are_named_with_the_most_frequent_kinds() -> None:
    planted = [finding(n, "incomplete", severity="error") for n in (1, 2)]
    planted += [finding(n, "leftover", severity="error") for n in (2, 3, 4)]
    (reason,) = judged(said=found(*planted)).reasons
    assert reason == (
        "5 errors must be put right in 4 tasks (leftovers of a model: 3, unfinished answers: 2)."
    )
    whole = finding(1, "imbalance", severity="error", task_id=None, annotation_id=None)
    assert judged(said=found(whole)).reasons == (
        "1 error must be put right (kinds that are too rare: 1).",
    )


@pytest.mark.parametrize(("accepted", "ready"), [(FEWEST, True), (FEWEST - 1, False), (1, False)])
def test_too_few_examples_are_not_ready(accepted: int, ready: bool) -> None:
    assert judged(replace(GOOD, work=WorkCounts(accepted=accepted))).ready == ready


def test_targets_decide_where_there_are_some() -> None:
    few = replace(GOOD, work=WorkCounts(accepted=5))
    assert judged(few, wanted=WantedExamples(5, 0)).ready
    (reason,) = judged(wanted=WantedExamples(1500, 300)).reasons
    assert reason == "300 of 1,500 wanted examples are missing."


def test_people_must_agree_about_what_is_learnt() -> None:
    low = LEAST_ALPHA - 0.01
    assert "“category” (agreement 0.66 of 1" in judged(agreement=agreeing(low)).reasons[0]
    assert judged(agreement=agreeing(low, judged=False)).ready
    assert judged(agreement=agreeing(None)).ready


def test_work_that_was_not_checked_is_said() -> None:
    assert judged(newer=True).reasons == (
        "Work has come in since the last check; run “labeltune check” again.",
    )


def test_what_is_worth_knowing_keeps_nobody() -> None:
    alone = replace(GOOD, repeated=0, reviewed=0, work=WorkCounts(accepted=1200, unlabeled=1))
    said = judged(alone, found(finding(1)))
    assert said.ready
    assert said.cautions == (
        "1 warning should be looked at.",
        "1 task still waits for an expert.",
        "No task was answered by two people, so nobody knows how far they agree.",
        "No answer has been reviewed by a second person.",
    )
    many = judged(replace(GOOD, work=WorkCounts(accepted=8)), found(*map(finding, range(1, 5))))
    assert many.cautions[0] == "Warnings were found in 4 tasks: one of 2."
