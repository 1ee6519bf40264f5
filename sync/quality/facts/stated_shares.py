"""Shares and changes that a sentence tells in numbers and as a percentage.

`14 of 50 patients (28%)`, `28% (14/50)`, `rose from 40 to 50, an increase of 25%`.
"""

import re
from collections.abc import Iterator

from drafting.sums.expressions import Equation
from sync.quality.facts.number_patterns import (
    NumberedSentence,
    SaidNumber,
    number_pattern,
    numbered_sentences,
)

_OF = r"(?:\s?/\s?|{u} (?:out of|of|in)(?: (?:the|all|our|these|those|a total of))? )"
_THAT_IS = r"(?:which is |that is,? |i\.e\.,? |or |representing |so )?"
_SHARES = tuple(
    number_pattern(template)
    for template in (
        rf"{{a}}{_OF}{{b}}{{u}}\s?[(\[,:=]\s?{_THAT_IS}{{about}}{{p}}",
        rf"{{p}}\s?[(\[]{{a}}{_OF}{{b}}{{u}}\s?[)\]]",
        rf"{{a}}{_OF}{{b}}{{u}},? (?:is|are|makes?|which is|that is|equals?|i\.e\.,?)"
        rf" {{about}}{{p}}",
    )
)
_ROSE = (
    r"(?:rose|rises?|risen|increas\w+|grew|grows?|grown|climb\w*|gain\w*|jump\w*|rais\w+|went up"
    r"|goes up)"
)
_FELL = (
    r"(?:fell|falls?|fallen|decreas\w+|dropp?\w*|declin\w+|reduc\w+|cuts?|lower\w*|shrank|went down"
    r"|goes down)"
)
_UP = r"(?:increase|rise|gain|growth|jump|surge|mark-?up|raise|up)"
_DOWN = r"(?:decrease|fall|drop|reduction|decline|loss|cut|saving|discount|down|off)"
_WORDS = r"[^.;\ue000-\ue063]{0,40}?"
_PAUSE = r"(?:,| \(|;|:| [-–—])\s?"
_CHANGES = tuple(
    (number_pattern(template), direction)
    for rose, up, direction in ((_ROSE, _UP, 1), (_FELL, _DOWN, -1))
    for template in (
        rf"{rose} {_WORDS}from {{a}}{{u}} to {{b}}{{u}}{_PAUSE}{_THAT_IS}(?:by |an? |the )?"
        rf"(?:(?:total |overall |net )?{up} (?:of |by )?)?{{about}}{{p}}",
        rf"from {{a}}{{u}} to {{b}}{{u}}(?:{_PAUSE}| is | means | makes ){_THAT_IS}(?:an? |the )?"
        rf"(?:total |overall )?{up} (?:of )?{{about}}{{p}}",
        rf"from {{a}}{{u}} to {{b}}{{u}}(?:{_PAUSE}| is | means | makes ){_THAT_IS}(?:an? |the )?"
        rf"{{about}}{{p}} {up}\b",
        rf"{rose} {_WORDS}by {{about}}{{p}}(?:,| \()? from {{a}}{{u}} to {{b}}",
        rf"{{p}} {up}\b {_WORDS}from {{a}}{{u}} to {{b}}",
        rf"{up} of {{about}}{{p}}{_WORDS} from {{a}}{{u}} to {{b}}",
    )
)
_CHANGED = re.compile(r"\bfrom .{0,40} to ")
# of a confidence interval, of points, or the start of a range
_NO_SHARE = re.compile(
    r"\s?(?:of\b|CI\b|confidence|percentage points?|points?\b|pp\b|[-–]\s?[\ue000-\ue063]|to"
    r" [\ue000-\ue063])"
)
_ABOUT_SHARE = 0.06
_YEARS = (1900.0, 2100.0)


def stated_shares(text: str) -> Iterator[Equation]:
    """Every share and change of which a sentence tells the numbers and the percentage."""
    for sentence in numbered_sentences(text):
        if len(sentence.numbers) < 3 or not any(n.is_percent for n in sentence.numbers):
            continue
        yield from _shares(sentence)
        if _CHANGED.search(sentence.text):
            yield from _changes(sentence)


def _shares(sentence: NumberedSentence) -> Iterator[Equation]:
    for pattern in _SHARES:
        for match in pattern.finditer(sentence.text):
            a, b, p = (sentence.number(match[name]) for name in "abp")
            if (
                not p.is_percent
                or a.is_percent
                or b.is_percent
                or bool(a.currency) != bool(b.currency)
                or not 0 < a.value <= b.value
                or _is_year(b)
                or _NO_SHARE.match(sentence.text, match.end("p"))
            ):
                continue
            makes = [100 * x.value / y.value for x in a.readings for y in b.readings if y.value]
            about = sentence.is_about(match.start("p"))
            is_true = any(_is_rounded(value, p, about=about) for value in makes)
            yield Equation(_written(sentence, match), p.value, makes[0], is_true)


def _changes(sentence: NumberedSentence) -> Iterator[Equation]:
    for pattern, direction in _CHANGES:
        for match in pattern.finditer(sentence.text):
            a, b, p = (sentence.number(match[name]) for name in "abp")
            if (
                not p.is_percent
                or a.is_percent != b.is_percent
                or (_is_year(a) and _is_year(b))
                or a.value <= 0
                or (b.value - a.value) * direction <= 0
                or _NO_SHARE.match(sentence.text, match.end("p"))
            ):
                continue
            about = sentence.is_about(match.start("p"))
            makes = 100 * abs(b.value - a.value) / a.value
            values = [makes, *_unrounded(a, b)]
            is_true = min(values) <= p.value <= max(values)
            if a.is_percent:
                values.append(abs(b.value - a.value))
            is_true = is_true or any(_is_rounded(value, p, about=about) for value in values)
            yield Equation(_written(sentence, match), p.value, makes, is_true)


def _unrounded(a: SaidNumber, b: SaidNumber) -> Iterator[float]:
    """The least and the most that the change may be, where digits after the point are rounded."""
    if a.decimals or b.decimals:
        for sign in (1, -1):
            old = a.value + sign * 0.5 * 10.0**-a.decimals
            new = b.value - sign * 0.5 * 10.0**-b.decimals
            yield 100 * abs(new - old) / old if old > 0 else 0.0


def _is_rounded(value: float, said: SaidNumber, *, about: bool) -> bool:
    """Whether a percentage is a value, rounded or cut off to its digits."""
    unit = 10.0**-said.decimals
    off = said.value - value
    return -unit < off <= unit / 2 + 1e-9 or (about and abs(off) <= _ABOUT_SHARE * value)


def _is_year(number: SaidNumber) -> bool:
    return number.value % 1 == 0 and _YEARS[0] <= number.value <= _YEARS[1] and not number.currency


def _written(sentence: NumberedSentence, match: re.Match[str]) -> str:
    return " ".join(sentence.written(match[0]).split())
