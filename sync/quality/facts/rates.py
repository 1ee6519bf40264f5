"""Doses, and what is paid or taken in a time, as sentences tell them in two ways.

`15 mg/kg for a 20 kg child is 350 mg`, `500 mg three times a day (2 g daily)`, and
`£25 a month is £310 a year`.
"""

import re
from collections.abc import Iterator, Sequence

from drafting.sums.expressions import Equation
from drafting.sums.unit_names import units_called
from drafting.sums.unit_scale import scale
from sync.quality.facts.number_patterns import (
    NumberedSentence,
    SaidNumber,
    number_pattern,
    numbered_sentences,
)

_UNIT = r"(?:mg|g|mcg|µg|μg|ug|ng|ml|mL|IU|units?|mmol)"
_GIVES = (
    r"(?:\s?(?:=|:|→|\(|\[)\s?|,? (?:which |that |this )?(?:is|are|makes?|gives?|means|equals?"
    r"|needs?|"
    r"comes? to|works? out (?:at|to)|requires?|gets?|receives?|adds? up to)\s|,? (?:i\.e\.,?|that"
    r" is,?|so|or|"
    r"for|totall?ing|making)\s)"
)
_TOTAL = r"(?:a |the )?(?:daily |total |single )*(?:dose |total )?(?:of )?"
_A_DAY = (
    r"(?:a day|per day|/day|/d\b|daily|each day|in 24 hours|a total|in total|per 24 h(?:ours)?)"
)
_BY_WEIGHT = tuple(
    number_pattern(template)
    for template in (
        rf"{{a}}[ -]?(?P<unit>{_UNIT})(?:/kg|(?: per| a) (?:kg|kilo"
        rf"(?:gram)?))\b[^.;=\ue000-\ue063]{{0,60}}"
        rf"{{b}}[ -]?(?:kg|kilos?"
        rf"|kilograms?)\b[^.;=(\ue000-\ue063]{{0,40}}?{_GIVES}{_TOTAL}{{about}}{{r}}"
        rf"[ -]?(?P<into>{_UNIT})\b(?P<per>(?: (?:a|per) | ?/)(?:kg|dose|h\b|hour|min))?",
        rf"{{b}}[ -]?(?:kg|kilos?|kilograms?)\b[^.;=\ue000-\ue063]{{0,50}}{{a}}[ -]?"
        rf"(?P<unit>{_UNIT})"
        rf"(?:/kg|(?: per| a) (?:kg|kilo(?:gram)?))\b(?:/day|/dose| per day| a day)?"
        rf"[^.;=(\ue000-\ue063]{{0,20}}?{_GIVES}{_TOTAL}{{about}}{{r}}[ -]?(?P<into>{_UNIT})\b"
        r"(?P<per>(?: (?:a|per) | ?/)(?:kg|dose|h\b|hour|min))?",
    )
)
_OFTEN = {"once": 1.0, "twice": 2.0, "thrice": 3.0}
_FREQUENT = (
    number_pattern(
        rf"{{a}}[ -]?(?P<unit>{_UNIT})\b(?: [a-z]+)?,? (?:(?P<often>once|twice|thrice)|{{n}} times)"
        rf"(?: a day| daily| per day|/day| each day)?(?:"
        rf" [a-z]+)?{_GIVES}{_TOTAL}{{about}}{{r}}[ -]?"
        rf"(?P<into>{_UNIT})\b(?: [a-z]+)? ?{_A_DAY}"
    ),
    number_pattern(
        rf"{{a}}[ -]?(?P<unit>{_UNIT})\b(?: [a-z]+)?,? every {{h}}[ -]?(?:h\b|hours?|hrs?)(?:"
        rf" [a-z]+)?"
        rf"{_GIVES}{_TOTAL}{{about}}{{r}}[ -]?(?P<into>{_UNIT})\b(?: [a-z]+)? ?{_A_DAY}"
    ),
)
_DIVIDED = re.compile(
    r"\b(?:divided|split|every|times|twice|daily|doses|hourly|b\.?i\.?d|t\.?i\.?d|q\.?\d)",
    re.IGNORECASE,
)
_DOSES = (1.0, 2.0, 3.0, 4.0, 6.0, 1 / 2, 1 / 3, 1 / 4, 1 / 6)
_PERIOD = r"(?:hour|day|week|month|quarter|year|annum)"
_PAID = number_pattern(
    rf"{{a}}{{u}} (?:a|an|per|each|every) (?P<one>{_PERIOD})(?:\s?=\s?|,? (?:which |that |this )?"
    rf"(?:is|makes|"
    r"equals|comes to|amounts to|works out (?:at|to)|means|adds up to) |,? (?:i\.e\.,?|that is,?) )"
    rf"{{about}}{{r}}{{u}} (?:a|an|per|each|every) (?P<other>{_PERIOD})"
)
_HOURS = {
    "hour": (1.0,), "day": (24.0, 8.0), "week": (168.0, 40.0, 120.0),
    "month": (730.0, 720.0, 672.0, 160.0), "quarter": (2190.0, 2160.0),
    "year": (8760.0, 8640.0, 8736.0, 8064.0, 2080.0), "annum": (8760.0,),
}  # fmt: skip
_NEAR = 0.015


