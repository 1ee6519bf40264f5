"""One row of a source file, before anybody knows what its fields mean."""

import base64
import datetime
import decimal
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sync.common.errors import SourceError

if TYPE_CHECKING:
    import pyarrow as pa

# columns of objects that differ from row to row: messages, their calls' arguments, schemas
_OF_OBJECTS = frozenset(
    ("messages", "conversations", "contents", "input", "output", "tools", "images")
)
# where nothing is said it is an empty message, and not one of another form
_MEANT = frozenset(("role", "content", "from", "value", "parts"))
_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
)
BATCH = 256  # rows of an Arrow table in memory


@dataclass(frozen=True)
class Row:
    """Fields by name.

    Attributes:
        where: file and line or row, for errors.
    """

    where: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class BrokenRow:
    """A row that can't become a task; those after it may.

    Attributes:
        error: names the place, what was expected and what came.
        where: file and line or row.
        id: the source's own, where it is known.
    """

    error: SourceError
    where: str
    id: str | None = None

    @property
    def reason(self) -> str:
        """The sentence without the place."""
        return str(self.error).removeprefix(f"{self.where}: ")


class Unshowable(SourceError):  # noqa: N818  (a kind of conversation, refused or skipped)
    """A conversation that no interface can show, such as one with pictures."""


def arrow_rows(
    batches: "Iterable[pa.Table | pa.RecordBatch]", where: str
) -> Iterator[Row | BrokenRow]:
    """Rows of Arrow, as JSON would hold them: dates as ISO text, pictures as data URIs.

    Args:
        where: the file, or the part of it.

    Yields:
        A row with a field that JSON can't hold, such as the bytes of a sound, as broken.
    """
    number = 0
    for batch in batches:
        for values in batch.to_pylist():
            number += 1
            place = f"{where}, row {number}"
            try:
                yield _arrow_row(values, place)
            except SourceError as error:
                yield BrokenRow(error, place)


def _arrow_row(values: Mapping[str, Any], where: str) -> Row:
    plain: dict[str, Any] = {}
    for name, value in values.items():
        try:
            held = json.loads(json.dumps(value, default=_plain, allow_nan=False))
            plain[name] = _without_null(held) if name in _OF_OBJECTS else held
        except (TypeError, ValueError) as error:
            raise SourceError(
                f"{where}: column {name!r} holds what a task can't ({error}); leave the column "
                "out of the file"
            ) from error
    return Row(where, plain)


def _without_null(value: Any) -> Any:
    """Objects without the fields that a table adds because other rows have them."""
    if isinstance(value, list):
        return [_without_null(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _without_null(held)
        for name, held in value.items()
        if held is not None or name in _MEANT
    }


def _picture_kind(held: bytes) -> str | None:
    """The kind of picture that bytes hold, by how they begin."""
    if held[:4] == b"RIFF" and held[8:12] == b"WEBP":
        return "webp"
    return next((kind for magic, kind in _PICTURES if held.startswith(magic)), None)


def _plain(value: object) -> str:
    if isinstance(value, bytes) and (kind := _picture_kind(value)):
        return f"data:image/{kind};base64,{base64.b64encode(value).decode()}"
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (decimal.Decimal, datetime.timedelta)):
        return str(value)
    if isinstance(value, bytes):
        raise TypeError("bytes, and no picture in them" if value else "no bytes")
    raise TypeError(type(value).__name__)
