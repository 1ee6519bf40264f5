"""Agreement beside alpha: share of equal pairs, Cohen's kappa, Gwet's AC1, one category at a time.

Pure functions of counts (n_units, n_values) or of two annotators' values.
"""

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sync.quality.agreement.krippendorff import Counts

Values = NDArray[np.int64]


def agreed_share(counts: Counts, far: NDArray[np.float64] | None = None) -> float | None:
    """Share of pairs of values of one unit that are the same; None without a pair.

    Args:
        far: (n_values, n_values) in [0, 1], how far two values are apart; by default wholly.
    """
    given = counts.sum(axis=1)
    pairs = float((given * (given - 1)).sum())
    if not pairs:
        return None
    if far is None:
        return float((counts * (counts - 1)).sum()) / pairs
    return 1.0 - float((counts * (counts @ far)).sum()) / pairs


def gwet_ac1(counts: Counts, categories: int | None = None) -> float | None:
    """Gwet's AC1 of any number of annotators, some of them missing.

    Chance is the share of units that are hard to judge, so it does not run to 1 where nearly all
    values are the same (Gwet 2008, British Journal of Mathematical and Statistical Psychology 61).

    Args:
        counts: (n_units, n_values); units with one value tell how frequent it is.
        categories: how many there were to choose from; by default those that were used.

    Returns:
        None where no unit has two values. With one category only there is no chance: 1.
    """
    given = counts.sum(axis=1)
    counts, given = counts[given > 0], given[given > 0]
    several = given >= 2
    if not several.any():
        return None
    of = (counts * (counts - 1)).sum(axis=1)[several] / (given * (given - 1))[several]
    observed = float(of.mean())
    used = int((counts.sum(axis=0) > 0).sum())
    number = max(used, categories or used)
    if number < 2:
        return 1.0
    share = (counts / given[:, None]).mean(axis=0)
    chance = float((share * (1 - share)).sum()) / (number - 1)
    return (observed - chance) / (1 - chance)


def cohen_kappa(one: Values, other: Values, values: int, *, ordered: bool) -> float | None:
    """Cohen's kappa of two annotators on the units that both judged, by scikit-learn.

    Args:
        one, other: (n,) indices of values.
        values: how many there are.
        ordered: a greater distance counts more, by its square.

    Returns:
        None where it is undefined: both always gave one and the same value.
    """
    from sklearn.metrics import cohen_kappa_score

    if not len(one) or (len(np.unique(np.concatenate([one, other]))) < 2):
        return None
    weights = "quadratic" if ordered else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an undefined one is told by its value
        found = float(cohen_kappa_score(one, other, labels=range(values), weights=weights))
    return found if np.isfinite(found) else None


def one_against_rest(counts: Counts, value: int) -> Counts:
    """(n_units, 2): how often a value was given, and how often another."""
    mine = counts[:, value]
    return np.column_stack([counts.sum(axis=1) - mine, mine])


def specific_agreement(counts: Counts, value: int) -> float | None:
    """Of two who judged a unit, one of whom gave this value: how often the other gave it, too.

    (Fleiss 1975's proportion of specific agreement.) None where nobody gave it.
    """
    mine, given = counts[:, value], counts.sum(axis=1)
    chances = float((mine * (given - 1)).sum())
    return float((mine * (mine - 1)).sum()) / chances if chances else None


def counted(given: NDArray[np.int64], values: int) -> Counts:
    """(n_units, values): how many annotators gave each value.

    Args:
        given: (n_units, n_annotators) indices of values, -1 where one gave none.
    """
    units, annotators = np.nonzero(given >= 0)
    place = units * values + given[units, annotators]
    found = np.bincount(place, minlength=len(given) * values)
    return found.reshape(len(given), values).astype(np.float64)


def set_coded(sets: Sequence[frozenset[str]], label: str) -> Values:
    """(n,): 1 where a set holds the label, else 0."""
    return np.array([int(label in each) for each in sets], dtype=np.int64)
