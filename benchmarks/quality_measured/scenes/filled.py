"""Written answers with slots, filled with facts that differ from case to case."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from random import Random

from benchmarks.quality_measured.cases import Case, Half
from sync.quality.text_checks.checked_text import CheckedText, Document

Slots = Mapping[str, str]
DrawSlots = Callable[[Random], dict[str, str]]


@dataclass(frozen=True)
class Template:
    """A question and its answer, with slots in braces.

    Attributes:
        intents: names and parts of the answer, where the question holds several; the answer is
            then these parts.
    """

    question: str
    answer: str = ""
    intents: tuple[tuple[str, str], ...] = ()
    reasoning: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scene:
    """A kind of project.

    Attributes:
        facts: what the context says, with slots.
        documents: title and text, with slots.
        templates: by half.
    """

    name: str
    draw: DrawSlots
    templates: Mapping[Half, Sequence[Template]]
    facts: Mapping[str, str]
    documents: tuple[tuple[str, str], ...] = ()
    profile: str | None = None

    def cases(self, half: Half, number: int) -> list[Case]:
        """So many, the templates in turn."""
        draws = Random(f"{self.name} {half}")
        every = cycle(self.templates[half])
        return [_case(self, next(every), self.draw(draws)) for _ in range(number)]


def _case(scene: Scene, template: Template, slots: Slots) -> Case:
    question = template.question.format_map(slots)
    intents = tuple((name, part.format_map(slots)) for name, part in template.intents)
    answer = template.answer.format_map(slots) or "\n\n".join(part for _, part in intents)
    text = CheckedText(
        question=question,
        prompt=question,
        answer=answer,
        reasoning=tuple(step.format_map(slots) for step in template.reasoning),
        context={name: fact.format_map(slots) for name, fact in scene.facts.items()},
        documents=tuple(
            Document(t.format_map(slots), d.format_map(slots)) for t, d in scene.documents
        ),
        intents=intents,
        profile=scene.profile,
    )
    return Case(scene.name, text, {k: v for k, v in slots.items() if v in answer})


def money(draws: Random, low: int, high: int, currency: str = "GBP") -> str:
    """An amount as "GBP 1,234.50"."""
    return f"{currency} {draws.randrange(low * 100, high * 100, 5) / 100:,.2f}"


MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def day(draws: Random, years: Sequence[int] = (2025, 2026)) -> str:
    """A date as "3 March 2026"."""
    return f"{draws.randint(1, 28)} {draws.choice(MONTHS)} {draws.choice(years)}"


def several(draws: Random, *pools: Sequence[str]) -> Iterator[str]:
    """One of each pool."""
    return (draws.choice(pool) for pool in pools)
