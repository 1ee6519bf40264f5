"""Whether two quantities that stand together are meant as one, and whether they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from drafting.sums.number_words import spelled_numbers
from drafting.sums.unit_scale import Scale, scale, scale_of_substance
from sync.quality.facts.conversion_slack import (
    TEMPERATURES,
    are_of_two_systems,
    is_near,
    leads_back,
)
from sync.quality.facts.quantities import Quantity, UnitMeasure

_CLOSED = re.compile(r"\s?(?:[)\]]|(?:[,;/=]|,? or)\s?(?:about |~|≈)?\d)")
_CLOSED_LATER = re.compile(r"(?:,? [A-Za-z.]+){0,3}\s?[)\]]")
_ENDED = re.compile(r"\s*(?:[.,;:!?)\]](?:\s|$)|$|\n|(?:and|so|but)\b)")
_GOES_ON = re.compile(r"\s?(?:[+*×x·/^]|[-−]\s?\d|(?:plus|minus|times)\b)")
# of a sum
_OPERATED = re.compile(r"(?:[+*×·/^−]|\b(?:x|plus|minus|times))\s?$")
_TIMES_BEFORE = re.compile(
    r"\b(?P<number>\d+|(?i:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty))(?:\s(?:[a-z]+\s){1,3}(?:of|at|à)|\s?[x×*·@])\s?(?:each\s)?$"
)
_DEFINES = re.compile(
    r"(?:^|[.;:!?,(]\s?|\n|\b(?:as|since|because|that|so|and|where|if|remember|note)\s)[*_]*$"
)
_DIFFERENCE = re.compile(
    r"\b(?:by|ris(?:e|es|ing)|rose|increas\w+|drop\w*|f[ae]ll\w*|differ\w*|chang\w+|within|warm\w+|"
    r"cool\w+|hotter|colder|deviat\w+|margin|interval|tolerance|higher|lower|above|below|every|per)\b"
    r"|±|\+/-",
    re.IGNORECASE,
)
_WORKING = re.compile(r"\b(?:work(?:ing)?|business|school|trading|bank)\b", re.IGNORECASE)
# `3 days or 2 weeks` are two things
_ALIKE, _ALIKE_ABROAD = 0.74, 0.4
_SLIPS = (10.0, 100.0, 1000.0)


@dataclass(frozen=True, slots=True)
class QuantityPair:
    """Two quantities in a text.

    Attributes:
        kind: how they are joined: bracket, equals, loose (or, is), beside, there are.
        has_nouns: words stand between: `a 50 kg patient (110 lb)`.
        about: one of them is said to be rounded.
    """

    text: str
    one: Quantity
    other: Quantity
    kind: str
    has_nouns: bool = False
    about: bool = False

    @property
    def before(self) -> str:
        return self.text[max(0, self.one.start - 40) : self.one.start]

    @property
    def after(self) -> str:
        return self.text[self.other.end : self.other.end + 40]


@dataclass(frozen=True, slots=True)
class _Ends:
    """A measure and its conversion, and what makes one unit the other, for each way to read them.

    Attributes:
        ways: (unit, unit, scale) in pint.
    """

    one: UnitMeasure
    other: UnitMeasure
    ways: tuple[tuple[str, str, Scale], ...]

    @property
    def makes(self) -> float:
        return self.ways[0][2](self.one.number.value)


def judged(pair: QuantityPair) -> tuple[float, bool] | None:
    """What the first makes in the second's unit, and whether they are one; None if not meant so."""
    found: tuple[float, bool] | None = None
    if _OPERATED.search(pair.before) and not _TIMES_BEFORE.search(pair.before):
        return None
    for grouped in (False, True):
        ends = [*_ends(pair, grouped=grouped)]
        if not ends or not all(end.ways for end in ends):
            return found
        wrong = [end for end in ends if not _is_right(pair, end)]
        if not wrong:
            return ends[0].makes, True
        if found is None:
            if not _is_meant(pair, wrong[0]):
                return None
            found = wrong[0].makes, False
    return found


