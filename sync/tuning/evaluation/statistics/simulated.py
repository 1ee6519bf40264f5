"""Simulated arms: how often equal ones are shown to differ, and unequal ones are.

Items of a group share how hard they are, so that they are not independent of each other.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sync.tuning.evaluation.statistics.intervals import GroupNumbers, ItemValues
from sync.tuning.evaluation.statistics.paired import (
    PairedDifference,
    least_difference,
    paired_difference,
    shown_as,
)

# how much of whether an item is passed is its own, and how much the arm's
_SHARED = 0.5


@dataclass(frozen=True)
class SimulatedArms:
    """Two arms on the same items.

    Attributes:
        group: items of each group.
        passes: the share that each arm passes, where it is passing that is measured.
        spread: otherwise, the standard deviation of a figure; both arms have the same mean.
    """

    items: int
    group: int = 1
    passes: tuple[float, float] | None = None
    spread: float = 0.0

    def drawn(self, rng: np.random.Generator) -> tuple[ItemValues, ItemValues, GroupNumbers]:
        """(n,) of each arm, and (n,) groups."""
        groups = np.arange(self.items) // self.group
        if self.passes is None:
            each = [self._hard(rng, groups) * self.spread for _ in range(2)]
            return each[0], each[1], groups
        shared = self._hard(rng, groups)
        both = []
        for share in self.passes:
            own = rng.normal(size=self.items)
            score = np.sqrt(_SHARED) * shared + np.sqrt(1 - _SHARED) * own
            both.append((score < _quantile(share)).astype(np.float64))
        return both[0], both[1], groups

    def _hard(self, rng: np.random.Generator, groups: GroupNumbers) -> ItemValues:
        """(n,) normal, half of it alike within a group."""
        of_group = rng.normal(size=int(groups.max()) + 1)[groups]
        hard: ItemValues = np.sqrt(0.5) * of_group + np.sqrt(0.5) * rng.normal(size=self.items)
        return hard


@dataclass(frozen=True)
class SimulatedPower:
    """Of arms that differ: how often that was shown, and what was said to be shown (the median)."""

    shown: float
    stated: float


def false_claims(arms: SimulatedArms, runs: int) -> float:
    """The share of runs in which equal arms are shown to differ."""
    shown = [_verdict(found) != "not shown" for found in _runs(arms, runs)]
    return float(np.mean(shown))


def power(arms: SimulatedArms, runs: int) -> SimulatedPower:
    """The share of runs in which the first arm is shown to be better."""
    found = list(_runs(arms, runs))
    stated = [least for each in found if (least := least_difference(each)) is not None]
    shown = np.mean([_verdict(each) == "better" for each in found])
    return SimulatedPower(float(shown), float(np.median(stated)))


def _verdict(found: PairedDifference) -> str:
    return shown_as(found, found.p, higher_is_better=True)


def _runs(arms: SimulatedArms, runs: int) -> Iterator[PairedDifference]:
    for run in range(runs):
        first, second, groups = arms.drawn(np.random.default_rng(run))
        yield paired_difference(first, second, groups, passes=arms.passes is not None)


def _quantile(share: float) -> float:
    from scipy.stats import norm

    return float(norm.ppf(share))
