"""Values that reasoning concludes and an answer gives otherwise: number, unit, sign, time, ratio.

`decisions` tells which number a step leads to; here no sign of a result need stand before it. What
is the same of both is left out, and what remains of each is held against the other.
"""

import re
from collections.abc import Iterator, Sequence

from drafting.sums.number_words import spelled_numbers
from drafting.sums.numbers import NumberInText, numbers_in, unit_of
from sync.quality.facts.amounts import amounts_in
from sync.quality.facts.sentences import STOP_WORDS, sentences

# units that are told apart, each with other words for it
_UNITS_SAID = """
second sec s
minute min
hour hr h
day
night
week
month
quarter
year yr
mg milligram
g gram
kg kilogram kilo
µg mcg microgram
lb pound
oz ounce
ml milliliter millilitre
l liter litre
mm millimeter millimetre
cm centimeter centimetre
m meter metre
km kilometer kilometre
mile mi
foot feet ft
inch in
% percent
"""
_UNITS = {
    word: line.split()[0] for line in _UNITS_SAID.strip().splitlines() for word in line.split()
}
_AFTER_DEGREES = re.compile(
    r"\s?(?:°\s?|degrees? )(?P<scale>C|F)(?:elsius|ahrenheit)?\b", re.IGNORECASE
)
_TIME = re.compile(
    r"(?<![\d.:])(?P<hour>[01]?\d|2[0-4])(?:[:h](?P<minute>[0-5]\d)(?![\d:])|(?=\s?[ap]\.?m\b))(?:\s?(?P<half>[ap])\.?m\b)?",
    re.IGNORECASE,
)
_RATIO = re.compile(r"(?<![\d:.])(\d{1,3})\s?:\s?(\d{1,2})(?![\d:])")
_MINUS = re.compile(r"(?:(?:^|[=($€£]|(?<![\d)])\s)\s?[-−–]\s?|\b(?:minus|negative) )[$€£]?$")
_DOWN = re.compile(
    r"\b(?:minus|negative|loss(?:es)?|deficit|shortfall|below|under|debts?|owes?|owed|overdrawn|less|fewer|fall\w*|fell|drop\w*|"
    r"decreas\w*|declin\w*|down|reduc\w*|shr[aiu]nk\w*|lower|lost|colder|deduct\w*)\b",
    re.IGNORECASE,
)
_NOON, _DAY = 12 * 60, 24 * 60
_CALCULATES = re.compile(
    r"[=+*×÷≈]|\b(?:plus|minus|times|divided|because|since)\b|\d ?[-/] ?[$€£]?\d", re.IGNORECASE
)
_LARGER = (100, 60, 1000, 12, 7, 24)  # of units
_FACTORS = (*_LARGER, *(1 / factor for factor in _LARGER))
_ROUNDED = 0.02
_EVERY_UNIT = frozenset(_UNITS.values())


def given_otherwise(known: str, step: str, answer: str) -> tuple[str, str] | None:
    """A value that a step concludes, and what the answer says in its place; None where nothing differs.

    Args:
        known: the question and the reasoning, whose numbers an answer may tell again.
        step: the last one.
    """
    told = list(sentences(step))
    if not told or not answer:
        return None
    last = told[-1]
    return (
        _another_time(last, answer)
        or _turned_ratio(last, answer)
        or _another_sign(last, answer)
        or _another_unit(step, last, answer)
        or _another_number(known, step, last, answer)
    )


def _another_time(last: str, answer: str) -> tuple[str, str] | None:
    ours, theirs = list(_TIME.finditer(last)), list(_TIME.finditer(answer))
    if not ours or len(theirs) != 1 or any(_minutes(one) & _minutes(theirs[0]) for one in ours):
        return None
    return ours[-1][0].strip(), theirs[0][0].strip()


def _minutes(found: re.Match[str]) -> set[int]:
    """The minutes of the day that a time may mean."""
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    at = hour * 60 + minute
    if found["half"]:
        return {at % _NOON + (_NOON if found["half"].lower() == "p" else 0)}
    return {at % _DAY, (at + _NOON) % _DAY} if 0 < hour <= 12 else {at % _DAY}


