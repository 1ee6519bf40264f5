"""Parquet: rows read a batch at a time."""

from collections.abc import Iterator
from pathlib import Path

from sync.common.errors import SourceError
from sync.intake.sources.columns import check_columns
from sync.intake.sources.compression import no_text
from sync.intake.sources.row import BATCH, BrokenRow, Row, arrow_rows
from sync.settings.sources import SourcesSection

_BUFFER = 1 << 20  # bytes read at a time, in place of a whole column


def rows(path: Path, settings: SourcesSection, notes: list[str]) -> Iterator[Row | BrokenRow]:
    """A file's rows.

    Raises:
        SourceError: no Parquet, columns that lack what is needed, or a field JSON can't hold.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with path.open("rb") as raw:
        try:
            file = pq.ParquetFile(raw, buffer_size=_BUFFER, pre_buffer=False)
            check_columns(file.schema_arrow.names, settings, str(path), lists=True)
            yield from arrow_rows(file.iter_batches(batch_size=BATCH), str(path))
        except pa.ArrowException as error:
            raw.seek(0)
            said = no_text(raw.read(32)) or str(error).splitlines()[0]
            raise SourceError(f"{path}: not Parquet that can be read ({said})") from error
