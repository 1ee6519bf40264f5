"""Near-duplicates against all products, which are the definition."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from connectors.reading import Embeddings
from sync.compute.similarity import (
    Sketched,
    first_earlier,
    first_staying,
    near_duplicate_pairs,
    near_pairs,
    similarities,
    sketched,
)


def unit(rows: object) -> Embeddings:
    vectors = np.asarray(rows, dtype=np.float32)
    norms: Embeddings = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / norms


def clustered(n: int, dim: int, clusters: int, spread: float, seed: int = 0) -> Embeddings:
    """Rows around so many centres; the spread decides how many of them are near each other."""
    rng = np.random.default_rng(seed)
    centres = unit(rng.normal(size=(clusters, dim)))
    return unit(centres[rng.integers(clusters, size=n)] + rng.normal(0, spread, (n, dim)))


def test_pairs_are_listed_once_most_similar_first() -> None:
    vectors = unit([[1, 0], [0, 1], [1, 0.1], [1, 0], [-1, 0]])
    pairs = near_duplicate_pairs(vectors, 0.9)
    assert [(i, j) for i, j, _ in pairs] == [(0, 3), (0, 2), (2, 3)]
    assert pairs[0][2] == pytest.approx(1.0)
    assert pairs[1][2] == pytest.approx(1 / np.sqrt(1.01))


@pytest.mark.parametrize("n", [0, 1])
def test_fewer_than_two_rows_have_no_pairs(n: int) -> None:
    assert near_duplicate_pairs(np.ones((n, 1), dtype=np.float32), 0.5) == []


def all_pairs(vectors: Embeddings, threshold: float) -> set[tuple[int, int]]:
    """By definition: every product in float64."""
    exact = vectors.astype(np.float64)
    first, second = np.nonzero(np.triu(exact @ exact.T >= threshold - 1e-6, k=1))
    return set(zip(first.tolist(), second.tolist(), strict=True))


THRESHOLDS = st.sampled_from([0.5, 0.9, 0.95, 0.999, 1.0])
FEW_ROWS = hnp.arrays(
    np.float32, st.tuples(st.integers(2, 30), st.integers(2, 6)), elements=st.integers(1, 9)
)


@given(FEW_ROWS, THRESHOLDS)
@settings(deadline=None)
def test_it_finds_exactly_the_pairs_that_all_products_show(
    raw: Embeddings, threshold: float
) -> None:
    vectors = unit(raw)
    found = near_duplicate_pairs(vectors, threshold)
    assert {(i, j) for i, j, _ in found} == all_pairs(vectors, threshold)
    assert found == sorted(found, key=lambda pair: (-pair[2], pair[0], pair[1]))


SPREADS = [
    pytest.param(0.005, id="clusters-of-duplicates"),
    pytest.param(0.02, id="near-the-threshold"),
    pytest.param(0.2, id="all-apart"),
]


@pytest.mark.parametrize("spread", SPREADS)
def test_sketches_lose_no_pair_and_add_none(spread: float) -> None:
    vectors = clustered(5000, 200, clusters=50, spread=spread)
    sketch = sketched(vectors)
    assert sketch.sketches.shape == (5000, 128)
    found = near_duplicate_pairs(vectors, 0.9)
    assert {(i, j) for i, j, _ in found} == all_pairs(vectors, 0.9)


def test_a_sketch_bounds_every_similarity() -> None:
    vectors = clustered(5000, 200, clusters=50, spread=0.1)
    sketch = sketched(vectors)
    few = slice(0, 1000)
    bound = sketch.sketches[few] @ sketch.sketches.T
    assert (bound >= vectors[few] @ vectors.T - 1e-5).all()
    assert (bound < 0.9).mean() > 0.9


def test_a_similarity_does_not_depend_on_what_it_is_computed_beside() -> None:
    vectors = [sketched(clustered(300, 37, clusters=3, spread=0.1))]
    first, second = np.triu_indices(300, k=1)
    together = similarities(vectors, first, second)
    order = np.random.default_rng(0).permutation(len(first))[:500]
    apart = [similarities(vectors, first[[k]], second[[k]])[0] for k in order]
    assert together[order].tolist() == apart


def test_things_are_as_similar_as_in_the_set_that_tells_them_apart() -> None:
    same, apart = unit([[1, 0], [1, 0], [1, 0]]), unit([[1, 0], [0, 1], [1, 0.1]])
    rows = np.arange(3)
    (pairs,) = near_pairs([sketched(same), sketched(apart)], rows, rows, 0.9)
    assert (pairs.first.tolist(), pairs.second.tolist()) == ([0], [2])
    assert pairs.similarity[0] == pytest.approx(1 / np.sqrt(1.01))


def staying_one_by_one(near: set[tuple[int, int]], stays: NDArray[np.bool_]) -> list[int]:
    """The definition: row after row, each against those that stay."""
    found: list[int] = []
    for row in range(len(stays)):
        options = [i for i in range(row) if found[i] < 0 and (i, row) in near]
        found.append(-1 if stays[row] or not options else options[0])
    return found


def staying(vectors: Embeddings, threshold: float, stays: NDArray[np.bool_]) -> list[int]:
    sets, rows = [sketched(vectors)], np.arange(len(vectors))
    earliest = first_earlier(sets, rows, rows, threshold)
    found: list[int] = first_staying(sets, earliest, stays, threshold).tolist()
    return found


@given(FEW_ROWS, THRESHOLDS, st.data())
@settings(deadline=None)
def test_of_near_rows_the_first_stays_and_those_that_must(
    raw: Embeddings, threshold: float, data: st.DataObject
) -> None:
    vectors = unit(raw)
    stays = data.draw(hnp.arrays(np.bool_, len(vectors)))
    expected = staying_one_by_one(all_pairs(vectors, threshold), stays)
    assert staying(vectors, threshold, stays) == expected


@pytest.mark.parametrize("spread", SPREADS)
def test_so_it_is_with_many_rows(spread: float) -> None:
    vectors = clustered(4500, 200, clusters=50, spread=spread)
    stays = np.random.default_rng(0).random(4500) < 0.01
    assert staying(vectors, 0.9, stays) == staying_one_by_one(all_pairs(vectors, 0.9), stays)


def test_a_chain_of_small_differences_does_not_end_in_one_row() -> None:
    angles = np.radians(np.arange(0, 90, 2.0))
    vectors = unit(np.stack([np.cos(angles), np.sin(angles)], axis=1))
    found = staying(vectors, float(np.cos(np.radians(5))), np.zeros(45, dtype=bool))
    assert [i for i, first in enumerate(found) if first < 0] == list(range(0, 45, 3))
    assert all(first in (-1, i - i % 3) for i, first in enumerate(found))


def test_rows_that_are_all_the_same_give_no_list_of_pairs() -> None:
    sets = [sketched(np.tile(unit([[1, 2, 3]]), (20_000, 1)))]
    rows = np.arange(20_000)
    assert first_earlier(sets, rows, rows, 0.9).tolist() == [-1, *itertools.repeat(0, 19_999)]
    longest = max(len(p.first) for p in itertools.islice(near_pairs(sets, rows, rows, 0.9), 3))
    assert longest < 5_000_000


def test_vectors_of_nothing_are_near_nothing() -> None:
    nothing = Sketched(np.zeros((3, 4), np.float32), np.zeros((3, 4), np.float32))
    rows = np.arange(3)
    assert list(near_pairs([nothing], rows, rows, 0.5)) == []
    assert first_earlier([nothing], rows[:0], rows, 0.5).tolist() == []
