"""Result items of Label Studio: building them from values and reading values back."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from label_configs.errors import LabelConfigError

ResultItem = dict[str, Any]
# in this order: asking whether a dict is a Mapping takes three times as long
_OBJECT = (dict, Mapping)


def _item(name: str, to_name: str, kind: str, value: Mapping[str, Any]) -> ResultItem:
    # ids need only be unique within one annotation, and a control gives one item
    return {
        "id": name,
        "from_name": name,
        "to_name": to_name,
        "type": kind,
        "value": dict(value),
    }


def textarea(name: str, to_name: str, *texts: str) -> ResultItem:
    """A TextArea's result item; usually of one text."""
    return _item(name, to_name, "textarea", {"text": list(texts)})


def choices(name: str, to_name: str, *chosen: str) -> ResultItem:
    """A Choices' result item."""
    return _item(name, to_name, "choices", {"choices": list(chosen)})


def rating(name: str, to_name: str, stars: int) -> ResultItem:
    """A Rating's result item; `stars` counts from 1."""
    return _item(name, to_name, "rating", {"rating": stars})


def number(name: str, to_name: str, value: int) -> ResultItem:
    """A Number's result item."""
    return _item(name, to_name, "number", {"number": value})


def read_text(item: Mapping[str, Any]) -> str:
    """The text of a TextArea item; several submissions are joined by a line break."""
    return "\n".join(read_texts(item))


def read_texts(item: Mapping[str, Any]) -> tuple[str, ...]:
    """The submissions of a TextArea item, in order."""
    text = _value(item, "text")
    if isinstance(text, str):
        return (text,)
    if isinstance(text, list) and all(isinstance(part, str) for part in text):
        return tuple(text)
    raise unreadable(item, "text")


def read_choices(item: Mapping[str, Any]) -> tuple[str, ...]:
    """What is chosen, in the order in which it was saved."""
    chosen = _value(item, "choices")
    if isinstance(chosen, list) and all(isinstance(part, str) for part in chosen):
        return tuple(chosen)
    raise unreadable(item, "choices")


def read_choice(item: Mapping[str, Any]) -> str | None:
    """The first choice of a single-choice item, or None when nothing is chosen."""
    chosen = read_choices(item)
    return chosen[0] if chosen else None


def read_rating(item: Mapping[str, Any]) -> int | None:
    """The stars of a Rating item; None when cleared (0)."""
    stars = _value(item, "rating")
    if isinstance(stars, float) and stars.is_integer():
        stars = int(stars)
    if isinstance(stars, int) and not isinstance(stars, bool) and stars >= 0:
        return stars or None
    raise unreadable(item, "rating")


def read_number(item: Mapping[str, Any]) -> int | None:
    """The whole number of a Number item; None when cleared."""
    value = _value(item, "number")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    raise unreadable(item, "number")


@dataclass(frozen=True)
class FoundItems:
    """An annotation's result items by control; what is absent reads as empty.

    Attributes:
        mine: items of known controls, by `from_name`.
        other: items of no known control, as they came.
    """

    mine: Mapping[str, Mapping[str, Any]]
    other: tuple[ResultItem, ...]

    def text(self, name: str) -> str:
        """The text of a TextArea."""
        return read_text(self.mine[name]) if name in self.mine else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """All submissions of a TextArea."""
        return read_texts(self.mine[name]) if name in self.mine else ()

    def choice(self, name: str) -> str | None:
        """The one choice of a Choices."""
        return read_choice(self.mine[name]) if name in self.mine else None

    def choices(self, name: str) -> tuple[str, ...]:
        """All choices of a Choices."""
        return read_choices(self.mine[name]) if name in self.mine else ()

    def rating(self, name: str) -> int | None:
        """The stars of a Rating."""
        return read_rating(self.mine[name]) if name in self.mine else None

    def number(self, name: str) -> int | None:
        """The number of a Number."""
        return read_number(self.mine[name]) if name in self.mine else None

    def untouched(self, names: Iterable[str]) -> bool:
        """Whether all items of these controls are the draft's own, as the page marks them."""
        found = [self.mine[name].get("origin") for name in names if name in self.mine]
        return all(origin == "prediction" for origin in found)


def find(results: Sequence[Mapping[str, Any]], known: Iterable[str]) -> FoundItems:
    """Result items sorted into those of known controls and the rest.

    Raises:
        LabelConfigError: an item that is no object.
    """
    return FoundItems(*split(results, known))


def split(
    results: Sequence[Mapping[str, Any]], known: Iterable[str]
) -> tuple[dict[str, Mapping[str, Any]], tuple[ResultItem, ...]]:
    """Result items by `from_name`, and those of no known control.

    The last item of a control wins, as it does on the page.

    Raises:
        LabelConfigError: an item that is no object.
    """
    names = set(known)
    mine: dict[str, Mapping[str, Any]] = {}
    other: list[ResultItem] = []
    for item in results:
        if not isinstance(item, _OBJECT):
            raise LabelConfigError(
                f"a result item is a {type(item).__name__}, expected an object; "
                "correct or delete the annotation in Label Studio"
            )
        name = item.get("from_name")
        if isinstance(name, str) and name in names:
            mine[name] = item
        else:
            other.append(dict(item))
    return mine, tuple(other)


def row_count(results: Sequence[Mapping[str, Any]], parts: Iterable[str]) -> int:
    """How many rows of a Repeater the result items tell of: up to the last one that left any.

    A row is numbered only as the page writes it (`fix_07` is no row), and by three digits at most:
    all else is a stray item.

    Args:
        parts: names of a row's controls, without the number.
    """
    row = re.compile(f"(?:{'|'.join(map(re.escape, parts))})_(0|[1-9][0-9]{{0,2}})")
    names = (item.get("from_name") for item in results if isinstance(item, Mapping))
    found = (row.fullmatch(name) for name in names if isinstance(name, str))
    return 1 + max((int(match[1]) for match in found if match), default=-1)


def _value(item: Mapping[str, Any], key: str) -> Any:
    value = item.get("value")
    return value.get(key) if isinstance(value, _OBJECT) else None


def unreadable(item: Mapping[str, Any], key: str) -> LabelConfigError:
    """The error for an item whose value is not what its control saves."""
    return LabelConfigError(
        f"result {item.get('id')!r} of {item.get('from_name')!r}: value.{key} can't be read; "
        "correct or delete the annotation in Label Studio"
    )
