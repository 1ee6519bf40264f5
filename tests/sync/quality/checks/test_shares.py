"""Intervals and exact tests of shares, against references."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, fisher_exact

from sync.quality.checks.shares import holm, interval, more_often, told


@given(st.integers(0, 60), st.integers(1, 60))
def test_the_interval_is_wilsons(hits: int, of: int) -> None:
    hits = min(hits, of)
    wilson = binomtest(hits, of).proportion_ci(method="wilson")
    assert interval(hits, of) == pytest.approx((wilson.low, wilson.high), abs=1e-12)


def test_nothing_counted_may_be_any_share() -> None:
    assert interval(0, 0) == (0.0, 1.0)


def test_a_share_is_told_with_its_interval() -> None:
    assert told(12, 40) == "12 of 40 (30%, 18 to 45%)"


def test_several_tests_share_their_limit() -> None:
    """The example of Holm, 1979."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.01, 0.04, None, 0.03, 0.005]) == pytest.approx([0.03, 0.06, None, 0.06, 0.02])
    assert holm([]) == []
    assert holm([None]) == [None]


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_one_stratum_is_fishers_test(a: int, b: int, c: int, d: int) -> None:
    expected = fisher_exact([[a, b], [c, d]], alternative="greater").pvalue
    assert more_often([(a, a + b, a + c, a + b + c + d)]) == pytest.approx(expected, abs=1e-9)


def test_hard_tasks_excuse_within_their_stratum() -> None:
    """All of the faults are at hard tasks, of which one person has most."""
    strata = [(18, 36, 20, 40), (0, 4, 0, 200)]
    together = [tuple(int(n) for n in np.sum(strata, axis=0))]
    assert more_often(together) < 1e-6
    assert more_often(strata) > 0.3
