"""Shares: the same tasks each time, as many as were asked for, the heavier the likelier."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.queue.review.shares import chances_by_weight, task_number, task_numbers

KEYS = [f"task-{n}" for n in range(4000)]


def test_numbers_are_even_repeatable_and_independent() -> None:
    numbers = task_numbers(KEYS, "review")
    assert task_number("task-7", "review") == numbers[7]
    counts, _ = np.histogram(numbers, bins=10, range=(0, 1))
    # four standard deviations of 400 in 4,000
    assert abs(counts - 400).max() < 4 * np.sqrt(400 * 0.9)
    others = task_numbers(KEYS, "review by risk")
    assert abs(float(np.corrcoef(numbers, others)[0, 1])) < 0.06


def test_a_greater_share_holds_all_of_a_smaller_one() -> None:
    weights = np.linspace(0.1, 1.0, len(KEYS))
    numbers = task_numbers(KEYS, "review by risk")
    few, many = (set(np.flatnonzero(numbers < chances_by_weight(weights, s))) for s in (0.1, 0.3))
    assert few < many
    assert len(few) / len(KEYS) == pytest.approx(0.1, abs=0.02)


def test_chances_are_in_proportion_until_one_is_certain() -> None:
    assert chances_by_weight(np.array([1.0, 2.0, 5.0]), 0.25) == pytest.approx(
        [0.75 / 8, 1.5 / 8, 3.75 / 8]
    )
    # 9 would be chosen 1.5 times over: it is certain, and the rest falls to the others
    assert chances_by_weight(np.array([1.0, 1.0, 10.0]), 0.5) == pytest.approx([0.25, 0.25, 1.0])
    assert chances_by_weight(np.zeros(3), 0.5) == pytest.approx([0, 0, 0])
    assert chances_by_weight(np.array([]), 0.5).shape == (0,)


@given(
    st.lists(st.floats(0, 1, allow_subnormal=False), min_size=1, max_size=40),
    st.floats(0, 1),
)
def test_chances_add_up_to_the_share(weights: list[float], share: float) -> None:
    given = np.array(weights)
    chances = chances_by_weight(given, share)
    assert ((chances >= 0) & (chances <= 1)).all()
    wanted = min(share * len(given), float(np.count_nonzero(given)))
    assert chances.sum() == pytest.approx(wanted, abs=1e-6)
    order = np.argsort(given)
    assert (np.diff(chances[order]) >= -1e-9).all()
