"""Lists of amounts that end with a total, and what they make."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sync.quality.facts.numbers import PERCENT, number_readings, numbers_in

_MARKER = re.compile(r"^\s*(?:[-*•–|]|\d{1,2}[.)])\s+")
_TOTAL = re.compile(
    r"^[\s|*_•–-]*(?:(?:the|grand|in)\s+)?(?:total|sum|altogether|summe|gesamt|insgesamt)\b(?!\s+of\b)",
    re.IGNORECASE,
)
_LEAST_ITEMS = 2


@dataclass(frozen=True, slots=True)
class ListTotal:
    """A line that gives a total.

    Attributes:
        text: the line.
        said: its number.
        makes: what the lines above it make.
    """

    text: str
    said: float
    makes: float


def wrong_totals(text: str) -> Iterator[ListTotal]:
    """Totals that the items of the list above them don't make."""
    if _TOTAL_WORD.search(text) is None:
        return
    items: list[tuple[float, ...]] = []
    for line in text.splitlines():
        if not line.strip() or set(line.strip()) <= set("|-:= "):
            continue
        if _TOTAL.match(line):
            yield from _judged(line, items)
            items = []
            continue
        value = _only_number(_MARKER.sub("", line)) if _MARKER.match(line) else None
        items = [*items, value] if value is not None else []


_TOTAL_WORD = re.compile(r"total|sum|altogether|gesamt", re.IGNORECASE)


def _judged(line: str, items: list[tuple[float, ...]]) -> Iterator[ListTotal]:
    said = _only_number(line)
    if said is None or len(items) < _LEAST_ITEMS or any(len(item) > 1 for item in items):
        return
    makes = sum(item[0] for item in items)
    if all(abs(one - makes) > 0.011 for one in said):
        yield ListTotal(line.strip(" |*_-•"), said[0], makes)


def _only_number(line: str) -> tuple[float, ...] | None:
    """The readings of the number of a line with one; None where it has several, or a percentage."""
    found = numbers_in(line)
    if len(found) != 1 or found[0].of == PERCENT or found[0].glued:
        return None
    return tuple(reading.value for reading in number_readings(_digits(found[0].text)))


def _digits(written: str) -> str:
    return re.sub(r"[^\d.,]+$", "", written)
