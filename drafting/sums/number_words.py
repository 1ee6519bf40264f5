"""English numbers in words: `twelve hundred` is 1200, `two thirds` is 0.667."""

import math
import re
from collections.abc import Iterator, Set
from functools import lru_cache

_UNITS = {
    word: float(value)
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: 10.0 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_ALONE = {
    "half": 0.5, "halve": 0.5, "halves": 0.5, "halved": 0.5, "quarter": 0.25, "quarters": 0.25,
    "once": 1, "single": 1, "twice": 2, "double": 2, "doubled": 2, "both": 2, "couple": 2,
    "pair": 2, "twofold": 2, "triple": 3, "tripled": 3, "thrice": 3, "threefold": 3,
    "dozen": 12, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6,
    "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "century": 100, "decade": 10,
}  # fmt: skip
_PARTS = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6,
          "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10}  # fmt: skip
_WORD = "|".join([*_UNITS, *_TENS, *_SCALES])
_CARDINAL = re.compile(
    rf"\b(?:a |an )?(?:{_WORD})(?:(?:[ -]|(?:(?<=hundred)|(?<=thousand)|(?<=million)) and "
    rf")(?:{_WORD}))*(?:[ -](?P<part>half|halves"
    r"|thirds?|quarters?|fourths?|fifths?|sixths?|sevenths?|eighths?|ninths?|tenths?)\b)?\b",
    re.IGNORECASE,
)
_SINGLE = _UNITS | _TENS | _SCALES | _ALONE
# what makes a number of several words
_COMPOUNDING = _TENS.keys() | _SCALES.keys() | _PARTS.keys() | {f"{part}s" for part in _PARTS}
_SEPARATOR = re.compile(r"[ -]+")


def spelled_numbers(text: str) -> Iterator[tuple[int, int, float]]:
    """Start, end and value of every cardinal in words, and of `two thirds` and the like."""
    for match in _CARDINAL.finditer(text):
        value = _value(match[0].lower())
        if value is not None:
            yield match.start(), match.end(), value


def values_in_words(text: str, words: Set[str]) -> set[float]:
    """Every value that words may tell: cardinals, ordinals, `half`, `twice`, `dozen`.

    Args:
        words: those of the text, in lower case.
    """
    values = {_SINGLE[word] for word in words & _SINGLE.keys()}
    if words & _COMPOUNDING:
        values.update(value for _, _, value in spelled_numbers(text))
    return values


@lru_cache(maxsize=1 << 14)
def _value(written: str) -> float | None:
    words = _words(written)
    part = _PARTS.get(words[-1].rstrip("s"))
    if part is not None and len(words) > 1:
        count = _cardinal(words[:-1])
        return None if count is None else round(count / part, 3)
    return _cardinal(words)


def _words(written: str) -> list[str]:
    return [word for word in _SEPARATOR.split(written) if word not in ("a", "an", "and", "")]


def _cardinal(words: list[str]) -> float | None:
    """The value, or None of words that make no number together, such as `two three`."""
    total = current = 0.0
    room, largest = math.inf, math.inf
    for word in words:
        if word == "hundred":
            current, room = (current or 1.0) * 100, 100.0
        elif word in _SCALES:
            if _SCALES[word] >= largest:
                return None
            largest = _SCALES[word]
            total, current, room = total + (current or 1.0) * largest, 0.0, math.inf
        else:
            value = _UNITS.get(word, _TENS.get(word, math.inf))
            if value >= room:
                return None
            current, room = current + value, 10.0 if word in _TENS else 0.0
    return total + current
