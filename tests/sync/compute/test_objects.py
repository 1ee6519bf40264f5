"""Batches of objects: as they are in this process, as Arrow on any other engine."""

from collections.abc import Iterable, Iterator

import pyarrow as pa

from sync.compute import BatchFunction, LocalEngine
from sync.compute.objects import OverArrow, map_objects

Words = list[str]


class Elsewhere:
    """An engine that is given tables only."""

    def __init__(self) -> None:
        self.history: list[pa.Table] = []

    def map_batches(
        self, batches: Iterable[pa.Table], function: BatchFunction
    ) -> Iterator[pa.Table]:
        for batch in batches:
            self.history.append(batch)
            yield function(batch)


def to_arrow(words: Words) -> pa.Table:
    return pa.table({"word": pa.array(words, pa.string())})


def from_arrow(table: pa.Table) -> Words:
    found: Words = table["word"].to_pylist()
    return found


def louder(words: Words) -> Words:
    return [word.upper() for word in words]


def test_the_same_here_and_elsewhere() -> None:
    engine = Elsewhere()
    over = OverArrow(louder, to_arrow, from_arrow)
    batches = [["a", "b"], [], ["c"]]
    assert list(map_objects(LocalEngine(), batches, over)) == [["A", "B"], [], ["C"]]
    assert list(map_objects(engine, batches, over)) == [["A", "B"], [], ["C"]]
    assert [table.num_rows for table in engine.history] == [2, 0, 1]


def test_in_this_process_objects_stay_the_same() -> None:
    batch = ["a"]
    (same,) = map_objects(LocalEngine(), [batch], OverArrow(_given, to_arrow, from_arrow))
    assert same is batch


def test_batches_are_read_as_they_are_asked_for() -> None:
    read: list[str] = []

    def batches() -> Iterator[Words]:
        for name in "abc":
            read.append(name)
            yield [name]

    for engine in (LocalEngine(), Elsewhere()):
        read.clear()
        next(map_objects(engine, batches(), OverArrow(louder, to_arrow, from_arrow)))
        assert read == ["a"]


def _given(words: Words) -> Words:
    return words
