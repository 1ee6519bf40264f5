"""How far probabilities of acceptance can be relied on: arithmetic on arrays."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# finished drafts in each bin of the calibration error, at least; and bins, at most
LEAST_IN_BIN = 50
MOST_BINS = 10
RESAMPLES = 500
_LEVEL = 95.0

Probabilities = NDArray[np.float64]
Accepted = NDArray[np.bool_]


@dataclass(frozen=True)
class ReliabilityBin:
    """Drafts of like probabilities.

    Attributes:
        predicted: their mean probability.
        accepted: the share of them that was accepted.
        n: how many they are.
    """

    predicted: float
    accepted: float
    n: int


@dataclass(frozen=True)
class Reliability:
    """How well probabilities foretold which drafts were accepted.

    Attributes:
        n: drafts.
        accepted: those that were accepted.
        auroc: how surely an accepted draft has a higher probability than another one: 0.5 = not at
            all, 1 = always. None where all or none were accepted.
        auroc_low: lower end of its 95 % interval, by bootstrap over groups of near-duplicates.
        auroc_high: upper end.
        calibration_error: expected calibration error in [0, 1], low is good.
        calibration_error_by_chance: what probabilities that are exactly right would show in the
            same bins, in the mean; less can't be asked of so few drafts.
        brier: mean squared error of the probabilities, low is good.
        edit_correlation: Spearman's, of the probability with the share of the draft that stood;
            1 = what is sure is changed least. None where nothing can be compared.
        bins: what a reliability plot shows.
    """

    n: int
    accepted: int
    auroc: float | None
    auroc_low: float | None
    auroc_high: float | None
    calibration_error: float
    calibration_error_by_chance: float
    brier: float
    edit_correlation: float | None = None
    bins: tuple[ReliabilityBin, ...] = ()


def reliability(
    probabilities: Probabilities,
    accepted: Accepted,
    edit_distances: Sequence[float | None] = (),
    groups: NDArray[np.int64] | None = None,
    seed: int = 0,
) -> Reliability:
    """Compare probabilities with what experts did.

    Args:
        probabilities: (n,), in [0, 1], of drafts that they were not learnt from; n >= 1.
        accepted: (n,).
        edit_distances: n, in [0, 1], or none.
        groups: (n,), numbers; drafts of one are near-duplicates. None: there are none.
        seed: of the resampling.
    """
    bins = calibration_bins(probabilities, accepted)
    low, high = _auroc_interval(probabilities, accepted, groups, seed)
    return Reliability(
        n=len(accepted),
        accepted=int(accepted.sum()),
        auroc=auroc(probabilities, accepted),
        auroc_low=low,
        auroc_high=high,
        calibration_error=calibration_error(bins),
        calibration_error_by_chance=_by_chance(probabilities, seed),
        brier=float(np.mean((probabilities - accepted) ** 2)),
        edit_correlation=_edit_correlation(probabilities, edit_distances),
        bins=bins,
    )


def auroc(
    probabilities: Probabilities, accepted: Accepted, weights: Probabilities | None = None
) -> float | None:
    """The area under the ROC curve; None where all or none were accepted.

    scikit-learn has it too, at a few milliseconds a call, which five hundred resamples can't spend.

    Args:
        weights: (n,), how often each draft counts; None: once.
    """
    counts = np.ones(len(accepted)) if weights is None else weights
    levels = np.unique(probabilities, return_inverse=True)[1]
    kept = np.bincount(levels, weights=counts * accepted)
    others = np.bincount(levels, weights=counts * ~accepted)
    pairs = kept.sum() * others.sum()
    if not pairs:
        return None
    below = np.cumsum(others) - others / 2  # of the same probability, half
    return float((kept * below).sum() / pairs)


def calibration_bins(
    probabilities: Probabilities, accepted: Accepted
) -> tuple[ReliabilityBin, ...]:
    """Drafts sorted by probability into bins of equal number, the lowest first.

    There are as many bins as hold 50 drafts each, at most 10 and at least 2: fewer drafts in a
    bin show chance, not calibration. Drafts of the same probability are in the same bin.

    Args:
        probabilities: (n,), n >= 1.
        accepted: (n,).
    """
    places = _places(probabilities)
    return tuple(
        ReliabilityBin(
            float(probabilities[inside].mean()), float(accepted[inside].mean()), int(inside.sum())
        )
        for inside in (places == place for place in np.unique(places))
    )


def calibration_error(bins: Sequence[ReliabilityBin]) -> float:
    """Expected calibration error: mean distance of probability and share accepted, by drafts.

    Naeini et al. (2015), "Obtaining Well Calibrated Probabilities Using Bayesian Binning"; bins of
    equal number as in Nixon et al. (2019), "Measuring Calibration in Deep Learning".
    """
    n = sum(each.n for each in bins)
    return sum(each.n * abs(each.predicted - each.accepted) for each in bins) / n


def _places(probabilities: Probabilities) -> NDArray[np.int64]:
    """The number of each draft's bin."""
    from scipy.stats import rankdata

    n = len(probabilities)
    bins = min(MOST_BINS, max(2, n // LEAST_IN_BIN))
    ranks: Probabilities = rankdata(probabilities)
    return np.floor((ranks - 0.5) / n * bins).astype(np.int64)


def _by_chance(probabilities: Probabilities, seed: int) -> float:
    """The mean calibration error of drafts that are accepted exactly with their probabilities."""
    places = _places(probabilities)
    counts = np.bincount(places)
    drawn = np.random.default_rng(seed).random((RESAMPLES, len(places))) < probabilities
    off = [np.bincount(places, weights=probabilities - each) for each in drawn]
    return float(np.abs(off).sum(axis=1).mean() / counts.sum())


def _auroc_interval(
    probabilities: Probabilities,
    accepted: Accepted,
    groups: NDArray[np.int64] | None,
    seed: int,
) -> tuple[float | None, float | None]:
    """The 95 % interval, by drawing whole groups with replacement."""
    if accepted.all() or not accepted.any():
        return None, None
    numbers = np.arange(len(accepted)) if groups is None else groups
    numbers = np.unique(numbers, return_inverse=True)[1]
    count = int(numbers.max()) + 1
    rng = np.random.default_rng(seed)
    drawn = (rng.multinomial(count, np.full(count, 1 / count)) for _ in range(RESAMPLES))
    found = [
        value
        for times in drawn
        if (value := auroc(probabilities, accepted, times[numbers].astype(np.float64))) is not None
    ]
    low, high = np.percentile(found, [(100 - _LEVEL) / 2, (100 + _LEVEL) / 2])
    return float(low), float(high)


def _edit_correlation(
    probabilities: Probabilities, edit_distances: Sequence[float | None]
) -> float | None:
    from scipy.stats import spearmanr

    known = [i for i, distance in enumerate(edit_distances) if distance is not None]
    stood = np.array([1 - (edit_distances[i] or 0.0) for i in known])
    told = probabilities[known]
    if len(known) < 3 or np.ptp(stood) == 0 or np.ptp(told) == 0:
        return None
    return float(spearmanr(told, stood).statistic)
