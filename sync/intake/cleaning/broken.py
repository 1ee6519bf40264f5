"""Rows that can't be pushed, reported together once all are read."""

from label_configs import LabelConfigError
from sync.common.errors import BrokenRowsError, SourceError
from sync.common.json_text import to_json
from sync.intake.cleaning.temporary_files import Lines

LISTED = 10

Fault = SourceError | LabelConfigError


def dropped_line(where: str, own_id: str | None, step: str, reason: str) -> str:
    """A line of `dropped.jsonl`."""
    return to_json({"where": where, "id": own_id, "step": step, "reason": reason})


class BrokenRows:
    """The faults so far; memory holds the first, the disk all of them."""

    def __init__(self) -> None:
        self._first: list[Fault] = []
        self._count = 0
        self._lines: Lines | None = None

    def add(self, fault: Fault, where: str, own_id: str | None, step: str, reason: str) -> None:
        """One more.

        Raises:
            SyncError: the disk is full.
        """
        self._count += 1
        if len(self._first) < LISTED:
            self._first.append(fault)
        if self._lines is None:
            self._lines = Lines()
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
