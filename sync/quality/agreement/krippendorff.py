"""Krippendorff's alpha: how much less annotators disagree than values dealt out at random would.

1 is perfect agreement, 0 what chance alone gives, below 0 worse than that. Any number of annotators
on any part of the units; a unit with one value has nothing to compare and counts for nothing
(Krippendorff 2004, Content Analysis, ch. 11; for sets Passonneau 2006).
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sync.quality.agreement.figures import BootstrapEstimate, MeasurementLevel

Counts = NDArray[np.float64]

RESAMPLES = 1000
# as many numbers as resamples may hold at once: 32 MB
_AT_ONCE = 4_000_000


def alpha(counts: Counts, level: MeasurementLevel, domain: Sequence[Any]) -> float | None:
    """Alpha of values counted by unit; None where they are all the same, or nothing is shared.

    Args:
        counts: (n_units, n_values): how many annotators gave each value.
        level: `nominal`, `ordinal`, `interval` or `set`.
        domain: (n_values,): in their order for `ordinal`, numbers for `interval`, frozensets for
            `set`.
    """
    shared = counts[counts.sum(axis=1) >= 2]
    if not len(shared):
        return None
    return _told(float(_alphas(shared, np.ones((1, len(shared))), level, domain)[0]))


def alpha_estimate(
    counts: Counts, level: MeasurementLevel, domain: Sequence[Any], seed: int = 0
) -> BootstrapEstimate | None:
    """Alpha with its 95 % interval: percentiles over units drawn with replacement.

    Args:
        counts, level, domain: as for `alpha`.
    """
    value = alpha(counts, level, domain)
    if value is None:
        return None
    shared = counts[counts.sum(axis=1) >= 2]
    drawn = [_alphas(shared, w, level, domain) for w in resamples(len(shared), seed)]
    return interval(value, np.concatenate([np.empty(0), *drawn]))


def interval(value: float, drawn: NDArray[np.float64]) -> BootstrapEstimate:
    """A figure with the middle 95 % of what resamples give; those that can't tell are left out."""
    told = drawn[np.isfinite(drawn)]
    if len(told) < RESAMPLES / 2:
        return BootstrapEstimate(value)
    low, high = np.quantile(told, [0.025, 0.975])
    return BootstrapEstimate(value, float(low), float(high))


def resamples(units: int, seed: int = 0) -> Iterator[NDArray[np.float64]]:
    """How often each unit is drawn in each of `RESAMPLES` resamples, some resamples at a time.

    Yields:
        (n, units); nothing of a single unit, which has no other to be replaced by.
    """
    if units < 2:
        return
    rng = np.random.default_rng(seed)
    some = max(1, _AT_ONCE // units)
    for start in range(0, RESAMPLES, some):
        rows = min(some, RESAMPLES - start)
        drawn = rng.integers(units, size=(rows, units)) + units * np.arange(rows)[:, None]
        yield np.bincount(drawn.ravel(), minlength=rows * units).reshape(rows, units).astype(float)


def set_distances(domain: Sequence[frozenset[str]]) -> NDArray[np.float64]:
    """(n, n): 1 less MASI, what two sets share by how far one holds the other.

    0 for equal sets, 1 for sets with nothing in common (Passonneau 2006, LREC).
    """
    far = np.ones((len(domain), len(domain)))
    for i, one in enumerate(domain):
        for j, other in enumerate(domain[: i + 1]):
            far[i, j] = far[j, i] = 1.0 - _masi(one, other)
    return far


def _masi(one: frozenset[str], other: frozenset[str]) -> float:
    if one == other:
        return 1.0
    common = len(one & other)
    monotonic = 2 / 3 if one <= other or other <= one else 1 / 3
    return common / len(one | other) * monotonic if common else 0.0


def _alphas(
    counts: Counts, weights: NDArray[np.float64], level: MeasurementLevel, domain: Sequence[Any]
) -> NDArray[np.float64]:
    """(n,): alpha of each resample; nan where chance can't be told.

    Args:
        counts: (n_units, n_values), two values or more a unit.
        weights: (n, n_units): how often each unit is drawn.
    """
    totals = weights @ counts
    if level == "ordinal":
        observed, expected = _ordinal(counts, weights, totals)
    else:
        far = _distances(level, domain)
        observed = weights @ (_weighted(counts, counts @ far) / (counts.sum(axis=1) - 1))
        expected = _weighted(totals, totals @ far)
    given = totals.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        found: NDArray[np.float64] = 1.0 - observed * (given - 1) / expected
    found[expected <= 0] = np.nan
    return found


def _ordinal(
    counts: Counts, weights: NDArray[np.float64], totals: Counts
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Observed and expected disagreement by ranks, which the values of each resample make anew."""
    n_values = counts.shape[1]
    products = np.einsum("uc,uk->uck", counts, counts).reshape(len(counts), -1)
    products /= (counts.sum(axis=1) - 1)[:, None]
    together = (weights @ products).reshape(len(weights), n_values, n_values)
    # how many values lie below the middle of each
    middle = np.cumsum(totals, axis=1) - totals / 2
    far = (middle[:, :, None] - middle[:, None, :]) ** 2
    expected = np.einsum("rc,rk,rck->r", totals, totals, far)
    return (together * far).sum(axis=(1, 2)), expected


def _distances(level: MeasurementLevel, domain: Sequence[Any]) -> NDArray[np.float64]:
    if level == "nominal":
        return 1.0 - np.eye(len(domain))
    if level == "interval":
        numbers = np.asarray(domain, dtype=np.float64)
        return np.asarray((numbers[:, None] - numbers[None, :]) ** 2)
    if level == "set":
        return set_distances(domain)
    raise ValueError(f"alpha knows nominal, ordinal, interval and set, not {level!r}")


def _weighted(counts: Counts, other: Counts) -> NDArray[np.float64]:
    return np.asarray((counts * other).sum(axis=1))


def _told(value: float) -> float | None:
    return value if np.isfinite(value) else None
