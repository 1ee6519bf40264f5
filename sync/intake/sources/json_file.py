"""JSON: a list of objects, or objects by id; and JSON Lines in a file named .json."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from sync.common.errors import SourceError
from sync.intake.sources import jsonl
from sync.intake.sources.json_list import KNOWN, elements
from sync.intake.sources.json_values import rest_of_object
from sync.intake.sources.row import BrokenRow, Row
from sync.intake.sources.text import open_text
from sync.settings.sources import SourcesSection

# characters; a longer first line is no line of JSON Lines but a document on one line
_LONGEST_FIRST_LINE = 1 << 20


def rows(path: Path, settings: SourcesSection, notes: list[str]) -> Iterator[Row | BrokenRow]:
    """A file's rows, read one at a time whatever the file's size.

    Raises:
        SourceError: not JSON, or of another form.
    """
    with open_text(path, settings.encoding, []) as text:
        first = _first_line(text)
        many = _is_line_of_many(first) or _is_one_of_spread(first, text)
    if many:
        notes.append(f"{path}: holds an object a line, so it was read as JSONL")
        yield from jsonl.rows(path, settings, notes)
        return
    opening = first.lstrip()[:1]
    if opening not in ("[", "{"):
        raise SourceError(f"{path}: {KNOWN}, found neither [ nor {{ at its beginning")
    yield from elements(path, settings, notes, is_list=opening == "[")


def _first_line(text: IO[str]) -> str:
    while line := text.readline(_LONGEST_FIRST_LINE):
        if line.strip():
            return line
    return ""


def _is_line_of_many(line: str) -> bool:
    """Whether a first line is a whole row: an object, and not one of objects by id."""
    return line.endswith("\n") and _is_row(line)


def _is_one_of_spread(first: str, rest: IO[str]) -> bool:
    """Whether a row stands over several lines, and after it comes another one."""
    if not first.lstrip().startswith("{") or len(first) >= _LONGEST_FIRST_LINE:
        return False
    text, _ = rest_of_object(first, enumerate(rest))
    return text is not None and _is_row(text) and _first_line(rest).lstrip().startswith("{")


def _is_row(text: str) -> bool:
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(held, dict) and not all(isinstance(value, dict) for value in held.values())
