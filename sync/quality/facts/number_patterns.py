"""Sentences with a sign in place of each number, and patterns of them: `{a} added to {b}{is} {r}`.

In a pattern `{a}` and every other single letter is a number in digits or words, with its currency,
scale and percent sign; `{u}` some words of what is counted; `{list}` several numbers with theirs;
`{is}` what says that something is equal, `{about}` what says that it is rounded,
and `{result}` both with a number behind them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from drafting.sums.number_words import spelled_numbers
from drafting.sums.numbers import NumberRead, number_readings
from drafting.sums.sum_tokens import without_marks_of_form
from sync.quality.facts.sentences import sentences

# stands for the first number of a sentence, the next for the second
_FIRST, _MOST = 0xE000, 99
_SIGN = f"[{chr(_FIRST)}-{chr(_FIRST + _MOST)}]"
_CODE = "EUR|USD|GBP|CHF|CAD|AUD|NZD|SGD|HKD|JPY|INR|SEK|NOK|DKK|PLN"
_MONEY = rf"(?:[A-Z]{{1,2}}[$€£¥₹]|[$€£¥₹]|\b(?:{_CODE})\b|\bRs\.?)"
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "k": 1e3, "bn": 1e9}
_NUMBER = re.compile(
    rf"(?P<before>{_MONEY}[ \u00a0]?)?(?<![\w.,])(?P<digits>\d{{1,3}}(?:[ \u00a0\u202f]\d{{3}})+"
    rf"(?![\d,.])"
    r"|\d+(?:[.,'’]\d+)*)(?P<scale>[ ]?(?:thousand|million|billion)\b|(?:k|bn)\b)?"
    rf"(?P<percent>[ ]?%|[ ]per ?cent\b)?(?P<after>[ ]?{_MONEY}|[ ](?:euros?|dollars?|pounds?"
    rf"|cents?)\b)?"
)
_AFTER_WORDS = re.compile(
    r"(?P<percent>[ ]per ?cent\b|%)?(?P<after>[ ](?:euros?|dollars?|pounds?|cents?)\b)?"
)
_ABOUT = (
    r"about|around|roughly|approximately|nearly|almost|some|over|under|more than|less than|~|≈|<|>"
)
_SAID_ABOUT = re.compile(rf"(?:{_ABOUT})\s?$")
_NO_UNIT = (
    "and|or|to|is|are|was|were|the|from|by|for|at|of|in|on|with|so|which|that|who|it|makes?|comes?"
    "|gives?|"
    "leaves?|totals?|equals?|adds?|plus|minus|times|each|per|every|then|than|less|more|together"
    "|sum|"
    "amounts?|costs?|but|if|when|while|we|you|they|has|have|had"
)
_UNIT = rf"(?:[ -](?!(?:{_NO_UNIT})\b)[A-Za-z][a-z]*){{0,3}}"
_SLOTS = {
    "list": (
        rf"(?P<list>{_SIGN}{_UNIT}(?:,\s{_SIGN}{_UNIT}){{0,8}},? (?:and|plus) {_SIGN})"
        rf"(?P<unit>{_UNIT})"
    ),
    "u": _UNIT,
    "is": (
        r"(?:\s?(?:=|:|→)|,? (?:which |that |this )?(?:is|are|makes?|equals?|comes? to|gives?(?: "
        r"(?:us|you))?"
        r"|amounts? to|totals?|adds? up to|works? out (?:at|to|as)|means|leaves?|costs?)|,? "
        r"(?:i\.e\.,?"
        r"|that's|so|hence|thus)|,? for a total of|,? a total of)"
    ),
    "about": rf"(?:(?:{_ABOUT})\s?|only |just |exactly )?",
}
_SLOT = re.compile(r"\{([a-z]+)\}")
_UNIT_AFTER = re.compile(r"[ -]([A-Za-z]+)")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class SaidNumber:
    """A number with all that is written with it.

    Attributes:
        readings: of a percentage, of the number before its sign.
        currency: as written, or "".
        unit: the word behind it without its plural, or "", where `said_numbers` found it.
    """

    text: str
    readings: tuple[NumberRead, ...]
    is_percent: bool = False
    currency: str = ""
    unit: str = ""

    @property
    def value(self) -> float:
        return self.readings[0].value

    @property
    def decimals(self) -> int:
        return self.readings[0].decimals


@dataclass(frozen=True)
class NumberedSentence:
    """A sentence with a sign in place of each of its numbers."""

    text: str
    numbers: tuple[SaidNumber, ...]

    def number(self, sign: str) -> SaidNumber:
        """The number that a sign stands for."""
        return self.numbers[ord(sign) - _FIRST]

    def numbers_of(self, part: str) -> list[SaidNumber]:
        """All numbers of a part of it."""
        return [self.number(char) for char in part if _FIRST <= ord(char) <= _FIRST + _MOST]

    def is_about(self, at: int) -> bool:
        """Whether the number at a place is said to be rounded."""
        return _SAID_ABOUT.search(self.text, max(0, at - 16), at) is not None

    def written(self, part: str) -> str:
        """A part as it is written."""
        return "".join(
            self.number(char).text if _FIRST <= ord(char) <= _FIRST + _MOST else char
            for char in part
        )


# several patterns are looked for in one text
@lru_cache(maxsize=8)
def numbered_sentences(text: str) -> tuple[NumberedSentence, ...]:
    """The sentences of a text that hold a number."""
    plain = sentences(without_marks_of_form(text))
    return tuple(filter(None, map(_numbered, plain)))


def said_numbers(line: str) -> list[tuple[int, SaidNumber]]:
    """The numbers of a line in digits, and where each starts."""
    return [
        (start, replace(number, unit=unit[1].rstrip("s") if unit else ""))
        for start, end, number in _in_digits(line)
        for unit in [_UNIT_AFTER.match(line, end)]
    ]


def _numbered(sentence: str) -> NumberedSentence | None:
    found = [*_in_words(sentence)]
    if _DIGIT.search(sentence):
        found += _in_digits(sentence)
    if not 0 < len(found) <= _MOST:
        return None
    found.sort(key=lambda one: one[0])
    reduced, at = "", 0
    for i, (start, end, _) in enumerate(found):
        reduced += sentence[at:start] + chr(_FIRST + i)
        at = end
    return NumberedSentence(reduced + sentence[at:], tuple(number for _, _, number in found))


def _in_digits(sentence: str) -> Iterator[tuple[int, int, SaidNumber]]:
    for match in _NUMBER.finditer(sentence):
        scale = _SCALES.get((match["scale"] or "").strip(), 1.0)
        readings = tuple(
            NumberRead(one.value * scale, one.decimals) for one in number_readings(match["digits"])
        )
        if readings:
            yield match.start(), match.end(), _said(match[0], readings, match)


def _in_words(sentence: str) -> Iterator[tuple[int, int, SaidNumber]]:
    for start, end, value in spelled_numbers(sentence):
        after = _AFTER_WORDS.match(sentence, end)
        end = after.end() if after else end
        readings = (NumberRead(value, 3 if value % 1 else 0),)
        yield start, end, _said(sentence[start:end], readings, after)


def _said(text: str, readings: tuple[NumberRead, ...], match: re.Match[str] | None) -> SaidNumber:
    groups = match.groupdict() if match else {}
    currency = (groups.get("before") or groups.get("after") or "").strip()
    return SaidNumber(text, readings, bool(groups.get("percent")), currency.rstrip("s."))


def number_pattern(template: str) -> re.Pattern[str]:
    """A template as a regular expression over `NumberedSentence.text`."""
    template = template.replace("{result}", "{is} {about}{r}")

    def slot(match: re.Match[str]) -> str:
        name = match[1]
        return _SLOTS.get(name) or rf"(?P<{name}>{_SIGN})"

    return re.compile(_SLOT.sub(slot, template))
