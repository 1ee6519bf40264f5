"""Near-duplicates on an engine; the arithmetic is tested in tests/connectors."""

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
import pytest

from sync.compute import BatchFunction
from sync.compute.near_duplicate_search import first_near
from tests.sync.compute.test_similarity import all_pairs, clustered, staying_one_by_one


class BackwardsEngine:
    """Runs the last batch first and gives the results in order; keeps the batches' sizes."""

    def __init__(self) -> None:
        self.history: list[int] = []

    def map_batches(
        self, batches: Iterable[pa.Table], function: BatchFunction
    ) -> Iterator[pa.Table]:
        asked = list(batches)
        self.history += [batch.num_rows for batch in asked]
        results = [function(batch) for batch in reversed(asked)]
        return reversed(results)


@pytest.mark.parametrize("n", [1, 100, 5000])
def test_each_dropped_row_names_the_first_that_stays(n: int) -> None:
    vectors = clustered(n, 16, clusters=20, spread=0.08)
    stays = np.arange(n) % 50 == 7
    engine = BackwardsEngine()
    found = first_near([vectors], 0.9, stays, engine)
    expected = staying_one_by_one(all_pairs(vectors, 0.9), stays)
    assert {row: first for row, (first, _) in found.items()} == {
        row: first for row, first in enumerate(expected) if first >= 0
    }
    for row, (first, similarity) in found.items():
        assert similarity == pytest.approx(float(vectors[row] @ vectors[first]), abs=1e-6)
    # few rows are not worth sending anywhere
    assert engine.history == ([2048, 2048, 804] if n == 5000 else [])


def test_nothing_is_near_nothing() -> None:
    nothing = np.empty((0, 4), dtype=np.float32)
    assert first_near([nothing], 0.9, np.empty(0, dtype=bool), BackwardsEngine()) == {}
