"""JSON: a list of objects, or objects by id; and JSON Lines in a file named .json."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sync.errors import SourceError
from sync.sources import jsonl
from sync.sources.opening import open_bytes
from sync.sources.row import Row

if TYPE_CHECKING:
    from sync.sources.settings import SourcesSection

# bytes; a longer first line is no line of JSON Lines but a document on one line
_LONGEST_FIRST_LINE = 1 << 20
_KNOWN = "expected a list of objects, or an object of objects by id"


def rows(path: Path, settings: "SourcesSection", notes: list[str]) -> Iterator[Row]:
    """A file's rows, read one at a time whatever the file's size.

    Raises:
        SourceError: not JSON, or of another form.
    """
    with open_bytes(path) as file:
        first = _first_line(file)
    if _is_line_of_many(first):
        notes.append(f"{path}: holds an object a line, so it was read as JSONL")
        yield from jsonl.rows(path, settings, notes)
        return
    opening = first.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if opening not in (b"[", b"{"):
        raise SourceError(f"{path}: {_KNOWN}, found neither [ nor {{ at its beginning")
    with open_bytes(path) as file:
        if file.read(3) != b"\xef\xbb\xbf":
            file.seek(0)
        yield from _elements(path, file, is_list=opening == b"[")


def _elements(path: Path, file: IO[bytes], *, is_list: bool) -> Iterator[Row]:
    import ijson  # only JSON files need it

    try:
        if is_list:
            for number, item in enumerate(ijson.items(file, "item", use_float=True), start=1):
                yield _row(f"{path}, item {number}", item)
        else:
            for name, item in ijson.kvitems(file, "", use_float=True):
                yield _row(f"{path}, {name!r}", item, name)
    except (ijson.JSONError, ValueError) as error:
        said = str(error).splitlines()[0].strip()
        raise SourceError(
            f"{path}: not JSON ({said}); correct it, then push again: nothing was sent"
        ) from error


def _row(where: str, item: Any, own_id: str | None = None) -> Row:
    if not isinstance(item, dict):
        raise SourceError(
            f"{where}: {_KNOWN}, found a {type(item).__name__}; put a single row between "
            "[ and ], and rows of a larger file into a list of their own"
        )
    try:
        json.dumps(item, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{where}: JSON that Label Studio would refuse ({error})") from error
    return Row(where, item if own_id is None else {"id": own_id, **item})


def _first_line(file: IO[bytes]) -> bytes:
    while line := file.readline(_LONGEST_FIRST_LINE):
        if line.strip():
            return line
    return b""


def _is_line_of_many(line: bytes) -> bool:
    """Whether a first line is a whole row: an object, and not one of objects by id."""
    if not line.endswith(b"\n"):
        return False
    try:
        held = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return isinstance(held, dict) and not all(isinstance(value, dict) for value in held.values())
