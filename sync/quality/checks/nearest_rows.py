"""The nearest rows of each row: exact, of a sample where there are many."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings

# rows that others are compared with; more of them make a neighbour nearer, and hardly a finding
MOST = 4_096
# rows at a time: 16 MB of products
_TILE = 1_024


@dataclass(frozen=True)
class Neighbours:
    """The nearest of each row, the nearest first.

    Attributes:
        rows: (n, k) among those that were compared with.
        similarity: (n, k), cosine, rounded so that no other number of cores changes an order.
    """

    rows: NDArray[np.int64]
    similarity: NDArray[np.float64]


def sample_of(n: int, most: int = MOST, seed: int = 0) -> NDArray[np.int64]:
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


def nearest_others(vectors: Embeddings, k: int) -> Neighbours:
    """The k rows of a set that are most similar to each of its rows, itself apart.

    Args:
        vectors: (n, dim), of length 1, or zeros; n is 2 at least.
        k: fewer where the set has no more.

    Returns:
        Rows of the set; of a sample of it where there are many.
    """
    sample = sample_of(len(vectors))
    place = np.full(len(vectors), -1, np.int64)
    place[sample] = np.arange(len(sample))
    near = nearest_rows(vectors, vectors[sample], min(k, len(sample) - 1), own=place)
    return Neighbours(sample[near.rows], near.similarity)