def _turned_ratio(last: str, answer: str) -> tuple[str, str] | None:
    ours, theirs = _RATIO.findall(last), _RATIO.findall(answer)
    if len(ours) != 1 or len(theirs) != 1 or "ratio" not in last.lower():
        return None
    return None if ours == theirs else (":".join(ours[0]), ":".join(theirs[0]))


def _another_sign(last: str, answer: str) -> tuple[str, str] | None:
    """The same number, below zero in one of the two."""
    ours, theirs = (list(_plain(text)) for text in (last, answer))
    if not ours or len(theirs) != 1:
        return None
    concluded, given = ours[-1], theirs[0]
    below, above = (_is_below_zero(text, one) for text, one in ((last, concluded), (answer, given)))
    if below == above or not concluded.values & given.values or _DOWN.search(f"{last} {answer}"):
        return None
    return ("-" * below + concluded.text, "-" * above + given.text)


def _is_below_zero(text: str, number: NumberInText) -> bool:
    return _MINUS.search(text[max(0, number.start - 12) : number.start]) is not None


def _another_unit(step: str, last: str, answer: str) -> tuple[str, str] | None:
    """A number of a step that the answer gives in another unit or currency, as if it were the same."""
    for measured in (_measured, _in_currency):
        ours, every, theirs = (dict.fromkeys(measured(text)) for text in (last, step, answer))
        for value, unit in theirs:
            mine = [one for one in ours if one[0] == value]
            if mine and (value, unit) not in every and not any(one in theirs for one in mine):
                shown = f"{value:g}"
                return f"{shown} {mine[0][1]}", f"{shown} {unit}"
    return None


def _measured(text: str) -> Iterator[tuple[float, str]]:
    """Each number before a unit, and the unit."""
    for number in _plain(text):
        degrees = _AFTER_DEGREES.match(text, number.end)
        unit = f"°{degrees['scale'].lower()}" if degrees else _unit(number.of)
        if unit:
            for value in number.values:
                yield value, unit
    for _, end, value in spelled_numbers(text):
        word = re.match(r"[ -](?:working |business |more |full )?([^\W\d_]+)", text[end:])
        if word and (unit := _unit(unit_of(word[1]))):
            yield value, unit


def _unit(word: str) -> str:
    word = word.lower()
    return _UNITS.get(word, _UNITS.get(word.removesuffix("s"), word if word in _EVERY_UNIT else ""))


def _in_currency(text: str) -> Iterator[tuple[float, str]]:
    for amount in amounts_in(text, numbers_in(text)):
        for value in amount.number.values:
            yield value, amount.currency


def _another_number(known: str, step: str, last: str, answer: str) -> tuple[str, str] | None:
    """A number of a step that an answer lacks, where it has one of the same kind from nowhere.

    An answer that calculates goes on from where the step ends.
    """
    if _CALCULATES.search(answer):
        return None
    said = {value for number in numbers_in(answer) for value in number.values}
    said |= {value for _, _, value in spelled_numbers(answer)}
    held = {
        value for text in (known, step) for number in numbers_in(text) for value in number.values
    }
    held |= {value for text in (known, step) for _, _, value in spelled_numbers(text)}
    ours = [one for one in _plain(last) if not _near(one, said)]
    theirs = [one for one in _plain(answer) if not _near(one, held)]
    if len(theirs) != 1 or not ours:
        return None
    kind = _kind(answer, theirs[0])
    alike = [one for one in ours if kind and _kind(last, one) == kind]
    return (alike[-1].text, theirs[0].text) if alike else None


def _near(number: NumberInText, values: set[float]) -> bool:
    """Whether a number is one of some values, rounded or in another unit."""
    return any(_same(one, value) for one in number.values for value in values)


def _same(one: float, value: float) -> bool:
    if one == value:
        return True
    rounded = one != round(one) or value != round(value)
    if rounded and abs(one - value) <= _ROUNDED * abs(value):
        return True
    return any(abs(one * factor - value) <= _ROUNDED * abs(value) for factor in _FACTORS)


def _kind(text: str, number: NumberInText) -> str:
    """What a number counts: a currency, a unit, or the word behind it; "" where nothing tells."""
    amount = next(amounts_in(text, [number]), None)
    if amount is not None:
        return amount.currency
    unit = _unit(number.of)
    return unit or ("" if number.of in STOP_WORDS else number.of)


def _plain(text: str) -> Sequence[NumberInText]:
    return [number for number in numbers_in(text) if not number.glued]
