"""Sums that sentences tell: `€12, €5 and €3 come to €21`, `a 20% discount on 50 leaves 45`."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, product

from drafting.sums.expressions import Equation
from sync.quality.facts.number_patterns import (
    NumberedSentence,
    SaidNumber,
    number_pattern,
    numbered_sentences,
)

SumValues = Mapping[str, float]
# what a result may be, of named numbers and of a list
_Makes = Callable[[SumValues, Sequence[float]], Sequence[float]]

# behind a result: that it is none, but compared, one of several or a part of a longer calculation
_GOES_ON = re.compile(
    r"\s?(?:(?:more|less|fewer|greater|higher|lower|bigger|larger|smaller|older|younger|times|out"
    r" of|of|to|or|"
    r"percent|per ?cent|each|apiece|per|and a half)\b|[-–/:+*×÷^=x−]\s?[\ue000-\ue063\d(])|[%\w]"
)
_CENTS = 0.01
# before a list that it is the rest of
_BEGAN = re.compile(
    r"(?:\b(?:plus|minus|times|less|by)|[-+*×/=−]|[\ue000-\ue063][\w ]{0,20}(?:,| and))\s*$"
)
_NEAR_SHARE, _ALIKE_SHARE = 0.05, 0.25
# what a list counts
_BETWEEN = re.compile(r"[\ue000-\ue063]([a-zA-Z -]*)")
_PRICE_OFF = r"(?:discount|rebate|reduction|deduction|price cut|markdown)"
_ON_TOP = (
    r"(?:VAT|GST|sales tax|tax|tip|interest|surcharge|service charge|gratuity|mark-?up|premium"
    r"|duty)"
)
_SHARE = (
    r"(?:VAT|GST|sales tax|tax|tip|interest|commission|fee|deposit|surcharge|down payment|charge"
    r"|duty|cut)"
)
_GET = (
    r"(?:,? (?:and |so |to )?(?:you |we |this |that |which |it )?(?:get|gets|gives?|leaves?|makes?"
    r"|have)"
    r"|{is}| leaving| giving)"
)


def _less(v: SumValues, _: Sequence[float]) -> Sequence[float]:
    return v["b"] * (1 - v["p"] / 100), v["b"] * v["p"] / 100


def _more(v: SumValues, _: Sequence[float]) -> Sequence[float]:
    return (v["b"] * (1 + v["p"] / 100),)


def _part(v: SumValues, _: Sequence[float]) -> Sequence[float]:
    return v["b"] * v["p"] / 100, v["b"] * (1 + v["p"] / 100)


def _mean(_: SumValues, many: Sequence[float]) -> Sequence[float]:
    return sum(many) / len(many), sorted(many)[len(many) // 2]


def _interest(v: SumValues, _: Sequence[float]) -> Sequence[float]:
    earned = v["b"] * v["p"] / 100 * v["n"]
    compound = v["b"] * ((1 + v["p"] / 100) ** min(v["n"], 100) - 1)
    return earned, v["b"] + earned, compound, v["b"] + compound


def _sum(_: SumValues, many: Sequence[float]) -> Sequence[float]:
    return (sum(many),)


def _difference(v: SumValues, _: Sequence[float]) -> Sequence[float]:
    return v["a"] - v["b"], v["b"] - v["a"]


def _product(v: SumValues, _: Sequence[float]) -> Sequence[float]:
    return (v["a"] * v["b"],)


def _quotient(v: SumValues, _: Sequence[float]) -> Sequence[float]:
    return (v["a"] / v["b"],) if v["b"] else ()


def _added(v: SumValues, _: Sequence[float]) -> Sequence[float]:
    return (v["a"] + v["b"],)


_TEMPLATES: tuple[tuple[str, _Makes], ...] = (
    (r"\b[Tt]he (?:sum|total) of {list}{result}", _sum),
    (r"{list}(?: together| in total)?(?:,? which|,? and)?,? (?:adds? up to|sums? (?:up )?to"
     r"|comes? to|amounts? to|totals?|(?:together |altogether )?makes?|equals?) {about}{r}", _sum),
    (r"{list}(?: are|,) {about}{r} (?:in total|in all|altogether|together)\b", _sum),
    (r"{list},? (?:for|making|giving|which is|i\.e\.,?|that is,?|so|hence) (?:us |you )?"
     r"a (?:grand )?total of {about}{r}", _sum),
    (r"{list},? (?:making|giving(?: us| you)?|which is|i\.e\.,?|that is,?|so) {about}{r}", _sum),
    (r"\b(?:[Ii]n total|[Tt]ogether|[Aa]ltogether)[,:]? {list}{result}", _sum),
    (r"\b(?:average|mean) of {list}{result}", _mean),
    (r"\bdifference (?:between|of) {a}{u} and {b}{u}{result}", _difference),
    (r"\bproduct of {a}{u} and {b}{u}{result}", _product),
    (r"{a}{u} added to {b}{u}{result}", _added),
    (r"{a}{u} (?:subtracted|deducted|taken)(?: away)? from {b}{u}{result}", _difference),
    (rf"\b(?:[Ss]ubtract|[Dd]educt|[Tt]ak)(?:e|ing)?(?: away)? {{a}}{{u}} (?:away )?from {{b}}{{u}}"
     rf"{_GET} {{about}}{{r}}", _difference),
    (rf"\b[Aa]dd(?:ing)? {{a}}{{u}} (?:to|and) {{b}}{{u}}{_GET} {{about}}{{r}}", _added),
    (rf"\b[Mm]ultiply(?:ing)? {{a}}{{u}} (?:by|with|and) {{b}}{{u}}{_GET} {{about}}{{r}}",
     _product),
    (rf"\b[Dd]ivid(?:e|ing) {{a}}{{u}} by {{b}}{{u}}{_GET} {{about}}{{r}}", _quotient),
    (rf"{{p}}(?: {_PRICE_OFF})? off (?:of )?(?:the |a )?{{b}}{{result}}", _less),
    (rf"{{p}} {_PRICE_OFF} (?:on|of|from) (?:the |a )?{{b}}{{result}}", _less),
    (rf"{_PRICE_OFF} of {{p}} (?:on|off|from) (?:the |a )?{{b}}{{result}}", _less),
    (rf"{{b}}{{u}},? (?:less|minus|with|after|reduced by)(?: a| the)? {{p}}"
     rf"(?: {_PRICE_OFF})?{{result}}", _less),
    (rf"{{b}}{{u}},? (?:plus|increased by|with|and) {{p}}(?: {_ON_TOP})?{{result}}", _more),
    (rf"{{p}} {_SHARE} (?:on|of) (?:the |a )?{{b}}{{result}}", _part),
    (rf"{_SHARE} (?:of|at) {{p}} (?:on|of) (?:the |a )?{{b}}{{result}}", _part),
    (r"{b} at {p}(?: interest| a year| per year| p\.a\.| simple interest| per annum)* (?:for|over) "
     r"{n} years?(?: earns?| yields?| grows? to| becomes?|{is}) {about}{r}", _interest),
    (r"{a}[ -](?!(?:to|and|or|of|at)\b)[a-z]+(?: [a-z]+)?,? (?:at|à|@|for|costing|priced at) {b} "
     r"(?:each|apiece|a piece|per [a-z]+|an? [a-z]+)(?: (?:will |would )?cost|{is}) {about}{r}",
     _product),
    (r"{a}[ -](?!(?:to|and|or|of|at)\b)[a-z]+(?: [a-z]+)?,? (?:at|à|@|for|costing) {b} "
     r"(?:each|apiece|a piece)(?::|,| is| are| makes?| i\.e\.,?| that is)? "
     r"{c}\s?[×x*]\s?{d}\s?=\s?{r}", _product),
    (r"{b} (?:a|per|each|every) (?:day|night|week|month|year|hour|person|head|item|unit|piece|seat"
     r"|user)[a-z ]{0,12}? (?:for|over|times|×|x) {a} (?:days?|nights?|weeks?|months?|years?|hours?"
     r"|persons?|people|heads?|items?|units?|pieces?|seats?|users?){result}", _product),
)  # fmt: skip
_PATTERNS = [(number_pattern(template), makes) for template, makes in _TEMPLATES]
# a sentence without one of these tells no sum
_KEY = re.compile(
    r"\b(?:sum|total|add|average|mean|difference|product|subtract|deduct|tak|multipl|divid|off"
    r"|discount|rebate|reduc|less|minus|plus|after|with|increased|at|each|per|VAT|GST|tax|tip|interest"
    r"|commission|fee|deposit|charge|mak|comes?|amount|altogether|together|in all|for|so|costing"
    r"|day|week|month|year)",
    re.IGNORECASE,
)


def worded_sums(text: str) -> Iterator[Equation]:
    """Every sum that a sentence tells in one of the usual forms."""
    for sentence in numbered_sentences(text):
        if len(sentence.numbers) > 2 and _KEY.search(sentence.text):
            seen: set[int] = set()
            for pattern, makes in _PATTERNS:
                for match in pattern.finditer(sentence.text):
                    at = match.start("r")
                    if at not in seen and (found := _judged(sentence, match, makes)) is not None:
                        seen.add(at)
                        yield found


def _judged(sentence: NumberedSentence, match: re.Match[str], makes: _Makes) -> Equation | None:
    groups = match.groupdict()
    if _GOES_ON.match(sentence.text, match.end("r")):
        return None
    if groups.get("list") and _BEGAN.search(sentence.text, 0, match.start("list")):
        return None
    named = {
        name: sentence.number(sign) for name, sign in groups.items() if len(name) == 1 and sign
    }
    result = named.pop("r")
    many = sentence.numbers_of(groups.get("list") or "")
    if not _fit(named, many, result, is_sum=makes is _sum):
        return None
    values = [
        value
        for chosen in _readings([*named.values(), *many])
        for value in makes(dict(zip(named, chosen, strict=False)), chosen[len(named) :])
    ]
    if not values:
        return None
    if many and not _are_alike(groups, sum(number.value for number in many), result.value):
        return None
    is_about = sentence.is_about(match.start("r"))
    is_true = any(_is_near(value, result, is_about=is_about) for value in values)
    written = " ".join(sentence.written(match[0]).split())
    return Equation(written, result.value, values[0], is_true)


def _are_alike(groups: Mapping[str, str | None], makes: float, said: float) -> bool:
    """Whether a list counts one thing, or its sum is about what is said."""
    units = {
        unit.strip(" -").rstrip("s")
        for unit in _BETWEEN.findall(f"{groups['list']}{groups['unit']}")
    }
    return len(units - {""}) <= 1 or abs(makes - said) <= _ALIKE_SHARE * makes


def _fit(
    named: Mapping[str, SaidNumber],
    many: Sequence[SaidNumber],
    result: SaidNumber,
    *,
    is_sum: bool,
) -> bool:
    """Whether the numbers are of the kinds that the form needs: a share is a percentage."""
    if any(number.is_percent != (name == "p") for name, number in named.items() if name != "n"):
        return False
    if many:
        # 5 boxes and 3 bags make 40 kg, 5 of them 2 each
        kinds = {(bool(number.currency), number.is_percent) for number in (*many, result)}
        least = max(number.value for number in many) if is_sum else 0.0
        return len(kinds) == 1 and result.value >= least
    is_money = {bool(number.currency) for name, number in named.items() if name == "b"}
    is_plain = "p" in named or "d" in named
    return not result.is_percent and is_money <= {bool(result.currency), is_plain}


def _readings(numbers: Sequence[SaidNumber]) -> Iterator[tuple[float, ...]]:
    options = [[reading.value for reading in number.readings] for number in numbers]
    return islice(product(*options), 16)


def _is_near(value: float, result: SaidNumber, *, is_about: bool) -> bool:
    return any(
        abs(value - reading.value)
        <= max(
            10.0**-reading.decimals * (1 - 1e-6) if value % 10.0**-reading.decimals else 1e-6,
            _NEAR_SHARE * abs(value) if is_about else 0.0,
            _CENTS if reading.decimals >= 2 else 0.0,
        )
        for reading in result.readings
    )
