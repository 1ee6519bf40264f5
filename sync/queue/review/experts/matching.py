"""How many tasks of each kind go to whom: as many as can be, in balance, to who fits best.

A transport problem (Hitchcock, 1941) with prices that rise with what somebody has above their share
and below it. Its solutions are whole numbers at the corners, which the simplex method finds; solved
by HiGHS through `scipy.optimize.linprog`.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from connectors.extras import told

# how far from somebody's share a load is in balance, in parts of that share
BALANCED = 0.1
# up to which part of a share a task has which price; beyond the balance more than any difference in
# fit is worth
_BELOW = (
    (0.25, -500.0),
    (0.5, -400.0),
    (0.7, -300.0),
    (0.8, -200.0),
    (1 - BALANCED, -100.0),
    (1.0, -0.01),
)
_ABOVE = (
    (1.0, 0.0),
    (1 + BALANCED, 0.01),
    (1.2, 100.0),
    (1.3, 200.0),
    (1.5, 300.0),
    (1.75, 400.0),
    (2.0, 500.0),
    (3.0, 600.0),
    (math.inf, 700.0),
)
# what it costs that a task is nobody's: more than everything else
_NOBODY = 10_000.0

DealtTasks = NDArray[np.int64]


def match(
    tasks: Sequence[int],
    costs: NDArray[np.float64],
    hours: Sequence[float],
    held: Sequence[int],
    room: Sequence[int],
) -> DealtTasks:
    """Deal tasks out.

    Args:
        tasks: (kinds,) how many there are of each.
        costs: (kinds, experts) of one task, at least 0; infinite where the expert may not do it.
        hours: (experts,) their shares of the work, in any unit; each above 0.
        held: (experts,) tasks that they have already.
        room: (experts,) the most that they may have, with those.

    Returns:
        (kinds, experts): how many of each kind go to whom.

    Raises:
        MissingExtraError: scipy is not installed.
    """
    dealt = np.zeros((len(tasks), len(hours)), dtype=np.int64)
    kinds, experts = np.nonzero(np.isfinite(costs) & (np.asarray(tasks)[:, None] > 0))
    if not len(kinds):
        return dealt
    free = [max(most - has, 0) for most, has in zip(room, held, strict=True)]
    some = sum(number for place, number in enumerate(tasks) if np.isfinite(costs[place]).any())
    total = sum(held) + min(some, sum(free))
    shares = [total * each / sum(hours) for each in hours]
    bands = [
        (expert, *band)
        for expert, share in enumerate(shares)
        for band in _bands(share, held[expert], free[expert])
    ]
    found = _solve(tasks, costs, kinds, experts, bands)
    dealt[kinds, experts] = np.rint(found).astype(np.int64)
    return dealt


def apart(loads: Sequence[int], hours: Sequence[float]) -> float:
    """How far the load that is furthest from its share is from it, in parts of that share.

    A share is no whole number: what is less than a task from it is in balance.
    """
    total, worst = sum(loads), 0.0
    for load, own in zip(loads, hours, strict=True):
        share = total * own / sum(hours)
        if abs(load - share) >= 1:
            worst = max(worst, abs(load - share) / share)
    return worst


def deal(tasks: int, numbers: Sequence[int]) -> list[int | None]:
    """Who gets which of some tasks that are alike, so that all get early and late ones.

    Args:
        tasks: how many there are, the most urgent first.
        numbers: (experts,) how many each gets, together at most as many.

    Returns:
        (tasks,) the place of its expert; None: nobody's, the least urgent ones.
    """
    left = list(numbers)
    found: list[int | None] = []
    for _ in range(tasks):
        # whoever has most of theirs still to come
        who = max(
            range(len(left)),
            key=lambda each: (left[each] / numbers[each] if numbers[each] else 0.0, -each),
            default=None,
        )
        if who is None or left[who] == 0:
            found.append(None)
            continue
        left[who] -= 1
        found.append(who)
    return found


def _bands(share: float, held: int, free: int) -> list[tuple[int, float]]:
    """What somebody may still get, as pieces: how many tasks, and the price of each.

    Below the share a price is negative, and the lower the less they have: whoever has least gets
    first. What is less than a task from the share is in balance.
    """
    ends: list[tuple[float, float]] = [
        (min(math.floor(share), math.ceil(share * part)), price) for part, price in _BELOW
    ]
    ends += [
        (math.inf if math.isinf(part) else max(math.ceil(share), math.floor(share * part)), price)
        for part, price in _ABOVE
    ]
    bands: list[tuple[int, float]] = []
    reached, most = held, held + free
    for end, price in ends:
        width = int(min(end, most)) - reached
        if width > 0:
            bands.append((width, price))
            reached += width
    return bands


def _solve(
    tasks: Sequence[int],
    costs: NDArray[np.float64],
    kinds: NDArray[np.int64],
    experts: NDArray[np.int64],
    bands: Sequence[tuple[int, int, float]],
) -> NDArray[np.float64]:
    """(pairs,): how many tasks of a pair's kind go to its expert.

    Args:
        kinds: (pairs,) with `experts`: who may do what.
        bands: expert, how many tasks, the price of each.
    """
    with told("labeltune review with a table of experts"):
        from scipy.optimize import linprog
        from scipy.sparse import coo_array
    pairs = len(kinds)
    # a kind is dealt out at most once; what somebody gets of all kinds is what lies in their bands
    once = coo_array((np.ones(pairs), (kinds, np.arange(pairs))), (len(tasks), pairs + len(bands)))
    whose = np.array([expert for expert, _, _ in bands], dtype=np.int64)
    of_band = pairs + np.arange(len(bands))
    full = coo_array(
        (
            np.concatenate([np.ones(pairs), -np.ones(len(bands))]),
            (np.concatenate([experts, whose]), np.concatenate([np.arange(pairs), of_band])),
        ),
        (costs.shape[1], pairs + len(bands)),
    )
    solved = linprog(
        np.concatenate([costs[kinds, experts] - _NOBODY, [price for _, _, price in bands]]),
        A_ub=once.tocsr(),
        b_ub=np.asarray(tasks, dtype=float),
        A_eq=full.tocsr(),
        b_eq=np.zeros(costs.shape[1]),
        bounds=[(0, None)] * pairs + [(0, width) for _, width, _ in bands],
        method="highs-ds",
    )
    if not solved.success:  # nothing dealt is a solution, so there is one
        raise ArithmeticError(f"HiGHS found no way to deal tasks out: {solved.message}")
    return np.asarray(solved.x[:pairs])
