"""What may be said of a difference: against references, and on simulated arms."""

import numpy as np
import pytest
from scipy.stats import binomtest

from sync.tuning.evaluation.statistics.intervals import (
    LEAST_GROUPS,
    expanded_level,
    group_numbers,
    mean_estimate,
)
from sync.tuning.evaluation.statistics.paired import (
    ALPHA,
    least_difference,
    mcnemar_p,
    paired_difference,
    permutation_p,
    shown_as,
)
from sync.tuning.evaluation.statistics.simulated import SimulatedArms, false_claims, power


def test_an_interval_holds_the_mean_and_a_larger_one_is_of_fewer_groups() -> None:
    rng = np.random.default_rng(1)
    values = (rng.random(120) < 0.6).astype(float)
    alone = mean_estimate(values, np.arange(120))
    assert alone.low is not None
    assert alone.high is not None
    assert alone.low < alone.value < alone.high
    # the textbook's interval of a share
    assert alone.high - alone.low == pytest.approx(2 * 1.96 * np.sqrt(0.6 * 0.4 / 120), rel=0.15)
    ordered = np.sort(values)
    together = mean_estimate(ordered, np.arange(120) // 6)
    assert together.low is not None
    assert together.high is not None
    assert together.high - together.low > 1.5 * (alone.high - alone.low)
    assert (together.items, together.groups) == (120, 20)


def test_where_all_or_none_pass_the_interval_is_exact() -> None:
    for value in (0.0, 1.0):
        found = mean_estimate(np.full(40, value), np.arange(40))
        exact = binomtest(round(40 * value), 40).proportion_ci(method="exact")
        assert (found.low, found.high) == pytest.approx((exact.low, exact.high))
    # of groups: 40 items of 8 are not 40 independent ones
    found = mean_estimate(np.ones(40), np.arange(40) // 5)
    assert found.low == pytest.approx(binomtest(8, 8).proportion_ci(method="exact").low)


def test_too_few_groups_tell_nothing() -> None:
    few = LEAST_GROUPS - 1
    assert mean_estimate(np.ones(50), np.arange(50) % few).low is None
    found = paired_difference(np.ones(50), np.zeros(50), np.arange(50) % few, passes=True)
    assert found.p is None
    assert shown_as(found, found.p, higher_is_better=True) == "not shown"
    assert least_difference(found) is None


def test_pairs_that_never_differ_are_within_an_exact_bound() -> None:
    same = np.ones(50)
    found = paired_difference(same, same, np.arange(50), passes=True)
    most = binomtest(0, 50).proportion_ci(method="exact").high
    assert (found.difference.low, found.difference.high) == pytest.approx((-most, most))
    assert found.p == 1.0
    always = paired_difference(same, 0 * same, np.arange(50), passes=True)
    assert always.difference.high == 1.0
    assert always.difference.low == pytest.approx(1 - most)
    assert shown_as(always, always.p, higher_is_better=True) == "better"
    assert shown_as(always, always.p, higher_is_better=False) == "worse"


def test_mcnemar_counts_what_one_alone_passes() -> None:
    first = np.array([1.0] * 30 + [0.0] * 20)
    second = np.array([1.0] * 18 + [0.0] * 12 + [1.0] * 3 + [0.0] * 17)
    found = paired_difference(first, second, np.arange(50), passes=True)
    assert (found.only_first, found.only_second, found.test) == (12, 3, "McNemar")
    assert found.p == pytest.approx(binomtest(3, 15).pvalue)
    assert mcnemar_p(0, 0) == 1.0
    # items that belong together are no independent pairs
    grouped = paired_difference(first, second, np.arange(50) // 2, passes=True)
    assert grouped.test == "permutation"


def test_a_permutation_of_few_groups_is_exact() -> None:
    assert permutation_p(np.ones(6)) == pytest.approx(2 / 2**6)
    assert permutation_p(np.zeros(6)) == 1.0


def test_what_is_put_right_is_not_shown_any_more() -> None:
    first = np.array([1.0] * 12 + [0.0] * 38)
    second = np.array([0.0] * 9 + [1.0] * 3 + [1.0] * 1 + [0.0] * 37)
    found = paired_difference(first, second, np.arange(50), passes=True)
    assert found.p is not None
    assert found.p <= ALPHA
    assert shown_as(found, found.p, higher_is_better=True) == "better"
    assert shown_as(found, 4 * found.p, higher_is_better=True) == "not shown"


def test_groups_are_numbered_by_name() -> None:
    assert group_numbers(["b", "a", "b"]).tolist() == [1, 0, 1]
    assert expanded_level(1000) == pytest.approx(0.95, abs=0.001)
    assert expanded_level(8) > 0.97


@pytest.mark.parametrize(
    "arms",
    [
        SimulatedArms(items=60, passes=(0.6, 0.6)),
        SimulatedArms(items=60, group=3, passes=(0.6, 0.6)),
        SimulatedArms(items=60, group=3, spread=0.3),
    ],
    ids=["pass or fail", "in groups", "a figure"],
)
def test_equal_arms_are_seldom_shown_to_differ(arms: SimulatedArms) -> None:
    wrong = false_claims(arms, runs=120)
    # of 120 runs, 13 or more are improbable (< 1 %) where no more than 5 % are wrong
    assert wrong <= 12 / 120


def test_the_difference_that_is_said_to_show_does() -> None:
    found = power(SimulatedArms(items=100, passes=(0.75, 0.6)), runs=60)
    assert found.stated == pytest.approx(0.15, abs=0.03), "what is said to show four times in five"
    assert 0.62 <= found.shown <= 0.95
