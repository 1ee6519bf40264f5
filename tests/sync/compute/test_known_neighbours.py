"""The nearest of a set that was searched before, against what a fresh search finds."""

from pathlib import Path

import numpy as np
import pytest

from connectors.reading import Embeddings
from sync.compute.known_neighbours import SAMPLE, Neighbours, nearest_others

K = 10


def around(n: int, dim: int, seed: int) -> Embeddings:
    """Rows around eight centres, so that many are about as near as others."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(8, dim))[rng.integers(0, 8, n)] + rng.normal(0, 0.5, (n, dim))
    unit: Embeddings = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def same(one: Neighbours, other: Neighbours) -> bool:
    return np.array_equal(one.rows, other.rows) and np.array_equal(one.similarity, other.similarity)


def test_all_rows_of_a_small_set_are_compared() -> None:
    vectors = around(200, 24, 0)
    near = nearest_others(vectors, K)
    exact = vectors.astype(np.float64) @ vectors.T.astype(np.float64)
    np.fill_diagonal(exact, -1.0)
    best = -np.sort(-exact, axis=1)[:, :K]
    assert np.abs(near.similarity - best).max() < 1e-3
    assert np.abs(np.take_along_axis(exact, near.rows, axis=1) - best).max() < 2e-3
    assert (near.rows != np.arange(200)[:, None]).all()


@pytest.mark.parametrize("n", [2, 9, 17])
def test_a_set_of_few_rows_has_fewer_neighbours(n: int, tmp_path: Path) -> None:
    vectors = around(n, 8, 1)
    near = nearest_others(vectors, K, tmp_path / "nearest.arrow")
    assert near.rows.shape == (n, min(K, n - 1))
    assert all(sorted({*row, i}) == sorted([*row, i]) for i, row in enumerate(near.rows.tolist()))
    assert same(near, nearest_others(vectors, K, tmp_path / "nearest.arrow"))


def test_rows_that_are_the_same_are_neighbours_in_an_order_that_stays(tmp_path: Path) -> None:
    vectors = np.repeat(around(6, 8, 2), 9, axis=0)
    near = nearest_others(vectors, K, tmp_path / "nearest.arrow")
    assert (near.similarity[:, :8] > 0.999).all()
    assert same(near, nearest_others(vectors, K, tmp_path / "nearest.arrow"))


@pytest.mark.parametrize("change", ["edited", "gone", "new", "most"])
def test_after_a_change_the_nearest_are_those_of_a_fresh_search(
    change: str, tmp_path: Path
) -> None:
    """Of more rows than the sample has, so that some come into it and some go."""
    path = tmp_path / "nearest.arrow"
    vectors = around(SAMPLE + 400, 8, 3)
    assert same(nearest_others(vectors, K, path), nearest_others(vectors, K))
    for turn in range(2):
        rng = np.random.default_rng(turn)
        some = rng.choice(len(vectors), 2_000 if change == "most" else 60, replace=False)
        if change == "gone":
            vectors = np.delete(vectors, some, axis=0)
        elif change == "new":
            vectors = np.insert(vectors, some, around(len(some), 8, 10 + turn), axis=0)
        else:
            vectors = vectors.copy()
            vectors[some] = around(len(some), 8, 10 + turn)
        assert same(nearest_others(vectors, K, path), nearest_others(vectors, K))


def test_a_past_version_leaves_the_file_and_a_broken_one_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "nearest.arrow"
    vectors = around(60, 8, 4)
    nearest_others(vectors, K, path)
    before = path.read_bytes()
    nearest_others(vectors[:50], K, path, keep=False)
    assert path.read_bytes() == before
    path.write_bytes(before[: len(before) // 2])
    assert same(nearest_others(vectors, K, path), nearest_others(vectors, K))
    assert path.read_bytes() == before
