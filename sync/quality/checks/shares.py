"""Shares of a count: intervals, and exact tests of whether one is higher than another.

Arithmetic on counts; which shares are worth a finding is for the checks to say.
"""

import math
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

_P = TypeVar("_P", float, float | None)

# of a normal distribution, for 95 % between two limits
_Z = 1.959963984540054


def interval(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share, in [0, 1] (Wilson, 1927); all of it for no count."""
    if not of:
        return 0.0, 1.0
    share, room = hits / of, _Z**2 / of
    middle = share + room / 2
    spread = _Z * math.sqrt(share * (1 - share) / of + room / (4 * of))
    return max(0.0, (middle - spread) / (1 + room)), min(1.0, (middle + spread) / (1 + room))


def told(hits: int, of: int) -> str:
    """`12 of 40 (30%, 18 to 45%)`."""
    low, high = interval(hits, of)
    return f"{hits} of {of} ({hits / of:.0%}, {low * 100:.0f} to {high:.0%})"


def holm(p_values: Sequence[_P]) -> list[_P]:
    """p-values of several tests at once, in their order, so that none is low by their number alone.

    Holm, 1979: the chance that any test of what is not so falls below a limit is that limit. None
    stays None and counts not.
    """
    from statsmodels.stats.multitest import multipletests

    known = [p for p in p_values if p is not None]
    if not known:
        return list(p_values)
    adjusted = iter(multipletests(known, method="holm")[1].tolist())
    return [p if p is None else float(next(adjusted)) for p in p_values]


def more_often(counts: Sequence[tuple[int, int, int, int]]) -> float:
    """p-value of hits that are not more frequent among one's own than among all, within strata.

    Fisher's exact test, one-sided; with several strata the exact one of Birch (1964): each
    stratum's number of hits is hypergeometric, and their sum is what is judged. So somebody who
    gets the hard tasks is compared with others at hard tasks.

    Args:
        counts: of each stratum: own hits, own, hits, all.
    """
    from scipy.stats import hypergeom

    chances = np.ones(1)
    least = 0
    for own_hits, own, hits, of in counts:
        lowest, highest = max(0, own + hits - of), min(own, hits)
        at = np.arange(lowest, highest + 1)
        chances = np.convolve(chances, hypergeom.pmf(at, of, hits, own))
        least += own_hits - lowest
    return float(min(1.0, chances[max(0, least) :].sum()))
