"""What the project holds already, by the table: a digest of what each task's source said.

No data is kept in memory; a source has changed where the digests differ.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from label_configs import Interface
from label_configs.queue_fields import QUEUE_FIELDS
from label_configs.task_listing import LAST_QUESTION
from sync.common.picture_names import with_names
from sync.common.source_task import ID_FIELD, SourceTask
from sync.intake.cleaning.task_identity import as_before
from sync.table.task_table import TaskTable


class SourceFields:
    """The fields of a project's tasks that their sources speak of.

    Guidelines are the project's, and what only the page needs, or who looks through tasks, is made
    from the rest. A task's place in the queue is no source's affair.

    Attributes:
        page: fields that the page needs and no source holds.
    """

    def __init__(self, interface: Interface[Any]) -> None:
        completed = interface.complete_task(interface.example)
        listed = interface.listed_fields(completed).keys()
        made = interface.drafted_fields.keys() | interface.shown_fields(completed).keys() | listed
        self._added = frozenset(completed.keys() - interface.example.keys())
        self.page = self._added - listed
        given = self._added | {"context", "documents", "guidelines"}
        self._completed = {ID_FIELD: "", **{name: completed[name] for name in given}}
        beside = {ID_FIELD, "guidelines", *interface.page_fields, *QUEUE_FIELDS}
        self._others = frozenset(made | beside)

    def digest(self, data: Mapping[str, Any]) -> bytes:
        """16 bytes that are equal where two tasks say the same, completed or not."""
        own = {
            key: value
            for key, value in with_names(data).items()
            # completing a task adds an empty context
            if key not in self._others and value not in ({}, [], "", None)
        }
        if isinstance(messages := own.get("messages"), list):
            own["messages"] = as_before(messages)
        return blake2b(json.dumps(own, sort_keys=True).encode(), digest_size=16).digest()

    def as_completed(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The fields of the completed task; those that completing makes are an example's."""
        given = {name: value for name, value in data.items() if name not in self._added}
        return {**self._completed, **given}


@dataclass(frozen=True, slots=True)
class ProjectTask:
    """A task of the project.

    Attributes:
        digest: of what its source said.
        annotated: somebody has annotated or skipped it.
    """

    task_id: int
    digest: bytes
    annotated: bool


@dataclass
class ProjectTasks:
    """The tasks of a project, as they were last pulled.

    Attributes:
        tasks: by the identity that their source gave them.
        doubles: tasks whose identity another one has, which is kept.
        outdated: tasks that lack a field of the page, or show other guidelines than the
            project's although nobody has annotated them.
        unlisted: how many an older LabelTune pushed, without the fields by which tasks are
            listed. They get them when they next change: nothing else reads them.
        total: all, those that no source gave included.
    """

    tasks: dict[str, ProjectTask] = field(default_factory=dict)
    doubles: list[int] = field(default_factory=list)
    outdated: list[int] = field(default_factory=list)
    unlisted: int = 0
    total: int = 0

    def holds(self, ids: Collection[str]) -> bool:
        """Whether all of these identities are there."""
        return all(each in self.tasks for each in ids)

    def add(self, identity: str, task: ProjectTask) -> None:
        """One more task; of two with one identity the annotated one is kept, then the older."""
        self.tasks.setdefault(identity, task)
        first = self.tasks[identity]
        if first is task:
            return
        kept, double = sorted((first, task), key=lambda each: (not each.annotated, each.task_id))
        self.tasks[identity] = kept
        self.doubles.append(double.task_id)


def read_held(
    table: TaskTable, project_id: int, fields: SourceFields, guidelines: str
) -> ProjectTasks:
    """Look through the stored tasks of a project.

    Args:
        guidelines: the project's; empty where it has none.
    """
    held = ProjectTasks()
    for task_id, data, annotations in _rows(table, project_id):
        held.total += 1
        stale = not annotations and guidelines not in ("", data.get("guidelines"))
        if stale or not fields.page <= data.keys():
            held.outdated.append(task_id)
        held.unlisted += LAST_QUESTION not in data
        if ID_FIELD in data:
            task = ProjectTask(task_id, fields.digest(data), annotations > 0)
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
