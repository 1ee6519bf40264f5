"""Batch functions in this process: BLAS and torch use all cores by themselves."""

from collections.abc import Iterable, Iterator
from types import TracebackType

import pyarrow as pa

from sync.compute import BatchFunction


class LocalEngine:
    """The engine that needs nothing; works without `with` as well."""

    def __enter__(self) -> "LocalEngine":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Nothing was opened."""

    def map_batches(
        self, batches: Iterable[pa.Table], function: BatchFunction
    ) -> Iterator[pa.Table]:
        """See `Engine.map_batches`; one batch in memory at a time."""
        return map(function, batches)
