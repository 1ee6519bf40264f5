"""Clean answers, and kinds of faults that are planted in them.

Every kind has ways of planting in two halves: `dev` may be shown to whoever writes a check,
`reported` may not, and is what the figures are of. The answers that faults are planted in are
halved, too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Literal

from sync.quality.text_checks.checked_text import CheckedText

Half = Literal["dev", "reported"]


@dataclass(frozen=True)
class Case:
    """A clean answer.

    Attributes:
        scene: the kind of project that it is from, which says how checks are set.
        slots: words in it that a fault may change, by what they are; empty in real answers.
    """

    scene: str
    text: CheckedText
    slots: Mapping[str, str] = field(default_factory=dict)

    def answering(self, answer: str) -> CheckedText:
        """The same with another answer."""
        return replace(self.text, answer=answer)


PATIENCE = 600  # cases tried in vain, by way of planting
# a case with a fault, or None where this way of planting doesn't fit the case
Plant = Callable[[Case, Random], CheckedText | None]


@dataclass(frozen=True)
class Kind:
    """A kind of fault.

    Attributes:
        check: the check that should find it.
        scenes: of the cases that it is planted in.
        also: checks that are right, too, when they fire on it; they are not judged by it.
    """

    check: str
    scenes: tuple[str, ...]
    dev: tuple[Plant, ...]
    reported: tuple[Plant, ...]
    also: frozenset[str] = frozenset()

    def plants(self, half: Half) -> tuple[Plant, ...]:
        """The ways of planting of one half."""
        return self.dev if half == "dev" else self.reported


@dataclass(frozen=True)
class Planted:
    """A faulty answer beside the clean one that it was made of."""

    kind: str
    way: str
    clean: Case
    faulty: CheckedText


def planted(
    name: str, kind: Kind, half: Half, cases: Mapping[str, list[Case]], number: int
) -> list[Planted]:
    """So many faults of one kind, in turn by each way and in each scene; the same each time."""
    draws = Random(f"{name} {half}")
    found: list[Planted] = []
    stock = {scene: draws.sample(cases[scene], len(cases[scene])) for scene in kind.scenes}
    ways = [(scene, way) for way in kind.plants(half) for scene in kind.scenes]
    fruitless = 0
    while len(found) < number and ways and fruitless < PATIENCE * len(ways):
        scene, way = ways[(len(found) + fruitless) % len(ways)]
        case = stock[scene].pop() if stock[scene] else draws.choice(cases[scene])
        faulty = way(case, draws)
        if faulty is None or faulty == case.text:
            fruitless += 1
            continue
        found.append(Planted(name, way.__name__, case, faulty))
    return found
