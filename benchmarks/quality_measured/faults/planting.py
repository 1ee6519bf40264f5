"""What ways of planting have in common."""

import re
from collections.abc import Callable, Sequence
from random import Random

from benchmarks.quality_measured.cases import Case, Plant
from sync.quality.text_checks.checked_text import CheckedText

_SENTENCE = re.compile(r"(?<=[.!?]) +")


def named(name: str, plant: Plant) -> Plant:
    """The same way of planting under a name of its own, which the figures show."""
    plant.__name__ = name
    return plant


def whole(name: str, answers: Sequence[str]) -> Plant:
    """The answer is one of these."""
    return named(name, lambda case, draws: case.answering(draws.choice(answers)))


def first(name: str, openings: Sequence[str], joint: str = " ") -> Plant:
    """One of these before the answer."""
    return named(
        name,
        lambda case, draws: case.answering(f"{draws.choice(openings)}{joint}{case.text.answer}"),
    )


def last(name: str, endings: Sequence[str], joint: str = " ") -> Plant:
    """One of these after the answer."""
    return named(
        name,
        lambda case, draws: case.answering(f"{case.text.answer}{joint}{draws.choice(endings)}"),
    )


def amid(name: str, sentences: Sequence[str]) -> Plant:
    """One of these between two sentences, or after the only one."""

    def plant(case: Case, draws: Random) -> CheckedText:
        parts = _SENTENCE.split(case.text.answer)
        at = draws.randint(1, len(parts))
        return case.answering(" ".join([*parts[:at], draws.choice(sentences), *parts[at:]]))

    return named(name, plant)


def instead_of(name: str, slots: Sequence[str], change: Callable[[str, Random], str]) -> Plant:
    """A fact in the answer is another; None where the answer holds none of these."""

    def plant(case: Case, draws: Random) -> CheckedText | None:
        there = [slot for slot in slots if slot in case.slots]
        if not there:
            return None
        value = case.slots[draws.choice(there)]
        return case.answering(case.text.answer.replace(value, change(value, draws)))

    return named(name, plant)


def known(case: Case) -> str:
    """All that a case gives, without its answer."""
    text = case.text
    documents = " ".join(f"{one.title} {one.text}" for one in text.documents)
    return f"{text.prompt} {' '.join(text.context.values())} {documents}"
