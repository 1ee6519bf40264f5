"""How far annotators mark the same parts of a text: F1 over characters, label by label.

For marks there is no chance to correct for: nearly every character is left unmarked by everybody,
and kappa then tends to F1 (Hripcsak and Rothschild 2005, JAMIA 12). Texts in which neither of two
annotators marked anything have no mark to compare, so they change nothing.
"""

from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from label_configs.control_values import MarkedSpan
from sync.quality.agreement.figures import BootstrapEstimate
from sync.quality.agreement.krippendorff import interval, resamples

MarkedSpans = frozenset[MarkedSpan]


def characters(marks: Iterable[MarkedSpan]) -> set[tuple[int, str]]:
    """Every marked character, once for each label: marks that touch or overlap are one."""
    return {(at, mark.label) for mark in marks for at in range(mark.start, mark.end)}


def overlap(one: MarkedSpans, other: MarkedSpans) -> tuple[int, int]:
    """Characters that both marked with the same label, times two; and all that either marked.

    F1 is the first over the second.
    """
    mine, theirs = characters(one), characters(other)
    return 2 * len(mine & theirs), len(mine) + len(theirs)


def overlap_f1(one: MarkedSpans, other: MarkedSpans) -> float | None:
    """F1 in [0, 1] of two annotators' marks in one text; None where neither marked anything."""
    common, marked = overlap(one, other)
    return common / marked if marked else None


def spans_estimate(
    units: Sequence[Sequence[MarkedSpans]], seed: int = 0
) -> BootstrapEstimate | None:
    """F1 over all pairs of annotators of all texts, with its interval over texts.

    Args:
        units: of each text the marks of every annotator.

    Returns:
        None where no pair marked anything.
    """
    sums = np.array([_sums(unit) for unit in units], dtype=np.float64).reshape(-1, 2)
    sums = sums[sums[:, 1] > 0].reshape(-1, 2)
    if not len(sums):
        return None
    drawn = [_f1(weights @ sums) for weights in resamples(len(sums), seed)]
    value = float(_f1(sums.sum(axis=0, keepdims=True))[0])
    return interval(value, np.concatenate([np.empty(0), *drawn]))


def _sums(unit: Sequence[MarkedSpans]) -> tuple[int, int]:
    pairs = [overlap(one, other) for one, other in combinations(unit, 2)]
    return sum(common for common, _ in pairs), sum(marked for _, marked in pairs)


def _f1(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(sums[:, 0] / sums[:, 1])
