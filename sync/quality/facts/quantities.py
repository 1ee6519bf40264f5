"""Numbers with a unit, and one written behind the other as its conversion: `5 km (3.1 miles)`.

What words mean a unit is told by `unit_names`; how much a unit is, by pint.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from sync.quality.facts.numbers import NumberRead, number_readings
from sync.quality.facts.unit_names import CALENDAR, IMPERIAL, TEMPERATURES, UNIT_NAMES

_UNIT = "|".join(re.escape(unit) for unit in sorted(UNIT_NAMES, key=len, reverse=True))
_NUMBER = r"[-−]?(?:\d/\d{1,2}|\d+(?:[.,]\d+)*|\.\d+)(?:\s\d/\d|\s?[½¼¾⅓⅔])?"
_ONE = rf"{_NUMBER}(?:\s?(?:-|–|to)\s?{_NUMBER})?[ \u00a0-]?(?:{_UNIT})(?![\w/²³^·])"
# 6 ft 2 in
_QUANTITY = rf"{_ONE}(?:[ ,]{{1,2}}{_ONE})?"
_ABOUT = (
    r"(?:about |approximately |approx\. |around |roughly |nearly |almost |just over |just under |"
    r"over |under |ca\. |c\. |~ ?|≈ ?|= ?)?"
)
_PAIR = re.compile(
    rf"(?<![\w.,/^:–-])(?P<first>{_QUANTITY})"
    rf"(?:\s?[(\[](?P<a1>{_ABOUT})(?P<inside>{_QUANTITY})[)\]]"
    rf"|(?P<joint>\s?(?:=|≈|≅)|, or|,? i\.e\.,?| equals| is equal to|(?P<loose> or| is| are))\s?"
    rf"(?P<a2>{_ABOUT})(?P<beside>{_QUANTITY})(?=\s*(?:[.,;:!?)]\s|[.,;:!?)]?$|\n|(?:and|so|but)\b)))"
)
_PART = re.compile(
    rf"(?P<low>{_NUMBER})(?:\s?(?:-|–|to)\s?(?P<high>{_NUMBER}))?[ "
    rf"\u00a0-]?(?P<unit>{_UNIT})(?![\w/²³^·])"
)
_SHARE = re.compile(r"[½¼¾⅓⅔]|(\d)/(\d{1,2})$")
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
# what is rounded in another system of units, and what a month is longer than four weeks
# `3 days or 2 weeks` are two things
_NOT_MEANT = 0.75
_ROUGH, _ROUGHER, _CALENDAR_SHARE = 0.02, 0.06, 0.12


_ABOUT_BEFORE = re.compile(r"(?:about|approximately|around|roughly|nearly|almost|~|≈)\s?$")


@dataclass(frozen=True, slots=True)
class UnitMeasure:
    """An end of a quantity: its number, and the units in pint that it may mean."""

    number: NumberRead
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conversion:
    """Two quantities of which a text says that they are one.

    Attributes:
        text: both, as written.
        makes: the first in the unit of the second.
        unit: that unit, as written.
    """

    text: str
    makes: float
    unit: str
    is_true: bool


def conversions_in(text: str) -> Iterator[Conversion]:
    """Every pair of quantities of one kind, the second as a conversion of the first."""
    for match in _PAIR.finditer(text):
        second = match["inside"] or match["beside"]
        about = bool(
            match["a1"] or match["a2"] or _ABOUT_BEFORE.search(text[: match.start()][-16:])
        )
        found: Conversion | None = None
        for point in (False, True):
            pairs = _pairs(match["first"], second, point=point)
            if not pairs:
                break
            wrong = [pair for pair in pairs if not _is_right(*pair, about=about)]
            one, other = (wrong or pairs)[0]
            makes = _in_unit(one.number.value, one.units[0], other.units[0])
            if (
                match["loose"]
                and not _NOT_MEANT < abs(makes / (other.number.value or 1)) < 1 / _NOT_MEANT
            ):
                break
            unit = _PART.search(second)
            found = Conversion(match[0], makes, unit["unit"] if unit else "", not wrong)
            if found.is_true:
                break
        if found is not None:
            yield found


def _pairs(first: str, second: str, *, point: bool) -> list[tuple[UnitMeasure, UnitMeasure]]:
    """The ends of both; () where they are no conversion: of other kinds, or in the same unit."""
    one, other = _measures(first, point=point), _measures(second, point=point)
    if len(one) != len(other):
        return []
    pairs = list(zip(one, other, strict=True))
    if any(a.units == b.units or not _is_convertible(a, b) for a, b in pairs):
        return []
    return pairs


def _measures(quantity: str, *, point: bool) -> list[UnitMeasure]:
    """The ends of a range, or the one measure; parts such as feet and inches are added up.

    Args:
        point: whether a point before three digits groups them, as in German.
    """
    parts = list(_PART.finditer(quantity))
    if not parts or (len(parts) > 1 and any(part["high"] for part in parts)):
        return []
    ends: list[UnitMeasure] = []
    for end in ("low", "high"):
        number = _number(parts[0][end], point=point) if parts[0][end] else None
        if number is None:
            continue
        units = UNIT_NAMES[parts[0]["unit"]]
        for part in parts[1:]:
            more, unit = _number(part["low"], point=point), UNIT_NAMES[part["unit"]]
            if more is None or not _is_convertible(
                UnitMeasure(number, units), UnitMeasure(more, unit)
            ):
                return []
            value = number.value + _in_unit(more.value, unit[0], units[0])
            number = NumberRead(value, number.decimals + 2)
        ends.append(UnitMeasure(number, units))
    return ends


@lru_cache(maxsize=4096)
def _number(written: str, *, point: bool) -> NumberRead | None:
    sign = -1 if written[0] in "-−" else 1
    written = written.lstrip("-−")
    share = _SHARE.search(written)
    part = 0.0
    if share:
        part = _FRACTIONS.get(share[0]) or int(share[1]) / (int(share[2]) or 1)
        written = written[: share.start()].strip()
    if not written:
        return NumberRead(sign * part, 2)
    readings = number_readings(written)
    if not readings:
        return None
    # 1,000 m are a thousand; 1.609 km are not, but in German
    chosen = readings[0 if "," in written or point else -1]
    return NumberRead(sign * (chosen.value + part), chosen.decimals + (1 if share else 0))


def _is_right(one: UnitMeasure, other: UnitMeasure, *, about: bool) -> bool:
    return any(
        _is_near(_in_unit(one.number.value, a, b), other.number, a, b, about=about)
        or _leads_back(_in_unit(other.number.value, b, a), one.number, a)
        for a in one.units
        for b in other.units
        if _dimension(a) == _dimension(b)
    )


def _is_near(makes: float, said: NumberRead, of: str, unit: str, *, about: bool) -> bool:
    """Whether a number is a value as far as its digits tell; more roughly between two systems."""
    off = abs(makes - said.value)
    slack = 0.5 * 10.0**-said.decimals
    if unit in TEMPERATURES:
        return off <= slack * (1 + 1e-6) + (1.0 if about else 0.01)
    share = 0.0
    if {of, unit} <= CALENDAR:
        share = _CALENDAR_SHARE
    elif (of in IMPERIAL) != (unit in IMPERIAL):
        is_round = said.decimals == 0 and said.value % 5 == 0
        share = _ROUGHER if about or is_round else _ROUGH
    elif about:
        share = _ROUGH
    # of what begins at more than nothing, half a digit may be all of it
    slack = min(slack, 0.1 * abs(makes)) if said.decimals == 0 and share == 0 else slack
    return off <= max(slack, share * abs(makes)) + 1e-9


def _leads_back(makes: float, said: NumberRead, unit: str) -> bool:
    """Whether the first number may be rounded from the second one."""
    slack = 0.5 * 10.0**-said.decimals
    if unit not in TEMPERATURES:
        slack = min(slack, _ROUGH * abs(makes))
    return abs(makes - said.value) <= slack


def _is_convertible(one: UnitMeasure, other: UnitMeasure) -> bool:
    kinds = {_dimension(unit) for unit in one.units}
    return any(_dimension(unit) in kinds for unit in other.units)


@cache
def _registry() -> Any:
    import pint  # slow to load; only where a text converts something

    registry: Any = pint.UnitRegistry()
    registry.define("metric_cup = 250 * milliliter")
    return registry


@lru_cache(maxsize=1024)
def _dimension(unit: str) -> str:
    return str(_registry().parse_units(unit).dimensionality)


def _in_unit(value: float, unit: str, other: str) -> float:
    found = _registry().Quantity(value, unit).to(other)
    return float(found.magnitude)
