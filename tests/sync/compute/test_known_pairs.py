"""Near pairs of a set that was compared before, against all that a fresh search finds."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.reading import Embeddings
from sync.compute import known_pairs
from sync.compute.known_pairs import all_near_pairs
from sync.compute.similarity import Pairs, near_duplicate_pairs

LIKE = 0.9


def told(pairs: Pairs | None) -> list[tuple[int, int, float]]:
    assert pairs is not None
    sides = (pairs.first.tolist(), pairs.second.tolist(), pairs.similarity.tolist())
    return list(zip(*sides, strict=True))


def vectors_of(numbers: list[int]) -> Embeddings:
    """A vector for each number; many of them are near each other, equal ones are the same."""
    angles = np.array(numbers) * 0.2
    return np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)


sets = st.lists(st.integers(0, 15), min_size=1, max_size=25)


@given(st.lists(sets, min_size=2, max_size=3))
def test_after_any_change_the_pairs_are_those_of_a_fresh_search(versions: list[list[int]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "near.arrow"
        for numbers in versions:
            vectors = vectors_of(numbers)
            found = told(all_near_pairs(vectors, LIKE, path))
            assert found == told(all_near_pairs(vectors, LIKE))
            assert sorted(found) == sorted(near_duplicate_pairs(vectors, LIKE))


def test_what_has_not_changed_is_taken_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "near.arrow"
    all_near_pairs(vectors_of([1, 2, 9]), LIKE, path)
    table = pa.ipc.open_file(pa.BufferReader(path.read_bytes())).read_all()
    marked = pa.ListArray.from_arrays(table["near"].combine_chunks().offsets, pa.array([0.91]))
    with pa.ipc.new_file(str(path), table.schema) as writer:
        writer.write_table(table.set_column(2, "similarity", marked))
    assert (0, 1, 0.91) in told(all_near_pairs(vectors_of([1, 2, 9, 10]), LIKE, path))
    # of another threshold nothing is known
    assert (0, 1, 0.91) not in told(all_near_pairs(vectors_of([1, 2, 9, 10]), 0.95, path))


def test_a_past_version_leaves_the_file_and_a_broken_one_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "near.arrow"
    all_near_pairs(vectors_of([1, 2]), LIKE, path)
    before = path.read_bytes()
    all_near_pairs(vectors_of([1, 2, 3]), LIKE, path, keep=False)
    assert path.read_bytes() == before
    path.write_bytes(before[:100])
    assert len(told(all_near_pairs(vectors_of([1, 2]), LIKE, path))) == 1
    assert path.read_bytes() == before


def test_more_pairs_than_memory_should_hold_are_not_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known_pairs, "MOST_PAIRS", 5)
    path = tmp_path / "near.arrow"
    assert all_near_pairs(vectors_of([1] * 4), LIKE, path) is None
    assert not path.exists()
    assert len(told(all_near_pairs(vectors_of([1] * 3), LIKE, path))) == 3


def test_among_some_rows_pairs_have_their_places() -> None:
    pairs = all_near_pairs(vectors_of([1, 9, 2, 10, 3]), LIKE)
    assert pairs is not None
    among = pairs.among(np.array([0, 2, 3, 4]), LIKE)
    assert [pair[:2] for pair in told(among)] == [(0, 1), (0, 3), (1, 3)]
    closer = pairs.among(np.arange(5), 0.97)
    assert [pair[:2] for pair in told(closer)] == [(0, 2), (1, 3), (2, 4)]
