"""The rows of a Parquet file as objects, a batch at a time, as `datasets` hands them to trainers.

A column that other rows have is null in a row without it, and so is each key of an object: what is
null is not there. Bytes, such as those of a picture, are told by their number alone.
"""

import datetime
import decimal
import os
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any, Literal

from sync.common.json_text import Json
from sync.training_files.formats.format import Fault

_BATCH = 256  # rows in memory
_BUFFER = 1 << 20  # bytes read at a time, in place of a whole column


class ParquetRows:
    """A file's rows.

    Attributes:
        unit: what one of them is called, before its number.
        size: bytes of the file.
        bom: never.
        cut: why the file could not be read to its end.
    """

    unit: Literal["example"] = "example"

    def __init__(self, file: IO[bytes], progress: Callable[[int], None] | None = None) -> None:
        """
        Args:
            file: opened for reading bytes; it can be sought in.
            progress: told the bytes read so far, now and then.
        """
        self._file = file
        self._progress = progress
        self.size = os.fstat(file.fileno()).st_size
        self.bom = False
        self.cut: Fault | None = None

    def parse(self, row: Json) -> Json | Fault:
        """A row is an object already."""
        return row

    def doubled(self, row: Json, quoted: int) -> Fault | None:
        """A row has each column once."""
        return None

    def none_doubled(self, rows: Sequence[Json], quoted: int) -> bool:
        """So have all rows."""
        return True

    def __iter__(self) -> Iterator[Json]:
        """Each row, without what is null."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        number = 0
        try:
            file = pq.ParquetFile(self._file, buffer_size=_BUFFER, pre_buffer=False)
            rows = file.metadata.num_rows
            for batch in file.iter_batches(batch_size=_BATCH):
                for row in batch.to_pylist():
                    number += 1
                    yield _plain(row)
                if self._progress:
                    self._progress(self.size * number // max(rows, 1))
        except (pa.ArrowException, OSError) as error:
            said = str(error).splitlines()[0]
            read = f"read as far as example {number:,}, and no further" if number else "not read"
            message = f"the file begins as Parquet and can't be taken for it ({said}); {read}"
            self.cut = Fault("parquet", f"{message}: fetch or write it again")


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if type(value) is str or value is None:
        return value
    if type(value) is dict:
        return {key: _plain(held) for key, held in value.items() if held is not None}
    if type(value) is list:
        return [_plain(held) for held in value]
    if type(value) is bytes:
        return {"bytes": len(value)}
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (decimal.Decimal, datetime.timedelta)):
        return str(value)
    return value
