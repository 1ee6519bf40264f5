"""Faults of fact: what nobody said, what does not add up, what the documents don't hold."""

import re
from collections.abc import Callable
from random import Random

from benchmarks.quality_measured.cases import Case, Kind, Plant
from benchmarks.quality_measured.faults.planting import amid, instead_of, known, last, named
from benchmarks.quality_measured.scenes.filled import MONTHS
from sync.quality.text_checks.checked_text import CheckedText

_NUMBER = re.compile(r"(?<![\w.,])\d+(?:\.\d+)?(?![\w,]|\.\d)")
_GIVEN = ("bank", "pubmedqa", "support")


def _digits(value: str, change: Callable[[str], str]) -> str:
    return re.sub(r"\d[\d,.]*\d|\d", lambda found: change(found.group()), value, count=1)


def _other_number(value: str, draws: Random) -> str:
    return _digits(
        value, lambda number: str(draws.randint(11, 97) + int(float(number.replace(",", ""))))
    )


def _swapped(value: str, draws: Random) -> str:
    """The first two digits that differ change places."""

    def swap(number: str) -> str:
        at = next(
            (
                i
                for i in range(len(number) - 1)
                if number[i : i + 2].isdigit() and number[i] != number[i + 1]
            ),
            None,
        )
        if at is None or (number[at + 1] == "0" and at == 0):
            return f"{number}7" if number.isdigit() else number.replace(number[0], "9", 1)
        return number[:at] + number[at + 1] + number[at] + number[at + 2 :]

    return _digits(value, swap)


def _tenfold(value: str, draws: Random) -> str:
    return _digits(value, lambda number: f"{float(number.replace(',', '')) * 10:g}")


def _unseen(name: str, sentences: tuple[str, ...], low: int, high: int) -> Plant:
    """A sentence with a number that the case holds nowhere."""

    def plant(case: Case, draws: Random) -> CheckedText:
        number = draws.randint(low, high)
        while str(number) in known(case) + case.text.answer:
            number = draws.randint(low, high)
        made = amid(name, (draws.choice(sentences).format(n=number),))(case, draws)
        assert made is not None
        return made

    return named(name, plant)


_COUNTED_DEV = ("In total, {n} people were asked.", "This happened in {n} of the cases.")
_COUNTED_REPORTED = (
    "About {n} % of all cases are like this.",
    "We have looked at {n} similar requests.",
    "It was {n} times as likely as before.",
    "The study went on for {n} weeks.",
)
_DATED_DEV = ("This has been so since 14 June 2009.", "The rule changed on 2 May 2014.")
_DATED_REPORTED = (
    "It was last reviewed on 30 October 2012.",
    "See the notice of 2011-08-19.",
    "This ends on August 7th, 2031.",
    "It applies from 23/09/2013 on.",
)
_NAMED_DEV = (
    "Dr. Ellen Marsh has confirmed this.",
    "This was settled with Brightwater Insurance Ltd.",
)
_NAMED_REPORTED = (
    "Professor Karl Lindholm of Uppsala University agrees.",
    "Mr Thomas Whitfield from our office in Aberdeen takes care of it.",
    "Hoffmann and Delacroix reported the same in Lisbon.",
    "Please ask for Jessica Thornton.",
    "The Meridian Foundation paid for it.",
)
_PRICED_DEV = ("It costs GBP 73.90 a year.", "You get £41.25 back.")
_PRICED_REPORTED = (
    "The whole came to EUR 1,384.60.",
    "That is $219.99 in total.",
    "The cost was about 3.7 million dollars.",
    "You save €57.30 by it.",
    "We add 64.15 GBP for the work.",
)


def _month(value: str, draws: Random) -> str:
    old = next(month for month in MONTHS if month in value)
    return value.replace(old, draws.choice([month for month in MONTHS if month != old]))


def _year(value: str, draws: Random) -> str:
    return value[:-4] + str(int(value[-4:]) - draws.randint(1, 6))


def _other_day(value: str, draws: Random) -> str:
    day, rest = value.split(" ", 1)
    return f"{int(day) % 28 + draws.randint(1, 2)} {rest}"


def _other_name(names: tuple[str, ...]) -> Callable[[str, Random], str]:
    return lambda value, draws: " ".join([*value.split()[:-1], draws.choice(names)])


def _currency(value: str, draws: Random) -> str:
    return value.replace("GBP", draws.choice(("EUR", "USD")))


def _wrong_result(name: str, change: Callable[[float, Random], float]) -> Plant:
    """The result of an equation in plain digits is another."""
    equation = re.compile(
        r"(\d+(?:\.\d+)? *[-+*\u00d7\u2212/] *[^=\n]*?= *(?:GBP |\$)?)"
        r"(\d+(?:\.\d+)?)(?![\d%/]| *[-+*/\u00d7])"
    )

    def plant(case: Case, draws: Random) -> CheckedText | None:
        places = [
            found
            for found in equation.finditer(case.text.answer)
            if not re.search(r"[a-zA-Z(%]", found.group(1).replace("GBP", ""))
        ]
        if not places:
            return None
        at = draws.choice(places)
        value = change(float(at.group(2)), draws)
        text = case.text.answer
        return case.answering(f"{text[: at.start(2)]}{value:g}{text[at.end(2) :]}")

    return named(name, plant)


def _off(value: float, draws: Random) -> float:
    return value + draws.choice((1, 2, 3, 10))


def _doubled(value: float, draws: Random) -> float:
    return value * 2 if value else 7


def _mixed(value: float, draws: Random) -> float:
    changed = _swapped(f"{value:g}", draws)
    return float(changed) if float(changed) != value else value + 9


