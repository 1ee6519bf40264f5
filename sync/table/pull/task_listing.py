"""List a project's tasks in Label Studio without skipping any while people work.

Counting pages would: a task that is annotated during the walk moves to the end of the order, and
the one at the next page's start slips into a page that was already read. So each page is asked
for by the last value seen, which only ever grows. While one page is worked on, the next is on its
way already.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Protocol, TypeVar

from connectors.task_pages import TaskListing, TaskPage, task_filter
from sync.common.json_text import Json
from sync.table.task_rows import INCLUDE

_Part = TypeVar("_Part")

# of the project, what a pull needs
PROJECT_FIELDS = (
    "id",
    "title",
    "task_number",
    "total_annotations_number",
    "skipped_annotations_number",
    "total_predictions_number",
)
# ids travel in the address, of which proxies take some 8,000 characters
_IDS_LENGTH = 3000
_IDS = 250


class TaskSource(TaskListing, Protocol):
    """The part of `connectors.label_studio.LabelStudio` that reads tasks."""

    def find_project(self, title: str, include: Sequence[str] = ()) -> Json | None: ...

    def tasks_by_id(
        self, project_id: int, task_ids: Sequence[int], include: Sequence[str]
    ) -> list[Json]: ...

    def predictions(self, project_id: int) -> Iterator[Json]: ...

    def model_versions(self, project_id: int) -> list[Json]: ...


class Listing:
    """A project's tasks, page by page; counts its requests."""

    def __init__(self, source: TaskSource, project_id: int, title: str) -> None:
        self.source = source
        self.project_id = project_id
        self.requests = 0
        self._title = title

    def project(self) -> Json | None:
        """The project's counters as they are now; None when it is gone."""
        self.requests += 1
        return self.source.find_project(self._title, PROJECT_FIELDS)

    def by_update(
        self, since: datetime, include: Sequence[str], page_size: int, *, later: bool = False
    ) -> Iterator[TaskPage]:
        """Tasks updated at `since` or later, oldest first; a few may come twice.

        Args:
            include: fields; `updated_at` must be among them.
            later: leave out those that were updated at `since` itself.
        """
        while True:
            operator = "greater" if later else "greater_or_equal"
            filters = [task_filter("tasks:updated_at", operator, since, "Datetime")]
            page = self._first(filters, "tasks:updated_at", include, page_size)
            yield page
            if page.total <= len(page.tasks) or not page.tasks:
                return
            last, later = datetime.fromisoformat(page.tasks[-1]["updated_at"]), False
            if last == since:  # a bulk action gave more tasks one time than a page holds
                page_size *= 2
            since = last

    def by_id(
        self,
        include: Sequence[str],
        page_size: int,
        lowest: int | None = None,
        highest: int | None = None,
    ) -> Iterator[TaskPage]:
        """Every task from one id to another, by id; `include` must hold `id`."""
        upper = [] if highest is None else [_id_filter("less_or_equal", highest)]

        def ask(after: int) -> TaskPage:
            filters = [_id_filter("greater", after), *upper]
            return self._first(filters, "tasks:id", include, page_size)

        def following(page: TaskPage) -> Callable[[], TaskPage] | None:
            if page.total <= len(page.tasks) or not page.tasks:
                return None
            return lambda: ask(page.tasks[-1]["id"])

        return _ahead(lambda: ask(0 if lowest is None else lowest - 1), following)

    def whole(self, task_ids: Sequence[int]) -> Iterator[list[Json]]:
        """These tasks with everything in them, some hundreds at a time."""
        parts = list(_fitting(task_ids))
        number = iter(range(1, len(parts)))

        def ask(part: Sequence[int]) -> list[Json]:
            self.requests += 1
            return self.source.tasks_by_id(self.project_id, part, INCLUDE)

        def following(_: list[Json]) -> Callable[[], list[Json]] | None:
            place = next(number, None)
            return None if place is None else lambda: ask(parts[place])

        return _ahead(lambda: ask(parts[0]), following) if parts else iter(())

    def count(self, lowest: int, highest: int) -> tuple[int, int]:
        """Tasks from one id to another, and their annotations without the skipped ones."""
        filters = [_id_filter("greater_or_equal", lowest), _id_filter("less_or_equal", highest)]
        page = self._first(filters, "tasks:id", ("id",), 1)
        return page.total, page.total_annotations

    def predictions(self) -> Iterator[Json]:
        """Every prediction of the project."""
        self.requests += 1
        return self.source.predictions(self.project_id)

    def model_versions(self) -> list[Json]:
        """The project's predictions by model version."""
        self.requests += 1
        return self.source.model_versions(self.project_id)

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


def _ahead(
    first: Callable[[], _Part], following: Callable[[_Part], Callable[[], _Part] | None]
) -> Iterator[_Part]:
    """Each part, with the one that follows it asked for already."""
    pool = ThreadPoolExecutor(1)
    try:
        coming: Future[_Part] | None = pool.submit(first)
        while coming is not None:
            part = coming.result()
            call = following(part)
            coming = pool.submit(call) if call else None
            yield part
    finally:
        # whoever is interrupted does not wait for an answer that nobody wants any more
        pool.shutdown(wait=False, cancel_futures=True)


def _fitting(task_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Ids in parts that an address has room for: a comma takes three characters there."""
    start = length = 0
    for place, task_id in enumerate(task_ids):
        more = len(str(task_id)) + 3
        if place > start and (length + more > _IDS_LENGTH or place - start == _IDS):
            yield task_ids[start:place]
            start, length = place, 0
        length += more
    if start < len(task_ids):
        yield task_ids[start:]


def _id_filter(operator: str, value: int) -> Json:
    return task_filter("tasks:id", operator, value, "Number")
