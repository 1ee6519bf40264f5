"""Batches of Python objects on an engine: as they are in this process, as Arrow to any other."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from sync.compute import Engine, LocalEngine

if TYPE_CHECKING:
    import pyarrow as pa

Batch = TypeVar("Batch")


@dataclass(frozen=True)
class OverArrow(Generic[Batch]):
    """A function of batches of objects as a function of Arrow tables.

    Attributes:
        function: pure and picklable.
        to_arrow, from_arrow: functions of a module; one takes back what the other has done.
    """

    function: Callable[[Batch], Batch]
    to_arrow: "Callable[[Batch], pa.Table]"
    from_arrow: "Callable[[pa.Table], Batch]"

    def __call__(self, table: "pa.Table") -> "pa.Table":
        return self.to_arrow(self.function(self.from_arrow(table)))


def map_objects(
    engine: Engine, batches: Iterable[Batch], over: OverArrow[Batch]
) -> Iterator[Batch]:
    """One batch for each batch, in the same order, as they are asked for; see `Engine.map_batches`.

    In this process nothing is turned into Arrow and back.
    """
    if isinstance(engine, LocalEngine):
        return map(over.function, batches)
    return map(over.from_arrow, engine.map_batches(map(over.to_arrow, batches), over))
