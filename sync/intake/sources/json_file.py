"""JSON: a list of objects, or objects by id; and JSON Lines in a file named .json."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from sync.common.errors import SourceError
from sync.common.json_text import json_type
from sync.intake.sources import jsonl
from sync.intake.sources.json_values import DuplicateKeyError
from sync.intake.sources.pretty_json import rest_of_object
from sync.intake.sources.row import BrokenRow, Row
from sync.intake.sources.text import Utf8Bytes, open_text
from sync.settings.sources import SourcesSection

# characters; a longer first line is no line of JSON Lines but a document on one line
_LONGEST_FIRST_LINE = 1 << 20
# characters; of a larger file the reader's own words have to do
_LARGEST_EXPLAINED = 1 << 26
_STRICT = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_KNOWN = "expected a list of objects, or an object of objects by id"


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
        raise SourceError(f"{path}: {_KNOWN}, found neither [ nor {{ at its beginning")
    yield from elements(path, settings, notes, is_list=opening == "[")


def elements(
    path: Path, settings: SourcesSection, notes: list[str], *, is_list: bool
) -> Iterator[Row | BrokenRow]:
    """The rows of one list, or of one object of objects by id."""
    import ijson  # only JSON files need it

    with open_text(path, settings.encoding, notes) as text:
        file = Utf8Bytes(text)
        try:
            if is_list:
                items = ijson.items(file, "item", use_float=True, map_type=_Once)
                for number, item in enumerate(items, start=1):
                    yield _row(f"{path}, item {number}", item)
            else:
                for name, item in ijson.kvitems(file, "", use_float=True, map_type=_Once):
                    yield _row(f"{path}, {name!r}", item, name)
        except (ijson.JSONError, ValueError) as error:
            if file.misfit is not None:
                raise file.misfit from None
            said = _explained(path, settings) or str(error).splitlines()[0].strip()
            raise SourceError(
                f"{path}: not JSON ({said}); correct it, then push again: nothing was sent"
            ) from error


class _Once(dict[str, Any]):
    """An object that remembers a key which is set twice; the reader is many objects ahead.

    Attributes:
        twice: the key, where there is one.
        met: whether there was any such object, so that most files need not be looked through.
    """

    __slots__ = ("twice",)
    met = False

    def __setitem__(self, key: str, value: Any) -> None:
        if key in self:
            self.twice = key
            _Once.met = True
        dict.__setitem__(self, key, value)


def _twice(item: Any) -> str | None:
    """A key that stands twice in an object of an item."""
    if not _Once.met:
        return None
    if isinstance(item, _Once):
        found: str | None = getattr(item, "twice", None)
        return found or next(filter(None, map(_twice, item.values())), None)
    if isinstance(item, list):
        return next(filter(None, map(_twice, item)), None)
    return None


def _explained(path: Path, settings: SourcesSection) -> str | None:
    """What is wrong and in which line, as `json` says it; None where it finds nothing."""
    try:
        with open_text(path, settings.encoding, []) as text:
            held = text.read(_LARGEST_EXPLAINED)
            if text.read(1):
                return None
        json.loads(held)
    except json.JSONDecodeError as error:
        return f"{error.msg.removesuffix(' at')} at line {error.lineno}, column {error.colno}"
    except (ValueError, RecursionError):
        return None
    return None


def _row(where: str, item: Any, own_id: str | None = None) -> Row | BrokenRow:
    try:
        return Row(where, _plain(where, item, own_id))
    except SourceError as error:
        return BrokenRow(error, where, own_id)


def _plain(where: str, item: Any, own_id: str | None) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise SourceError(
            f"{where}: {_KNOWN}, found {json_type(item)}; put a single row between "
            "[ and ], and rows of a larger file into a list of their own"
        )
    try:
        if (key := _twice(item)) is not None:
            raise SourceError(f"{where}: {DuplicateKeyError(key)}")
        _STRICT.encode(item).encode()
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{where}: JSON that Label Studio would refuse ({error})") from error
    return item if own_id is None else {"id": own_id, **item}


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
