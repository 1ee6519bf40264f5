"""One more annotator at a time, then a reviewer."""

from sync.queue.review.disputed import second_opinions

EVERYBODY = frozenset({1, 2, 3, 4})


def test_one_more_is_asked_until_enough_are() -> None:
    found = second_opinions({5: frozenset({1, 2}), 6: frozenset({1, 2, 3})}, EVERYBODY, agree_at=3)
    assert found.overlaps == {5: 3}
    assert found.adjudicated == {6}


def test_where_nobody_is_left_to_ask_a_reviewer_decides() -> None:
    found = second_opinions({5: frozenset({1, 2})}, frozenset({1, 2}), agree_at=3)
    assert (found.overlaps, found.adjudicated) == ({}, {5})


def test_nobody_more_is_asked_where_one_is_enough() -> None:
    assert second_opinions({5: frozenset({1, 2})}, EVERYBODY, agree_at=1).adjudicated == {5}
