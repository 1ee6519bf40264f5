"""CSV and TSV: a header, then a row each."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sync.errors import SourceError
from sync.sources.columns import check_columns
from sync.sources.opening import COMPRESSED, open_bytes
from sync.sources.row import Row

if TYPE_CHECKING:
    from sync.sources.settings import SourcesSection


def rows(path: Path, settings: "SourcesSection", notes: list[str]) -> Iterator[Row]:
    """A file's rows; an empty field is none.

    Raises:
        SourceError: a header that lacks what is needed, or a row that doesn't fit it, by line.
    """
    with open_bytes(path) as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        # strict, since a quote that is never closed would swallow the rows after it
        table = csv.DictReader(text, delimiter=_delimiter(path, settings), strict=True)
        try:
            yield from _rows(path, settings, table)
        except csv.Error as error:
            raise SourceError(
                f"{path}, line {table.reader.line_num}: not CSV ({error}); "
                f"see that every quote is closed; texts of more than {csv.field_size_limit():,} "
                "characters need JSONL or Parquet"
            ) from error


def _delimiter(path: Path, settings: "SourcesSection") -> str:
    if settings.delimiter:
        return settings.delimiter
    name = path.with_suffix("") if path.suffix.lower() in COMPRESSED else path
    return "," if name.suffix.lower() == ".csv" else "\t"


def _rows(path: Path, settings: "SourcesSection", table: "csv.DictReader[str]") -> Iterator[Row]:
    columns = list(table.fieldnames or ())
    check_columns(columns, settings, f"{path}, line 1")
    if "context" in columns and "context" not in settings.columns.values():
        raise SourceError(
            f"{path}, line 1: a column 'context' holds one fact without a name; rename it to "
            "'context.NAME'"
        )
    for row in table:
        where = f"{path}, line {table.line_num}"
        if None in row or None in row.values():
            raise SourceError(
                f"{where}: expected {len(columns)} fields; "
                "quote fields that hold commas or line breaks"
            )
        yield Row(where, {name: value or None for name, value in row.items()})
