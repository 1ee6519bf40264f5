"""Cold start: typical texts of every kind first, whatever was labelled before."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sync.queue.cold_start import clusters_for, cold_start

SIZES = (40, 25, 10)


@pytest.fixture
def vectors() -> NDArray[np.float32]:
    """Three kinds of text, of different size, around three directions at right angles."""
    draws = np.random.default_rng(1)
    rows = [np.eye(8)[kind] + draws.normal(0, 0.05, (size, 8)) for kind, size in enumerate(SIZES)]
    found = np.concatenate(rows).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def kinds() -> NDArray[np.int64]:
    return np.repeat(np.arange(len(SIZES)), SIZES)


def test_each_kind_sends_its_most_typical_text_large_kinds_first(
    vectors: NDArray[np.float32],
) -> None:
    order = cold_start(vectors, np.zeros(len(vectors), dtype=bool), 3)
    assert sorted(order.tolist()) == list(range(len(vectors)))
    assert kinds()[order[:9]].tolist() == [0, 1, 2] * 3
    for place in order[:3]:
        same = kinds() == kinds()[place]
        centre = vectors[same].mean(axis=0)
        distances = np.linalg.norm(vectors - centre, axis=1)
        assert distances[place] == distances[same].min()


def test_what_is_labelled_speaks_for_its_kind(vectors: NDArray[np.float32]) -> None:
    labelled = np.zeros(len(vectors), dtype=bool)
    labelled[[0, 1, 70]] = True  # two of the largest kind, one of the smallest
    order = cold_start(vectors, labelled, 3)
    assert sorted(order.tolist()) == np.flatnonzero(~labelled).tolist()
    assert kinds()[order[:4]].tolist() == [1, 1, 2, 0]


def test_an_order_that_is_made_again_goes_on_where_the_last_one_was(
    vectors: NDArray[np.float32],
) -> None:
    labelled = np.zeros(len(vectors), dtype=bool)
    whole = cold_start(vectors, labelled, 3)
    labelled[whole[:7]] = True
    assert cold_start(vectors, labelled, 3).tolist() == whole[7:].tolist()


def test_few_texts_and_none_are_ordered_too(vectors: NDArray[np.float32]) -> None:
    assert sorted(cold_start(vectors[:2], np.zeros(2, dtype=bool), 77).tolist()) == [0, 1]
    assert cold_start(vectors, np.ones(len(vectors), dtype=bool), 3).tolist() == []
    assert (clusters_for(10), clusters_for(500), clusters_for(10**6)) == (1, 10, 1000)
