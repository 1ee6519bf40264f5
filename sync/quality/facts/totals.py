"""Lists of amounts that end with a total, and what they make."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from drafting.sums.sum_tokens import without_emphasis
from drafting.sums.unit_names import UNIT_NAMES
from sync.quality.facts.number_patterns import SaidNumber, said_numbers
from sync.quality.facts.table_totals import table_totals

_MARKER = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")
_WORDS = (
    r"(?:(?:the|grand|net|gross|order|overall|final|your|in)\s+)*(?:sub-?\s?total|total|sum"
    r"|altogether"
    r"|amount due|balance due|zwischensumme|summe|gesamt(?:betrag|summe|preis)?|insgesamt|totale?"
    r"|suma)"
)
_TOTAL = re.compile(
    rf"^{_WORDS}\b(?!\s+of\b)[^:=\d]{{0,30}}[:=]?|^[^:=\d]{{0,30}}\b(?:in total|in all"
    rf"|altogether)\s*[:=]",
    re.IGNORECASE,
)
_PART_TOTAL = re.compile(r"^(?:sub-?\s?total|zwischensumme|net)\b", re.IGNORECASE)
_TAKEN = re.compile(
    r"\b(?:discount|less|minus|rebate|credit|deduct\w*|refund\w*|voucher|coupon|already paid|paid"
    r"|deposit|"
    r"rabatt|abzug)\b",
    re.IGNORECASE,
)
# a plain line that ends with its amount
_ITEM = re.compile(r"^[^:=.?!]{1,60}(?::|\s[-–—])\s*[^\s:=.?!]{0,4}\s?[\d.,]+\s?\S{0,7}$")
_OPERATED = re.compile(r"\d\s?[+*×x/]\s?\S?\d")
_RESULT = re.compile(r"[=:→]")
_LEAST_ITEMS, _MOST_ITEMS = 2, 40
_MAY_BE = re.compile(
    r"total|\bsum|summe|altogether|in all|gesamt|amount due|balance due|suma", re.IGNORECASE
)
_CENT, _NEAR = 0.011, 0.25


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


@dataclass(frozen=True, slots=True)
class _Item:
    number: SaidNumber
    is_taken: bool

    @property
    def values(self) -> list[float]:
        sign = -1.0 if self.is_taken else 1.0
        return [sign * reading.value for reading in self.number.readings]


def wrong_totals(text: str) -> Iterator[ListTotal]:
    """Totals that the items of the list above them don't make."""
    if _MAY_BE.search(text) is None:
        return
    for table in table_totals(text):
        yield ListTotal(*table)
    items: list[_Item] = []
    for line in without_emphasis(text).splitlines():
        if not line.strip() or "|" in line or set(line.strip()) <= set("-:= _"):
            continue
        plain = _MARKER.sub("", line).strip()
        is_marked = _MARKER.match(line) is not None
        number = _amount(plain)
        if _TOTAL.match(plain):
            if number is not None and "+" not in plain and not _OPERATED.search(plain):
                yield from _judged(plain, items, number)
            is_part = number is not None and _PART_TOTAL.match(plain)
            items = [_Item(number, False)] if is_part and number is not None else []
        elif number is not None and (is_marked or _ITEM.match(plain)):
            items.append(_Item(number, _TAKEN.search(plain) is not None))
        else:
            items = []


def _amount(line: str) -> SaidNumber | None:
    """The number that a line comes to: the only one, the only money, or the last behind a sign.

    Others must count something (`3 nights: €360`) or be calculated with.
    """
    numbers = [(at, number) for at, number in said_numbers(line) if not number.is_percent]
    money = [(at, number) for at, number in numbers if number.currency]
    signs = [match.end() for match in _RESULT.finditer(line)]
    behind = [pair for pair in numbers if signs and pair[0] >= signs[-1]]
    for some in (behind, money, numbers):
        if len(some) == 1:
            others = [number for at, number in numbers if at != some[0][0]]
            counted = all(number.unit or number.currency for number in others)
            return some[0][1] if counted or _OPERATED.search(line) else None
    return None


def _judged(line: str, items: Sequence[_Item], said: SaidNumber) -> Iterator[ListTotal]:
    if not _LEAST_ITEMS <= len(items) <= _MOST_ITEMS:
        return
    kinds = {bool(item.number.currency) for item in items} | {bool(said.currency)}
    units = {item.number.unit for item in items if item.number.unit and not item.number.currency}
    if len(kinds) > 1 or any(len(item.values) > 1 for item in items):
        return
    makes = sum(chain.from_iterable(item.values for item in items))
    # 5 men and 7 women may be 12 patients; 5 mg and 7 minutes are nothing
    if len(units) > 1 and (
        not units.isdisjoint(UNIT_NAMES) or abs(said.value - makes) > _NEAR * abs(makes)
    ):
        return
    if all(abs(reading.value - makes) > _CENT for reading in said.readings):
        yield ListTotal(line.strip(" |*_-•"), said.value, makes)
