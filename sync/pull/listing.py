"""Walking a project's tasks in Label Studio without skipping any while people work.

Counting pages would: a task that is annotated during the walk moves to the end of the order, and
the one at the next page's start slips into a page that was already read. So each page is asked
for by the last value seen, which only ever grows.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from connectors.task_pages import TaskListing, TaskPage, task_filter
from sync.store.rows import moment

Json = dict[str, Any]


class TaskSource(TaskListing, Protocol):
    """The part of `connectors.label_studio.LabelStudio` that reads tasks."""

    def find_project(self, title: str) -> Json | None: ...


class Listing:
    """A project's tasks, page by page; counts its requests."""

    def __init__(self, source: TaskSource, project_id: int) -> None:
        self.source = source
        self.project_id = project_id
        self.requests = 0

    def by_update(
        self, since: datetime | None, include: Sequence[str], page_size: int
    ) -> Iterator[TaskPage]:
        """Tasks updated at `since` or later, oldest first; a few may come twice.

        Args:
            since: None for all.
            include: fields; `updated_at` must be among them.
        """
        while True:
            filters = (
                [task_filter("tasks:updated_at", "greater_or_equal", _stamp(since), "Datetime")]
                if since
                else []
            )
            page = self._first(filters, "tasks:updated_at", include, page_size)
            yield page
            if page.total <= len(page.tasks) or not page.tasks:
                return
            last = moment(page.tasks[-1]["updated_at"])
            if last == since:  # a bulk action gave more tasks one time than a page holds
                page_size *= 2
            since = last

    def by_id(self, include: Sequence[str], page_size: int) -> Iterator[TaskPage]:
        """Every task, by id; `include` must hold `id`."""
        last = 0
        while True:
            filters = [task_filter("tasks:id", "greater", last, "Number")]
            page = self._first(filters, "tasks:id", include, page_size)
            yield page
            if page.total <= len(page.tasks) or not page.tasks:
                return
            last = page.tasks[-1]["id"]

    def _first(
        self, filters: Sequence[Json], order: str, include: Sequence[str], page_size: int
    ) -> TaskPage:
        self.requests += 1
        pages = self.source.task_pages(
            self.project_id,
            filters=filters,
            ordering=(order,),
            include=include,
            page_size=page_size,
        )
        return next(iter(pages))


def _stamp(when: datetime) -> str:
    """A time as Label Studio's filters want it: UTC, always with microseconds."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
