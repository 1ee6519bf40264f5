"""What a review makes of a task, and when it says nothing of it any more."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import label_configs
from label_configs import review_task
from label_configs.annotations.reviews import ReviewDecision, Verdicts
from label_configs.annotations.star_note import StarNote, said_by
from label_configs.provenance import Provenance
from sync.records import Choosing, Labelled, LabelledRecord, read_records
from sync.records.draft_use import outcome_of
from sync.records.review_verdicts import newest_verdicts
from sync.table.task_rows import Annotation, TaskRow
from tests.sync.builders import (
    INTERFACE,
    REVIEW,
    START,
    annotation,
    drafted,
    result,
    reviewed,
    task_row,
)


def said(annotation_id: int, response: str, *, minutes: int = 0, **kwargs: Any) -> Annotation:
    controls = {name: kwargs.pop(name) for name in ("verdict", "note") if name in kwargs}
    items = result(response, **({"verdict": "edit"} | controls))
    return annotation(annotation_id, items, minutes=minutes, completed_by=annotation_id, **kwargs)


ANA, BO = said(1, "It is free."), said(2, "It costs 5.", minutes=5)
BOTH = ("It is free.", "It costs 5.")


def judged(
    annotations: Sequence[Annotation], *reviews: TaskRow, one_project: bool = True, **row: Any
) -> Labelled:
    verdicts = Verdicts(newest_verdicts(reviews, REVIEW), one_project)
    rows = [task_row(1, annotations, labeltune_id="one", **row)]
    return read_records(rows, INTERFACE, choosing=Choosing(verdicts=verdicts))


def only(*args: Any, **kwargs: Any) -> LabelledRecord:
    labelled = judged(*args, **kwargs)
    assert labelled.unreadable == ()
    (record,) = labelled.records
    return record


def test_the_approved_answer_counts_before_the_latest() -> None:
    assert only([ANA, BO]).annotation_id == 2
    review = reviewed("one", *BOTH, decision="approve", best=0)
    found = only([ANA, BO], review)
    assert (found.annotation_id, found.chosen_by, found.annotations) == (1, "reviewed", 2)
    at = review.annotations[0].updated_at
    assert found.review == ReviewDecision("approve", 9, 900, 950, at)
    assert found.record.response == "It is free."
    assert not found.rejected


def test_a_review_that_was_made_of_a_finished_task_finds_it() -> None:
    data = task_row(1, labeltune_id="one", context={"plan": "Plus"}).data_fields()
    answers = [{"text": text, "annotator": str(i)} for i, text in enumerate(BOTH, start=1)]
    made = REVIEW.complete_task(review_task.review_task(data, answers, [], "a random sample"))
    shown = reviewed(made.pop("reviewed_id"), decision="approve", best=0)
    review = task_row(900, shown.annotations, reviewed_id="one", **made)
    assert only([ANA, BO], review).annotation_id == 1


def test_a_review_is_of_its_own_task_only() -> None:
    assert only([ANA, BO], reviewed("two", *BOTH, decision="approve", best=0)).review is None


def test_a_task_without_the_source_s_id_is_known_by_its_own() -> None:
    review = reviewed("7", *BOTH, decision="approve", best=0)
    rows = [task_row(1, [ANA, BO], id=7), task_row(2, [ANA, BO])]
    verdicts = Verdicts(newest_verdicts([review], REVIEW))
    found = read_records(rows, INTERFACE, choosing=Choosing(verdicts=verdicts)).records
    assert [(r.annotation_id, r.review is None) for r in found] == [(1, False), (2, True)]
    assert [r.key for r in found] == ["task-1", "task-2"]


def test_blind_letters_name_the_answers_as_they_were_shown() -> None:
    for first, second in (BOTH, BOTH[::-1]):
        review = reviewed("one", first, second, decision="approve", best=0, blind=True)
        data = review.data_fields()
        letter_a = review_task.shown_answers(data)[0]["text"]
        assert only([ANA, BO], review).record.response == letter_a
        controls = {"decision": "amend", "best": 0, "amended": "It depends."}
        review = reviewed("one", first, second, blind=True, **controls)
        winner = 1 if letter_a == "It is free." else 2
        assert only([ANA, BO], review).annotation_id == winner


def test_of_two_with_the_same_words_the_named_annotator_s_counts() -> None:
    twin = said(3, " It is  free.", minutes=9)
    for name, winner in (("1", 1), ("3", 3), ("somebody", 3)):
        review = reviewed("one", "It is free.", annotators=[name], decision="approve", best=0)
        assert only([ANA, twin], review).annotation_id == winner


def test_an_amended_answer_takes_the_place_of_the_annotator_s() -> None:
    review = reviewed("one", *BOTH, decision="amend", best=0, amended=" It is free on Plus. ")
    draft = drafted(4, "It is free.")
    accepted = said(1, "It is free.", verdict="accept", parent_prediction=4)
    found = only([accepted, BO], review, predictions=[draft])
    assert (found.annotation_id, found.chosen_by) == (1, "reviewed")
    assert found.record.response == "It is free on Plus."
    assert INTERFACE.accepted_answer(found.record, found.data) == "It is free on Plus."
    # the draft was not as good as the annotator thought
    assert (found.provenance.change, outcome_of(found)) == ("edited", "edited")
    assert found.draft == INTERFACE.decode(result("It is free."))


def test_an_amended_answer_whose_draft_is_gone_was_edited() -> None:
    items = [{**item, "origin": "prediction"} for item in result("It is free.")]
    review = reviewed("one", "It is free.", decision="amend", amended="It is free on Plus.")
    found = only([annotation(1, items, parent_prediction=4)], review)
    assert found.provenance == Provenance(None, "edited", None, 12.5)
    assert only([ANA], review).provenance.change == "no draft"


def test_without_a_name_the_amended_answer_is_what_the_other_rules_say() -> None:
    review = reviewed("one", *BOTH, decision="amend", amended="It depends.")
    assert only([ANA, BO], review).annotation_id == 2
    third = said(3, "It is  free.", minutes=1)
    assert only([ANA, BO, third], review).annotation_id == 3


def test_after_a_rejection_nothing_is_accepted_but_the_record_stays() -> None:
    found = only([ANA, BO], reviewed("one", *BOTH, decision="reject"))
    assert found.rejected
    assert (found.annotation_id, found.chosen_by) == (2, "reviewed")
    assert found.review is not None
    assert found.review.decision == "reject"


def test_amended_to_nothing_is_rejected() -> None:
    assert only([ANA], reviewed("one", "It is free.", decision="amend", amended=" ")).rejected


@pytest.mark.parametrize(
    "controls",
    [{}, {"decision": "approve"}, {"note": "Ask Ana."}, {"decision": "approve", "best": 5}],
)
def test_an_undecided_review_has_no_effect(controls: dict[str, Any]) -> None:
    found = only([ANA, BO], reviewed("one", *BOTH, **controls))
    assert (found.annotation_id, found.review, found.lapsed_review) == (2, None, None)


def test_a_skipped_review_has_no_effect() -> None:
    skipped = annotation(950, REVIEW.encode(REVIEW.decode([])), was_cancelled=True)
    assert only([ANA], reviewed("one", *BOTH, reviews=[skipped])).review is None


def test_the_newest_review_that_decides_counts() -> None:
    reject = reviewed("one", *BOTH, task_id=901, minutes=60, decision="reject")
    approve = reviewed("one", *BOTH, task_id=900, minutes=90, decision="approve", best=0)
    undecided = reviewed("one", *BOTH, task_id=902, minutes=99)
    for reviews in ([reject, approve, undecided], [undecided, approve, reject]):
        assert only([ANA, BO], *reviews).annotation_id == 1
    later = reviewed("one", *BOTH, task_id=903, minutes=95, decision="reject")
    assert only([ANA, BO], later, approve).rejected


def test_of_several_reviewers_of_one_review_a_ground_truth_counts_first() -> None:
    def by(review_id: int, minutes: int, *, star: bool = False, **controls: Any) -> Annotation:
        (made,) = reviewed("one", *BOTH, **controls).annotations
        return annotation(review_id, made.items(), minutes=minutes, ground_truth=star)

    approve = by(1, 60, star=True, decision="approve", best=0)
    reject = by(2, 90, decision="reject")
    assert not only([ANA, BO], reviewed("one", *BOTH, reviews=[reject, approve])).rejected
    plain = by(1, 60, decision="approve", best=0)
    assert only([ANA, BO], reviewed("one", *BOTH, reviews=[plain, reject])).rejected


# --- a ground truth beside a review


@pytest.mark.parametrize(("minutes", "winner"), [(30, 1), (60, 1), (61, 2)])
def test_of_a_ground_truth_and_a_review_the_later_one_counts(minutes: int, winner: int) -> None:
    starred = said(1, "It is free.", minutes=60, ground_truth=True)
    review = reviewed("one", *BOTH, minutes=minutes, decision="approve", best=1)
    found = only([starred, BO], review)
    assert (found.annotation_id, found.chosen_by) == (winner, "reviewed")
    assert found.review is not None
    assert found.review.decision == ("ground truth" if winner == 1 else "approve")


def test_a_ground_truth_is_a_review_by_nobody_known() -> None:
    starred = said(1, "It is free.", ground_truth=True)
    found = only([starred, BO])
    assert found.review == ReviewDecision("ground truth", None, 1, 1, START)
    assert (found.chosen_by, found.annotations) == ("reviewed", 2)


def test_a_review_that_lapsed_leaves_the_ground_truth() -> None:
    starred = said(1, "It is free.", ground_truth=True)
    review = reviewed("one", "Something else.", decision="approve", best=0)
    found = only([starred, BO], review)
    assert (found.annotation_id, found.review and found.review.decision) == (1, "ground truth")
    assert found.lapsed_review is not None


def test_a_rejected_ground_truth_stays_rejected_beside_a_later_answer() -> None:
    starred = said(1, "It is free.", ground_truth=True)
    later = said(2, "It costs 5.", minutes=90)
    found = only([starred, later], reviewed("one", "It is free.", decision="reject"))
    assert (found.annotation_id, found.chosen_by, found.review) == (2, "latest", None)


@pytest.mark.parametrize(
    ("now", "counts"),
    [("It is free.", True), (" It is  free.", True), ("It costs 9.", False)],
)
def test_a_star_counts_while_its_annotation_says_what_was_noted(now: str, counts: bool) -> None:
    """Label Studio keeps the star on whatever its annotation is changed to."""
    note = StarNote(1, said_by(said(1, "It is free."), INTERFACE, 1))
    starred = said(1, now, minutes=60, ground_truth=True)
    later = said(2, "It costs 5.", minutes=70)
    found = only([starred, later], starred=note.to_data())
    assert found.annotation_id == (1 if counts else 2)
    assert (found.review is not None) is counts
    assert (found.lapsed_review is None) is counts


def test_a_label_that_was_changed_under_a_star_ends_it_too() -> None:
    note = StarNote(1, said_by(said(1, "It is free."), INTERFACE, 1))
    starred = said(1, "It is free.", verdict="rewrite", ground_truth=True)
    assert only([starred], starred=note.to_data()).review is None
    noted = said(1, "It is free.", note="Seen.", ground_truth=True)
    assert only([noted], starred=note.to_data()).review is not None


def test_a_star_of_another_annotation_is_a_new_one() -> None:
    note = StarNote(2, "0123456789abcdef")
    found = only([said(1, "It is free.", ground_truth=True), BO], starred=note.to_data())
    assert (found.annotation_id, found.review and found.review.decision) == (1, "ground truth")


def test_a_star_that_follows_a_verdict_says_nothing_of_its_own() -> None:
    """A reviewer, reason and tier are not lost to it, and it ends with the verdict."""
    ours = StarNote(1).to_data()
    review = reviewed("one", *BOTH, decision="approve", best=0)
    starred = said(1, "It is free.", minutes=90, ground_truth=True)
    found = only([starred, BO], review, starred=ours)
    assert (found.annotation_id, found.review and found.review.decision) == (1, "approve")
    changed = said(1, "It costs 9.", minutes=95, ground_truth=True)
    found = only([changed, BO], review, starred=ours)
    assert (found.review, found.chosen_by) == (None, "latest")


@pytest.mark.parametrize("written", [None, "yes", [], {"annotation": "1"}, {"annotation": True}])
def test_a_note_that_nobody_can_read_is_none(written: Any) -> None:
    starred = said(1, "It is free.", ground_truth=True)
    found = only([starred, BO], starred=written)
    assert found.review is not None


def test_a_star_that_can_t_be_read_is_not_replaced_for_its_note() -> None:
    broken = annotation(1, [{"from_name": "response", "type": "textarea", "value": {}}])
    broken = replace(broken, ground_truth=True)
    labelled = judged([broken, BO], starred=StarNote(1, "0123456789abcdef").to_data())
    assert labelled.records == ()
    assert [each.annotation_id for each in labelled.unreadable] == [1]


# --- work that went on after the review


def test_an_approval_holds_while_the_answer_is_there() -> None:
    review = reviewed("one", "It is free.", decision="approve", best=0)
    noted = said(1, "It is free.", minutes=90, note="Seen.")
    another = said(2, "It costs 5.", minutes=95)
    assert only([noted, another], review).annotation_id == 1


@pytest.mark.parametrize("decision", ["approve", "amend", "reject"])
def test_a_note_that_was_added_since_changes_no_verdict(decision: str) -> None:
    amended = "It is free on Plus." if decision == "amend" else ""
    review = reviewed("one", "It is free.", decision=decision, best=0, amended=amended)
    found = only([said(1, " It is free.", minutes=90, note="Seen.")], review)
    assert found.review is not None
    assert (found.review.decision, found.record.note) == (decision, "Seen.")


@pytest.mark.parametrize("decision", ["approve", "amend", "reject"])
def test_a_review_of_an_answer_that_was_changed_since_says_nothing(decision: str) -> None:
    amended = "It is free on Plus." if decision == "amend" else ""
    review = reviewed("one", "It is free.", decision=decision, best=0, amended=amended)
    found = only([said(1, "It costs 5 now.", minutes=90)], review)
    assert (found.record.response, found.chosen_by) == ("It costs 5 now.", "latest")
    assert found.review is None
    assert found.lapsed_review is not None
    assert found.lapsed_review.decision == decision
    assert not found.rejected


def test_an_amendment_holds_while_an_answer_that_it_judged_is_there() -> None:
    review = reviewed("one", *BOTH, decision="amend", amended="It depends.")
    changed = said(2, "It costs 6.", minutes=90)
    found = only([ANA, changed], review)
    assert (found.annotation_id, found.record.response) == (1, "It depends.")


def test_what_was_rejected_has_no_vote_on_what_came_after() -> None:
    same = [said(i, "It is free.") for i in (1, 2, 3)]
    later = said(4, "It costs 5.", minutes=90)
    found = only([*same, later], reviewed("one", "It is free.", decision="reject"))
    assert (found.annotation_id, found.rejected) == (4, False)


def test_words_that_redaction_changed_are_known_by_time_and_annotator() -> None:
    hidden = ("It is free, <PERSON_1>.", "It costs 5, <PERSON_1>.")
    approve = reviewed("one", *hidden, annotators=["1", "2"], decision="approve", best=0)
    assert only([ANA, BO], approve).annotation_id == 1
    alone = reviewed("one", hidden[0], decision="approve", best=0)
    assert only([ANA], alone).chosen_by == "reviewed"
    # of two nobody can tell which one was meant
    assert only([ANA, BO], reviewed("one", *hidden, decision="approve", best=0)).review is None
    assert only([ANA, BO], reviewed("one", *hidden, decision="reject")).rejected


def test_of_several_reviewed_projects_a_review_is_the_one_s_whose_answers_it_showed() -> None:
    other = reviewed("one", "Another project's answer.", decision="reject")
    found = only([ANA], other, one_project=False)
    assert (found.rejected, found.lapsed_review) == (False, None)
    ours = reviewed("one", "It is free.", "Gone.", decision="reject")
    assert only([ANA], ours, one_project=False).rejected
    named = reviewed("one", "It is <FEE_1>.", annotators=["1"], decision="reject")
    assert only([ANA], named, one_project=False).rejected


TEXTS = st.sampled_from(["It is free.", "It costs 5.", " It is  free.", "Ask us."])


@given(
    st.lists(
        st.tuples(TEXTS, st.integers(50, 70), st.sampled_from([False, False, True])),
        min_size=1,
        max_size=5,
    ),
    st.lists(
        st.tuples(st.sampled_from(["approve", "amend", "reject", None]), st.integers(50, 70)),
        max_size=3,
    ),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_neither_the_order_of_annotations_nor_of_reviews_matters(
    finished: list[tuple[str, int, bool]],
    decisions: list[tuple[str | None, int]],
    one_project: bool,
    random: Any,
) -> None:
    annotations = [
        said(i, text, minutes=minutes, ground_truth=star)
        for i, (text, minutes, star) in enumerate(finished, start=1)
    ]
    reviews = [
        reviewed(
            "one",
            *BOTH,
            task_id=900 + i,
            minutes=minutes,
            decision=decision,
            best=0,
            amended="It depends." if decision == "amend" else "",
        )
        for i, (decision, minutes) in enumerate(decisions)
    ]
    found = only(annotations, *reviews, one_project=one_project)
    random.shuffle(annotations)
    random.shuffle(reviews)
    assert only(annotations, *reviews, one_project=one_project) == found
    if found.review is not None and found.rejected:
        # nothing that is new was rejected with it
        at = found.review.updated_at
        assert all(a.updated_at <= at or "Ask us." not in a.result for a in annotations)


# --- what can't be read


def test_a_review_that_can_t_be_read_may_be_a_rejection() -> None:
    broken = annotation(950, [{"from_name": "decision", "value": {}}], minutes=60)
    labelled = judged([ANA], reviewed("one", *BOTH, reviews=[broken]))
    assert labelled.records == ()
    (found,) = labelled.unreadable
    assert (found.task_id, found.annotation_id, found.instead) == (1, 1, None)
    assert found.reason.startswith("its review can't be read (task 900, annotation 950: ")
    # a newer one makes good for it
    newer = reviewed("one", *BOTH, task_id=901, minutes=90, decision="approve", best=0)
    assert only([ANA], reviewed("one", *BOTH, reviews=[broken]), newer).chosen_by == "reviewed"


def test_a_review_of_a_damaged_task_can_t_be_read() -> None:
    review = reviewed("one", *BOTH, decision="reject")
    damaged = task_row(900, review.annotations, reviewed_id="one", answers=[])
    assert "'answers' must be a non-empty list" in judged([ANA], damaged).unreadable[0].reason


def test_a_record_without_a_place_for_the_amended_text_is_reported() -> None:
    empty = annotation(1, [], completed_by=1)
    preference = label_configs.load("preference")
    review = reviewed("one", "Left.", decision="amend", amended="It depends.")
    verdicts = Verdicts(newest_verdicts([review], REVIEW))
    labelled = read_records(
        [task_row(1, [empty], labeltune_id="one")], preference, choosing=Choosing(verdicts=verdicts)
    )
    assert labelled.records == ()
    assert "no place for a text of the reviewer's" in labelled.unreadable[0].reason


def test_whoever_leaves_reviews_out_has_none() -> None:
    verdicts = Verdicts(newest_verdicts([reviewed("one", *BOTH, decision="reject")], REVIEW))
    row = task_row(1, [said(1, "It is free.", ground_truth=True), BO], labeltune_id="one")
    (found,) = read_records(
        [row], INTERFACE, choosing=Choosing(("consensus", "latest"), verdicts)
    ).records
    assert (found.annotation_id, found.chosen_by, found.review) == (2, "latest", None)


def test_consensus_can_come_before_reviews() -> None:
    twins = [said(i, "It is free.") for i in (1, 2)]
    verdicts = Verdicts(newest_verdicts([reviewed("one", *BOTH, decision="reject")], REVIEW))
    row = task_row(1, twins, labeltune_id="one")
    choosing = Choosing(("consensus", "reviewed", "latest"), verdicts)
    (found,) = read_records([row], INTERFACE, choosing=choosing).records
    assert (found.chosen_by, found.review) == ("consensus", None)
