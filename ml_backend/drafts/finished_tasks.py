"""The finished tasks of a project, read from Label Studio again as they change."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from connectors.task_pages import TaskListing, TaskPage, task_filter

PAGE = 500
BY_ID = 200  # their ids travel in the address
OVERLAP = timedelta(seconds=10)  # what was saved earlier may become visible later
TASK_FIELDS = ("id", "data", "meta", "updated_at", "annotations")
# the rest of annotations
INCLUDE = (*TASK_FIELDS, "completed_by", "result", "was_cancelled", "ground_truth")
FINISHED = task_filter("tasks:total_annotations", "greater", 0, "Number")

Read = TypeVar("Read")


class FinishedListing(TaskListing, Protocol):
    """Whatever lists finished tasks; `connectors.label_studio.LabelStudio` does."""

    def tasks_by_id(
        self, project_id: int, task_ids: Sequence[int], include: Sequence[str]
    ) -> list[dict[str, Any]]: ...
    def projects(self, **filters: str) -> list[dict[str, Any]]: ...


class FinishedTaskReader(Generic[Read]):
    """What is made of each finished task of a project; for one thread at a time."""

    def __init__(
        self,
        client: FinishedListing,
        project_id: int,
        read: Callable[[Mapping[str, Any]], Read],
        newest: int | None = None,
        fields: Sequence[str] = INCLUDE,
    ) -> None:
        """Nothing is read yet.

        Args:
            read: makes something of a listed task.
            newest: how many tasks are looked at, those that changed last; None: all.
            fields: of tasks, and of what belongs to them, that are listed.
        """
        self._client = client
        self._project_id = project_id
        self._read = read
        self._newest = newest
        self._fields = fields
        # by id, the newest first: when it changed last, and what was made of it
        self._tasks: dict[int, tuple[datetime, Read]] = {}
        # what the last look found: tasks, annotations, newest change
        self._seen: tuple[int, int, datetime | None] = (0, 0, None)

    def made(self) -> dict[int, Read]:
        """What was made of each task, by its id; the newest first."""
        return {task_id: made for task_id, (_, made) in self._tasks.items()}

    def refresh(self) -> bool:
        """Read what has changed; everything where something was deleted.

        Returns:
            Whether anything has changed.

        Raises:
            LabelStudioError: Label Studio can't be asked; what was read before stays.
        """
        newest = self.look(FINISHED, ordering=("-tasks:updated_at",))
        changed_at = _moment(newest.tasks[0]) if newest.tasks else None
        seen = (newest.total, newest.total_annotations, changed_at)
        if seen == self._seen:
            return False
        total, _, since = self._seen
        tasks = {**self._tasks, **self._list(since)}
        if since is not None and total + len(tasks) - len(self._tasks) != newest.total:
            tasks = self._list(None)
        in_order = sorted(tasks.items(), key=lambda task: task[1][0], reverse=True)
        self._tasks, self._seen = dict(in_order[: self._newest]), seen
        return True

    def reread(self, task_ids: Iterable[int]) -> None:
        """Read these tasks again, since something beside them has changed.

        Raises:
            LabelStudioError: Label Studio can't be asked; some may be read, others not.
        """
        known = iter([task_id for task_id in task_ids if task_id in self._tasks])
        while some := list(itertools.islice(known, BY_ID)):
            for task in self._client.tasks_by_id(self._project_id, some, self._fields):
                self._tasks[int(task["id"])] = (_moment(task), self._read(task))

    def look(self, condition: Mapping[str, Any], ordering: Sequence[str] = ()) -> TaskPage:
        """Ask for the first of the tasks; Label Studio says with it how many there are."""
        pages = self._client.task_pages(
            self._project_id, [condition], ordering, include=("id", "updated_at"), page_size=1
        )
        return next(pages)

    def _list(self, since: datetime | None) -> dict[int, tuple[datetime, Read]]:
        """The newest finished tasks, or those that have changed since then."""
        conditions = [FINISHED]
        if since is not None:
            conditions.append(
                task_filter("tasks:updated_at", "greater", since - OVERLAP, "Datetime")
            )
        pages: Iterator[TaskPage] = self._client.task_pages(
            self._project_id, conditions, ("-tasks:updated_at",), self._fields, page_size=PAGE
        )
        if self._newest is not None:
            pages = itertools.islice(pages, self._newest // PAGE)
        return {
            int(task["id"]): (_moment(task), self._read(task))
            for page in pages
            for task in page.tasks
        }


def _moment(task: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(task["updated_at"])
