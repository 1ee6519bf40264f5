"""The sign between a table's columns: named by file or settings, or the only one that fits."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sync.intake.sources.columns import fits
from sync.intake.sources.compression import COMPRESSED
from sync.intake.sources.quotes import Recorded
from sync.settings.sources import SourcesSection, listed

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
# what Excel takes for a setting, and leaves out of the table
_SEP = re.compile(r'"?sep=([^"\r\n])"?\s*', re.IGNORECASE)
# a header of more lines has a quote that is never closed
_LONGEST = 100


@dataclass(frozen=True)
class Header:
    """The first row of a table.

    Attributes:
        line: where it ends.
        hint: on what stands between the columns, where it may be something else; else "".
    """

    columns: tuple[str, ...]
    delimiter: str
    line: int
    hint: str = ""


def header_of(path: Path, lines: Recorded, settings: SourcesSection, notes: list[str]) -> Header:
    """A table's header, with what stands between its columns.

    Another sign than the file's kind has is taken where the columns that are needed appear with
    it alone.

    Args:
        lines: of the table; those of the header are taken.
        notes: gets what was found out; added to.
    """
    by_kind = settings.delimiter or _by_suffix(path)
    text = _header_text(lines)
    says = _SEP.fullmatch(text[0]) if text else None
    if says is not None:
        if says[1] != by_kind:
            notes.append(f"{path}: its first line says sep={_visible(says[1])}, so it was read so")
        text = _header_text(lines)
        return Header(_columns(text, says[1]), says[1], lines.number or 1)
    found = Header(_columns(text, by_kind), by_kind, lines.number or 1)
    if fits(found.columns, settings):
        return found
    others = [
        Header(_columns(text, other), other, found.line) for other in DELIMITERS if other != by_kind
    ]
    fitting = [header for header in others if fits(header.columns, settings)]
    if len(fitting) == 1 and settings.delimiter is None:
        (only,) = fitting
        notes.append(
            f"{path}: its columns are separated by {DELIMITERS[only.delimiter]}, so it was read "
            f'so; sources.delimiter = "{_visible(only.delimiter)}" says it for good'
        )
        return only
    return _with_hint(found, fitting or others)


def _with_hint(found: Header, others: Sequence[Header]) -> Header:
    """The header, with a word on what may stand between its columns instead."""
    widest = max(others, key=lambda header: len(header.columns))
    if len(widest.columns) <= len(found.columns):
        return found
    hint = (
        f"with {DELIMITERS[widest.delimiter]} between them the columns are "
        f'{listed(widest.columns)}: set sources.delimiter = "{_visible(widest.delimiter)}"'
    )
    return Header(found.columns, found.delimiter, found.line, hint)


def _by_suffix(path: Path) -> str:
    name = path.with_suffix("") if path.suffix.lower() in COMPRESSED else path
    return "," if name.suffix.lower() == ".csv" else "\t"


def _header_text(lines: Recorded) -> list[str]:
    """The lines of the next row, whatever stands between its fields; blank ones are skipped."""
    held: list[str] = []
    for line in lines:
        if not held and not line.strip():
            continue
        held.append(line)
        if sum(each.count('"') for each in held) % 2 == 0 or len(held) == _LONGEST:
            break
    return held


def _columns(text: Sequence[str], delimiter: str) -> tuple[str, ...]:
    try:
        return tuple(next(csv.reader(text, delimiter=delimiter, strict=True), ()))
    except csv.Error:
        # whoever reads it so is told what it holds
        return tuple(next(csv.reader(text, delimiter=delimiter), ()))


def _visible(delimiter: str) -> str:
    return "\\t" if delimiter == "\t" else delimiter
