"""Tasks in Label Studio: pages of a listing, filters for one, and the address of a task."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
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
    """One Data Manager filter, as `task_filter("tasks:id", "greater", 7, "Number")`.

    Args:
        value: a time is written as Label Studio's filters want it, in UTC with microseconds.
    """
    if isinstance(value, datetime):
        value = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return {"filter": f"filter:{column}", "operator": operator, "value": value, "type": kind}


def task_url(url: str, project_id: int, task_id: int) -> str:
    """The page of a task, as `http://127.0.0.1:8080/projects/7/data?task=9`.

    Args:
        url: of Label Studio.
    """
    return f"{project_url(url, project_id)}?task={task_id}"


def project_url(url: str, project_id: int) -> str:
    """The page of a project's tasks, as `http://127.0.0.1:8080/projects/7/data`.

    Args:
        url: of Label Studio.
    """
    return f"{url.rstrip('/')}/projects/{project_id}/data"
