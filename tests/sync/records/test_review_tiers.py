"""Verdicts of several tiers and rounds on one task, and who has no say in them."""

import itertools
from collections.abc import Sequence
from typing import Any

import pytest

from label_configs.annotations.reviews import Verdicts
from label_configs.review import Review
from label_configs.review_place import AMENDED_FROM, PLACE, ReviewPlace
from sync.records import Choosing, LabelledRecord, read_records
from sync.records.review_verdicts import newest_verdicts
from sync.table.task_rows import Annotation, TaskRow
from tests.sync.builders import INTERFACE, REVIEW, annotation, result, reviewed, task_row

FREE, COSTS = "It is free.", "It costs 5."


def said(text: str, *, annotation_id: int = 1, minutes: int = 0) -> Annotation:
    items = result(text, verdict="edit")
    return annotation(annotation_id, items, minutes=minutes, completed_by=annotation_id)


def placed(
    text: str,
    tier: int = 0,
    round: str = "first",
    *,
    minutes: int = 60,
    reviewer: int = 9,
    authors: Sequence[int] = (1,),
    may_review: Sequence[int] = (),
    amended_from: str | None = None,
    beside: Sequence[str] = (),
    **controls: Any,
) -> TaskRow:
    """A decided review of a queue: of an answer of annotator 1, and others beside it."""
    place = ReviewPlace(round, tier, f"tier {tier}", frozenset(authors), frozenset(may_review))
    row = reviewed("one", task_id=900 + minutes, minutes=minutes, reviewer=reviewer, **controls)
    answer = {"text": text, "annotator": "1"}
    if amended_from is not None:
        answer[AMENDED_FROM] = amended_from
    others = [{"text": other, "annotator": str(who)} for who, other in enumerate(beside, start=2)]
    data = {**row.data_fields(), "answers": [answer, *others], PLACE: place.to_data()}
    return task_row(row.task_id, row.annotations, project_id=8, **data)


def judged(annotations: Sequence[Annotation], *reviews: TaskRow) -> LabelledRecord:
    """The task's record, which must be the same in whatever order the reviews are read."""
    found = []
    for order in itertools.permutations(reviews):
        choosing = Choosing(verdicts=Verdicts(newest_verdicts(order, REVIEW)))
        rows = [task_row(1, annotations, labeltune_id="one")]
        labelled = read_records(rows, INTERFACE, choosing=choosing)
        assert labelled.unreadable == ()
        found += labelled.records
    assert all(record == found[0] for record in found)
    return found[0]


def decided(record: LabelledRecord) -> tuple[str | None, int | None]:
    said = record.review
    return (None, None) if said is None else (said.decision, said.tier)


APPROVE = {"decision": "approve", "best": 0}


def test_a_later_tier_overrules_an_earlier_one_whenever_it_spoke() -> None:
    first = placed(FREE, minutes=90, **APPROVE)
    second = placed(FREE, 1, minutes=60, decision="reject")
    assert decided(judged([said(FREE)], first, second)) == ("reject", 1)
    assert decided(judged([said(FREE)], first)) == ("approve", 0)


def test_a_changed_text_is_another_round_in_which_the_first_tier_speaks_first() -> None:
    first = placed(FREE, minutes=60, **APPROVE)
    second = placed(FREE, 1, minutes=70, **APPROVE)
    again = placed(COSTS, round="second", minutes=90, decision="reject")
    changed = said(COSTS, minutes=80)
    assert decided(judged([changed], first, second)) == (None, None)
    assert decided(judged([changed], first, second, again)) == ("reject", 0)


def test_a_verdict_on_what_was_changed_does_not_hide_the_one_on_what_stands_there() -> None:
    again = placed(COSTS, round="second", minutes=90, **APPROVE)
    late = placed(FREE, 1, minutes=95, decision="reject")
    record = judged([said(COSTS, minutes=80)], again, late)
    assert decided(record) == ("approve", 0)


