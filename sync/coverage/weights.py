"""The arithmetic of targets: what every cell weighs, and how a total is shared out by weight.

Cells are an array with one axis a dimension.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# how many drafts a cell's own share of changed ones must rest on to count as much as the project's
# (ours)
PRIOR_DRAFTS = 10.0
_ROUNDS = 500
_CLOSE = 1e-10
_INDEPENDENT = 1e-3


def difficulty(drafted: Integers, changed: Integers) -> Floats:
    """The share of drafts that experts changed, in (0, 1), drawn towards the project's.

    The m-estimate (Cestnik 1990): (changed + m p) / (drafted + m), with m = `PRIOR_DRAFTS` and p
    the whole project's share by Laplace's rule, (changed + 1) / (drafted + 2). Without any draft
    every cell has 0.5, so that it makes no difference.

    Args:
        drafted: finished tasks that began with a draft, by cell.
        changed: those of them whose draft was edited, rewritten or rejected.
    """
    prior = (changed.sum() + 1.0) / (drafted.sum() + 2.0)
    found: Floats = (changed + PRIOR_DRAFTS * prior) / (drafted + PRIOR_DRAFTS)
    return found


def raked(weights: Floats, shares: Mapping[int, Floats]) -> Floats:
    """Weights whose sums along some axes are given, otherwise as near to what they were as can be.

    Iterative proportional fitting (Deming and Stephan 1940). A label that should have a share but
    weighs nothing is first given the mean weights of the others, or there would be nothing to
    scale.

    Args:
        weights: at least one is above 0.
        shares: axis -> what its labels should have of the whole, adding up to 1.

    Returns:
        Weights that add up to 1.
    """
    found = weights / weights.sum()
    for axis, wanted in shares.items():
        others = found.mean(axis=axis)
        empty = (margin(found, axis) == 0) & (wanted > 0)
        np.moveaxis(found, axis, 0)[empty] = others
    found = (1 - _INDEPENDENT) * found / found.sum() + _INDEPENDENT * _independent(found)
    for _ in range(_ROUNDS):
        furthest = 0.0
        for axis, wanted in shares.items():
            now = margin(found, axis)
            factors = np.divide(wanted, now, out=np.zeros_like(now), where=now > 0)
            furthest = max(furthest, float(np.abs(now - wanted).max()))
            found = found * _along(factors, axis, found.ndim)
        if furthest < _CLOSE:
            break
    scaled: Floats = found / found.sum()
    return scaled


def completed(named: Mapping[int, float], weights: Floats) -> Floats:
    """Shares of all labels: those that are named, and the rest by weight.

    Args:
        named: place -> share.
        weights: of each label; the rest is shared evenly where all of them weigh nothing.
    """
    shares = np.zeros_like(weights)
    for place, share in named.items():
        shares[place] = share
    free = np.ones(len(weights), dtype=bool)
    free[list(named)] = False
    if free.any():
        rest = np.where(free, weights, 0.0)
        rest = rest if rest.sum() else free.astype(np.float64)
        shares += (1.0 - shares.sum()) * rest / rest.sum()
    return shares


def apportioned(total: int, weights: Floats, minimum: int = 0) -> Integers:
    """A total in whole numbers, by weight; the largest remainders are rounded up (Hamilton).

    Args:
        weights: one a cell, in one dimension; evenly where all are 0.
        minimum: of every cell; `minimum * len(weights) <= total`.

    Returns:
        As many numbers, adding up to the total.
    """
    counts = np.zeros(len(weights), dtype=np.int64)
    free = np.ones(len(weights), dtype=bool)
    while free.any():
        left = total - counts[~free].sum()
        shared = np.where(free, weights, 0.0)
        shared = shared if shared.sum() else free.astype(np.float64)
        quotas = left * shared / shared.sum()
        below = free & (quotas < minimum)
        if not below.any():
            counts[free] = _rounded(quotas[free], int(left))
            break
        counts[below] = minimum
        free &= ~below
    return counts


def _rounded(quotas: Floats, total: int) -> Integers:
    # what is a whole number but for the last bit must not lose one
    floors = np.floor(quotas + 1e-9).astype(np.int64)
    left = total - int(floors.sum())
    order = np.argsort(-(quotas - floors), kind="stable")
    floors[order[:left]] += 1
    return floors


def _independent(weights: Floats) -> Floats:
    """The product of what each label weighs; the whole is 1."""
    found = np.ones_like(weights)
    for axis in range(weights.ndim):
        each = margin(weights, axis)
        found = found * _along(each / each.sum(), axis, weights.ndim)
    return found


def margin(weights: Floats | Integers, axis: int) -> Floats:
    """What each label along an axis weighs."""
    others = tuple(place for place in range(weights.ndim) if place != axis)
    found: Floats = weights.sum(axis=others, dtype=np.float64)
    return found


def _along(values: Floats, axis: int, dimensions: int) -> Floats:
    shape = [1] * dimensions
    shape[axis] = len(values)
    return values.reshape(shape)