def _less(value: float, draws: Random) -> float:
    return value - draws.choice((1, 5, 10)) if value > 10 else value + 4


def _wrong_unit(name: str, change: Callable[[float, Random], float]) -> Plant:
    """A converted quantity is another."""

    def to(value: str, draws: Random) -> str:
        number, unit = value.split(" ", 1)
        return f"{change(float(number), draws):.1f} {unit}"

    slots = tuple(f"{one}_in" for one in ("way", "heat", "mass", "oil", "speed"))
    return instead_of(name, slots, to)


_CLAIMS_DEV = (
    "The device has been approved for use in children by the authorities.",
    "Treatment at home was found to be cheaper than treatment in hospital.",
)
_CLAIMS_REPORTED = (
    "Smoking doubled the risk of complications after surgery.",
    "The manufacturer withdrew the product because of contaminated batches.",
    "Insurance companies reimburse the procedure in most countries.",
    "Patients preferred tablets to injections because of the taste.",
    "The vaccine protects against this for a lifetime.",
)


def _another_paper(name: str, from_end: bool) -> Plant:
    """A claim of another paper, which `others` hold, at the end or the beginning."""

    def plant(case: Case, draws: Random) -> CheckedText | None:
        other = draws.choice(OTHER_CLAIMS)
        if not case.text.documents or other in known(case) + case.text.answer:
            return None
        parts = (case.text.answer, other) if from_end else (other, case.text.answer)
        return case.answering(" ".join(parts))

    return named(name, plant)


# of papers on distant subjects, in words of our own
OTHER_CLAIMS = (
    "Regular dental checks in nursing homes lowered the number of extractions.",
    "Crop rotation with legumes raised the yield of wheat in dry years.",
    "Teachers who slept less gave lower marks in the afternoon.",
    "Listening to music before eye surgery lowered the need for sedation.",
    "Horses that were trained on sand had fewer injuries of the tendon.",
    "Electric scooters caused more fractures of the wrist than bicycles.",
    "Reading on screens in the evening delayed sleep by half an hour in teenagers.",
    "Coffee growers at higher altitudes lost fewer plants to rust.",
)

FACTS = {
    "number from nowhere": Kind(
        "unsupported_fact",
        _GIVEN,
        (
            _unseen("dev", _COUNTED_DEV, 110, 980),
            instead_of("other", ("limit", "days", "seats", "space"), _other_number),
        ),
        (
            _unseen("small", _COUNTED_REPORTED, 13, 96),
            _unseen("large", _COUNTED_REPORTED, 120, 9800),
            instead_of("digits swapped", ("limit", "seats", "space", "share"), _swapped),
            instead_of("tenfold", ("limit", "seats", "space", "share"), _tenfold),
        ),
        also=frozenset({"unsupported_claim", "unsupported_fact"}),
    ),
    "date from nowhere": Kind(
        "unsupported_fact",
        _GIVEN,
        (amid("dev", _DATED_DEV), instead_of("month", ("date",), _month)),
        (
            amid("reported", _DATED_REPORTED),
            last("at the end", _DATED_REPORTED),
            instead_of("year", ("date",), _year),
            instead_of("day", ("date",), _other_day),
        ),
        also=frozenset({"stale_fact", "unsupported_claim", "unsupported_fact"}),
    ),
    "name from nowhere": Kind(
        "unsupported_fact",
        _GIVEN,
        (amid("dev", _NAMED_DEV), instead_of("other", ("name",), _other_name(("Brandt", "Osei")))),
        (
            amid("reported", _NAMED_REPORTED),
            last("at the end", _NAMED_REPORTED),
            instead_of("person", ("name",), _other_name(("Fitzgerald", "Kowalski", "Tanaka"))),
            instead_of(
                "shop", ("shop",), lambda v, d: d.choice(("Riverside Motors", "Bella Pizza"))
            ),
        ),
        also=frozenset({"unsupported_claim"}),
    ),
    "amount from nowhere": Kind(
        "unsupported_fact",
        _GIVEN,
        (amid("dev", _PRICED_DEV), instead_of("other", ("fee", "amount"), _other_number)),
        (
            amid("reported", _PRICED_REPORTED),
            last("at the end", _PRICED_REPORTED),
            instead_of("digits swapped", ("amount", "fee"), _swapped),
            instead_of("currency", ("amount", "fee"), _currency),
        ),
        also=frozenset({"unsupported_claim", "unsupported_fact"}),
    ),
    "wrong sum": Kind(
        "arithmetic",
        ("gsm8k", "quotes"),
        (_wrong_result("a little off", _off),),
        (
            _wrong_result("doubled", _doubled),
            _wrong_result("digits swapped", _mixed),
            _wrong_result("less", _less),
        ),
        also=frozenset({"conclusion", "unsupported_fact"}),
    ),
    "wrong conversion": Kind(
        "unit_conversion",
        ("units",),
        (_wrong_unit("a third more", lambda v, d: v * 1.33 + 1),),
        (
            _wrong_unit("digits swapped", _mixed),
            _wrong_unit("tenfold", lambda v, d: v * 10),
            _wrong_unit("a quarter less", lambda v, d: v * 0.75 - 0.3),
            _wrong_unit("half", lambda v, d: v / 2 + 0.2),
        ),
        also=frozenset({"arithmetic", "unsupported_fact"}),
    ),
    "unsupported claim": Kind(
        "unsupported_claim",
        ("pubmedqa", "support"),
        (amid("dev", _CLAIMS_DEV),),
        (
            amid("invented", _CLAIMS_REPORTED),
            _another_paper("elsewhere", from_end=True),
            _another_paper("elsewhere first", from_end=False),
        ),
        also=frozenset({"unsupported_fact"}),
    ),
}
