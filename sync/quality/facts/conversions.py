"""One quantity written behind another as its conversion, such as `5 km (3.1 miles)`.

Whether it is one is told by `conversion_truth`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from drafting.sums.unit_names import UNIT, units_called
from sync.quality.facts.conversion_truth import QuantityPair, judged
from sync.quality.facts.quantities import Quantity, UnitMeasure, number_of, quantities_in

_ABOUT = (
    r"(?P<about>(?:(?:just|only|a little|slightly|well|or|is|of)\s)?(?:about|approximately|"
    r"approx\.?|around|roughly|nearly|almost|over|under|less than|more than|at least|at most|up to|"
    r"some|close to|circa|ca\.|c\.|~|≈|<|>|≤|≥)\s?)?"
)
# what may stand between a quantity and its conversion: `a 50 kg patient (110 lb)`
_NOUNS = (
    r"(?P<nouns>(?:[ -](?!(?:per|an?|and|or|to|than|from|in|at|by|for|is|are|was|each|every|daily|"
    r"then|plus|with|twice|once|apart|weekly|monthly|a)\b)[a-z]+){1,3})?"
)
_JOINTS = (
    ("bracket", rf"{_NOUNS}\s?[(\[]\s?(?:i\.?e\.?,? |that is,? |equals |or |= ?)?{_ABOUT}"),
    ("equals", rf"{_NOUNS}\s?(?:=|≈|≅|~|≙|→)\s?{_ABOUT}"),
    (
        "equals",
        r",? (?:equals?|(?:is|are) (?:equal|equivalent) to|equal to|equivalent to|"
        r"(?:which |that |this )?(?:corresponds?|converts?|translates?|amounts?|equates?|comes?|"
        r"works? out) (?:to|at|as)|(?:is|are) the same as|the same as|"
        r"which (?:is|are|makes|means|equals)|that is,?|that's|i\.?e\.?,?|in other words,?)"
        rf"\s{_ABOUT}",
    ),
    ("loose", rf",? (?:or|is|are|makes?|has|have|contains?|measures?) {_ABOUT}"),
    (
        "beside",
        rf"(?:\s?/\s?|\s?[–—]\s?|\s*\|\s*|, (?=about|approx|around|roughly|nearly|almost)){_ABOUT}",
    ),
)
_JOINED = [(kind, re.compile(pattern)) for kind, pattern in _JOINTS]
# a further one in the same brackets
_FURTHER = re.compile(rf"\s?(?:[,;/=]|,? or)\s?{_ABOUT}")
_ABOUT_BEFORE = re.compile(r"(?:about|approximately|around|roughly|nearly|almost|~|≈)\s?$")
# `there are 16 ounces in a pound`
_THERE_ARE = re.compile(r"\b[Tt]here (?:are|is) (?:about |exactly |only )?$")
_IN_ONE = re.compile(r" (?:in|to|per) ")
_FAR = 60
# of a table
_RULE = re.compile(r"^\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?$")
_UNIT_OF = re.compile(rf"(?:^|[(\[]|, |\bin ){UNIT}[)\]]?$")
_NAME = re.compile(rf"{UNIT}(?=[)\]]?$)")


@dataclass(frozen=True, slots=True)
class Conversion:
    """Two quantities of which a text says that they are one.

    Attributes:
        text: both, as written.
        makes: the first in the unit of the second.
        unit: that unit, as written.
        said: the second.
    """

    text: str
    makes: float
    unit: str
    is_true: bool
    said: str = ""


def conversions_in(text: str) -> Iterator[Conversion]:
    """Every pair of quantities of one kind, the second as a conversion of the first."""
    yield from _in_sentences(text)
    yield from _in_columns(text)


def _in_columns(text: str) -> Iterator[Conversion]:
    """Of tables with units in their headings."""
    for row in _unit_rows(text):
        for one, other in pairwise(row):
            pair = QuantityPair("", one, other, "beside")
            if (found := judged(pair)) is not None:
                said = " and ".join(f"{q.ends[0].number.value:g} {q.unit}" for q in (one, other))
                yield Conversion(said, found[0], other.unit, found[1])


def _in_sentences(text: str) -> Iterator[Conversion]:
    anchor: Quantity | None = None
    for one, other in pairwise(quantities_in(text)):
        pair = _pair(text, anchor, one, other)
        found = judged(pair) if pair else None
        anchor = None
        if pair is not None and found is not None:
            makes, is_true = found
            said = text[pair.one.start : other.end]
            second = text[other.start : other.end]
            yield Conversion(said, makes, other.unit, is_true, second)
            anchor = pair.one if pair.kind == "bracket" else None


def _pair(
    text: str, anchor: Quantity | None, one: Quantity, other: Quantity
) -> QuantityPair | None:
    """The two where something that joins them stands between.

    Args:
        anchor: what `one` converts in the same brackets.
    """
    between = text[one.end : other.start] if other.start - one.end < _FAR else "\n\n"
    if other.is_article:
        said = _THERE_ARE.search(text, max(0, one.start - 24), one.start)
        is_told = said is not None and _IN_ONE.fullmatch(between) is not None
        return QuantityPair(text, one, other, "there are") if is_told else None
    if anchor is not None and (further := _FURTHER.fullmatch(between)):
        return QuantityPair(text, anchor, other, "bracket", about=bool(further["about"]))
    for kind, pattern in _JOINED:
        if match := pattern.fullmatch(between):
            found = match.groupdict()
            rounded = _ABOUT_BEFORE.search(text, max(0, one.start - 16), one.start)
            about = found["about"] or rounded is not None
            return QuantityPair(text, one, other, kind, bool(found.get("nouns")), bool(about))
    return None


def _unit_rows(text: str) -> Iterator[list[Quantity]]:
    """The quantities of each row, in the columns whose heading names a unit."""
    if "|" not in text:
        return
    units: Sequence[str] = ()
    before = ""
    for line in text.splitlines():
        if _RULE.match(line):
            units = [_unit_of(cell) for cell in _cells(before)]
        elif "|" not in line:
            units = ()
        elif sum(map(bool, units)) > 1:
            cells = _cells(line)
            yield [
                quantity
                for cell, unit in zip(cells, units, strict=False)
                if unit and (quantity := _quantity(cell, unit)) is not None
            ]
        before = line


def _cells(line: str) -> list[str]:
    return [cell.strip(" *_") for cell in line.strip().strip("|").split("|")]


def _unit_of(heading: str) -> str:
    if not _UNIT_OF.search(heading):
        return ""
    return max((match[0] for match in _NAME.finditer(heading)), key=len, default="")


def _quantity(cell: str, unit: str) -> Quantity | None:
    plain, grouped = (number_of(cell, point=point) for point in (False, True))
    if plain is None or grouped is None:
        return None
    units = units_called(unit)
    return Quantity(0, 0, (UnitMeasure(plain, units),), (UnitMeasure(grouped, units),), unit)
