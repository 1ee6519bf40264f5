"""What the project holds already, by the table: a digest of each task, never its data."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sync.common.source_task import ID_FIELD, SourceTask
from sync.intake.push.source_digest import SourceFields
from sync.table.task_table import TaskTable


@dataclass(frozen=True, slots=True)
class HeldTask:
    """A task of the project.

    Attributes:
        digest: of what its source said.
        annotated: somebody has annotated or skipped it.
    """

    task_id: int
    digest: bytes
    annotated: bool


@dataclass
class Held:
    """The tasks of a project, as they were last pulled.

    Attributes:
        tasks: by the identity that their source gave them.
        doubles: tasks whose identity another one has, which is kept.
        outdated: tasks that lack a field of the page, or show other guidelines than the
            project's although nobody has annotated them.
        total: all, those that no source gave included.
    """

    tasks: dict[str, HeldTask] = field(default_factory=dict)
    doubles: list[int] = field(default_factory=list)
    outdated: list[int] = field(default_factory=list)
    total: int = 0

    def holds(self, ids: Collection[str]) -> bool:
        """Whether all of these identities are there."""
        return all(each in self.tasks for each in ids)

    def add(self, identity: str, task: HeldTask) -> None:
        """One more task; of two with one identity the annotated one is kept, then the older."""
        self.tasks.setdefault(identity, task)
        first = self.tasks[identity]
        if first is task:
            return
        kept, double = sorted((first, task), key=lambda each: (not each.annotated, each.task_id))
        self.tasks[identity] = kept
        self.doubles.append(double.task_id)


def read_held(table: TaskTable, project_id: int, fields: SourceFields, guidelines: str) -> Held:
    """Look through the stored tasks of a project.

    Args:
        guidelines: the project's; empty where it has none.
    """
    held = Held()
    for task_id, data, annotations in _rows(table, project_id):
        held.total += 1
        stale = not annotations and guidelines not in ("", data.get("guidelines"))
        if stale or not fields.page <= data.keys():
            held.outdated.append(task_id)
        if ID_FIELD in data:
            task = HeldTask(task_id, fields.digest(data), annotations > 0)
            held.add(str(data[ID_FIELD]), task)
    return held


def held_tasks(table: TaskTable, project_id: int) -> Iterator[SourceTask]:
    """The stored tasks of a project as a source would give them, read as they are asked for."""
    for task_id, data, _ in _rows(table, project_id):
        where = f"task {task_id}"
        yield SourceTask(str(data.get(ID_FIELD, where)), dict(data), where)


def _rows(table: TaskTable, project_id: int) -> Iterator[tuple[int, Mapping[str, Any], int]]:
    for batch in table.data_batches(project_id):
        columns = (batch.column(name).to_pylist() for name in ("task_id", "data", "annotations"))
        for task_id, data, annotations in zip(*columns, strict=True):
            yield task_id, json.loads(data), annotations
