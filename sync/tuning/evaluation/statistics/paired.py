"""Two arms on the same items: by how much they differ, and whether that is more than chance.

A difference is shown where its 95 % interval leaves zero out and its p-value, put right for all
that was compared beside it (Holm), is at most 0.05; everything else is not shown.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sync.tuning.evaluation.statistics.intervals import (
    LEAST_GROUPS,
    LEVEL,
    GroupNumbers,
    ItemValues,
    MeanEstimate,
    bootstrap_interval,
    exact_interval,
    per_group,
)

ALPHA = 1 - LEVEL
PERMUTATIONS = 4_999
# how often a difference that is really there should be seen
POWER = 0.8

ShownAs = Literal["better", "worse", "not shown"]


@dataclass(frozen=True)
class PairedDifference:
    """One arm minus another, on the items that both have.

    Attributes:
        p: of the hypothesis that they don't differ; None where there are too few groups to tell.
        test: `McNemar`, exact, where both pass or fail and each item is a group of its own; else
            `permutation`, of which arm is which in each group.
        only_first, only_second: items that one alone passes; None of what is no pass or fail.
    """

    difference: MeanEstimate
    p: float | None
    test: Literal["McNemar", "permutation"]
    only_first: int | None = None
    only_second: int | None = None


def paired_difference(
    first: ItemValues, second: ItemValues, groups: GroupNumbers, *, passes: bool
) -> PairedDifference:
    """(n,) values of one arm minus (n,) of another on the same items; n >= 1.

    Args:
        passes: the values are 1 for items that pass, and 0 for others.
    """
    values = first - second
    sums, sizes = per_group(values, groups)
    enough = len(sizes) >= LEAST_GROUPS
    low, high = _interval(values, sums, sizes, passes=passes) if enough else (None, None)
    found = MeanEstimate(float(values.mean()), low, high, len(values), len(sizes))
    mine, theirs = int((values > 0).sum()), int((values < 0).sum())
    alone = (mine, theirs) if passes else (None, None)
    if passes and len(sizes) == len(values):
        p = mcnemar_p(mine, theirs) if enough else None
        return PairedDifference(found, p, "McNemar", *alone)
    return PairedDifference(found, permutation_p(sums) if enough else None, "permutation", *alone)


def _interval(
    values: ItemValues, sums: ItemValues, sizes: ItemValues, *, passes: bool
) -> tuple[float, float]:
    """The bootstrap's, or the exact one where no sample can differ from another."""
    if not passes or np.any(values != values[0]):
        return bootstrap_interval(sums, sizes)
    if values[0] == 0:
        most = exact_interval(0, len(sizes))[1]
        return -most, most
    least = exact_interval(len(sizes), len(sizes))[0]
    return (least, 1.0) if values[0] > 0 else (-1.0, -least)


def mcnemar_p(only_first: int, only_second: int) -> float:
    """Of items that one arm alone passes (McNemar, 1947; the exact test)."""
    from statsmodels.stats.contingency_tables import mcnemar

    return float(mcnemar([[0, only_first], [only_second, 0]], exact=True).pvalue)


def permutation_p(sums: ItemValues) -> float:
    """Of (g,) differences, each as likely to have the other sign if the arms don't differ."""
    from scipy.stats import permutation_test

    if not np.any(sums):
        return 1.0
    found = permutation_test(
        (sums, np.zeros_like(sums)),
        lambda first, second, axis: (first - second).mean(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=PERMUTATIONS,
        rng=np.random.default_rng(0),
    )
    return float(found.pvalue)


def shown_as(found: PairedDifference, p: float | None, *, higher_is_better: bool) -> ShownAs:
    """What may be said of the first arm beside the second.

    Args:
        p: put right for what else was compared.
    """
    if found.difference.holds_zero or p is None or p > ALPHA:
        return "not shown"
    return "better" if (found.difference.value > 0) == higher_is_better else "worse"


def least_difference(found: PairedDifference) -> float | None:
    """The difference that so many groups would show four times in five; None: too few groups.

    By the power of a paired t-test, with the spread that these differences have.
    """
    from scipy.stats import norm
    from statsmodels.stats.power import TTestPower

    interval = found.difference
    if interval.low is None or interval.high is None:
        return None
    spread = (interval.high - interval.low) / 2 / norm.ppf((1 + LEVEL) / 2)
    spread *= np.sqrt(interval.groups)
    effect = TTestPower().solve_power(nobs=interval.groups, alpha=ALPHA, power=POWER)
    return float(effect * spread)
