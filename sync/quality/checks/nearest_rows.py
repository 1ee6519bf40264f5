"""The nearest rows of each row: exact, of a sample where there are many."""

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings
from sync.compute.known_neighbours import SAMPLE, Neighbours

# rows at a time: 16 MB of products
_TILE = 1_024


def sample_of(n: int, most: int = SAMPLE, seed: int = 0) -> NDArray[np.int64]:
    """All of n rows, or so many of them at random, ascending; the same each time."""
    if n <= most:
        return np.arange(n)
    return np.sort(np.random.default_rng(seed).choice(n, most, replace=False))


def nearest_rows(
    rows: Embeddings,
    among: Embeddings,
    k: int,
    own: NDArray[np.int64] | None = None,
    below: float = np.inf,
) -> Neighbours:
    """The k rows of `among` that are most similar to each row.

    Args:
        rows: (n, dim), of length 1, or zeros.
        among: (m, dim), likewise, more than k.
        own: (n,): the place of each row in `among`, where it is no neighbour; -1: it is not there.
        below: what is at least as similar is the same once more, and no neighbour either; where
            fewer than k are left, the similarity of the rest is -1.

    Returns:
        Similarities rounded, so that no other number of cores changes an order.
    """
    found = np.empty((len(rows), k), np.int64)
    similarity = np.empty((len(rows), k))
    for start in range(0, len(rows), _TILE):
        part = slice(start, start + _TILE)
        products = np.round(rows[part] @ among.T, 5)
        if own is not None:
            mine = own[part]
            there = np.flatnonzero(mine >= 0)
            products[there, mine[there]] = -1.0
        products[products >= below] = -1.0
        nearest = np.argpartition(-products, k - 1, axis=1)[:, :k]
        values = np.take_along_axis(products, nearest, axis=1)
        order = np.lexsort((nearest, -values), axis=1)
        found[part] = np.take_along_axis(nearest, order, axis=1)
        similarity[part] = np.take_along_axis(values, order, axis=1)
    return Neighbours(found, similarity)
