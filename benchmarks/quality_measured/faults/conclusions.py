"""Faults of the whole: what is missing, in the wrong form, retired, or does not follow."""

import re
from dataclasses import replace
from random import Random

from benchmarks.quality_measured.cases import Case, Kind, Plant
from benchmarks.quality_measured.faults.planting import named
from benchmarks.quality_measured.scenes.fields import DISCLOSURE, SECTIONS, WARNING
from sync.quality.text_checks.checked_text import CheckedText


def _without_section(name: str, places: tuple[int, ...], keep: str = "") -> Plant:
    """A section is gone.

    Args:
        places: which one, of those that the scene asks for.
        keep: "heading" without its text, "text" without its heading.
    """

    def plant(case: Case, draws: Random) -> CheckedText | None:
        parts = re.split(
            r"\n\n(?=[^\n]*(?:" + "|".join(SECTIONS[case.scene]) + "))", case.text.answer
        )
        at = draws.choice(places) % len(parts)
        heading = re.match(r"[#* ]*[A-Z][a-z]+(?: [a-z]+)?[:*]*\s*", parts[at])
        assert heading is not None
        rest = {"": "", "heading": heading.group().strip(), "text": parts[at][heading.end() :]}[
            keep
        ]
        return case.answering("\n\n".join(p for p in (*parts[:at], rest, *parts[at + 1 :]) if p))

    return named(name, plant)


def _said_as(name: str, phrase: str, others: tuple[str, ...]) -> Plant:
    """A required sentence is said in other words, or not at all."""

    def plant(case: Case, draws: Random) -> CheckedText | None:
        if phrase not in case.text.answer:
            return None
        return case.answering(case.text.answer.replace(phrase, draws.choice(others)).rstrip())

    return named(name, plant)


_CITED = re.compile(
    r"(?P<name>[A-Z][^()\n]*? v\. [^()\n]*?), (?P<volume>\d+) (?P<reporter>[A-Z][\w. ]*?) "
    r"(?P<page>\d+), (?P<pin>\d+) \((?P<court>[^()]*?)(?P<year>\d{4})\)"
)


def _cited_as(name: str, form: str) -> Plant:
    """The case is cited in another form; `form` takes the parts of the citation."""

    def plant(case: Case, draws: Random) -> CheckedText | None:
        found = _CITED.search(case.text.answer)
        if not found:
            return None
        made = form.format_map(found.groupdict())
        return case.answering(
            case.text.answer[: found.start()] + made + case.text.answer[found.end() :]
        )

    return named(name, plant)


_RETIRED_DEV = (
    "In version 3.1 you find it under Tools.",
    "With Filedesk 3.2 this needs a restart.",
)
_RETIRED_REPORTED = (
    "If you use version 4.0, open Options instead.",
    "This works in Filedesk 4.2 as well.",
    "The steps are those of release 3.9.",
    "Please stay on v4.1 for now.",
)


def _retired(name: str, sentences: tuple[str, ...]) -> Plant:
    def plant(case: Case, draws: Random) -> CheckedText:
        return case.answering(f"{case.text.answer} {draws.choice(sentences)}")

    return named(name, plant)


def _old_version(name: str, versions: tuple[str, ...]) -> Plant:
    """The version that the answer is for is a retired one."""

    def plant(case: Case, draws: Random) -> CheckedText | None:
        now = case.text.context["version"]
        if now not in case.text.answer:
            return None
        old = draws.choice(versions)
        return case.answering(case.text.answer.replace(now, old))

    return named(name, plant)


def _part_as(name: str, part: str) -> Plant:
    """One intent's part of the answer is this; the last one's mostly."""

    def plant(case: Case, draws: Random) -> CheckedText:
        intents = list(case.text.intents)
        at = draws.choice((len(intents) - 1, draws.randrange(len(intents))))
        intents[at] = (intents[at][0], part)
        answer = "\n\n".join(text for _, text in intents if text)
        return replace(case.text, intents=tuple(intents), answer=answer)

    return named(name, plant)


def _unmarked(name: str, dropped: int) -> Plant:
    """One question is not answered; nobody marked the intents."""

    def plant(case: Case, draws: Random) -> CheckedText:
        parts = [text for _, text in case.text.intents]
        del parts[dropped]
        return replace(case.text, intents=(), answer="\n\n".join(parts))

    return named(name, plant)


def _concluding(name: str, low: int, high: int) -> Plant:
    """The answer's number is not the one that the last step came to."""

    def plant(case: Case, draws: Random) -> CheckedText | None:
        found = re.search(r"\d[\d,]*", case.text.answer)
        steps = " ".join(case.text.reasoning)
        # a chain whose last step says its result in digits
        if not found or case.scene != "gsm8k_steps" or found.group() not in case.text.reasoning[-1]:
            return None
        number = int(found.group().replace(",", "")) + draws.randint(low, high)
        return None if str(number) in steps else case.answering(f"The answer is {number}.")

    return named(name, plant)


