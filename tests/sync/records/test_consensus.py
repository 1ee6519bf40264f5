"""Which of several annotations counts by agreement or by time."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import label_configs
from label_configs.annotations import Rule
from label_configs.annotations.candidates import Candidate, finished
from label_configs.annotations.consensus import consensus, settle
from label_configs.reasoning_steps import ReasoningSteps
from label_configs.step_rows import Step
from sync.records import Choosing, read_records
from sync.table.task_rows import Annotation
from tests.sync.builders import INTERFACE, annotation, result, task_row


def said(
    annotation_id: int, response: str, *, by: int | None = 0, minutes: int = 0, **controls: Any
) -> Annotation:
    """What one annotator said; each another one, unless told."""
    return annotation(
        annotation_id,
        result(response, **controls),
        minutes=minutes,
        completed_by=annotation_id if by == 0 else by,
    )


def agreed(*annotations: Annotation) -> int | None:
    found = consensus(read(annotations), INTERFACE)
    return None if found is None else found.annotation.id


def read(annotations: Sequence[Annotation]) -> list[Candidate]:
    return [Candidate(a, a.items(), INTERFACE.decode(a.items())) for a in finished(annotations)]


def test_two_that_say_the_same_agree() -> None:
    one, other = (
        said(i, text, verdict="edit") for i, text in ((1, "It is\nfree."), (2, "It is free."))
    )
    assert agreed(one, other) == 2
    assert agreed(one) is None


@pytest.mark.parametrize(
    "other",
    [
        said(2, "It is free!", verdict="edit"),
        said(2, "It is free.", verdict="accept"),
        said(2, "It is free.", verdict="edit", category="billing"),
        said(2, "It is free."),
        # one annotator twice, or nobody knows whether it was
        said(2, "It is free.", verdict="edit", by=1),
    ],
)
def test_two_that_differ_in_a_word_or_a_label_do_not(other: Annotation) -> None:
    assert agreed(said(1, "It is free.", verdict="edit"), other) is None


def test_unknown_annotators_are_one_voice() -> None:
    assert agreed(*(said(i, "Free.", by=None) for i in (1, 2, 3))) is None
    assert agreed(said(1, "Free.", by=None), said(2, "Free.", by=None), said(3, "Free.")) == 3


def test_of_three_the_one_nearest_to_the_others_counts() -> None:
    texts = ("Call us.", "Call us today or tomorrow.", "Call us today.")
    votes = [said(i, text, verdict="edit") for i, text in enumerate(texts, start=1)]
    assert agreed(*votes) == 3
    assert agreed(*votes, said(4, "No idea at all", verdict="edit", minutes=9)) == 3


def test_who_stands_alone_in_a_label_is_out_however_central_the_text() -> None:
    votes = [
        said(1, "abcdef", verdict="reject"),
        said(2, "abcdxx", verdict="edit"),
        said(3, "xxcdef", verdict="edit", minutes=5),
    ]
    assert agreed(*votes) == 3  # equally far from each other, so the later one


@pytest.mark.parametrize(
    "verdicts",
    [
        ("accept", "edit", "reject"),
        ("accept", "accept", "edit", "edit"),
        ("edit", "edit", None, None),
    ],
)
def test_without_a_majority_nobody_agrees(verdicts: Sequence[str | None]) -> None:
    votes = [said(i, "Free.", verdict=verdict) for i, verdict in enumerate(verdicts, start=1)]
    assert agreed(*votes) is None


def test_the_majority_is_of_each_control() -> None:
    votes = [
        said(1, "Free.", verdict="edit", category="billing"),
        said(2, "Free.", verdict="edit", category="cards"),
        said(3, "Free.", verdict="accept", category="cards"),
    ]
    assert agreed(*votes) == 2
    # most said nothing of certainty, so nobody has to
    some = [said(i, "Free.", verdict="edit", category="billing") for i in (1, 2)]
    assert agreed(*some, said(3, "Free.", verdict="edit", certainty="speculative")) == 2
    # edit, billing and established have a majority each; nobody said all three
    apart = [
        said(1, "Free.", verdict="edit", category="billing"),
        said(2, "Free.", verdict="edit", certainty="established"),
        said(3, "Free.", category="billing", certainty="established"),
    ]
    assert agreed(*apart) is None


def test_an_annotator_has_one_vote_the_latest() -> None:
    votes = [
        said(1, "Free.", verdict="accept"),
        said(2, "Free.", verdict="accept"),
        said(3, "It costs 5.", verdict="edit"),
        said(4, "It costs 5.", verdict="edit", by=2, minutes=9),
    ]
    assert agreed(*votes) == 4


def test_what_counts_is_all_that_an_expert_can_write() -> None:
    """Chains that differ do not agree because their answers do."""
    steps = label_configs.load("reasoning_steps")

    def chain(place: int, text: str) -> Candidate:
        items = steps.encode(ReasoningSteps((Step(text),), "42", "edit"))
        made = annotation(place, items, completed_by=place)
        return Candidate(made, items, steps.decode(items))

    assert consensus([chain(1, "Six by seven."), chain(2, "Guess.")], steps) is None
    assert consensus([chain(1, "Six by seven."), chain(2, "Six by  seven.")], steps) is not None


@pytest.mark.parametrize(
    ("order", "winner", "rule"),
    [
        (("reviewed", "consensus", "latest"), 2, "consensus"),
        (("latest", "consensus"), 3, "latest"),
        (("consensus",), 2, "consensus"),
        (("reviewed",), None, None),
    ],
)
def test_the_first_rule_that_settles_it(
    order: Sequence[Rule], winner: int | None, rule: Rule | None
) -> None:
    votes = [said(1, "Free."), said(2, "Free.", minutes=1), said(3, "It costs 5.", minutes=2)]
    found = settle(read(votes), INTERFACE, order)
    assert (found and found[0].annotation.id, found and found[1]) == (winner, rule)


ANNOTATIONS = st.lists(
    st.builds(
        lambda annotation_id, text, verdict, by, minutes, ground_truth, was_cancelled: annotation(
            annotation_id,
            [] if text is None else result(text, verdict=verdict),
            minutes=minutes,
            completed_by=by,
            ground_truth=ground_truth,
            was_cancelled=was_cancelled,
        ),
        st.integers(1, 50),
        st.sampled_from(["Free.", "It is free.", "It costs 5 pounds.", " Free. "]),
        st.sampled_from(["edit", "accept", None]),
        st.sampled_from([1, 2, 3, 4, None]),
        st.integers(0, 3),
        st.sampled_from([False] * 9 + [True]),
        st.sampled_from([False] * 9 + [True]),
    ),
    max_size=7,
    unique_by=lambda a: a.id,
)


@given(
    ANNOTATIONS,
    st.randoms(use_true_random=False),
    st.permutations(["reviewed", "consensus", "latest"]),
)
def test_the_order_of_annotations_never_matters(
    annotations: list[Annotation], random: Any, order: list[Rule]
) -> None:
    choosing = Choosing(order)
    expected = read_records([task_row(1, annotations)], INTERFACE, choosing=choosing)
    random.shuffle(annotations)
    assert read_records([task_row(1, annotations)], INTERFACE, choosing=choosing) == expected
    for found in expected.records:
        assert not next(a for a in annotations if a.id == found.annotation_id).was_cancelled
