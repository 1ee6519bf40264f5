"""JSON Lines: an object a line; objects over several lines are read where they must be that."""

import json
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from sync.common.errors import SourceError
from sync.common.json_text import json_type
from sync.intake.sources.compression import STDIN, shown
from sync.intake.sources.json_list import elements
from sync.intake.sources.json_values import DuplicateKeyError, Numbered, parse, rest_of_object
from sync.intake.sources.row import BrokenRow, Row
from sync.intake.sources.text import open_text
from sync.settings.sources import SourcesSection


def rows(path: Path, settings: SourcesSection, notes: list[str]) -> Iterator[Row | BrokenRow]:
    """A file's rows; blank lines are skipped.

    Yields:
        A line that is no JSON object as broken.
    """
    if path != STDIN and _is_list(path, settings):
        notes.append(f"{path}: begins with [, so it was read as one list and not line by line")
        yield from elements(path, settings, notes, is_list=True)
        return
    noted = False
    with open_text(path, settings.encoding, notes) as text:
        lines = _Lines(enumerate(text, start=1))
        name = shown(path)
        for number, line in lines:
            where = f"{name}, line {number}"
            try:
                yield _row(line, where)
                continue
            except SourceError as error:
                fault = error
            spread = lines.hopeful and _is_cut(fault) and _spread(line, lines, where)
            if spread and not noted:
                notes.append(
                    f"{shown(path)}: the object in line {number} stands over several lines "
                    "(pretty-printed), so such objects were read whole"
                )
                noted = True
            yield spread or BrokenRow(fault, where)


_MANY = 1000


class _Lines:
    """Lines that are not blank with their numbers; some may be put back.

    Attributes:
        hopeful: whether it is worth looking for the end of an object in later lines.
    """

    def __init__(self, numbered: Iterator[Numbered]) -> None:
        self.hopeful = True
        self._numbered = numbered
        self._back: deque[Numbered] = deque()

    def __iter__(self) -> Iterator[Numbered]:
        while True:
            numbered = self._back.popleft() if self._back else next(self._numbered, None)
            if numbered is None:
                return
            if numbered[1].strip():
                yield numbered

    def put_back(self, numbered: list[Numbered]) -> None:
        """Let these come next; where they were many, looking again would never end."""
        self.hopeful = len(numbered) < _MANY
        self._back.extendleft(reversed(numbered))


def _is_list(path: Path, settings: SourcesSection) -> bool:
    """Whether a file begins with the bracket of a list, which no line of JSON Lines does."""
    with open_text(path, settings.encoding, []) as text:
        first = text.read(1)
        while first.isspace():
            first = text.read(1)
        return first == "["


def _row(line: str, where: str) -> Row:
    line = line.rstrip()
    try:
        raw = parse(line)
    except json.JSONDecodeError as error:
        raise _NotJSONError(error, line, where) from error
    except DuplicateKeyError as error:
        raise SourceError(f"{where}: {error}") from error
    except (ValueError, RecursionError) as error:
        raise SourceError(
            f"{where}: JSON that Label Studio would refuse ({error}); "
            "correct or remove the line, then push again: nothing was sent"
        ) from error
    if not isinstance(raw, dict):
        raise SourceError(f"{where}: expected an object, found {json_type(raw)}")
    return Row(where, raw)


class _NotJSONError(SourceError):
    """A line that is no JSON.

    Attributes:
        ends_early: nothing is wrong with it but that it ends; the next lines may go on.
    """

    def __init__(self, error: json.JSONDecodeError, line: str, where: str) -> None:
        said = error.msg.removesuffix(" at")
        remedy = "correct or remove the line"
        if error.msg.startswith("Extra data") and line[error.pos :].strip() == ",":
            remedy = "write each object on a line of its own, without a comma after it"
        super().__init__(
            f"{where}: not JSON ({said} at column {error.colno}); "
            f"{remedy}, then push again: nothing was sent"
        )
        self.ends_early = error.pos >= len(line) and line.lstrip().startswith("{")


def _is_cut(fault: SourceError) -> bool:
    return isinstance(fault, _NotJSONError) and fault.ends_early


def _spread(line: str, lines: _Lines, where: str) -> Row | BrokenRow | None:
    """The row that begins in a line and ends in a later one; None where it does not."""
    text, taken = rest_of_object(line, iter(lines))
    if text is None:
        lines.put_back(taken)
        return None
    try:
        return _row(text, where)
    except SourceError as error:
        return BrokenRow(error, where)
