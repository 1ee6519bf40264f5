"""What every step did, counted, what was dropped, listed, and rows for which a push is refused."""

from collections import Counter
from collections.abc import Iterable, Sequence

from label_configs import LabelConfigError
from sync.common.errors import BrokenRowsError, SourceError
from sync.common.json_text import to_json
from sync.intake.cleaning.chain import CHANGED, DROPPED, Event
from sync.intake.cleaning.report import CleaningReport, DroppedTask, StepReport
from sync.intake.cleaning.steps import READABLE
from sync.intake.cleaning.temporary_files import LineFile

LISTED = 10

RowFault = SourceError | LabelConfigError


def dropped_line(where: str, own_id: str | None, step: str, reason: str) -> str:
    """A line of `dropped.jsonl`."""
    return to_json({"where": where, "id": own_id, "step": step, "reason": reason})


class BrokenRows:
    """The faults so far; memory holds the first, the disk all of them."""

    def __init__(self) -> None:
        self._first: list[RowFault] = []
        self._count = 0
        self._lines: LineFile | None = None

    def add(self, fault: RowFault, where: str, own_id: str | None, step: str, reason: str) -> None:
        """One more.

        Raises:
            SyncError: the disk is full.
        """
        self._count += 1
        if len(self._first) < LISTED:
            self._first.append(fault)
        if self._lines is None:
            self._lines = LineFile()
        self._lines.add(dropped_line(where, own_id, step, reason))

    def refuse(self, read: int) -> None:
        """Tell what was added.

        Args:
            read: rows that were read in all.

        Raises:
            SourceError, LabelConfigError: there is a fault; of several a BrokenRowsError.
        """
        if self._count == 1:
            raise self._first[0]
        if self._lines is not None:
            sentences = [str(fault) for fault in self._first]
            raise BrokenRowsError(sentences, self._count, read, self._lines.text())

    def close(self) -> None:
        """Give the room back."""
        if self._lines is not None:
            self._lines.close()


EXAMPLES = 5


class StepCounts:
    """What became of the tasks so far; no text of theirs."""

    def __init__(self, steps: Sequence[str]) -> None:
        self.read = 0
        self.changed = 0
        self._steps = {name: _StepTally() for name in (READABLE, *steps)}
        self._dropped = LineFile()

    def note(self, events: Iterable[Event], where: str, own_id: str | None) -> None:
        """Count what row steps did to one task."""
        for step, event, reason in events:
            if event == DROPPED:
                self.drop(step, where, own_id, reason or "")
            elif event == CHANGED:
                self._steps[step].changed += 1
            else:
                self._steps[step].notes[reason or ""] += 1

    def drop(self, step: str, where: str, own_id: str | None, reason: str) -> None:
        """Count and list a task that a step dropped."""
        tally = self._steps[step]
        tally.dropped += 1
        if len(tally.examples) < EXAMPLES:
            tally.examples.append(DroppedTask(where, own_id, reason))
        self._dropped.add(dropped_line(where, own_id, step, reason))

    def report(self) -> CleaningReport:
        """What was done, by step in the order in which they ran."""
        left = self.read
        steps = []
        for name, tally in self._steps.items():
            if name == READABLE and not tally.dropped:
                continue
            steps.append(
                StepReport(
                    step=name,
                    seen=left,
                    changed=tally.changed,
                    dropped=tally.dropped,
                    notes=dict(sorted(tally.notes.items())),
                    examples=tuple(tally.examples),
                )
            )
            left -= tally.dropped
        return CleaningReport(read=self.read, kept=left, changed=self.changed, steps=tuple(steps))

    def dropped(self) -> str:
        """The list of what was dropped, as JSON lines.

        Raises:
            SyncError: the disk is full.
        """
        return self._dropped.text()

    def close(self) -> None:
        """Give the room back."""
        self._dropped.close()


class _StepTally:
    """What one step did so far."""

    def __init__(self) -> None:
        self.changed = 0
        self.dropped = 0
        self.notes: Counter[str] = Counter()
        self.examples: list[DroppedTask] = []
