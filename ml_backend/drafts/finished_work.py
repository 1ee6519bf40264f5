"""The finished tasks of a project, read from Label Studio again as they change."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.task_pages import TaskListing, TaskPage, task_filter
from drafting.finished_example import Finished, finished_of
from label_configs import Interface

NEWEST = 5000  # finished tasks that are looked at
PAGE = 500
OVERLAP = timedelta(seconds=10)  # what was saved earlier may become visible later
TASK_FIELDS = ("id", "data", "meta", "updated_at", "annotations")
INCLUDE = (*TASK_FIELDS, "result", "was_cancelled", "ground_truth")  # the rest of annotations
FINISHED = task_filter("tasks:total_annotations", "greater", 0, "Number")
# in a task's data, and in its meta, which can be searched as text only
IN_A_SPLIT = (
    task_filter("tasks:data.split", "empty", False, "String"),
    task_filter("tasks:meta", "contains", '"split"', "String"),
)

# by id: when it changed last, and what it is an example of; None where it is no example
_Tasks = dict[int, tuple[datetime, Finished | None]]


class FinishedWork:
    """What is finished in one project; for one thread at a time."""

    def __init__(self, client: TaskListing, project_id: int, interface: Interface[Any]) -> None:
        """Nothing is read yet."""
        self._client = client
        self._project_id = project_id
        self._interface = interface
        self._tasks: _Tasks = {}
        self._has_splits = False
        # what the last look found: tasks, annotations, newest change
        self._seen: tuple[int, int, datetime | None] = (0, 0, None)

    def examples(self) -> list[Finished]:
        """What may be shown for other tasks, the newest first.

        In a project with splits that is the training split alone: a task that belongs to none may
        become a test item yet.
        """
        found = (finished for _, finished in self._tasks.values() if finished)
        return [one for one in found if one.has_split or not self._has_splits]

    def refresh(self) -> None:
        """Read what has changed; everything where something was deleted.

        Raises:
            LabelStudioError: Label Studio can't be asked; what was read before stays.
        """
        newest = self._look(FINISHED, ordering=("-tasks:updated_at",))
        self._has_splits = self._has_splits or any(self._look(one).total for one in IN_A_SPLIT)
        changed_at = _moment(newest.tasks[0]) if newest.tasks else None
        seen = (newest.total, newest.total_annotations, changed_at)
        if seen == self._seen:
            return
        total, _, since = self._seen
        tasks = {**self._tasks, **self._list(since)}
        if since is not None and total + len(tasks) - len(self._tasks) != newest.total:
            tasks = self._list(None)
        in_order = sorted(tasks.items(), key=lambda task: task[1][0], reverse=True)
        self._tasks, self._seen = dict(in_order[:NEWEST]), seen

    def _look(self, condition: Mapping[str, Any], ordering: Sequence[str] = ()) -> TaskPage:
        """Ask for the first of the tasks; Label Studio says with it how many there are."""
        pages = self._client.task_pages(
            self._project_id, [condition], ordering, include=("id", "updated_at"), page_size=1
        )
        return next(pages)

    def _list(self, since: datetime | None) -> _Tasks:
        """The newest finished tasks, or those that have changed since then."""
        conditions = [FINISHED]
        if since is not None:
            # as its filters want it: UTC, always with microseconds
            after = (since - OVERLAP).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            conditions.append(task_filter("tasks:updated_at", "greater", after, "Datetime"))
        pages = self._client.task_pages(
            self._project_id, conditions, ("-tasks:updated_at",), INCLUDE, page_size=PAGE
        )
        return {
            int(task["id"]): (_moment(task), finished_of(self._interface, task))
            for page in itertools.islice(pages, NEWEST // PAGE)
            for task in page.tasks
        }


def _moment(task: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(task["updated_at"])
