"""Numbers with a unit where they stand: `5-10 km`, `6 ft 2 in`, `10 x 15 cm`, `half a mile`.

What words mean a unit is told by `unit_names`; numbers are read as in `numbers`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from drafting.sums.number_words import spelled_numbers
from drafting.sums.numbers import NumberRead, number_readings
from drafting.sums.unit_names import UNIT, units_called
from drafting.sums.unit_scale import scale

_DIGITS = r"\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,'’]\d+)*|(?<!\d)\.\d+"
_NUMBER = re.compile(
    rf"(?<![\w.,^])(?P<sign>[-−]|minus )?(?:(?P<part>[½¼¾⅓⅔]|\d/\d{{1,2}}(?![\d/]))"
    rf"|(?P<whole>{_DIGITS})(?P<more>[ ]?[½¼¾⅓⅔]|[ -]\d/\d{{1,2}}(?![\d/]))?)"
    r"(?P<scale> (?:thousand|million|billion|trillion)\b)?",
    re.IGNORECASE,
)
_UNIT_AT = re.compile(rf"(?P<gap>[ \u00a0-]?)(?P<unit>{UNIT})")
# 5'11", 6′ 2″
_FEET = re.compile(r"(?<![\w.,])(\d)\s?['’′]\s?(\d{1,2})(?:\s?(?:[\"”″]|''))?(?!\w)")
_WORDED = re.compile(
    rf"\b(?i:(?P<share>half|quarter of|third of|three[- ]quarters of) an?|an?|each|every)"
    rf"[ -](?P<unit>{UNIT})"
)
_AND_A_HALF = re.compile(r"[ -]and[ -](?:a[ -])?(half|quarter|third)\b", re.IGNORECASE)
_SHARES = {"half": 0.5, "quarter": 0.25, "third": 1 / 3, "three": 0.75}
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_JOINT = re.compile(
    r"\s?°?\s?(?:(?P<to>-|–|—|\bto\b|through)|(?P<and>,? ?\b(?:and|or)\b)|(?P<by>[x×*]|\bby\b)"
    r"|(?P<off>±|\+/[-−])|(?P<over>/))\s?"
)
_ADDED = re.compile(r"(?:,? and |, | |-|)")

# each smaller than the one before, as in 6 ft 2 in
_PARTS_TEXT = (
    "decade_of_years year month week day hour minute second millisecond",
    "mile yard foot inch", "stone pound ounce", "gallon quart pint cup tablespoon teaspoon",
    "metric_ton kilogram gram milligram", "kilometer meter centimeter millimeter",
    "liter deciliter milliliter",
)  # fmt: skip
_PARTS = [parts.split() for parts in _PARTS_TEXT]


@dataclass(frozen=True, slots=True)
class UnitMeasure:
    """An end of a quantity: its number, and the units in pint that it may mean.

    Attributes:
        is_added: of parts such as hours and minutes.
    """

    number: NumberRead
    units: tuple[str, ...]
    is_added: bool = False


@dataclass(frozen=True, slots=True)
class Quantity:
    """One or several numbers of a unit.

    Attributes:
        ends: of a range or of sides all, else one.
        grouped: the same where a point before three digits groups them, as in German.
        joint: how several are joined: to, and, by, off (what a value may be off) or over.
        unit: of the last, as written.
        is_article: `a mile`.
    """

    start: int
    end: int
    ends: tuple[UnitMeasure, ...]
    grouped: tuple[UnitMeasure, ...]
    unit: str
    joint: str = ""
    is_article: bool = False


@dataclass(frozen=True, slots=True)
class _Numeral:
    """A number, and the unit behind it or ""."""

    start: int
    end: int
    plain: NumberRead
    grouped: NumberRead
    unit: str = ""
    is_article: bool = False
    is_added: bool = False


def quantities_in(text: str) -> list[Quantity]:
    """Every quantity with a unit, in order; [] where fewer than two are."""
    numerals = [*_feet_and_inches(text), *_in_digits(text), *_in_words(text)]
    if sum(bool(numeral.unit) for numeral in numerals) < 2:
        return []
    found: list[_Numeral] = []
    for numeral in sorted(numerals, key=lambda one: (one.start, -one.end)):
        if not found or numeral.start >= found[-1].end:
            found.append(numeral)
    return [*_joined(text, found)]


def _in_digits(text: str) -> Iterator[_Numeral]:
    for match in _NUMBER.finditer(text):
        plain, grouped = number_of(match[0], point=False), number_of(match[0], point=True)
        if plain is not None and grouped is not None:
            unit = _UNIT_AT.match(text, match.end())
            end = unit.end() if unit else match.end()
            yield _Numeral(match.start(), end, plain, grouped, unit["unit"] if unit else "")


def _feet_and_inches(text: str) -> Iterator[_Numeral]:
    for match in _FEET.finditer(text):
        number = NumberRead(int(match[1]) + int(match[2]) / 12, 2)
        yield _Numeral(match.start(), match.end(), number, number, "ft")


def _in_words(text: str) -> Iterator[_Numeral]:
    """Those with a unit: `five miles`, `two and a half hours`, `half a mile`, `a mile`."""
    for start, end, value in spelled_numbers(text):
        if more := _AND_A_HALF.match(text, end):
            end, value = more.end(), value + _SHARES[more[1].lower()]
        number = NumberRead(value, 1 if value % 1 else 0)
        if (unit := _UNIT_AT.match(text, end)) and unit["gap"]:
            yield _Numeral(start, unit.end(), number, number, unit["unit"])
        elif _JOINT.match(text, end):
            yield _Numeral(start, end, number, number)
    for match in _WORDED.finditer(text):
        share = re.split(r"[ -]", match["share"].lower())[0] if match["share"] else ""
        number = NumberRead(_SHARES[share], 1) if share else NumberRead(1.0, 0)
        yield _Numeral(
            match.start(), match.end(), number, number, match["unit"], is_article=not share
        )


@lru_cache(maxsize=4096)
def number_of(written: str, *, point: bool) -> NumberRead | None:
    """The one reading of a number, or None of what is none.

    Args:
        point: whether a point before three digits groups them.
    """
    match = _NUMBER.fullmatch(written)
    if match is None:
        return None
    sign = -1 if match["sign"] else 1
    scale = _SCALES[match["scale"].strip().lower()] if match["scale"] else 1.0
    part = sum(_share(one) for one in (match["part"], match["more"]) if one)
    if not match["whole"]:
        return NumberRead(sign * part * scale, 2)
    readings = number_readings(match["whole"])
    if not readings:
        return None
    # 1,000 m are a thousand; 1.609 km are not, but in German
    chosen = readings[0 if "," in match["whole"] or point else -1]
    decimals = 0 if match["scale"] else chosen.decimals + (1 if part else 0)
    return NumberRead(sign * (chosen.value + part) * scale, decimals)


def _share(written: str) -> float:
    written = written.strip(" -")
    if written in _FRACTIONS:
        return _FRACTIONS[written]
    part, _, whole = written.partition("/")
    return int(part) / (int(whole) or 1)


def _joined(text: str, numerals: Sequence[_Numeral]) -> Iterator[Quantity]:
    """Numbers of one quantity together, such as the ends of a range."""
    at = 0
    while at < len(numerals):
        ends, joint = [numerals[at]], ""
        at += 1
        while at < len(numerals):
            between = text[ends[-1].end : numerals[at].start]
            more = _added(ends[-1], numerals[at], between)
            if more is not None:
                ends[-1] = more
            elif (kind := _kind(ends[-1], numerals[at], between)) and joint in ("", kind):
                ends.append(numerals[at])
                joint = kind
            else:
                break
            at += 1
        if ends[-1].unit:
            yield Quantity(
                ends[0].start,
                ends[-1].end,
                tuple(_measure(end, end.plain, ends[-1]) for end in ends),
                tuple(_measure(end, end.grouped, ends[-1]) for end in ends),
                ends[-1].unit,
                joint,
                len(ends) == 1 and ends[0].is_article,
            )


def _measure(end: _Numeral, number: NumberRead, last: _Numeral) -> UnitMeasure:
    return UnitMeasure(number, units_called(end.unit or last.unit), end.is_added)


def _are_whole_and_part(whole: str, part: str) -> bool:
    """Whether one is written behind the other to be added: feet and inches, hours and minutes."""
    return any(
        whole in family and part in family and family.index(whole) < family.index(part)
        for family in _PARTS
    )


def _added(whole: _Numeral, part: _Numeral, between: str) -> _Numeral | None:
    """Feet and inches and the like as one number of the first unit."""
    if not (whole.unit and part.unit) or len(between) > 5 or not _ADDED.fullmatch(between):
        return None
    if whole.is_article or part.is_article or part.plain.value < 0:
        return None
    units, parts = units_called(whole.unit), units_called(part.unit)
    if not _are_whole_and_part(units[0], parts[0]):
        return None
    makes = scale(parts[0], units[0])
    if makes is None:
        return None
    value = whole.plain.value + makes(part.plain.value)
    number = NumberRead(value, whole.plain.decimals + 2)
    return replace(whole, end=part.end, plain=number, grouped=number, is_added=True)


def _kind(one: _Numeral, other: _Numeral, between: str) -> str:
    """How two numbers of one quantity are joined; "" of two quantities."""
    if len(between) > 9 or one.is_article or other.is_article:
        return ""
    match = _JOINT.fullmatch(between)
    if match is None or (one.unit and one.unit != other.unit):
        return ""
    kind = str(match.lastgroup)
    return kind if other.unit or kind == "by" else ""
