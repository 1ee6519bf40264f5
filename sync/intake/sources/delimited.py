"""CSV and TSV: a header, then a row each."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from sync.common.errors import SourceError
from sync.common.wording import counted
from sync.intake.sources.columns import check_columns
from sync.intake.sources.delimiters import DELIMITERS, Header, header_of
from sync.intake.sources.quotes import Recorded, fault
from sync.intake.sources.row import BrokenRow, Row
from sync.intake.sources.text import open_text
from sync.settings.sources import SourcesSection


def rows(path: Path, settings: SourcesSection, notes: list[str]) -> Iterator[Row | BrokenRow]:
    """A file's rows; an empty field counts as missing.

    Yields:
        A row that has more or fewer fields than the header as broken.

    Raises:
        SourceError: a header that lacks what is needed, or a quote out of place, by line.
    """
    with open_text(path, settings.encoding, notes, newline="") as text:
        lines = Recorded(text)
        header = header_of(path, lines, settings, notes)
        where = f"{path}, line {header.line}"
        _check(header, settings, where)
        # strict, since a quote that is never closed would swallow the rows after it
        table = csv.reader(lines, delimiter=header.delimiter, strict=True)
        lines.begin()
        try:
            for fields in table:
                if fields:
                    yield _row(fields, header, f"{path}, line {lines.number}")
                lines.begin()
        except csv.Error as error:
            raise SourceError(f"{path}, {fault(error, lines, header.delimiter)}") from error


def _check(header: Header, settings: SourcesSection, where: str) -> None:
    check_columns(header.columns, settings, where, header.hint)
    if "context" in header.columns and "context" not in settings.columns.values():
        raise SourceError(
            f"{where}: a column 'context' holds one fact without a name; rename it to "
            "'context.NAME'"
        )


def _row(fields: Sequence[str], header: Header, where: str) -> Row | BrokenRow:
    if len(fields) != len(header.columns):
        sign = DELIMITERS.get(header.delimiter, header.delimiter)
        return BrokenRow(
            SourceError(
                f"{where}: expected {counted(len(header.columns), 'field')}; quote fields that "
                f"hold {sign} or line breaks (found {len(fields)})"
            ),
            where,
        )
    return Row(where, {n: v or None for n, v in zip(header.columns, fields, strict=True)})
