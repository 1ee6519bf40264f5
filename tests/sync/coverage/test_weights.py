"""The arithmetic of targets: worked examples, and what holds for any numbers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sync.coverage.weights import apportioned, completed, difficulty, margin, raked

WEIGHTS = st.lists(st.floats(0, 1e6), min_size=1, max_size=30).map(np.array)
TABLES = arrays(np.float64, (3, 4), elements=st.integers(0, 50).map(float))


@given(WEIGHTS, st.integers(0, 5000), st.integers(0, 5))
def test_a_total_is_shared_out_to_the_last(weights: np.ndarray, total: int, minimum: int) -> None:
    total += minimum * len(weights)
    counts = apportioned(total, weights, minimum)
    assert counts.sum() == total
    assert counts.min() >= minimum
    above = counts > minimum
    # where no minimum holds, nobody is further than one from a fair part of what is left
    if above.any() and weights[above].sum():
        fair = counts[above].sum() * weights[above] / weights[above].sum()
        assert np.abs(counts[above] - fair).max() <= 1 + 1e-6 * total


def test_the_largest_remainders_are_rounded_up() -> None:
    assert list(apportioned(10, np.array([1.0, 1.0, 1.0]))) == [4, 3, 3]
    assert list(apportioned(7, np.array([3.0, 2.0, 1.0]))) == [4, 2, 1]
    assert list(apportioned(4, np.array([0.0, 0.0]))) == [2, 2]
    assert list(apportioned(10, np.array([8.0, 1.0, 1.0]), minimum=2)) == [6, 2, 2]


@given(TABLES, st.floats(0.01, 0.98), st.floats(0.01, 0.98))
def test_raked_weights_have_the_shares(table: np.ndarray, first: float, second: float) -> None:
    table[0, 0] += 1.0
    rows = completed({0: first}, margin(table, 0))
    columns = completed({2: second}, margin(table, 1))
    found = raked(table, {0: rows, 1: columns})
    assert np.isclose(found.sum(), 1.0)
    np.testing.assert_allclose(margin(found, 0), rows, atol=2e-3)
    np.testing.assert_allclose(margin(found, 1), columns, atol=2e-3)
    assert found.min() >= 0


def test_shares_of_one_kind_leave_the_mix_within_a_label() -> None:
    table = np.array([[60.0, 30.0], [5.0, 5.0]])
    found = raked(table, {0: np.array([0.5, 0.5])})
    np.testing.assert_allclose(found, [[1 / 3, 1 / 6], [0.25, 0.25]], atol=2e-3)


def test_a_label_that_never_arrived_gets_its_share() -> None:
    found = raked(np.array([[3.0, 1.0], [0.0, 0.0]]), {0: np.array([0.6, 0.4])})
    np.testing.assert_allclose(found, [[0.45, 0.15], [0.3, 0.1]], atol=2e-3)


def test_labels_that_are_not_named_share_the_rest_by_weight() -> None:
    np.testing.assert_allclose(completed({1: 0.4}, np.array([2.0, 9.0, 1.0])), [0.4, 0.4, 0.2])
    np.testing.assert_allclose(completed({1: 0.4}, np.array([0.0, 9.0, 0.0])), [0.3, 0.4, 0.3])
    np.testing.assert_allclose(completed({0: 0.3, 1: 0.7}, np.array([1.0, 1.0])), [0.3, 0.7])


def test_difficulty_is_the_smoothed_share_of_changed_drafts() -> None:
    # of 98 drafts 49 were changed: the project's share is 50 / 100
    drafted, changed = np.array([0, 8, 90]), np.array([0, 8, 41])
    expected = [5 / 10, (8 + 5) / (8 + 10), (41 + 5) / (90 + 10)]
    np.testing.assert_allclose(difficulty(drafted, changed), expected)
    np.testing.assert_allclose(difficulty(np.zeros(3, int), np.zeros(3, int)), [0.5] * 3)


@given(st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=9))
def test_difficulty_is_a_probability(pairs: list[tuple[int, int]]) -> None:
    drafted = np.array([max(pair) for pair in pairs])
    changed = np.array([min(pair) for pair in pairs])
    found = difficulty(drafted, changed)
    assert ((found > 0) & (found < 1)).all()
