"""Tasks that the project holds already: brought up to date, unless somebody has worked on them.

The table says which; what they hold at this moment is asked of Label Studio, since the drafter
writes into tasks, and annotators work, after a pull.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from label_configs import Interface, LabelConfigError
from label_configs.queue_fields import kept_of_queue, without_queue
from sync.common.chunks import chunked
from sync.common.json_text import Json
from sync.common.source_task import ID_FIELD, SourceTask

# tasks that are asked for at once
CHUNK = 100

CountDone = Callable[[int], None]


class TaskStore(Protocol):
    """The part of `connectors.label_studio.LabelStudio` that reads and changes single tasks."""

    def tasks_by_id(
        self, project_id: int, task_ids: Sequence[int], include: Sequence[str]
    ) -> list[Json]: ...

    def update_task(self, task_id: int, data: Mapping[str, Any]) -> None: ...


class Updater:
    """Changes tasks of one project.

    Attributes:
        updated: tasks that were given what their source says now.
        overwritten: ids of those among them that somebody had annotated or begun, and whose data
            asks for another answer now.
        annotated: tasks that somebody had annotated or begun by then, and that were left.
        completed: tasks that were given a field of the page, or the project's guidelines.
    """

    def __init__(
        self,
        client: TaskStore,
        project_id: int,
        interface: Interface[Any],
        guidelines: str,
        *,
        overwrite_annotated: bool = False,
    ) -> None:
        self.updated = self.annotated = self.completed = 0
        self.overwritten: list[int] = []
        self._client = client
        self._project_id = project_id
        self._interface = interface
        self._guidelines = guidelines
        self._overwrite_annotated = overwrite_annotated

    def complete(self, task_ids: Iterable[int], advance: CountDone) -> None:
        """Give tasks the fields that the page shows, and the guidelines until they are annotated.

        They were pushed for another interface, by an older LabelTune, or with other guidelines. A
        task that the interface can't use at all is left alone.
        """
        for chunk in chunked(task_ids, CHUNK):
            for task in self._now(chunk).values():
                guidelines = "" if _is_annotated(task) else self._guidelines
                try:
                    self._interface.check_task(task["data"])
                except LabelConfigError:
                    continue
                data = self._interface.complete_task(task["data"], guidelines)
                if data != task["data"]:
                    self._client.update_task(int(task["id"]), data)
                    self.completed += 1
            advance(len(chunk))

    def update(self, changes: Sequence[tuple[int, SourceTask]]) -> None:
        """Give tasks what their source says now; one that is gone is created by the next push.

        Args:
            changes: task id and source task, as many as may be in memory at once.
        """
        now = self._now([task_id for task_id, _ in changes])
        for task_id, source in changes:
            task = now.get(task_id)
            if task is None:
                continue
            if _is_touched(task) and not self._overwrite_annotated:
                self.annotated += 1
                continue
            data = self._changed(task, source)
            self._client.update_task(task_id, data)
            self.updated += 1
            if _is_touched(task) and self._asks_otherwise(data, task):
                self.overwritten.append(task_id)

    def _now(self, task_ids: Sequence[int]) -> dict[int, Json]:
        include = ("id", "data", "total_annotations", "cancelled_annotations", "draft_exists")
        tasks = self._client.tasks_by_id(self._project_id, task_ids, include)
        return {int(task["id"]): task for task in tasks}

    def _changed(self, task: Json, source: SourceTask) -> Json:
        """The task's new data; what the backend drafted in it is reset where it drafts anew."""
        interface, data = self._interface, {**without_queue(source.data), ID_FIELD: source.id}
        drafted_anew = not _is_touched(task) and self._asks_otherwise(data, task)
        if not drafted_anew:
            drafted = interface.drafted_fields.keys() & task["data"].keys()
            data |= {name: task["data"][name] for name in drafted}
            data |= kept_of_queue(task["data"])
        return interface.complete_task(data, self._guidelines)

    def _asks_otherwise(self, data: Mapping[str, Any], task: Json) -> bool:
        """Whether other answers are due to new data than to what the task holds."""
        before, after = (source_inputs(self._interface, each) for each in (task["data"], data))
        return before != after


def source_inputs(interface: Interface[Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """What shapes a task's draft, but for the guidelines, which are the project's."""
    return {k: v for k, v in interface.inputs(data).items() if k != "guidelines"}


def _is_annotated(task: Json) -> bool:
    return bool(task["total_annotations"] or task["cancelled_annotations"])


def _is_touched(task: Json) -> bool:
    """Whether an annotator's work, saved or not, would be lost or no longer fit."""
    return _is_annotated(task) or bool(task["draft_exists"])
