"""One JSON value that holds many rows: a list of objects, or an object of objects by id.

`[{"prompt": "Hi"}, {"prompt": "Bye"}]`, or `{"a1": {"prompt": "Hi"}}`, where `a1` is the row's id.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sync.common.errors import SourceError
from sync.common.json_text import json_type
from sync.intake.sources.json_values import DuplicateKeyError
from sync.intake.sources.row import BrokenRow, Row
from sync.intake.sources.text import Utf8Bytes, open_text
from sync.settings.sources import SourcesSection

# what is read here, for errors
KNOWN = "expected a list of objects, or an object of objects by id"

# characters; of a larger file the reader's own words have to do
_LARGEST_EXPLAINED = 1 << 26
_STRICT = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


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
            f"{where}: {KNOWN}, found {json_type(item)}; put a single row between "
            "[ and ], and rows of a larger file into a list of their own"
        )
    try:
        if (key := _twice(item)) is not None:
            raise SourceError(f"{where}: {DuplicateKeyError(key)}")
        _STRICT.encode(item).encode()
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{where}: JSON that Label Studio would refuse ({error})") from error
    return item if own_id is None else {"id": own_id, **item}
