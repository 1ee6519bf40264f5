"""Shares and multiples in words: `two thirds of`, `one in five`, `three times as`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sync.quality.facts.derived import follows
from sync.quality.facts.given import GivenFacts
from sync.quality.facts.number_words import spelled_numbers
from sync.quality.facts.numbers import PERCENT

_PARTS = {"third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_WORDED = "two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|fifty|hundred"
_SHARE = re.compile(
    rf"\b(?P<count>a|one|two|three|four|five|seven|nine)[ -](?P<part>{'|'.join(_PARTS)})s?"
    r"(?= of (?!an? (?:hour|year|mile|century|minute)\b)|[ -](?:more|less|fewer|higher|lower)\b)"
    rf"|\b(?P<one>one|two|three|1|2|3) (?:in|out of)(?: every)? (?P<all>\d+|{_WORDED})\b"
    r"(?![.,]\d|\s?[%/])",
    re.IGNORECASE,
)
_MULTIPLE = re.compile(
    rf"\b(?P<times>\d+(?:\.\d+)?|{_WORDED})(?: times (?=(?:as|more|higher|greater|larger|bigger"
    r"|longer|faster|likelier|the|its|their)\b)|[ -]?fold\b)",
    re.IGNORECASE,
)
# what a share in words may be off, in points, and a multiple, of itself
_POINTS, _OFF = 3.0, 0.15


@dataclass(frozen=True, slots=True)
class Proportion:
    """A share, in percent, or a multiple."""

    text: str
    value: float
    is_share: bool


def proportions_in(text: str) -> Iterator[Proportion]:
    """Every share and multiple in words; halves and doubles are too common to be facts."""
    for match in _SHARE.finditer(text):
        if match["part"]:
            count = 1.0 if match["count"].lower() == "a" else _value(match["count"])
            whole = float(_PARTS[match["part"].lower()])
        else:
            count, whole = _value(match["one"]), _value(match["all"])
        if 0 < count < whole:
            yield Proportion(match[0], 100 * count / whole, True)
    for match in _MULTIPLE.finditer(text):
        if (value := _value(match["times"])) > 2:
            yield Proportion(match[0].strip(), value, False)


def _value(written: str) -> float:
    if written[0].isdigit():
        return float(written)
    return next((value for _, _, value in spelled_numbers(written)), 0.0)


def unsupported_proportions(answer: str, given: GivenFacts) -> Iterator[str]:
    """Those that no given number, percentage or share is near to."""
    for proportion in proportions_in(answer):
        value = proportion.value
        if proportion.is_share:
            is_given = given.holds(value / 100, 0.005) or given.holds(value, _POINTS, PERCENT)
            is_given = is_given or follows(value, _POINTS, PERCENT, None, given)
        else:
            is_given = given.holds(value, _OFF * value) or follows(
                value, _OFF * value, "time", None, given
            )
        if not is_given:
            yield proportion.text
