"""Results that a text tells again otherwise: right behind a sum, in total, and as its answer.

`234 + 135 = 369, so GBP 379`, `GBP 234 and GBP 135, GBP 379 in total`, `The answer is 379`.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, combinations

from drafting.sums.expressions import Equation, equations_in
from drafting.sums.number_words import spelled_numbers
from drafting.sums.numbers import numbers_in
from sync.quality.facts.number_patterns import (
    NumberedSentence,
    SaidNumber,
    number_pattern,
    numbered_sentences,
)

_LEADS = (
    r"(?:(?:you|we|I|they|he|she|it|the|an?|that|this|there|will|would|pay|owe|get|need|charge"
    r"|cost|costs|is|"
    r"are|be|comes?|to|total|price|bill|amount|sum|of|answer|customer|client|only)\s){0,6}"
)
_ENDS = (
    r"(?P<unit>{u})(?=\s?(?:[.,;!?)]|$|in total|in all|altogether|is left|are left|left|to pay|is"
    r" due))"
)
_AGAIN = number_pattern(
    rf"(?:=|≈)\s?{{a}}(?P<first>{{u}})(?:[,;:]|,? [-–—])?\s(?:so|thus|hence|therefore|that is,?"
    rf"|i\.e\.,?|"
    rf"which is|meaning|in short),? {_LEADS}{{about}}{{r}}{_ENDS}"
)
_TOTALS = (
    number_pattern(r"{about}{r}(?P<unit>{u}) (?:in total|in all|altogether|all told)\b"),
    number_pattern(
        r"\b(?:[Ii]n total|[Ii]n all|[Aa]ltogether|[Aa]ll told|(?:a|the|grand|[Tt]he) total(?:"
        r" cost| price| bill"
        r"| amount| sum| fee| charge)?|[Tt]otal(?:s|ling|ing|:)|[Tt]hat"
        r" makes)\b[^.;\ue000-\ue063]{0,30}"
        r"(?:of |is |are |: ?|to |be |at |, |makes )?{about}{r}(?P<unit>{u})"
    ),
)
_PRICED = number_pattern(
    r"{a}{u} (?:at|@|à|for|x|×) {b} (?:each|apiece|a piece|per [a-z]+|an? [a-z]+)\b"
)
# words by which numbers are no parts of a total
_NO_PARTS = re.compile(
    r"\b(?:per|each|every|off|discount|less|minus|refund\w*|limit|between|from|instead|than|if|or"
    r"|of which|"
    r"left|remain\w*|rate|until|average|times|twice|half|double|most|least|maximum|minimum|"
    r"up to|age[ds]?|after|before|since|credit|already|score\w*|out of|range|followed)\b"
    r"|\bof [\ue000-\ue063]"
)
_ANSWER = re.compile(
    r"(?:####|\b[Tt]he (?:final |correct )?(?:answer|result) is(?: therefore| thus)?:?)\s*\**\s*"
)
_GOES_ON = re.compile(
    r"\s?(?:more|less|fewer|times|of|to|or|percent|each|per)\b|[%\w]|\s?[-–/:+*×]\s?[\ue000-\ue063]"
)
_MOST, _SENTENCES = 8, 4
_NEAR_COUNT, _NEAR_MONEY = 0.25, 0.15


def restated_results(text: str) -> Iterator[Equation]:
    """Every result that is told again, and whether it is the same."""
    before: list[tuple[SaidNumber, ...]] = []
    for sentence in numbered_sentences(text):
        yield from _again(sentence)
        yield from _totals(sentence, before[-_SENTENCES:])
        before.append(sentence.numbers)
    yield from _answer(text)


def _again(sentence: NumberedSentence) -> Iterator[Equation]:
    for match in _AGAIN.finditer(sentence.text):
        one, again = sentence.number(match["a"]), sentence.number(match["r"])
        units = {match[name].strip(" -").rstrip("s") for name in ("first", "unit")} - {""}
        if len(units) > 1 or one.is_percent != again.is_percent:
            continue
        if one.currency and not again.currency:
            continue
        is_true = any(
            abs(x.value - y.value) <= 10.0 ** -min(x.decimals, y.decimals) * 0.51
            for x in one.readings
            for y in again.readings
        )
        yield Equation(_written(sentence, match), again.value, one.value, is_true)


def _totals(
    sentence: NumberedSentence, before: Sequence[tuple[SaidNumber, ...]]
) -> Iterator[Equation]:
    for pattern in _TOTALS:
        for match in pattern.finditer(sentence.text):
            ends = (match.end("r"), match.end("unit"))
            if any(_GOES_ON.match(sentence.text, end) for end in ends):
                continue
            at = match.start("r")
            parts = sentence.numbers_of(sentence.text[:at])
            total = sentence.number(match["r"])
            if parts:
                found = _of_parts(sentence, match, parts, total)
            else:
                found = _of_sentences(sentence, match, before, total)
            if found is not None:
                yield found


def _of_parts(
    sentence: NumberedSentence, match: re.Match[str], parts: list[SaidNumber], total: SaidNumber
) -> Equation | None:
    """What the numbers of the same sentence make."""
    text = sentence.text[: match.start("r")]
    values = [part.value for part in parts]
    for priced in _PRICED.finditer(text):
        count, price = (parts.index(sentence.number(priced[name])) for name in "ab")
        values[count], values[price] = values[count] * values[price], 0.0
    text = _PRICED.sub("", text)
    values = [value for value in values if value]
    kinds = {bool(part.currency) for part in (*sentence.numbers_of(text), total)}
    if (
        not 2 <= len(values) <= _MOST
        or len(kinds) > 1
        or "=" in text
        or any(part.is_percent for part in (*parts, total))
        or _NO_PARTS.search(text)
    ):
        return None
    is_true = _is_made(total, values)
    near = _NEAR_MONEY if total.currency and len(values) > 3 else _NEAR_COUNT
    if not is_true and abs(total.value - sum(values)) > near * sum(values):
        return None
    written = " ".join(sentence.written(sentence.text[: match.end()]).split())
    return Equation(written, total.value, sum(values), is_true)


def _of_sentences(
    sentence: NumberedSentence,
    match: re.Match[str],
    before: Sequence[tuple[SaidNumber, ...]],
    total: SaidNumber,
) -> Equation | None:
    """What the last amounts of the sentences before make."""
    lasts = [numbers[-1] for numbers in before]
    values = [number.value for numbers in before for number in numbers][-_MOST:]
    if len(lasts) < 2 or not total.currency or not any(last.currency for last in lasts[-2:]):
        return None
    if any(last.is_percent for last in lasts) or _is_made(total, values):
        return None
    sums = [sum(last.value for last in lasts[-k:]) for k in range(2, len(lasts) + 1)]
    near = [one for one in sums if abs(total.value - one) <= _NEAR_MONEY * one]
    return Equation(_written(sentence, match), total.value, near[0], False) if near else None


def _is_made(total: SaidNumber, values: Sequence[float]) -> bool:
    """Whether two or more of the values make a total, by adding or, of two, multiplying."""
    sums = chain.from_iterable(map(sum, combinations(values, k)) for k in range(2, len(values) + 1))
    others = chain.from_iterable((a * b, abs(a - b)) for a, b in combinations(values, 2))
    return any(
        abs(made - reading.value) <= 0.51 * 10.0**-reading.decimals
        for made in chain(sums, others, values)
        for reading in total.readings
    )


def _answer(text: str) -> Iterator[Equation]:
    """The number that a text gives as its answer, which it must have come to."""
    ends = [match.end() for match in _ANSWER.finditer(text)]
    equations = equations_in(text) if ends else ()
    if not equations:
        return
    numbers = numbers_in(text)
    answer = next((n for n in numbers if ends[-1] <= n.start <= ends[-1] + 4 and not n.glued), None)
    if answer is None:
        return
    known = {value for n in numbers if n.start < ends[-1] for value in n.values}
    known |= {value for equation in equations for value in (equation.said, equation.result)}
    known |= {value for _, _, value in spelled_numbers(text[: ends[-1]])}
    is_true = any(
        abs(value - reading.value) <= 0.51 * 10.0**-reading.decimals
        or abs(value * 100 - reading.value) < 1
        for value in known
        for reading in answer.readings
    )
    said = text[ends[-1] - 24 if ends[-1] > 24 else 0 : answer.end]
    yield Equation(
        said.split("\n")[-1].strip(), answer.readings[0].value, equations[-1].said, is_true
    )


def _written(sentence: NumberedSentence, match: re.Match[str]) -> str:
    return " ".join(sentence.written(match[0]).split())
