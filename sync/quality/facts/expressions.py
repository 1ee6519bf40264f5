"""Equations in a text, and whether they are true: `3 * 4 = 13`, `20% of 150 is 35`.

Numbers may stand in either notation, so an equation is true if it is in one reading of them. A
result may be rounded or cut off to the digits that are shown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sync.quality.facts.calculations import calculation, results
from sync.quality.facts.numbers import NumberRead, number_readings

_NUM = r"[$€£]?[ ]?(?:\d+(?:[.,]\d+)*|\.\d+)(?:[ ]?%)?"
# a word of what is counted, never glued to the number, which may be algebra
_COUNTED = r"(?:[ ](?!(?:is|x|plus|minus|times|makes|gives|and|or|to|equals)\b)[A-Za-z]{2,12})?"
_TERM = rf"\(*{_NUM}\)*{_COUNTED}\)*"
_OPERATOR = (
    r"[ ]?(?:[+*×÷/·−–-]|\bx\b|(?<=\d)x(?=\d)|\bplus\b|\bminus\b|\btimes\b|\bmultiplied by\b|"
    r"\bdivided by\b)[ ]?"
)
_CHAIN = rf"{_TERM}(?:{_OPERATOR}{_TERM})+"
_EQUATION = re.compile(
    rf"(?<![\w.,^$€£])(?:(?P<share>{_NUM})[ ]of[ ](?:the[ ])?(?P<whole>{_NUM}){_COUNTED}"
    rf"|(?P<left>{_CHAIN}))"
    rf"(?P<sign>[ ]?[=≈][ ]?|[ ](?:equals|is equal to|is|makes|gives)[ ](?P<about>(?:about|roughly|"
    rf"approximately)[ ])?)(?P<right>-?\(*{_NUM}\)*{_COUNTED}(?:{_OPERATOR}{_TERM})*)"
)
_MARKED = re.compile(
    r"<<(?P<left>[^<>=]{3,80})=(?P<right>[^<>=]{1,40})>>\s?(?P<said>[$€£]?[\d.,]*\d)?"
)
_RANGE = re.compile(r"^\d[\d.,]*[ ]?%?[A-Za-z ]*[-–−/x][A-Za-z ]*\d[\d.,]*[ ]?%?[A-Za-z ]*$")
_THEN = re.compile(
    r"[ ]?(?:[+*×÷/^=−]|-[ ]?\d|x\b|million|billion|thousand|hundred|\d)|[\w^/]|[.,]\d"
)
# an operator, a factor or the whole part of a mixed number, before which nothing was read
_GOES_BEFORE = re.compile(
    r"(?:[+*/×÷^−)\d-]|[\d½¼¾⅓⅔]\s?x|[\w)]\s?\(|[+*×÷−-]\s[A-Za-z]{1,12})\s*$"
)
_ROUNDED = re.compile(r"\.\d*(?:33|66|67|16|83)$")
_ABOUT = 0.05


@dataclass(frozen=True, slots=True)
class Equation:
    """Something that a text says is equal.

    Attributes:
        text: as it is written.
        right: where the right side starts.
        end: where it ends.
        result: what the left side makes, in its likeliest reading.
        is_true: in some reading, as far as the digits that are shown tell.
    """

    text: str
    right: int
    end: int
    result: float
    is_true: bool


def equations_in(text: str) -> Iterator[Equation]:
    """Every equation whose left side is an operation on numbers."""
    yield from _marked(text)
    text = re.sub(r"<<[^<>]*>>", "", text) if "<<" in text else text
    at = 0
    while match := _EQUATION.search(text, at):
        at = match.start("right")
        if _is_judged(text, match):
            left = f"{match['share']} * {match['whole']}" if match["share"] else match["left"]
            about = "≈" in match["sign"] or bool(match["about"])
            found = _judged(left, match["right"], about=about)
            if found is not None:
                yield Equation(match[0].strip(), at, match.end(), *found)


def _marked(text: str) -> Iterator[Equation]:
    """Those of a calculator, as in `<<3*4=12>>12`."""
    for match in _MARKED.finditer(text):
        found = _judged(match["left"], match["right"], about=False)
        if found is None:
            continue
        result, is_true = found
        said = number_readings(match["said"].strip("$€£")) if match["said"] else ()
        told = number_readings(match["right"].strip())
        if is_true and said and told:
            is_true = any(abs(a.value - b.value) < 0.51 for a in said for b in told) or any(
                abs(a.value - 100 * b.value) < 0.51 for a in said for b in told
            )
        yield Equation(match[0], match.end(), match.end(), result, is_true)


def _is_judged(text: str, match: re.Match[str]) -> bool:
    """Whether it is arithmetic: no range, no part of algebra or of a longer number."""
    if _GOES_BEFORE.search(text, max(0, match.start() - 18), match.start()):
        return False
    if _THEN.match(text, match.end()):
        return False
    if match["share"]:
        return match["share"].rstrip().endswith("%")
    left = match["left"].strip()
    if _RANGE.match(left):
        told = "=" in match["sign"] or "≈" in match["sign"]
        numbers = [number_readings(n) for n in re.findall(r"\d+(?:[.,]\d+)*", left)]
        grows = (
            len(numbers) == 2
            and numbers[0]
            and numbers[1]
            and (numbers[0][0].value < numbers[1][0].value)
        )
        if "-" in left or "–" in left or "−" in left:
            return told and not grows
        return told
    return True


def _judged(left: str, right: str, *, about: bool) -> tuple[float, bool] | None:
    """What the left side makes, and whether that is the right one; None of what is no sum."""
    sides = [calculation(left), calculation(right)]
    if any(side is None for side in sides):
        return None
    lefts = list(results(sides[0] or []))
    rights = list(results(sides[1] or []))
    if not lefts or not rights:
        return None
    shown = _decimals(right)
    loose = about or _ROUNDED.search(left) is not None or len(sides[1] or []) > 1
    lefts += _with_share_of(left)
    is_true = any(_is_near(a, b, shown, loose=loose) for a in lefts for b in rights)
    if not is_true and "%" in right and "%" not in left:
        is_true = any(_is_near(a, 100 * b, shown, loose=loose) for a in lefts for b in rights)
    if not is_true and len(sides[1] or []) > 1:
        # 2 + 3 = 5 + 4 = 9: the next step begins
        first = [
            reading.value for reading in (sides[1] or [[]])[0] if isinstance(reading, NumberRead)
        ]
        is_true = any(_is_near(a, b, 2, loose=True) for a in lefts for b in first)
    return lefts[0], is_true


def _with_share_of(left: str) -> list[float]:
    """`150 + 20%` as 150 and a fifth of it."""
    match = re.fullmatch(r"\D{0,2}([\d.,]*\d)\s?([+−–-])\s?([\d.,]*\d)\s?%\D*", left.strip())
    if match is None:
        return []
    sign = 1 if match[2] == "+" else -1
    return [
        whole.value * (1 + sign * share.value / 100)
        for whole in number_readings(match[1])
        for share in number_readings(match[3])
    ]


def _decimals(right: str) -> int:
    number = re.search(r"\d+(?:[.,]\d+)*|\.\d+", right)
    readings = number_readings(number[0]) if number else ()
    return max((r.decimals for r in readings), default=0) + (2 if "%" in right else 0)


def _is_near(left: float, right: float, decimals: int, *, loose: bool) -> bool:
    off, exact = abs(left - right), 1e-6 * max(1.0, abs(left))
    if off <= exact:
        return True
    if loose and off <= _ABOUT * abs(left):
        return True
    step = 10.0**-decimals
    is_shown_whole = abs(left / step - round(left / step)) < 1e-6
    return not is_shown_whole and off < step
