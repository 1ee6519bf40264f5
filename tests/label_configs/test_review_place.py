"""A review's place: written, read, and who may decide there."""

from typing import Any

import pytest

import label_configs
from label_configs.errors import LabelConfigError
from label_configs.review_place import NO_PLACE, PLACE, ReviewPlace, place_of, round_of
from label_configs.review_task import review_task

REVIEW = label_configs.load("review")
QUESTION = {"messages": [{"role": "user", "content": "What does it cost?"}], "labeltune_id": "one"}
ANSWER = {"text": "GBP 5.", "annotator": "7"}
HERE = ReviewPlace("ab12", 1, "compliance", frozenset({7}), frozenset({5, 9}), 0.25)


def reviewed(place: ReviewPlace | None = HERE) -> dict[str, Any]:
    return review_task(QUESTION, [ANSWER], [], "a routine look", True, place)


def test_a_place_is_read_as_it_was_written_and_survives_the_page() -> None:
    assert place_of(reviewed()) == HERE
    assert place_of(REVIEW.complete_task(reviewed())) == HERE
    assert place_of(reviewed(None)) == NO_PLACE
    assert PLACE not in reviewed(None)


@pytest.mark.parametrize(
    ("place", "reviewer", "why"),
    [
        (HERE, 5, None),
        (HERE, 7, "own work"),
        (HERE, 8, "not of this tier"),
        (HERE, None, "not of this tier"),
        (ReviewPlace(authors=frozenset({7})), 8, None),
        (ReviewPlace(authors=frozenset({7})), 7, "own work"),
        (NO_PLACE, 7, None),
    ],
)
def test_who_may_decide(place: ReviewPlace, reviewer: int | None, why: str | None) -> None:
    assert place.why_ignored(reviewer) == why


@pytest.mark.parametrize(
    "change",
    [{"round": 1}, {"tier": True}, {"tier": "1"}, {"authors": ["7"]}, {"may_review": None}],
)
def test_a_place_that_somebody_has_changed_is_refused(change: dict[str, Any]) -> None:
    data = reviewed()
    data[PLACE] = {**data[PLACE], **change}
    with pytest.raises(LabelConfigError, match="'review_place' is not as"):
        REVIEW.check_task(data)
    with pytest.raises(LabelConfigError, match="'review_place' is not as"):
        place_of({PLACE: "peer"})


def test_a_round_is_of_words_in_any_order() -> None:
    assert round_of(["It is  free.", "GBP 5."]) == round_of(["GBP 5.", "It is free. "])
    assert round_of(["It is free."]) != round_of(["It is free"])
    assert round_of(["It is free."]) != round_of(["It is free.", "It is free."])


def test_a_queue_says_how_soon_a_review_comes_and_nobody_else() -> None:
    assert REVIEW.own_score(reviewed()) == 0.25
    assert REVIEW.own_score(reviewed(None)) is None