def _earlier_step(case: Case, draws: Random) -> CheckedText | None:
    """The answer is the number of a step before the last."""
    if case.scene != "gsm8k_steps" or len(case.text.reasoning) < 3:
        return None
    numbers = re.findall(r"= ?\$?(\d+)(?![\d.,])", case.text.reasoning[0])
    if not numbers or numbers[-1] in case.text.reasoning[-1] or numbers[-1] in case.text.answer:
        return None
    return case.answering(f"The answer is {numbers[-1]}.")


_OPPOSITES = {
    "We refund you": ("We can't refund you", "You have to bear the loss of"),
    "Yes, we give the fee": ("No, we can't give back the fee", "You have to pay the fee"),
    "Yes, you may take out": ("No, you may not take out", "You can't take out"),
    "Yes, we can call the": ("No, nobody can call back the", "It is too late to call back the"),
    "No, the new card is free": ("Yes, the new card has to be paid", "The new card is not free"),
    "You pay": ("There is no fee: you do not pay", "You need not pay"),
}


def _opposite(name: str, which: int) -> Plant:
    """The answer says the opposite of the last step."""

    def plant(case: Case, draws: Random) -> CheckedText | None:
        for opening, others in _OPPOSITES.items():
            if case.text.answer.startswith(opening):
                return case.answering(others[which] + case.text.answer.removeprefix(opening))
        return None

    return named(name, plant)


CONCLUSIONS = {
    "missing section": Kind(
        "missing_section",
        ("legal", "clinic", "advice"),
        (_without_section("last gone", (-1,)), _without_section("first gone", (0,))),
        (
            _without_section("any gone", (0, 1, 2, 3)),
            _without_section("heading alone", (1, 2), keep="heading"),
            _without_section("heading gone", (1, 2), keep="text"),
        ),
        also=frozenset({"citation", "cut_off", "unusual_length", "required_phrase"}),
    ),
    "missing phrase": Kind(
        "required_phrase",
        ("advice",),
        (
            _said_as("gone", DISCLOSURE, ("",)),
            _said_as("other words", DISCLOSURE, ("The past says little about the future.",)),
        ),
        (
            _said_as("gone", WARNING, ("",)),
            _said_as("cut", DISCLOSURE, ("Past performance is not a reliable indicator.",)),
            _said_as(
                "turned",
                DISCLOSURE,
                ("Past performance is a reliable indicator of future results.",),
            ),
            _said_as(
                "other words",
                WARNING,
                ("Investments carry risk, as you know.", "You may lose money."),
            ),
        ),
        also=frozenset({"missing_section", "unsupported_claim"}),
    ),
    "citation": Kind(
        "citation",
        ("legal",),
        (
            _cited_as("no volume", "{name}, {reporter} {page}, {pin} ({court}{year})"),
            _cited_as("no year", "{name}, {volume} {reporter} {page}, {pin}"),
        ),
        (
            _cited_as("no page", "{name}, {volume} {reporter} ({court}{year})"),
            _cited_as("no such reporter", "{name}, {volume} Q.Z.R. {page}, {pin} ({court}{year})"),
            _cited_as("year outside", "{name}, {volume} {reporter} {page}, {pin}, {court}{year}"),
            _cited_as("year to come", "{name}, {volume} {reporter} {page}, {pin} ({court}2091)"),
            _cited_as("year first", "({year}) {volume} {reporter} {page}, {pin}, {name}"),
            _cited_as("words", "{name}, volume {volume} of {reporter}, page {pin} ({court}{year})"),
        ),
        also=frozenset({"unsupported_claim", "unsupported_fact"}),
    ),
    "retired version": Kind(
        "stale_fact",
        ("support",),
        (_retired("dev", _RETIRED_DEV),),
        (_retired("reported", _RETIRED_REPORTED), _old_version("its own", ("4.0", "3.8", "4.2"))),
        also=frozenset({"unanswered_intent", "unsupported_claim", "unsupported_fact"}),
    ),
    "unanswered intent": Kind(
        "unanswered_intent",
        ("support",),
        (_part_as("blank", ""), _unmarked("last question", -1)),
        (
            _part_as("white", "  \n"),
            _part_as("dash", "-"),
            _part_as("put off", "See above."),
            _unmarked("last question", -1),
            _unmarked("first question", 0),
        ),
        also=frozenset({"unusual_length", "unsupported_claim"}),
    ),
    "answer does not follow": Kind(
        "conclusion",
        ("gsm8k_steps", "bank_chains"),
        (_concluding("higher", 3, 40), _opposite("opposite", 0)),
        (_concluding("much higher", 50, 900), _earlier_step, _opposite("the opposite", 1)),
        also=frozenset({"arithmetic", "unsupported_fact"}),
    ),
}