def stated_rates(text: str) -> Iterator[Equation]:
    """Every dose and rate that a sentence tells twice."""
    for sentence in numbered_sentences(text):
        if "kg" in sentence.text or "kilo" in sentence.text:
            yield from _doses(sentence)
        if " times" in sentence.text or "every " in sentence.text or "wice" in sentence.text:
            yield from _daily(sentence)
        yield from _paid(sentence)


def _doses(sentence: NumberedSentence) -> Iterator[Equation]:
    for pattern in _BY_WEIGHT:
        for match in pattern.finditer(sentence.text):
            a, b, r = (sentence.number(match[name]) for name in "abr")
            if match["per"]:
                continue
            doses = _DOSES if _DIVIDED.search(sentence.text) else (1.0,)
            makes = [a.value * b.value * times for times in doses]
            yield from _equation(sentence, match, r, makes)


def _daily(sentence: NumberedSentence) -> Iterator[Equation]:
    for pattern in _FREQUENT:
        for match in pattern.finditer(sentence.text):
            groups = match.groupdict()
            a, r = sentence.number(match["a"]), sentence.number(match["r"])
            if groups.get("often"):
                times = _OFTEN[match["often"]]
            elif groups.get("n"):
                times = sentence.number(match["n"]).value
            else:
                times = 24 / (sentence.number(match["h"]).value or 24)
            yield from _equation(sentence, match, r, [a.value * times])


def _equation(
    sentence: NumberedSentence, match: re.Match[str], result: SaidNumber, makes: Sequence[float]
) -> Iterator[Equation]:
    """What is made, in the unit of the result."""
    unit, into = (match[name].removesuffix("s") for name in ("unit", "into"))
    factor = 1.0
    if unit != into:
        if "unit" in (unit, into):
            return
        found = scale(units_called(unit)[0], units_called(into)[0])
        if found is None:
            return
        factor = found.factor
    values = [value * factor for value in makes]
    about = sentence.is_about(match.start("r"))
    is_true = any(_is_near(value, result, about=about) for value in values)
    yield Equation(_written(sentence, match), result.value, values[0], is_true)


def _paid(sentence: NumberedSentence) -> Iterator[Equation]:
    for match in _PAID.finditer(sentence.text):
        a, r = sentence.number(match["a"]), sentence.number(match["r"])
        one, other = match["one"], match["other"]
        if one == other or a.is_percent or r.is_percent or bool(a.currency) != bool(r.currency):
            continue
        makes = [a.value * to / of for of in _HOURS[one] for to in _HOURS[other]]
        about = sentence.is_about(match.start("r"))
        is_true = any(_is_near(value, r, about=about) for value in makes)
        yield Equation(_written(sentence, match), r.value, makes[0], is_true)


def _is_near(value: float, said: SaidNumber, *, about: bool) -> bool:
    share = 0.06 if about else _NEAR
    return any(
        abs(value - reading.value)
        <= max(min(0.51 * 10.0**-reading.decimals, 0.03 * value), share * value)
        for reading in said.readings
    )


def _written(sentence: NumberedSentence, match: re.Match[str]) -> str:
    return " ".join(sentence.written(match[0]).split())
