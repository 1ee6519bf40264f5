"""Batch functions in this process."""

from collections.abc import Iterator

import pyarrow as pa
import pytest

from sync.compute import ENGINES, EngineError, LocalEngine, engine_named


def doubled(batch: pa.Table) -> pa.Table:
    return pa.table({"n": [2 * n for n in batch["n"].to_pylist()]})


def test_each_batch_is_read_when_its_result_is_asked_for() -> None:
    read: list[int] = []

    def batches() -> Iterator[pa.Table]:
        for n in range(5):
            read.append(n)
            yield pa.table({"n": [n]})

    results = LocalEngine().map_batches(batches(), doubled)
    assert read == []
    assert [next(results)["n"].to_pylist(), next(results)["n"].to_pylist()] == [[0], [2]]
    assert read == [0, 1]


def test_an_error_of_the_function_comes_as_it_was_raised() -> None:
    with engine_named("local") as engine, pytest.raises(KeyError, match='"n"'):
        list(engine.map_batches([pa.table({"m": [1]})], doubled))


def test_an_unknown_engine_names_those_there_are() -> None:
    with pytest.raises(EngineError, match="no engine 'spark'; there are local, ray"):
        engine_named("spark")
    assert set(ENGINES) == {"local", "ray"}
