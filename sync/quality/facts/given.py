"""What the sources of an answer give: the numbers, amounts, dates and words in them.

Whether a number is supported is asked of the numbers as values, so that notation doesn't count:
50 %, 0.5 and `half` are one. A value is also supported if the sources give a longer one that rounds
to it.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from drafting.sums.number_words import values_in_words
from drafting.sums.numbers import PERCENT, NumberInText, numbers_in, unit_of
from drafting.sums.unit_names import COUNTED_UNITS
from sync.quality.facts.amounts import amounts_in
from sync.quality.facts.dates import Calendar, dates_in
from sync.quality.facts.sentences import STOP_WORDS, sentences

_WORD = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")
_UNIT_BEFORE = re.compile(r"\b(day|week|month|year|hour)s?\s$", re.IGNORECASE)
_OF = re.compile(r"\b(?:of|among)\s(?:the\s|all\s)?$", re.IGNORECASE)
_PART_OF = re.compile(r"[^.;\d]{0,30}\b(?:of|from|among|in)\b[^.;\d]{0,25}|\s?/\s?", re.IGNORECASE)
_TINY = 1e-9
_LARGE = 100.0
_BESIDE = frozenset({"vs", "versu", "to", "and", "or"})
_OTHER = re.compile(r"\s(?:vs\.?|versus|to|and|or)\s[\d.,]*\d\s?(%|[^\W\d_]+)")
# younger than 30 may be up to 29
_BELOW = re.compile(
    r"(?:[<]|\b(?:younger than|under|below|less than|before)(?: the)?(?: age)?(?: of)?)\s?$"
)
# behind a number: what it counts, in small letters, or its percent sign
_COUNTS = re.compile(r"(?:\s?%|\s?per ?cent|[ \u00a0-]?[a-zäöüéèà])|(?<=[%t])")


@dataclass(frozen=True, slots=True)
class GivenNumber:
    """A number of a source.

    Attributes:
        of: what it counts: `PERCENT`, the sign of a currency, a word, or "".
        share: the percentage that it and the number before it make, as in `14 of 50`.
        counts: something, rather than a day of a date or a house.
    """

    value: float
    of: str
    is_money: bool
    share: float | None = None
    counts: bool = True


@dataclass(frozen=True)
class GivenFacts:
    """The facts of one source, or of several.

    Attributes:
        by_sentence: its numbers in digits, a tuple for each sentence with one.
        values: of all numbers, in words, too, ascending.
        loose: those of them that may be of any kind, since nothing tells what they count.
        currencies: (value, sign) of every amount.
        words: its words in lower case.
        is_of_a_case: they are facts of a task, such as a customer's, besides documents.
    """

    by_sentence: tuple[tuple[GivenNumber, ...], ...] = ()
    values: tuple[float, ...] = ()
    loose: tuple[float, ...] = ()
    currencies: frozenset[tuple[float, str]] = frozenset()
    dates: frozenset[Calendar] = frozenset()
    words: frozenset[str] = frozenset()
    is_of_a_case: bool = False

    def holds(self, value: float, slack: float = 0.0, of: str = "", *, money: bool = False) -> bool:
        """Whether a value is among the given ones, or one that is at most `slack` from it.

        Args:
            of: what it counts; of a unit or a percentage, other units and nouns don't count.
            money: it is paid, so that what counts something small is another thing.
        """
        slack = max(slack, abs(value) * _TINY)
        if not of or of in STOP_WORDS or (money and value >= _LARGE):
            return _has(self.values, value, slack)
        if _has(self.loose, value, slack) or _has(self._by_kind.get(of, ()), value, slack):
            return True
        if money:
            return _has(self._paid, value, slack)
        return of not in COUNTED_UNITS and of != PERCENT and _has(self._of_nouns, value, slack)

    @cached_property
    def _by_kind(self) -> dict[str, tuple[float, ...]]:
        kinds: dict[str, set[float]] = {}
        for number in self.numbers:
            kinds.setdefault(number.of, set()).add(number.value)
        return {of: tuple(sorted(values)) for of, values in kinds.items()}

    @cached_property
    def _of_nouns(self) -> tuple[float, ...]:
        """Of numbers that count something without a unit, and percentages, which are points."""
        return tuple(sorted({n.value for n in self.numbers if self._is_of_noun(n)}))

    @cached_property
    def _paid(self) -> tuple[float, ...]:
        return tuple(sorted({number.value for number in self.numbers if number.is_money}))

    @staticmethod
    def _is_of_noun(number: GivenNumber) -> bool:
        return number.counts and not number.is_money and number.of not in COUNTED_UNITS

    @cached_property
    def counted(self) -> frozenset[str]:
        """What its numbers count."""
        return frozenset(number.of for number in self.numbers)

    def with_values(self, values: Iterable[float]) -> "GivenFacts":
        """The same with other values that may be of any kind."""
        more = set(values)
        return replace(
            self,
            values=tuple(sorted({*self.values, *more})),
            loose=tuple(sorted({*self.loose, *more})),
        )

    @property
    def numbers(self) -> list[GivenNumber]:
        return [number for sentence in self.by_sentence for number in sentence]


def given_facts(texts: Iterable[str]) -> GivenFacts:
    """The facts of all texts together."""
    parts = [_facts_of(text) for text in texts if text]
    return GivenFacts(
        by_sentence=tuple(sentence for part in parts for sentence in part.by_sentence),
        values=tuple(sorted({value for part in parts for value in part.values})),
        loose=tuple(sorted({value for part in parts for value in part.loose})),
        currencies=frozenset().union(*(part.currencies for part in parts)),
        dates=frozenset().union(*(part.dates for part in parts)),
        words=frozenset().union(*(part.words for part in parts)),
    )


# guidelines and documents are shared by many tasks
@lru_cache(maxsize=2048)
def _facts_of(text: str) -> GivenFacts:
    words = frozenset(_WORD.findall(text.casefold()))
    values = values_in_words(text, words)
    loose = set(values)
    by_sentence: list[tuple[GivenNumber, ...]] = []
    currencies: set[tuple[float, str]] = set()
    for sentence in sentences(text):
        found = numbers_in(sentence) if _DIGIT.search(sentence) else ()
        if not found:
            continue
        signs = {a.number.start: a.currency for a in amounts_in(sentence, found)}
        by_sentence.append(tuple(_given(sentence, found, signs)))
        values.update(one.value for one in by_sentence[-1])
        below = [n for n in found if _BELOW.search(sentence, max(0, n.start - 24), n.start)]
        loose.update(n.readings[0].value - 1 for n in below if not n.readings[0].decimals)
        values.update(one.value / 100 for one in by_sentence[-1] if one.of == PERCENT)
        loose.update(one.value for one in by_sentence[-1] if _is_loose(one.of))
        currencies.update((one.value, one.of) for one in by_sentence[-1] if one.is_money)
    return GivenFacts(
        by_sentence=tuple(by_sentence),
        values=tuple(sorted(values | loose)),
        loose=tuple(sorted(loose)),
        currencies=frozenset(currencies),
        dates=frozenset(reading for date in dates_in(text) for reading in date.readings),
        words=words,
    )


def _given(
    sentence: str, found: Sequence[NumberInText], signs: Mapping[int, str]
) -> Iterator[GivenNumber]:
    before: NumberInText | None = None
    dates = [range(date.start, date.end) for date in dates_in(sentence)]
    for number in found:
        share = _share(sentence, before, number) if before else None
        sign = signs.get(number.start)
        of = sign or _counted(sentence, number)
        counts = _COUNTS.match(sentence, number.end) is not None and not any(
            number.start in date for date in dates
        )
        for reading in number.readings:
            yield GivenNumber(reading.value, of, sign is not None, share, counts)
        before = number


def _share(sentence: str, one: NumberInText, other: NumberInText) -> float | None:
    """The percentage of `14 of 50`, and of `of 50 customers 14`."""
    part, whole = one.readings[0].value, other.readings[0].value
    if _OF.search(sentence, max(0, one.start - 12), one.start):
        part, whole = whole, part
    elif not _PART_OF.fullmatch(sentence, one.end, other.start):
        return None
    return 100 * part / whole if 0 < part <= whole else None


def _counted(sentence: str, number: NumberInText) -> str:
    """What a number counts: of `month 12` the word before it, of `2 vs. 3 cm` that behind both."""
    if number.of == PERCENT or number.of in COUNTED_UNITS:
        return number.of
    if number.of in _BESIDE and (other := _OTHER.match(sentence, number.end)):
        return unit_of(other[1])
    before = _UNIT_BEFORE.search(sentence, max(0, number.start - 10), number.start)
    return unit_of(before[1]) if before else number.of


def _is_loose(of: str) -> bool:
    return not of or of in STOP_WORDS


def _has(ascending: Sequence[float], value: float, slack: float) -> bool:
    at = bisect_left(ascending, value - slack)
    return at < len(ascending) and ascending[at] <= value + slack
