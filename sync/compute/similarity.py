"""Near-duplicates among unit vectors: exact at any size, in memory that does not grow with pairs.

Two vectors are near when their cosine similarity, computed in float64, reaches the threshold.
Hardly any two of a hundred thousand texts are, so most are told apart by short sketches: with V an
orthonormal basis of the directions in which the vectors vary most, x = Vp + r, and by Cauchy and
Schwarz x·y <= p·q + |r||s|. That bound is the product of the sketches (p, |r|) and (q, |s|), a
third as long as what it bounds. What it can't rule out is compared in full.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings

Rows = NDArray[np.int64]

# rows that are compared at once with how many others: 16 MB of products
TILE = (1024, 4096)
# a sketch's directions, and below how many rows they are not worth finding
_DIRECTIONS, _SAMPLE = 127, 4096
# pairs that are compared one by one rather than by the product of a whole tile
_FEW = 40_000
# a float32 vector of length 1 is a little longer or shorter than that
ROUNDING = 1e-6


@dataclass(frozen=True)
class Sketched:
    """Vectors, ready to be compared.

    Attributes:
        vectors: (n, dim), rows of length 1, or zeros.
        sketches: (n, k): the product of two is nowhere less than that of their vectors; the
            vectors themselves where those are short or few.
    """

    vectors: Embeddings
    sketches: Embeddings


@dataclass(frozen=True)
class Pairs:
    """Rows that are near each other, `first` before `second`, with their cosine similarity."""

    first: Rows
    second: Rows
    similarity: NDArray[np.float64]

    def among(self, rows: Rows, threshold: float) -> "Pairs":
        """Those of some rows, by their places among these, that are as similar as that.

        Args:
            rows: ascending.
            threshold: least cosine similarity, not below that of the search.
        """
        first, second = np.searchsorted(rows, self.first), np.searchsorted(rows, self.second)
        there = self.similarity >= threshold - ROUNDING
        for place, row in ((first, self.first), (second, self.second)):
            there &= np.append(rows, -1)[place] == row
        return Pairs(first[there], second[there], self.similarity[there])


def sketched(vectors: Embeddings) -> Sketched:
    """Find the directions in which a sample of the vectors varies most, and sketch all in them."""
    n, dim = vectors.shape
    if n < _SAMPLE or dim <= _DIRECTIONS + 1:
        return Sketched(vectors, vectors)
    sample = vectors[:: n // _SAMPLE].astype(np.float64)
    _, directions = np.linalg.eigh(sample.T @ sample)
    basis = directions[:, -_DIRECTIONS:]
    sketches = np.empty((n, _DIRECTIONS + 1), dtype=np.float32)
    for start in range(0, n, _SAMPLE):
        block = vectors[start : start + _SAMPLE].astype(np.float64)
        along = block @ basis
        rest = np.einsum("ij,ij->i", block, block) - np.einsum("ij,ij->i", along, along)
        sketches[start : start + _SAMPLE, :-1] = along
        sketches[start : start + _SAMPLE, -1] = np.sqrt(np.maximum(rest, 0.0))
    return Sketched(vectors, sketches)


def near_duplicate_pairs(embeddings: Embeddings, threshold: float) -> list[tuple[int, int, float]]:
    """Every pair of near rows as one list; `near_pairs` gives them in parts where there are many.

    Args:
        embeddings: (n, dim), rows of length 1.
        threshold: least cosine similarity, in (-1, 1].

    Returns:
        (i, j, similarity) with i < j, most similar first, then by i and j.
    """
    rows = np.arange(len(embeddings))
    found = [
        (-similarity, i, j)
        for pairs in near_pairs([sketched(embeddings)], rows, rows, threshold)
        for i, j, similarity in zip(
            pairs.first.tolist(), pairs.second.tolist(), pairs.similarity.tolist(), strict=True
        )
    ]
    return [(i, j, -distance) for distance, i, j in sorted(found)]


def near_pairs(
    sets: Sequence[Sketched], rows: Rows, others: Rows, threshold: float
) -> Iterator[Pairs]:
    """Each of `rows` with the later ones of `others` that it is near, some at a time.

    Args:
        sets: vectors of the same n things; two are as similar as in the least similar set.
        rows: ascending.
        others: ascending.
        threshold: least cosine similarity, in (-1, 1].
    """
    for some in _parts(rows, TILE[0]):
        for part in _parts(others[others > some[0]], TILE[1]):
            first, second = _near(sets, some, part, threshold)
            if len(first):
                yield Pairs(first, second, similarities(sets, first, second))


def first_earlier(sets: Sequence[Sketched], rows: Rows, others: Rows, threshold: float) -> Rows:
    """For each of `rows` the first of `others` that comes before it and is near, or -1.

    Args:
        sets, threshold: as for `near_pairs`.
        rows: ascending.
        others: ascending.
    """
    found = np.full(len(rows), -1, dtype=np.int64)
    for start in range(0, len(rows), TILE[0]):
        waiting = np.arange(start, min(start + TILE[0], len(rows)))
        # a few first, since those may do for rows that are all alike
        for part in _growing_parts(others[others < rows[waiting[-1]]], TILE[1]):
            near, those = _near(sets, part, rows[waiting], threshold)
            near, those = near[np.lexsort((near, those))], np.sort(those)
            hit, place = np.unique(those, return_index=True)
            found[np.searchsorted(rows, hit)] = near[place]
            waiting = waiting[found[waiting] < 0]
            if not len(waiting):
                break
    return found


def first_staying(
    sets: Sequence[Sketched], earliest: Rows, stays: NDArray[np.bool_], threshold: float
) -> Rows:
    """For each row the first earlier one that it is near and that stays, or -1 if it stays itself.

    A row stays when it is told to, or is near none that stays: so a chain of small differences
    does not end in one row.

    Args:
        sets, threshold: as for `near_pairs`.
        earliest: (n,): what `first_earlier` gives among all rows; anything for those told to stay.
        stays: (n,): rows that are told to stay.
    """
    staying = stays | (earliest < 0)
    found = np.where(staying, -1, earliest)
    # the others are near one that surely stays
    open_rows = np.flatnonzero(~staying & ~staying[earliest])
    for rows in _parts(open_rows, TILE[0]):
        before = np.flatnonzero(staying[: rows[-1]])
        earlier = first_earlier(sets, rows, before, threshold)
        among: dict[int, list[int]] = {}
        for pairs in near_pairs(sets, rows, rows, threshold):
            for i, j in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True):
                among.setdefault(j, []).append(i)
        for row, first in zip(rows.tolist(), earlier.tolist(), strict=True):
            options = [i for i in among.get(row, ()) if staying[i]]
            options += [first] if first >= 0 else []
            staying[row] = not options
            found[row] = min(options, default=-1)
    return found


def similarities(sets: Sequence[Sketched], first: Rows, second: Rows) -> NDArray[np.float64]:
    """(len(first),) cosine similarities, in float64: the same whatever they are computed beside."""
    least = np.full(len(first), np.inf)
    for one in sets:
        for start in range(0, len(first), _FEW // 4):
            part = slice(start, start + _FEW // 4)
            product = np.einsum(
                "ij,ij->i",
                one.vectors[first[part]].astype(np.float64),
                one.vectors[second[part]].astype(np.float64),
            )
            least[part] = np.minimum(least[part], product)
    return least


def _near(
    sets: Sequence[Sketched], rows: Rows, others: Rows, threshold: float
) -> tuple[Rows, Rows]:
    """Near pairs of a tile: of the rows, and of those of the others that come later."""
    least = threshold - ROUNDING
    # what a product of that many float32 numbers may be wrong by, with room
    slack = max(one.vectors.shape[1] for one in sets) * float(np.finfo(np.float32).eps)
    product = _products([one.sketches for one in sets], rows, others)
    place = np.flatnonzero(product >= least - slack)
    is_full = all(one.sketches is one.vectors for one in sets)
    if not is_full and len(place) > _FEW:
        is_full, product = True, _products([one.vectors for one in sets], rows, others)
        place = np.flatnonzero(product >= least - slack)
    first, second = rows[place // len(others)], others[place % len(others)]
    value = product.ravel()[place]
    in_order = first < second
    first, second, value = first[in_order], second[in_order], value[in_order]
    # of a bound even the highest proves nothing
    keep = value >= (least + slack if is_full else np.inf)
    doubtful = np.flatnonzero(~keep)
    keep[doubtful] = similarities(sets, first[doubtful], second[doubtful]) >= least
    return first[keep], second[keep]


def _products(sets: Sequence[Embeddings], rows: Rows, others: Rows) -> Embeddings:
    """(rows, others): the least of the sets' products."""
    least: Embeddings = sets[0][rows] @ sets[0][others].T
    for one in sets[1:]:
        np.minimum(least, one[rows] @ one[others].T, out=least)
    return least


def _parts(rows: Rows, size: int) -> Iterator[Rows]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _growing_parts(rows: Rows, size: int) -> Iterator[Rows]:
    first = 64
    while len(rows):
        yield rows[:first]
        rows, first = rows[first:], min(4 * first, size)
