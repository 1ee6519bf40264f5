"""Rows on their way into the table."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from sync.table.task_rows import TaskRow
from sync.table.task_stamps import Stamp, stamp_of


class Upserts(Protocol):
    """Rows to insert or to replace, on disk if they are many."""

    @property
    def stamps(self) -> Mapping[int, Stamp]:
        """Of every row, by task id."""

    def rows(self, task_ids: Sequence[int]) -> list[TaskRow]:
        """Some of them, by task id."""


class RowsInMemory:
    """Few rows, as `Upserts`."""

    def __init__(self, rows: Iterable[TaskRow]) -> None:
        self._rows = {row.task_id: row for row in rows}
        self.stamps = {i: stamp_of(row) for i, row in self._rows.items()}

    def rows(self, task_ids: Sequence[int]) -> list[TaskRow]:
        return [self._rows[i] for i in sorted(task_ids)]
