"""What every shape of a row is: a mark to know it by, and the conversation in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sync.common.errors import SourceError
from sync.common.json_text import json_type
from sync.intake.sources.json_values import parse

SourceMessage = dict[str, Any]


@dataclass(frozen=True)
class RowShape:
    """One way to hold a conversation in a row.

    Attributes:
        name: as it is said to the user.
        key: the field that marks it.
        conversation: takes its fields out of a row's and gives the turns in order, role and
            content each; `where` is for errors.
        marked: whether a row with that field is of this shape; None: each is.
        also_read: its other fields.
    """

    name: str
    key: str
    conversation: Callable[[dict[str, Any], str], list[SourceMessage]]
    marked: Callable[[Mapping[str, Any]], bool] | None = None
    also_read: tuple[str, ...] = ()


def take_turns(fields: dict[str, Any], name: str, of: str, where: str) -> list[Any]:
    """A field's list of turns, taken out of the row; as JSON where it is text.

    Args:
        of: what the list should hold, for errors.

    Raises:
        SourceError: it is no list.
    """
    turns = fields.pop(name)
    if isinstance(turns, str):  # a column of a table can't hold a list
        try:
            turns = parse(turns)
        except (ValueError, RecursionError) as error:
            raise SourceError(
                f"{where}: {name!r} is text that is no JSON list ({error})"
            ) from error
    if not isinstance(turns, list):
        raise SourceError(f"{where}: {name!r} must be a list of {of}, found {json_type(turns)}")
    return turns


def take_text(fields: dict[str, Any], name: str, where: str) -> str:
    """A field's text, taken out of the row; "" where there is none.

    Raises:
        SourceError: it is no text.
    """
    value = fields.pop(name, None)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise SourceError(f"{where}: {name!r} must be text, found {json_type(value)}")
    return value if value.strip() else ""


def need_text(fields: dict[str, Any], name: str, where: str) -> str:
    """A field's text, taken out of the row.

    Raises:
        SourceError: it is no text, or blank.
    """
    text = take_text(fields, name, where)
    if not text:
        raise SourceError(f"{where}: {name!r} needs text, found nothing")
    return text
