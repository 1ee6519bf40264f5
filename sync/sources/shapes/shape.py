"""What every shape of a row is: a mark to know it by, and the conversation in it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sync.errors import SourceError

Message = dict[str, Any]


@dataclass(frozen=True)
class Shape:
    """One way to hold a conversation in a row.

    Attributes:
        name: as it is said to the user.
        key: the field that marks it.
        conversation: takes its fields out of a row's and gives the turns in order, role and
            content each; `where` is for errors.
    """

    name: str
    key: str
    conversation: Callable[[dict[str, Any], str], list[Message]]


def take_text(fields: dict[str, Any], name: str, where: str) -> str:
    """A field's text, taken out of the row; "" where there is none.

    Raises:
        SourceError: it is no text.
    """
    value = fields.pop(name, None)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise SourceError(f"{where}: {name!r} must be text, found a {type(value).__name__}")
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
