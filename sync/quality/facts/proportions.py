"""Shares that an answer tells in words: `two thirds of`, `one in five`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from drafting.sums.number_words import spelled_numbers
from drafting.sums.numbers import PERCENT
from sync.quality.facts.derived import follows
from sync.quality.facts.given import GivenFacts

_PARTS = {"third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_WORDED = "two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|fifty|hundred"
_SHARE = re.compile(
    rf"\b(?P<count>a|one|two|three|four|five|seven|nine)[ -](?P<part>{'|'.join(_PARTS)})s?"
    r"(?= of (?!an? (?:hour|year|mile|century|minute)\b)|[ -](?:more|less|fewer|higher|lower)\b)"
    rf"|\b(?P<one>one|two|three|1|2|3) (?:in|out of)(?: every)? (?P<all>\d+|{_WORDED})\b"
    r"(?![.,]\d|\s?[%/])",
    re.IGNORECASE,
)
# what a share in words may be off
_POINTS = 3.0


@dataclass(frozen=True, slots=True)
class Proportion:
    """A share in percent."""

    text: str
    value: float


def proportions_in(text: str) -> Iterator[Proportion]:
    """Every share in words but halves, which are too common to be facts."""
    for match in _SHARE.finditer(text):
        if match["part"]:
            count = 1.0 if match["count"].lower() == "a" else _value(match["count"])
            whole = float(_PARTS[match["part"].lower()])
        else:
            count, whole = _value(match["one"]), _value(match["all"])
        if 0 < count < whole:
            yield Proportion(match[0], 100 * count / whole)


def _value(written: str) -> float:
    if written[0].isdigit():
        return float(written)
    return next((value for _, _, value in spelled_numbers(written)), 0.0)


def unsupported_proportions(answer: str, given: GivenFacts) -> Iterator[str]:
    """Those that no given number, percentage or share is near to."""
    for proportion in proportions_in(answer):
        value = proportion.value
        if not (
            given.holds(value / 100, 0.005)
            or given.holds(value, _POINTS, PERCENT)
            or follows(value, _POINTS, PERCENT, None, given)
        ):
            yield proportion.text
