"""Batches on their way, without Ray."""

from collections.abc import Iterator

import pyarrow as pa
import pytest

from sync.compute import EngineError
from sync.compute.travel import apply, packed, unpacked, windows


def numbers(*sizes: int) -> Iterator[pa.Table]:
    """Batches of so many bytes each, or about that."""
    for size in sizes:
        yield pa.table({"text": ["x" * size]})


@pytest.mark.parametrize(
    ("most", "most_bytes", "expected"),
    [(2, 10**9, [2, 2, 1]), (5, 10**9, [5]), (9, 10**9, [5]), (9, 20_000, [3, 2]), (9, 1, [1] * 5)],
)
def test_a_window_holds_so_many_batches_or_bytes(
    most: int, most_bytes: int, expected: list[int]
) -> None:
    sizes = (9_000, 9_000, 9_000, 9_000, 9_000)
    assert [len(w) for w in windows(numbers(*sizes), most, most_bytes)] == expected
    assert list(windows(numbers(), most, most_bytes)) == []


def test_no_more_is_read_ahead_than_a_window() -> None:
    read: list[int] = []

    def batches() -> Iterator[pa.Table]:
        for batch in numbers(*range(10)):
            read.append(batch.num_rows)
            yield batch

    next(windows(batches(), 4, 10**9))
    assert len(read) == 4


def test_a_table_comes_as_it_went_whatever_is_in_it() -> None:
    batch = pa.table(
        {"n": [1, None], "v": [[1.5, 2.5], []], "s": [{"a": "é"}, None]}
    ).replace_schema_metadata({"k": "v"})
    returned = pa.table({"batch": packed(batch)["batch"], "error": pa.array([None], pa.binary())})
    assert unpacked(returned).equals(batch, check_metadata=True)


def test_a_worker_with_another_version_refuses() -> None:
    row = apply(packed(pa.table({"n": [1]})), None, "0.0.0")  # type: ignore[arg-type]
    with pytest.raises(EngineError, match=r"here is 0\.0\.0; install the same version on every"):
        unpacked(row)
