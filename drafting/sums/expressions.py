"""Equations in a text, and whether they are true: `3 * 4 = 13`, `20% of 150 is 35`.

Numbers may stand in either notation, so an equation is true if it is in one reading of them. A
result may be rounded or cut off to the digits that are shown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from drafting.sums.calculations import SumSide, results
from drafting.sums.equation_claims import is_judged, is_not_meant
from drafting.sums.equation_sides import left_of, right_of
from drafting.sums.numbers import number_readings
from drafting.sums.sum_tokens import (
    CURRENCY,
    SIGN,
    sum_tokens,
    without_marks_of_form,
)
from drafting.sums.unit_names import UNIT_NAMES, units_called
from drafting.sums.unit_scale import can_convert, scale

_MARKED = re.compile(
    r"<<(?P<left>[^<>=]{3,80})=(?P<right>[^<>=]{1,40})>>\s?(?P<said>[$€£]?[\d.,]*\d)?"
)
# what may be an operator anywhere
_OPERATOR = re.compile(
    r"[-+*×÷·^−–/%²³]|\d ?[xX] ?[\d$€£(]"
    r"|\b(?:plus|minus|less|times|multiplied|divided|of|twice|double|half)\b",
    re.IGNORECASE,
)
_ROUNDED = re.compile(r"\.\d*(?:33|66|67|16|83)\b")
_ABOUT = re.compile(
    r"\b(?:about|roughly|approximately|approx|around|nearly|almost|some|circa)\b|[≈≅~]"
)
_ABOUT_SHARE = 0.05
_CENTS = re.compile(r"cents?|pence|pennies|p")


@dataclass(frozen=True, slots=True)
class Equation:
    """Something that a text says is equal.

    Attributes:
        text: as it is written.
        said: the first number of the right side.
        result: what the left side makes, in its likeliest reading.
        is_true: in some reading, as far as the digits that are shown tell.
    """

    text: str
    said: float
    result: float
    is_true: bool


# sums, what is told of them again and what follows from them are looked for one after another
@lru_cache(maxsize=16)
def equations_in(text: str) -> tuple[Equation, ...]:
    """Every equation whose left side is an operation on numbers."""
    return tuple(_equations(text))


def _equations(text: str) -> Iterator[Equation]:
    yield from _marked(text)
    for line in _lines(without_marks_of_form(text)):
        if SIGN.search(line) and _OPERATOR.search(line):
            yield from _in_line(line)


def _lines(text: str) -> Iterator[str]:
    """Lines, each with the next one where that begins with a sign."""
    return iter(re.sub(r"[ \t]*\n[ \t]*(?=[=≈])", " ", text).splitlines())


def _in_line(line: str) -> Iterator[Equation]:
    tokens = sum_tokens(line)
    for at, sign in enumerate(tokens):
        if sign.kind != "sign":
            continue
        left, right = left_of(tokens, at), right_of(tokens, at)
        if left is None or right is None or not is_judged(line, left, sign, right):
            continue
        written = line[left.start : right.end]
        about = _ABOUT.search(line, sign.start, right.start) is not None
        found = _judged(left, right, written, about=about)
        if found is not None and (found[1] or not is_not_meant(line, left, right)):
            yield Equation(written, right.first.readings[0].value, *found)


def _marked(text: str) -> Iterator[Equation]:
    """Those of a calculator, as in `<<3*4=12>>12`."""
    for match in _MARKED.finditer(text):
        tokens = sum_tokens(f"{match['left']}={match['right']}")
        at = next((i for i, token in enumerate(tokens) if token.kind == "sign"), 0)
        left, right = left_of(tokens, at), right_of(tokens, at)
        found = _judged(left, right, match["left"], about=False) if left and right else None
        if found is None or right is None:
            continue
        result, is_true = found
        said = number_readings(match["said"].strip("$€£")) if match["said"] else ()
        told = number_readings(match["right"].strip())
        if is_true and said and told:
            is_true = any(abs(a.value - b.value) < 0.51 for a in said for b in told) or any(
                abs(a.value - 100 * b.value) < 0.51 for a in said for b in told
            )
        yield Equation(match[0], right.first.readings[0].value, result, is_true)


def _judged(
    left: SumSide, right: SumSide, written: str, *, about: bool
) -> tuple[float, bool] | None:
    """What the left side makes, and whether that is the right one; None of what is no sum."""
    lefts, rights = list(results(left.operands)), list(results(right.operands))
    if not lefts or not rights:
        return None
    lefts += left.with_share
    factors = _factors(left, right)
    if factors is None:
        return None
    first = right.first
    shown = max(r.decimals for r in first.readings) + (2 if first.is_percent else 0)
    is_long = len(right.operands) > 1
    loose = about or is_long or _ROUNDED.search(written[: first.start - left.start]) is not None
    is_true = any(
        _is_near(a * factor, b, shown, loose=loose)
        for a in lefts
        for b in rights
        for factor in factors
    )
    if not is_true and first.is_percent and not any(n.is_percent for n in left.numbers):
        is_true = any(_is_near(a, 100 * b, shown, loose=loose) for a in lefts for b in rights)
    if not is_true and is_long:
        # 2 + 3 = 5 + 4 = 9: the next step begins
        is_true = any(_is_near(a, r.value, 2, loose=True) for a in lefts for r in first.readings)
    return lefts[0], is_true


def _factors(left: SumSide, right: SumSide) -> list[float] | None:
    """What may make the left side's unit the right side's; None of units that can't be compared."""
    units = [unit for unit in left.units if unit]
    known = list(
        dict.fromkeys(unit for unit in units if unit in UNIT_NAMES or _CENTS.fullmatch(unit))
    )
    added = any(token.text in "+-" for token in left.tokens if token.kind == "operator")
    money = any(CURRENCY.search(number.text) for number in left.numbers)
    if added and len({_unit_kind(unit) for unit in known}) + (money and bool(known)) > 1:
        return None
    factors = [1.0]
    if not right.first.is_percent and any(number.is_whole for number in left.numbers):
        factors.append(100.0)
    into = right.units[0] if right.units else ""
    is_cents = [bool(_CENTS.fullmatch(unit)) for unit in (known[0] if known else "", into)]
    if is_cents[0] != is_cents[1]:
        factors.append(0.01 if is_cents[0] else 100.0)
    if known and into in UNIT_NAMES and known[0] in UNIT_NAMES and into != known[0]:
        if not can_convert():
            return None
        makes = scale(units_called(known[0])[0], units_called(into)[0])
        if makes is not None and not makes.offset and not makes.is_inverse:
            factors.append(makes.factor)
    return factors


def _unit_kind(unit: str) -> tuple[str, ...]:
    return units_called(unit) if unit in UNIT_NAMES else ("cent",)


def _is_near(left: float, right: float, decimals: int, *, loose: bool) -> bool:
    off, exact = abs(left - right), 1e-6 * max(1.0, abs(left))
    if off <= exact:
        return True
    if loose and off <= _ABOUT_SHARE * abs(left):
        return True
    step = 10.0**-decimals
    is_shown_whole = abs(left / step - round(left / step)) < 1e-6
    return not is_shown_whole and off < step
