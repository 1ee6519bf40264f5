"""Tasks that ask nearly what another one asks: in the sources, or in the project.

Of tasks that are near each other the first one stays; what the project holds comes before what is
new. A task stays unless it is near one that stays, so a chain of small differences does not end in
one task.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from connectors.embedding import Embeddings

# rows compared at once
_ROWS = 1024
# what float32 may be wrong by
_ROUNDING = 1e-6


def first_near(
    vectors: Sequence[Embeddings],
    threshold: float,
    stays: NDArray[np.bool_],
    block: int = _ROWS,
) -> dict[int, tuple[int, float]]:
    """Which rows are near an earlier one that stays.

    Exact, and without a list of all pairs, of which there may be billions.

    Args:
        vectors: (n, dim) each, of unit rows or zeros; rows are as similar as in the least similar.
        threshold: least cosine similarity, in (0, 1].
        stays: (n,), rows that stay whatever they are like.
        block: rows compared at once; of no influence on the result.

    Returns:
        row -> the most similar of the earlier rows that stay, and their similarity.
    """
    near: dict[int, tuple[int, float]] = {}
    kept = _Kept(vectors)
    for start in range(0, len(stays), block):
        rows = np.arange(start, min(start + block, len(stays)))
        best, similarity = kept.nearest(rows)
        within = _similarity([v[rows] for v in vectors], [v[rows] for v in vectors])
        staying: list[int] = []
        for k, row in enumerate(rows.tolist()):
            if staying and within[k, staying].max() > similarity[k]:
                nearest = staying[int(within[k, staying].argmax())]
                best[k], similarity[k] = start + nearest, within[k, nearest]
            if stays[row] or similarity[k] < threshold - _ROUNDING:
                staying.append(k)
            else:
                near[row] = int(best[k]), float(similarity[k])
        kept.add(rows[staying])
    return near


class _Kept:
    """The rows that stay, side by side for fast products."""

    def __init__(self, vectors: Sequence[Embeddings]) -> None:
        self._vectors = vectors
        self._rows: list[NDArray[np.int64]] = []
        self._blocks: list[list[Embeddings]] = []

    def add(self, rows: NDArray[np.int64]) -> None:
        """Rows that stay, later than those before."""
        if not len(rows):
            return
        self._rows.append(rows)
        self._blocks.append([v[rows] for v in self._vectors])

    def nearest(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], Embeddings]:
        """(rows,) each: the most similar row that stays, the first of equals, and how similar."""
        best = np.full(len(rows), -1, dtype=np.int64)
        similarity = np.full(len(rows), -np.inf, dtype=np.float32)
        asked = [v[rows] for v in self._vectors]
        for kept_rows, block in zip(self._rows, self._blocks, strict=True):
            found = _similarity(asked, block)
            place = found.argmax(axis=1)
            highest = found[np.arange(len(rows)), place]
            better = highest > similarity
            best[better], similarity[better] = kept_rows[place[better]], highest[better]
        return best, similarity


def _similarity(one: Sequence[Embeddings], other: Sequence[Embeddings]) -> Embeddings:
    """(rows of one, rows of other): the least of the cosine similarities."""
    least: Embeddings = one[0] @ other[0].T
    for a, b in zip(one[1:], other[1:], strict=True):
        np.minimum(least, a @ b.T, out=least)
    return least