def _ends(pair: QuantityPair, *, grouped: bool) -> Iterator[_Ends]:
    ones, others = (
        list(quantity.grouped if grouped else quantity.ends) for quantity in (pair.one, pair.other)
    )
    if len(ones) != len(others):
        if pair.one.joint == "by" and len(others) == 1:
            side = _with_ways(pair, ones[-1], others[0])
            ones = ones[-1:] if _is_right(pair, side) else [_product(ones)]
        elif pair.one.joint in ("and", "over") and len(others) == 1:
            ones = ones[-1:]
        else:
            return
    for one, other in zip(ones, others, strict=True):
        if one.units == other.units and one.is_added == other.is_added:
            return
        yield _with_ways(pair, one, other)


def _product(measures: list[UnitMeasure]) -> UnitMeasure:
    """Of `2 x 500 mg`, which is no area."""
    found = measures[-1]
    for measure in measures[:-1]:
        value = found.number.value * measure.number.value
        found = replace(found, number=replace(found.number, value=value))
    return found


def _with_ways(pair: QuantityPair, one: UnitMeasure, other: UnitMeasure) -> _Ends:
    ways = []
    for unit in one.units:
        for into in other.units:
            makes = scale(unit, into) or scale_of_substance(
                pair.text, pair.one.start, pair.other.end, unit, into
            )
            if makes is not None:
                ways.append((unit, into, makes))
    return _Ends(one, other, tuple(ways))


def _is_right(pair: QuantityPair, ends: _Ends) -> bool:
    one, other = ends.one.number, ends.other.number
    return any(
        is_near(makes(value), other, unit, into, about=pair.about)
        or (value == one.value and leads_back(makes, one, other, unit))
        for unit, into, way in ends.ways
        for makes in _readings(pair, unit, into, way)
        for value in _values(pair, one.value)
    )


def _readings(pair: QuantityPair, unit: str, into: str, way: Scale) -> Iterator[Scale]:
    yield way
    around = f"{pair.before} {pair.after[:20]}"
    if way.offset and (pair.one.joint == "off" or _DIFFERENCE.search(around)):
        yield replace(way, offset=0.0)
    if {unit, into} == {"week", "day"} and _WORKING.search(around):
        yield replace(way, factor=way.factor * (5 / 7 if unit == "week" else 7 / 5))


def _values(pair: QuantityPair, value: float) -> Iterator[float]:
    """The number, and all of `2 bottles of 500 ml`."""
    yield value
    if times := _TIMES_BEFORE.search(pair.before):
        if times["number"].isdecimal():
            yield value * int(times["number"])
        else:
            yield from (value * n for _, _, n in spelled_numbers(times["number"]))


def _is_meant(pair: QuantityPair, ends: _Ends) -> bool:
    """Whether what is no conversion would be one, rather than another thing."""
    unit, into, way = ends.ways[0]
    is_abroad = are_of_two_systems(unit, into) or way.is_inverse or scale(unit, into) is None
    ratio = abs(ends.makes / ends.other.number.value) if ends.other.number.value else 0.0
    if pair.kind == "bracket":
        if pair.has_nouns or pair.one.is_article:
            is_one = is_abroad or (_is_slip(ratio) and not pair.one.is_article)
        else:
            is_one = True
        closed = _CLOSED.match(pair.after) or (is_abroad and _CLOSED_LATER.match(pair.after))
        return is_one and bool(closed)
    if pair.kind == "there are":
        return _ENDED.match(pair.after) is not None
    if _GOES_ON.match(pair.after):
        return False
    if pair.kind == "equals":
        return not pair.has_nouns or is_abroad
    if is_abroad and ({unit, into} <= TEMPERATURES or _ALIKE_ABROAD < ratio < 1 / _ALIKE_ABROAD):
        return True
    if pair.kind == "beside" or not _ENDED.match(pair.after):
        return False
    if ends.one.number.value == 1 and _DEFINES.search(pair.before):
        return True
    return not pair.one.is_article and _ALIKE < ratio < 1 / _ALIKE


def _is_slip(ratio: float) -> bool:
    """Whether a number is ten, a hundred or a thousand times what it should be, or a part of it."""
    return any(abs(max(ratio, 1 / ratio if ratio else 0) / slip - 1) < 0.02 for slip in _SLIPS)
