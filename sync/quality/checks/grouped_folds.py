"""Folds for cross-validation that near-duplicates never straddle, each with its share of a class.

A model that has seen a row's near-duplicate has seen the row: it repeats its label, right or wrong.
scikit-learn's StratifiedGroupKFold does the same, in a time that grows with every single row.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings
from sync.compute.similarity import Pairs, near_pairs, sketched

# cosine similarity from which on two texts ask the same (ours)
NEAR_DUPLICATE = 0.95


def near_duplicate_groups(vectors: Embeddings, near: Pairs | None = None) -> NDArray[np.int64]:
    """(n,): the group of each row; whatever is near a row of a group belongs to it.

    Groups are numbered by their first rows, so that folds are the same however pairs were found.

    Args:
        vectors: (n, dim), rows of length 1.
        near: all pairs of them that are near, maybe less than that; by default they are searched.
    """
    if near is not None:
        each = np.arange(len(vectors))
        return _by_first_row(_linked(each, near.among(each, NEAR_DUPLICATE)))

    # a question that comes a thousand times has half a million pairs, and is one row here
    distinct, group = np.unique(vectors, axis=0, return_inverse=True)
    rows = np.arange(len(distinct))
    joined: NDArray[np.int64] = rows.copy()
    if len(rows):
        for pairs in near_pairs([sketched(distinct)], rows, rows, NEAR_DUPLICATE):
            joined = _linked(joined, pairs)
    return _by_first_row(joined[group.ravel()])


def _linked(groups: NDArray[np.int64], pairs: Pairs) -> NDArray[np.int64]:
    """(n,): the groups of rows, those of a pair made one."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ends = (groups[pairs.first], groups[pairs.second])
    edges = coo_array((np.ones(len(pairs.first)), ends), shape=(len(groups), len(groups)))
    found: NDArray[np.int64] = connected_components(edges, directed=False)[1].astype(np.int64)
    return found[groups]


def _by_first_row(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """(n,): the same groups; a lower number begins in a lower row."""
    _, first, group = np.unique(groups, return_index=True, return_inverse=True)
    number: NDArray[np.int64] = np.argsort(np.argsort(first))
    return number[group.ravel()]


def grouped_folds(
    labels: NDArray[np.int64], groups: NDArray[np.int64], folds: int, seed: int = 0
) -> NDArray[np.int64]:
    """(n,): the fold of each row; a group is in one fold.

    Groups of several rows are placed one by one, the largest first, where their classes are
    fewest; single rows then fill every class up evenly.

    Args:
        labels: (n,) class indices.
        groups: (n,): which rows belong together.
    """
    n_classes = int(labels.max()) + 1
    rng = np.random.default_rng(seed)
    filled = np.zeros((folds, n_classes), dtype=np.int64)
    found = np.full(len(labels), -1, dtype=np.int64)
    for rows in _several(groups, rng):
        own = np.bincount(labels[rows], minlength=n_classes)
        crowd = (filled[:, own > 0] * own[own > 0]).sum(axis=1)
        fold = min(range(folds), key=lambda f: (crowd[f], filled[f].sum(), f))
        found[rows] = fold
        filled[fold] += own
    for label in range(n_classes):
        rows = rng.permutation(np.flatnonzero((labels == label) & (found < 0)))
        # each takes the emptiest place that is left; ties go round by class, so folds stay even
        places = filled[:, label][:, None] + np.arange(len(rows))
        turn = (np.arange(folds) + label) % folds
        order = np.lexsort((np.repeat(turn, len(rows)), places.ravel()))[: len(rows)]
        found[rows] = order // max(len(rows), 1)
    return found


def seen_elsewhere(
    labels: NDArray[np.int64], folds: NDArray[np.int64], least: int
) -> NDArray[np.bool_]:
    """(n,): rows whose class stands at least so often in other folds, so that it can be learnt."""
    counts = np.zeros((int(folds.max()) + 1, int(labels.max()) + 1), dtype=np.int64)
    np.add.at(counts, (folds, labels), 1)
    return np.asarray(counts.sum(axis=0)[labels] - counts[folds, labels] >= least)


def _several(groups: NDArray[np.int64], rng: np.random.Generator) -> Sequence[NDArray[np.int64]]:
    """The rows of each group of two or more, the largest first."""
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=groups[order[:1]] - 1))
    each = [rows for rows in np.split(order, starts[1:]) if len(rows) > 1]
    mixed = [each[at] for at in rng.permutation(len(each))]
    return sorted(mixed, key=len, reverse=True)