def test_a_later_tier_approves_what_an_earlier_one_amended() -> None:
    better = "It is free on Plus."
    first = placed(FREE, minutes=60, decision="amend", amended=better)
    for minutes, base in ((70, [said(FREE)]), (80, [said(FREE, minutes=75)])):
        second = placed(
            better, 1, minutes=minutes, authors=(1, 9), reviewer=5, amended_from=FREE, **APPROVE
        )
        record = judged(base, first, second)
        assert record.record.response == better
        assert decided(record) == ("approve", 1)
        assert record.provenance.change == "no draft"
    # the annotator went on after all
    changed = judged([said(COSTS, minutes=75)], first, second)
    assert (changed.record.response, changed.review) == (COSTS, None)


def test_a_later_tier_amends_what_an_earlier_one_amended() -> None:
    first = placed(FREE, minutes=60, decision="amend", amended="It is free on Plus.")
    second = placed(
        "It is free on Plus.",
        1,
        minutes=70,
        amended_from=FREE,
        decision="amend",
        amended="Free on Plus.",
    )
    assert judged([said(FREE)], first, second).record.response == "Free on Plus."


@pytest.mark.parametrize("reviewer", [1, 8])
def test_nobody_decides_their_own_work_or_in_a_tier_that_is_not_theirs(reviewer: int) -> None:
    row = placed(FREE, may_review=(5, 9), reviewer=reviewer, decision="reject")
    assert not judged([said(FREE)], row).rejected
    assert judged([said(FREE)], placed(FREE, may_review=(5, 9), decision="reject")).rejected


def test_of_several_who_decided_the_one_who_may_counts() -> None:
    row = placed(FREE, **APPROVE)
    own = annotation(2000, REVIEW.encode(Review("reject")), minutes=99, completed_by=1)
    starred = annotation(
        2001, REVIEW.encode(Review("reject")), minutes=99, completed_by=1, ground_truth=True
    )
    data = row.data_fields()
    both = task_row(900, [*row.annotations, own, starred], project_id=8, **data)
    assert decided(judged([said(FREE)], both)) == ("approve", 0)


def test_what_a_reviewer_saw_and_said_is_known() -> None:
    row = placed(FREE, decision="amend", amended="Free.", reason=" Too long. ",
                 error_kinds=("tone",))  # fmt: skip
    data = row.data_fields()
    finding = {"check": "contradiction", "message": "It costs 5 elsewhere."}
    row = task_row(row.task_id, row.annotations, **{**data, "findings": [finding, finding]})
    review = judged([said(FREE)], row).review
    assert review is not None
    assert (review.reason, review.error_kinds) == ("Too long.", ("tone",))
    assert review.findings == ("contradiction",)
    assert (review.round, review.tier_name) == ("first", "tier 0")


# --- several people's answers, of which later tiers are shown the one that was passed


BOTH = ("It is free.", "It costs 5.")


def test_a_later_tier_speaks_for_the_answers_that_an_earlier_one_passed_over() -> None:
    """Of two answers the second tier is shown one; what it says of that holds for the task."""
    finished = [said(BOTH[0]), said(BOTH[1], annotation_id=2)]
    peer = placed(BOTH[0], beside=BOTH[1:], decision="approve", best=0)
    for decision in ("approve", "reject"):
        partner = placed(BOTH[0], tier=1, minutes=90, decision=decision, best=0)
        found = judged(finished, peer, partner)
        assert decided(found) == (decision, 1)
        assert found.annotation_id == 1 or found.rejected


def test_another_round_of_the_same_answers_comes_after_the_first() -> None:
    finished = [said(BOTH[0]), said(BOTH[1], annotation_id=2)]
    first = placed(BOTH[0], beside=BOTH[1:], decision="approve", best=0)
    again = placed(BOTH[0], round="first/1f2e3d4c", minutes=90, decision="reject")
    found = judged(finished, first, again)
    assert decided(found) == ("reject", 0)
    assert [each.decision for each in found.earlier_reviews] == ["approve"]
    changed = [said("It costs 9."), said(BOTH[1], annotation_id=2)]
    assert decided(judged(changed, first, again)) == (None, None)
