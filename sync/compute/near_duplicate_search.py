"""Near-duplicates searched on an engine: blocks of rows, each against all that come before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from connectors.reading import Embeddings
from sync.compute import Engine, LocalEngine
from sync.compute.similarity import (
    Sketched,
    first_earlier,
    first_staying,
    similarities,
    sketched,
)

# rows a batch
_BLOCK = 2048


@dataclass(frozen=True)
class _FirstEarlier:
    """Batch of `row` -> batch of `earliest`, see `first_earlier`; it holds all rows."""

    sets: tuple[Sketched, ...]
    threshold: float

    def __call__(self, batch: pa.Table) -> pa.Table:
        everything = np.arange(len(self.sets[0].vectors))
        rows = batch["row"].to_numpy()
        earliest = first_earlier(self.sets, rows, everything, self.threshold)
        return pa.table({"earliest": earliest})


def first_near(
    vectors: Sequence[Embeddings],
    threshold: float,
    stays: NDArray[np.bool_],
    engine: Engine,
) -> dict[int, tuple[int, float]]:
    """Which rows to drop, since they are near an earlier one that stays.

    Exact; of rows that are near each other the first stays. A row is dropped for one that stays,
    never for one that is dropped itself. Memory does not grow with the number of near pairs.

    Args:
        vectors: (n, dim) each, rows of length 1 or zeros; two rows are as similar as in the least
            similar of them.
        threshold: least cosine similarity, in (-1, 1].
        stays: (n,): rows that stay whatever they are near.
        engine: compares blocks of rows; few rows are compared here.

    Returns:
        row -> the first earlier row that stays and is near, and their similarity.
    """
    if not len(stays):
        return {}
    sets = tuple(sketched(one) for one in vectors)
    asked = np.flatnonzero(~stays)
    where = engine if len(asked) > _BLOCK else LocalEngine()
    earliest = np.full(len(stays), -1, dtype=np.int64)
    results = where.map_batches(blocks(asked), _FirstEarlier(sets, threshold))
    earliest[asked] = np.concatenate([np.empty(0, np.int64), *(r["earliest"] for r in results)])
    first = first_staying(sets, earliest, stays, threshold)
    dropped = np.flatnonzero(first >= 0)
    similarity = similarities(sets, first[dropped], dropped)
    found = zip(first[dropped].tolist(), similarity.tolist(), strict=True)
    return dict(zip(dropped.tolist(), found, strict=True))


def blocks(rows: NDArray[np.int64]) -> Iterator[pa.Table]:
    """Rows as batches of `row`, each to be compared with all rows."""
    for start in range(0, len(rows), _BLOCK):
        yield pa.table({"row": rows[start : start + _BLOCK]})
