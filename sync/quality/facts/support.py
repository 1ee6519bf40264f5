"""Which facts of an answer its sources do not give."""

import re
from collections.abc import Iterator

from drafting.sums.numbers import PERCENT, NumberInText, NumberRead
from drafting.sums.unit_names import COUNTED_UNITS
from sync.quality.facts.amounts import amounts_in
from sync.quality.facts.dates import agrees, dates_in, days_after
from sync.quality.facts.derived import Money, follows
from sync.quality.facts.given import GivenFacts
from sync.quality.facts.names import names_in
from sync.quality.facts.stated import is_small, numbers_in_words, stated_numbers, states_in_words

_ABOUT = re.compile(
    r"(?:\b(?:about|around|approximately|approx\.?|roughly|nearly|almost|over|circa|ca\.|"
    r"up to|more than|at least|close to|an estimated)|[~≈])\s?\S{0,4}$",
    re.IGNORECASE,
)
# what a number after `about` may be off
_ABOUT_SHARE = 0.05
_NEAR = 30
# behind an amount: that it is for so long, or for all
_OF_A_TIME = re.compile(
    r"^[^.;]{0,20}?\b(?:a|per|each|every) (?:day|week|month|quarter|year)"
    r"|^[^.;]{0,20}?\b(?:yearly|annually|monthly|weekly|daily|in total|in all|altogether)\b"
)
# as many weeks or tablets are doubted only where the sources count some, too; ages never
_FEW, _FEW_OF_A_UNIT = 10, 12
_YEARS = (1500, 2150)


def unsupported_dates(answer: str, given: GivenFacts) -> Iterator[str]:
    """Dates of which no source gives all that they tell, and no given span of time leads to."""
    later: set[tuple[int, int, int]] | None = None
    for date in dates_in(answer):
        if any(agrees(told, known) for told in date.readings for known in given.dates):
            continue
        without_year = [told for told in date.readings if told[0] and given.holds(told[0])]
        if any(
            known[0] is None and agrees((None, *told[1:]), known)
            for told in without_year
            for known in given.dates
        ):
            continue
        if later is None:
            later = _reached(given)
        if any(agrees(told, known) for told in date.readings for known in later):
            continue
        yield date.text


def _reached(given: GivenFacts) -> set[tuple[int, int, int]]:
    """Dates that lie a given time after or before given ones."""
    spans = {(n.value, n.of) for n in given.numbers if n.of in ("day", "week", "month", "year")}
    if len(spans) * len(given.dates) > 400:
        return set()
    return {
        (day.year, day.month, day.day)
        for known in given.dates
        for count, unit in spans
        for day in days_after(known, count, unit)
    }


def unsupported_amounts(answer: str, given: GivenFacts) -> Iterator[str]:
    """Amounts of money that are given with another currency or not at all."""
    for amount in amounts_in(answer, (*stated_numbers(answer), *numbers_in_words(answer))):
        if not _is_supported(answer, amount.number, given, amount.currency):
            yield amount.text


def unsupported_numbers(answer: str, given: GivenFacts) -> Iterator[str]:
    """Other numbers, in digits and in English words."""
    in_digits, in_words = tuple(stated_numbers(answer)), tuple(numbers_in_words(answer))
    money = {amount.number.start for amount in amounts_in(answer, (*in_digits, *in_words))}
    within = [range(date.start, date.end) for date in dates_in(answer)]
    stated = [number for number in in_digits if not is_small(number)]
    for number in (*stated, *filter(states_in_words, in_words)):
        if number.start in money or any(number.start in span for span in within):
            continue
        if _is_few(number) and not _is_doubted(number, given):
            continue
        if not _is_supported(answer, number, given, None):
            yield number.text


def _is_supported(
    answer: str, number: NumberInText, given: GivenFacts, currency: str | None
) -> bool:
    about = _ABOUT.search(answer, max(0, number.start - 24), number.start) is not None
    of = currency or number.of
    money = None
    if currency is not None:
        after = answer[number.end : number.end + _NEAR]
        money = Money(about, _OF_A_TIME.search(after) is not None)
    for reading in number.readings:
        value = reading.value
        slack = _slack(number, reading, money=money, about=about)
        if given.holds(value, slack, of, money=money is not None) and (
            currency is None or _has_currency(value, slack, currency, given)
        ):
            return True
        if of == PERCENT and given.holds(value / 100, slack / 100):
            return True
        if 0 < value < 1 and not of and given.holds(value * 100):
            return True
        if _is_year(value) and not of and any(known[0] == value for known in given.dates):
            return True
        if follows(value, slack, of, money, given):
            return True
    return False


def _slack(number: NumberInText, reading: NumberRead, *, money: Money | None, about: bool) -> float:
    """What a number may be off: half of its last digit, but nothing of what is counted or paid."""
    is_exact = not reading.decimals and (
        money is not None or number.of not in (*COUNTED_UNITS, PERCENT, "")
    )
    slack = 0.0 if is_exact else 0.5 * 10.0**-reading.decimals * (1 - 1e-9)
    return max(slack, _ABOUT_SHARE * abs(reading.value)) if about else slack


def _has_currency(value: float, slack: float, currency: str, given: GivenFacts) -> bool:
    """Whether a value is given in this currency, or in none."""
    signs = {sign for one, sign in given.currencies if abs(one - value) <= slack + 1e-9}
    return not signs or currency in signs


def _is_doubted(number: NumberInText, given: GivenFacts) -> bool:
    """Whether a small number is of a unit that the sources count, or that facts of a task could."""
    if number.of == "year" or number.of not in COUNTED_UNITS:
        return False
    return given.is_of_a_case or number.of in given.counted


def _is_few(number: NumberInText) -> bool:
    """Whether it is so small that it may count what everybody knows."""
    most = _FEW_OF_A_UNIT if number.of in COUNTED_UNITS else _FEW
    return number.of != PERCENT and all(
        reading.value <= most and not reading.decimals for reading in number.readings
    )


def _is_year(value: float) -> bool:
    return value.is_integer() and _YEARS[0] <= value <= _YEARS[1]


def unsupported_names(answer: str, given: GivenFacts) -> Iterator[str]:
    """Names of which no source has the last word, nor most of the words."""
    for name in names_in(answer):
        known = [word in given.words or f"{word}s" in given.words for word in name.words]
        if not known[-1] and sum(known) * 2 <= len(known):
            yield name.text
