"""Shares of finished tasks that are reviewed: at random, and by risk.

Each task has a number of its own, the same on any day and machine, and is chosen where it is below
what its share says. So a run that is repeated chooses the same tasks, and a greater share holds all
of a smaller one's.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_ENOUGH = 1e-12


def task_number(key: str, purpose: str) -> float:
    """A task's number for one purpose, evenly spread over [0, 1).

    Args:
        key: its id from the source.
        purpose: such as `random`; the numbers of two purposes tell nothing of each other.
    """
    digest = hashlib.sha256(f"{purpose}:{key}".encode("utf-8", "surrogatepass")).digest()
    return (int.from_bytes(digest[:8]) >> 11) / 2**53


def task_numbers(keys: Sequence[str], purpose: str) -> NDArray[np.float64]:
    """(n,): the same of many."""
    return np.fromiter((task_number(key, purpose) for key in keys), np.float64, len(keys))


def chances_by_weight(weights: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """How likely each task is to be chosen, so that the share is chosen on average.

    In proportion to its weight, but never above 1: what a task can't take falls to the others.
    Sampling with inclusion probabilities proportional to size (Horvitz and Thompson, 1952), by
    numbers that are independent of each other (Poisson sampling).

    Args:
        weights: (n,) of at least 0.
        share: of all n, in [0, 1].

    Returns:
        (n,) in [0, 1]; together share x n, or as many tasks as have any weight.
    """
    chances = np.zeros(len(weights))
    certain = np.zeros(len(weights), dtype=bool)
    wanted = share * len(weights)
    while True:
        left = wanted - certain.sum()
        total = float(weights[~certain].sum())
        if left <= _ENOUGH or total <= 0:
            break
        chances[~certain] = weights[~certain] * (left / total)
        above = ~certain & (chances >= 1)
        if not above.any():
            break
        certain |= above
    chances[certain] = 1.0
    result: NDArray[np.float64] = np.clip(chances, 0.0, 1.0)
    return result
