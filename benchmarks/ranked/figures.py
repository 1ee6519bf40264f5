"""How well numbers tell wrong drafts from right ones, with 95 % intervals by bootstrap."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SEED = 17
RESAMPLES = 2000
COVERAGES = (0.25, 0.5, 0.75, 1.0)

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
# (scores, wrong) of n drafts -> one figure
Figure = Callable[[Numbers, Flags], float]


@dataclass(frozen=True)
class Estimate:
    """A figure, and what it would be in 95 of 100 other samples of as many questions."""

    value: float
    low: float
    high: float

    def as_json(self) -> dict[str, float]:
        """The same, rounded."""
        return {name: round(getattr(self, name), 3) for name in ("value", "low", "high")}

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


def auroc(scores: Numbers, wrong: Flags) -> float:
    """How surely a wrong draft has a lower score than a right one; a tie counts half.

    Mann and Whitney's U; scikit-learn's gives the same and takes a hundred times as long, which
    counts where thousands of resamples are looked at. Likewise `auprc`.
    """
    from scipy.stats import rankdata

    many = int(wrong.sum())
    above = rankdata(-scores)[wrong].sum() - many * (many + 1) / 2
    return float(above / (many * (len(wrong) - many)))


def auprc(scores: Numbers, wrong: Flags) -> float:
    """Mean precision in finding wrong drafts, the lowest scores first; at random their share."""
    order = np.argsort(scores, kind="stable")
    found = np.cumsum(wrong[order])
    last = np.flatnonzero(np.diff(scores[order], append=np.inf))  # of drafts of one score
    precision = found[last] / (last + 1)
    return float(np.sum(np.diff(found[last], prepend=0) * precision) / found[-1])


def risk_at(scores: Numbers, wrong: Flags, coverage: float) -> float:
    """The share of wrong drafts among so many with the highest scores.

    Of drafts with the same score as the last that is taken, as many as still fit count by their
    mean.
    """
    return float(_risks(scores, wrong)[max(1, round(coverage * len(scores))) - 1])


def area_under_risk(scores: Numbers, wrong: Flags) -> float:
    """The mean of the risk over all coverages (Geifman and El-Yaniv 2017); low = good order."""
    return float(_risks(scores, wrong).mean())


def risk_coverage(scores: Numbers, wrong: Flags) -> tuple[Numbers, Numbers]:
    """Coverages and the risk at each: the curve."""
    risks = _risks(scores, wrong)
    return np.arange(1, len(risks) + 1) / len(risks), risks


def _risks(scores: Numbers, wrong: Flags) -> Numbers:
    """(n,): the share of wrong drafts among the 1, 2, … n highest scores; ties by their mean."""
    _, group = np.unique(-scores, return_inverse=True)
    mean = np.bincount(group, weights=wrong) / np.bincount(group)
    expected = np.sort(group)  # the group of each place, the highest scores first
    taken: Numbers = np.cumsum(mean[expected]) / np.arange(1, len(scores) + 1)
    return taken


def estimate(figure: Figure, scores: Numbers, wrong: Flags, resamples: int = RESAMPLES) -> Estimate:
    """A figure with its interval, by resampling questions (percentile bootstrap)."""
    return difference(lambda one, _, w: figure(one, w), scores, scores, wrong, resamples)


def difference(
    figure: Callable[[Numbers, Numbers, Flags], float],
    one: Numbers,
    other: Numbers,
    wrong: Flags,
    resamples: int = RESAMPLES,
) -> Estimate:
    """A figure of two scores of the same drafts, with its interval; the resamples are the same."""
    draws = np.random.default_rng(SEED)
    found = []
    for _ in range(resamples):
        chosen = draws.integers(0, len(wrong), len(wrong))
        if wrong[chosen].all() or not wrong[chosen].any():
            continue
        found.append(figure(one[chosen], other[chosen], wrong[chosen]))
    low, high = np.percentile(found, [2.5, 97.5])
    return Estimate(figure(one, other, wrong), float(low), float(high))


def figures_of(scores: Numbers, wrong: Flags, resamples: int = RESAMPLES) -> Mapping[str, object]:
    """Every figure of one score, by name, as JSON."""
    made = {
        "auroc": estimate(auroc, scores, wrong, resamples),
        "auprc": estimate(auprc, scores, wrong, resamples),
        "area_under_risk": estimate(area_under_risk, scores, wrong, resamples),
    }
    risks = {f"{share:.0%}": round(risk_at(scores, wrong, share), 3) for share in COVERAGES}
    return {**{name: one.as_json() for name, one in made.items()}, "risk_at_coverage": risks}
