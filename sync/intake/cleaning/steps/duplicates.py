"""Tasks that ask exactly what another one asks: in the sources, or in the project."""

from collections.abc import Iterable

from sync.common.source_task import SourceTask
from sync.intake.cleaning.task_batches import TaskData
from sync.intake.cleaning.task_identity import inputs_digest


class Duplicates:
    """Remembers 16 bytes and a place for every task that it let through."""

    def __init__(self, held: Iterable[SourceTask] = ()) -> None:
        """What the project holds comes before anything in the sources."""
        self._read: dict[bytes, str] = {}
        self._held: dict[bytes, str] = {}
        self._held_ids: set[str] = set()
        for task in held:
            self._held.setdefault(inputs_digest(task.data), task.where)
            if task.id is not None:
                self._held_ids.add(task.id)

    def reason(self, task_id: str, data: TaskData, where: str) -> str | None:
        """Why a task is dropped, or None; it is then the one that later ones are compared with.

        Args:
            task_id: a task that the project holds under this id is updated, whatever it asks.
        """
        digest = inputs_digest(data)
        first = self._read.get(digest)
        if first is None and task_id not in self._held_ids:
            first = self._held.get(digest)
        if first is not None:
            return f"the same as {first}"
        self._read[digest] = where
        return None
