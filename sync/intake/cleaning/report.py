"""What cleaning did: how many tasks each step saw, changed and dropped, and where; never a text."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class DroppedTask:
    """A task that a step dropped.

    Attributes:
        where: file and line.
        id: the source's own, if it has one.
    """

    where: str
    id: str | None
    reason: str


@dataclass(frozen=True)
class StepReport:
    """What one step did.

    Attributes:
        seen: tasks that came to it.
        notes: what it had to say of tasks that it kept -> how many.
        examples: the first ones that it dropped.
    """

    step: str
    seen: int
    changed: int
    dropped: int
    notes: Mapping[str, int]
    examples: tuple[DroppedTask, ...]


@dataclass(frozen=True)
class CleaningReport:
    """What cleaning did.

    Attributes:
        read: tasks in the sources.
        kept: tasks to import or to update.
        changed: kept tasks whose data differs from the source's.
        steps: those that are on, in the order in which they ran.
    """

    read: int
    kept: int
    changed: int
    steps: tuple[StepReport, ...]

    @property
    def dropped(self) -> int:
        """Tasks that were left out."""
        return self.read - self.kept

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**asdict(self), "dropped": self.dropped}

    def lines(self) -> list[str]:
        """A table for people; below it what was noted, and where the first dropped tasks are."""
        rows = [("step", "seen", "changed", "dropped")]
        rows += [(s.step, str(s.seen), str(s.changed), str(s.dropped)) for s in self.steps]
        rows.append(("all", str(self.read), str(self.changed), str(self.dropped)))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        table = [
            "  ".join(
                cell.rjust(width) if i else cell.ljust(width)
                for i, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            for row in rows
        ]
        return [*table, *self._notes(), *self._examples()]

    def _notes(self) -> list[str]:
        return [
            f"{step.step}: {count} {note}, kept"
            for step in self.steps
            for note, count in step.notes.items()
        ]

    def _examples(self) -> list[str]:
        lines = []
        for step in self.steps:
            lines += [f"{step.step}: {e.where}: {e.reason}" for e in step.examples]
            if step.dropped > len(step.examples):
                lines.append(f"{step.step}: and {step.dropped - len(step.examples)} more")
        return lines
