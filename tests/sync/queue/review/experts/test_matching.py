"""As many tasks as can be go to who may do them, in balance, and then to who fits best."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sync.queue.review.experts.matching import BALANCED, apart, deal, match

NO = np.inf


def dealt(tasks: list[int], costs: list[list[float]], hours: list[float]) -> NDArray[np.int64]:
    return match(tasks, np.array(costs), hours, [0] * len(hours), [10_000] * len(hours))


def test_nobody_gets_what_they_may_not_do() -> None:
    found = dealt([10, 5, 3], [[0, 1], [NO, 0], [NO, NO]], [1, 1])
    assert found.tolist() == [[8, 2], [0, 5], [0, 0]]


def test_who_fits_best_gets_more_within_the_balance() -> None:
    found = dealt([200], [[0, 1]], [1, 1])
    assert found.tolist() == [[110, 90]]


def test_hours_are_shares() -> None:
    found = dealt([120], [[0, 0, 0]], [1, 2, 3])
    assert apart(found.sum(axis=0).tolist(), [1, 2, 3]) <= BALANCED


def test_what_somebody_has_counts() -> None:
    found = match([10], np.zeros((1, 2)), [1, 1], [8, 0], [50, 50])
    assert found.tolist() == [[1, 9]] or found.tolist() == [[2, 8]]


def test_nobody_gets_more_than_there_is_room_for() -> None:
    found = match([100], np.zeros((1, 2)), [1, 1], [3, 0], [10, 10])
    assert found.tolist() == [[7, 10]]


def test_what_only_one_may_do_goes_to_them_however_much_it_is() -> None:
    found = dealt([90, 10], [[0, NO], [0, 0]], [1, 1])
    assert found.tolist() == [[90, 0], [0, 10]]


@given(
    tasks=st.lists(st.integers(0, 40), min_size=1, max_size=4),
    may=st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=4, max_size=4),
    room=st.lists(st.integers(0, 60), min_size=3, max_size=3),
)
def test_all_that_can_be_dealt_is(tasks: list[int], may: list[list[bool]], room: list[int]) -> None:
    """As many as the greatest flow has, by the smallest cut over sets of kinds."""
    costs = np.where(np.array(may[: len(tasks)]), 1.0, NO)
    found = match(tasks, costs, [1, 1, 1], [0, 0, 0], room)
    assert (found >= 0).all() and (found[~np.isfinite(costs)] == 0).all()
    assert (found.sum(axis=1) <= tasks).all() and (found.sum(axis=0) <= room).all()
    least = min(
        sum(n for k, n in enumerate(tasks) if not cut >> k & 1)
        + sum(
            most
            for who, most in enumerate(room)
            if any(cut >> k & 1 and np.isfinite(costs[k, who]) for k in range(len(tasks)))
        )
        for cut in range(2 ** len(tasks))
    )
    assert found.sum() == least


def test_nothing_to_deal() -> None:
    assert dealt([], np.zeros((0, 2)).tolist() or [[0, 0]][:0], [1, 1]).shape == (0, 2)
    assert match([4], np.zeros((1, 0)), [], [], []).shape == (1, 0)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [([2, 3, 1], [0, 1, 2, 1, 0, 1, None]), ([0, 0], [None] * 7), ([], [None] * 7)],
)
def test_everybody_gets_early_and_late_ones(numbers: list[int], expected: list[int | None]) -> None:
    assert deal(7, numbers) == expected


def test_a_load_is_measured_by_its_share() -> None:
    assert apart([10, 10], [1, 1]) == 0
    assert apart([12, 8], [1, 1]) == pytest.approx(0.2)
    assert apart([2, 1], [1, 1]) == 0  # less than a task
