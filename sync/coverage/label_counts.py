"""Tasks counted by their labels, in as many respects as are asked for."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sync.coverage.task_facts import TaskFacts
from sync.records.states import STATES, State, WorkCounts

Cell = tuple[str, ...]


@dataclass(frozen=True)
class CellCounts:
    """Tasks of one kind.

    Attributes:
        arrived: all of them, finished or not.
        accepted: finished, with something to train on.
        waiting: nobody has finished or skipped them.
        drafted: finished ones that began with a draft.
        changed: those of `drafted` whose draft was edited, rewritten or rejected.
    """

    arrived: int = 0
    accepted: int = 0
    waiting: int = 0
    drafted: int = 0
    changed: int = 0

    def __add__(self, other: "CellCounts") -> "CellCounts":
        return CellCounts(
            self.arrived + other.arrived,
            self.accepted + other.accepted,
            self.waiting + other.waiting,
            self.drafted + other.drafted,
            self.changed + other.changed,
        )


@dataclass
class LabelCounts:
    """Counts by the labels of every kind.

    Attributes:
        kinds: labels by kind.
        states: tasks in each state.
    """

    kinds: Mapping[str, Sequence[str]]
    _by_labels: Counter[tuple[tuple[str | None, ...], str, bool | None]] = field(
        default_factory=Counter
    )
    states: Counter[State] = field(default_factory=Counter)

    def add(self, facts: TaskFacts) -> None:
        """Count one task."""
        labels = tuple(facts.labels.get(name) for name in self.kinds)
        self._by_labels[labels, facts.stage, facts.changed] += 1
        self.states[facts.state] += 1

    def work(self) -> WorkCounts:
        """How many tasks are in each state."""
        return WorkCounts(**{state: self.states[state] for state in STATES})

    def over(self, dimensions: Sequence[str]) -> tuple[dict[Cell, CellCounts], CellCounts]:
        """Counts by the labels of these kinds, and of the tasks that lack a label of one."""
        places = [list(self.kinds).index(name) for name in dimensions]
        cells: dict[Cell, CellCounts] = {}
        unplaced = CellCounts()
        for (labels, stage, changed), number in self._by_labels.items():
            counts = CellCounts(
                arrived=number,
                accepted=number * (stage == "accepted"),
                waiting=number * (stage == "waiting"),
                drafted=number * (changed is not None),
                changed=number * (changed is True),
            )
            found = [label for place in places if (label := labels[place]) is not None]
            if len(found) < len(places):
                unplaced += counts
            else:
                cell = tuple(found)
                cells[cell] = cells.get(cell, CellCounts()) + counts
        return cells, unplaced


def count_labels(facts: Iterable[TaskFacts], kinds: Mapping[str, Sequence[str]]) -> LabelCounts:
    """Count tasks; memory grows with the combinations of labels, not with the tasks."""
    counted = LabelCounts(kinds)
    for each in facts:
        counted.add(each)
    return counted
