"""Numbers that follow from given ones by one operation: sums, differences, shares, products.

An operation counts only where it makes sense, since of thirty numbers any two give nearly every
value: one adds patients to patients, not to years, and what is neither money nor few stands in one
sentence. A share is of two numbers of one sentence.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from drafting.sums.expressions import equations_in
from drafting.sums.numbers import PERCENT, numbers_in
from sync.quality.facts.conversions import conversions_in
from sync.quality.facts.given import GivenFacts, GivenNumber

# of more, only those of one sentence are combined
_FEW = 8
# months, weeks and days of a year, hours of a day and what else one multiplies by
_CONSTANTS = (2.0, 4.0, 7.0, 12.0, 24.0, 30.0, 52.0, 60.0, 365.0)
_HALF_CENT = 0.005 + 1e-9
_RATIOS = frozenset({"time", "x", "×", "ratio"})


@dataclass(frozen=True, slots=True)
class Money:
    """How an amount is said.

    Attributes:
        is_rounded: `about`.
        is_of_a_time: `a month`, `in total`.
    """

    is_rounded: bool
    is_of_a_time: bool


def follows(value: float, slack: float, of: str, money: Money | None, given: GivenFacts) -> bool:
    """Whether a value is what one operation makes of given numbers.

    Args:
        slack: what it may be off, since it is rounded.
        of: what it counts, see `GivenNumber`.
        money: how it is said, where it is money.
    """
    slack = max(slack, abs(value) * 1e-9)
    if of == PERCENT:
        found = _percents(given)
    elif of in _RATIOS:
        found = _ratios(given.by_sentence)
    elif money is not None:
        slack = slack if money.is_rounded else min(slack, _HALF_CENT)
        found = chain(_counts(of, money=True, given=given), _products(of, money, given))
    else:
        slack = 1e-9 * max(1.0, abs(value))
        found = _counts(of, money=False, given=given)
    return any(abs(one - value) <= slack for one in found)


def _percents(given: GivenFacts) -> Iterator[float]:
    for sentence in given.by_sentence:
        shares = [number.value for number in sentence if number.of == PERCENT]
        yield from (100 - share for share in shares)
        yield from (abs(a - b) for a, b in combinations(shares, 2))
        yield from (a + b for a, b in combinations(shares, 2))
        counts = [n for n in sentence if n.of != PERCENT and n.value > 0][:_FEW]
        yield from (number.share for number in counts if number.share)
        for a, b in combinations(counts, 2):
            if a.of == b.of:
                small, large = sorted((a.value, b.value))
                yield 100 * small / large
                yield 100 * (large - small) / large
                yield 100 * (large - small) / small


def _ratios(sentences: Iterable[Sequence[GivenNumber]]) -> Iterator[float]:
    for sentence in sentences:
        for a, b in combinations([n for n in sentence if n.value > 0][:_FEW], 2):
            if a.of == b.of:
                yield max(a.value, b.value) / min(a.value, b.value)


def _counts(of: str, *, money: bool, given: GivenFacts) -> Iterator[float]:
    same = [number for number in given.numbers if number.of == of]
    few = len(same) <= _FEW
    for group in [same] if few else _by_sentence(given, of):
        if not money and not of and few:
            continue
        yield from _sums([number.value for number in group])
    for sentence in given.by_sentence:
        here = [number.value for number in sentence if number.of == of]
        yield from _sums(here)


def _products(of: str, money: Money, given: GivenFacts) -> Iterator[float]:
    """So many of an amount, a share of it, and what it is in another time."""
    amounts = [number.value for number in given.numbers if number.of == of][: 2 * _FEW]
    others = [number for number in given.numbers if number.of != of and number.counts][: 4 * _FEW]
    for amount in amounts:
        if money.is_of_a_time:
            yield from (amount * factor for factor in _CONSTANTS)
            yield from (amount / factor for factor in _CONSTANTS)
        for other in others:
            if other.of == PERCENT:
                yield amount * other.value / 100
                yield amount * (1 - other.value / 100)
                yield amount * (1 + other.value / 100)
            elif other.value:
                yield amount * other.value
                yield amount / other.value


def _by_sentence(given: GivenFacts, of: str) -> Iterator[list[GivenNumber]]:
    for sentence in given.by_sentence:
        yield [number for number in sentence if number.of == of]


def _sums(values: Sequence[float]) -> Iterator[float]:
    distinct = values[: 2 * _FEW]
    for a, b in combinations(distinct, 2):
        yield a + b
        yield abs(a - b)
    if len(values) > 2:
        yield sum(values)
        yield sum(values) / len(values)


def made_in(texts: Iterable[str]) -> frozenset[float]:
    """What a text makes itself: the results of its right equations and conversions."""
    found: set[float] = set()
    for text in texts:
        found.update(equation.said for equation in equations_in(text) if equation.is_true)
        for conversion in conversions_in(text):
            if conversion.is_true:
                found.update(value for n in numbers_in(conversion.said) for value in n.values)
    return frozenset(found)
