"""One row of a source file, before anybody knows what its fields mean."""

import datetime
import decimal
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sync.errors import SourceError


@dataclass(frozen=True)
class Row:
    """Fields by name.

    Attributes:
        where: file and line or row, for errors.
    """

    where: str
    values: Mapping[str, Any]


class Unshowable(SourceError):  # noqa: N818  (a kind of conversation, refused or skipped)
    """A conversation that no interface can show, such as one with pictures."""


def arrow_row(values: Mapping[str, Any], where: str) -> Row:
    """A row of an Arrow table, as JSON would hold it: dates as ISO text, decimals as written.

    Raises:
        SourceError: a field that JSON can't hold, such as an image's bytes.
    """
    plain: dict[str, Any] = {}
    for name, value in values.items():
        try:
            plain[name] = json.loads(json.dumps(value, default=_plain, allow_nan=False))
        except (TypeError, ValueError) as error:
            raise SourceError(
                f"{where}: column {name!r} holds what a task can't ({error}); leave the column "
                "out of the file"
            ) from error
    return Row(where, plain)


def _plain(value: object) -> str:
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, (decimal.Decimal, datetime.timedelta)):
        return str(value)
    raise TypeError(type(value).__name__)
