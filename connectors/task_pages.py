"""Label Studio's listings of tasks: what a page of one holds, and what it can be filtered by."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

Json = dict[str, Any]


@dataclass(frozen=True)
class TaskPage:
    """One page of a listing.

    Attributes:
        total: tasks that match the whole query.
        total_annotations: their annotations, without the skipped ones.
        total_predictions: their predictions.
        asked_at: when the page was asked for by the server's clock, to the second below; None when
            it does not tell.
    """

    tasks: list[Json]
    total: int
    total_annotations: int
    total_predictions: int = 0
    asked_at: datetime | None = None


class TaskListing(Protocol):
    """Whatever lists tasks; `connectors.label_studio.LabelStudio` does."""

    def task_pages(
        self,
        project_id: int,
        filters: Sequence[Mapping[str, Any]] = (),
        ordering: Sequence[str] = ("tasks:id",),
        include: Sequence[str] = (),
        page_size: int = 500,
    ) -> Iterator[TaskPage]:
        """A project's tasks, page by page."""


def task_filter(column: str, operator: str, value: Any, kind: str) -> Json:
    """One Data Manager filter, as `task_filter("tasks:id", "greater", 7, "Number")`."""
    return {"filter": f"filter:{column}", "operator": operator, "value": value, "type": kind}
