"""Arrow columns out of Python values, times back, and tables out of what the table library gives.

`pyarrow.array` and `pyarrow.table` import pandas to see whether they are given a piece of that,
which takes as long as a whole pull of what changed; these functions do not.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import arro3.core
import pyarrow as pa

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """Numbers, texts, truth values or times; None for no value."""
    if pa.types.is_timestamp(kind):
        return array([None if at is None else microseconds(at) for at in values], pa.int64()).cast(
            kind
        )
    return pa.array(arro3.core.Array(values, kind))


def whole_table(stream: Any) -> pa.Table:
    """What the table library answers, read to its end."""
    return pa.RecordBatchReader.from_stream(stream).read_all()


def times(column: pa.ChunkedArray) -> list[datetime]:
    """A column of times in microseconds, of which none is missing."""
    return [moment_of(us) for us in column.cast(pa.int64()).to_pylist()]


def microseconds(at: datetime) -> int:
    """Since 1970, in UTC."""
    return (at - _EPOCH) // _MICROSECOND


def moment_of(microseconds_since: int) -> datetime:
    """The time so many microseconds after 1970 began."""
    return _EPOCH + microseconds_since * _MICROSECOND
