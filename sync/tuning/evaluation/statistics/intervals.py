"""Means of held-out items with their 95 % intervals, by a bootstrap of whole groups.

The bootstrap is scipy's, of 2,000 samples. Its percentile interval is too narrow for few groups, so
it is asked for a level that makes up for that (T. Hesterberg, "What Teachers Should Know About the
Bootstrap", The American Statistician 69, 2015: the expanded percentile interval).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ItemValues = NDArray[np.float64]
GroupNumbers = NDArray[np.int64]

LEVEL = 0.95
RESAMPLES = 2_000
# of fewer groups nothing can be shown: even if all agree, chance does so in more than 5 %
LEAST_GROUPS = 6


@dataclass(frozen=True)
class MeanEstimate:
    """A mean with its 95 % interval.

    Attributes:
        low, high: None where there are too few groups to tell.
        items: that it is a mean of; `groups`: that they are of.
    """

    value: float
    low: float | None
    high: float | None
    items: int
    groups: int

    @property
    def holds_zero(self) -> bool:
        """Whether the interval holds zero, or there is none."""
        return self.low is None or self.high is None or self.low <= 0.0 <= self.high


def group_numbers(names: list[str]) -> GroupNumbers:
    """(n,) groups from 0, of (n,) names."""
    numbers: GroupNumbers = np.unique(names, return_inverse=True)[1].astype(np.int64)
    return numbers


def mean_estimate(values: ItemValues, groups: GroupNumbers) -> MeanEstimate:
    """The mean of (n,) values; n >= 1.

    Where every item passes or none does, no sample differs from another: then the interval is the
    exact binomial one (Clopper-Pearson) of the groups.
    """
    value = float(values.mean())
    sums, sizes = per_group(values, groups)
    low: float | None = None
    high: float | None = None
    if len(sizes) >= LEAST_GROUPS:
        if value in (0.0, 1.0) and np.all(values == value):
            low, high = exact_interval(round(value) * len(sizes), len(sizes))
        else:
            low, high = bootstrap_interval(sums, sizes)
    return MeanEstimate(value, low, high, len(values), len(sizes))


def per_group(values: ItemValues, groups: GroupNumbers) -> tuple[ItemValues, ItemValues]:
    """(g,) sums of values and (g,) numbers of items, by group."""
    used = np.unique(groups, return_inverse=True)[1]
    sums: ItemValues = np.bincount(used, weights=values).astype(np.float64)
    return sums, np.bincount(used).astype(np.float64)


def exact_interval(passed: int, of: int) -> tuple[float, float]:
    """The exact binomial interval of a share (Clopper and Pearson, 1934)."""
    from scipy.stats import binomtest

    found = binomtest(passed, of).proportion_ci(confidence_level=LEVEL, method="exact")
    return float(found.low), float(found.high)


def bootstrap_interval(sums: ItemValues, sizes: ItemValues) -> tuple[float, float]:
    """The interval of the mean over all items, of at least two groups."""
    from scipy.stats import bootstrap

    found = bootstrap(
        (sums, sizes),
        lambda some, of, axis: some.sum(axis=axis) / of.sum(axis=axis),
        paired=True,
        vectorized=True,
        n_resamples=RESAMPLES,
        confidence_level=expanded_level(len(sizes)),
        method="percentile",
        rng=np.random.default_rng(0),
    ).confidence_interval
    return float(found.low), float(found.high)


def expanded_level(groups: int) -> float:
    """The level at which a percentile interval of so many groups holds 95 %."""
    from scipy.stats import norm, t

    beyond = t.ppf((1 - LEVEL) / 2, groups - 1) * np.sqrt(groups / (groups - 1))
    return float(1 - 2 * norm.cdf(beyond))
