"""Fetch whole tasks from Label Studio, by the cheapest route for how many."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sync.common.errors import SyncError
from sync.common.json_text import Json
from sync.common.terminal import ShowProgress
from sync.table.pull.fetched_tasks import FetchedTasks
from sync.table.pull.task_listing import Listing
from sync.table.task_rows import (
    INCLUDE,
    WITHOUT_PREDICTIONS,
    Prediction,
    TaskRow,
    from_label_studio,
    prediction,
)

PAGE_SIZE = 1000
# so many come in one answer, which Label Studio builds in its memory first
LONGEST_ANSWER = 200_000
# a task costs three times as much by its id as in a walk through all
_WALK_FROM = 3


def fetch_everything(
    listing: Listing, fetched: FetchedTasks, project: Json, progress: ShowProgress
) -> datetime | None:
    """Every task of the project.

    Tasks first and their predictions then: what changes in between has a later `updated_at` than
    its row, so that the next pull finds it.

    Returns:
        Label Studio's clock at the start.
    """
    seen_at: datetime | None = None
    apart = int(project["total_predictions_number"] or 0) <= LONGEST_ANSWER
    include = WITHOUT_PREDICTIONS if apart else INCLUDE
    total, done = int(project["task_number"] or 0), 0
    for number, page in enumerate(listing.by_id(include, PAGE_SIZE)):
        seen_at = page.asked_at if number == 0 else seen_at
        fetched.add(_rows(listing, page.tasks))
        done += len(page.tasks)
        progress(done, max(done, total))
    if apart and project["total_predictions_number"]:
        fetched.add_predictions(_predictions(listing.predictions()))
    return seen_at


def fetch(
    listing: Listing, fetched: FetchedTasks, task_ids: Sequence[int], progress: ShowProgress
) -> frozenset[int]:
    """These tasks.

    Returns:
        Those that are gone.
    """
    found: set[int] = set()
    for tasks in listing.whole(sorted(task_ids)):
        fetched.add(_rows(listing, tasks))
        found.update(task["id"] for task in tasks)
        progress(len(found), len(task_ids))
    return frozenset(task_ids) - found


def fetch_range(
    listing: Listing, fetched: FetchedTasks, lowest: int, highest: int | None
) -> set[int]:
    """The tasks from one id to another; returns their ids."""
    found: set[int] = set()
    for page in listing.by_id(INCLUDE, PAGE_SIZE, lowest, highest):
        fetched.add(_rows(listing, page.tasks))
        found.update(task["id"] for task in page.tasks)
    return found


def is_most(task_ids: Sequence[int], project: Json) -> bool:
    """Whether walking through all tasks is quicker than to ask for these."""
    return len(task_ids) > PAGE_SIZE and len(task_ids) * _WALK_FROM > int(
        project["task_number"] or 0
    )


def _rows(listing: Listing, tasks: Iterable[Json]) -> list[TaskRow]:
    return [from_label_studio(listing.project_id, {"predictions": [], **task}) for task in tasks]


def _predictions(raw: Iterable[Json]) -> Iterator[tuple[int, Prediction]]:
    for item in raw:
        try:
            yield int(item["task"]), prediction(item)
        except (KeyError, TypeError, ValueError) as error:
            raise SyncError(
                f"prediction {item.get('id')}: Label Studio's list of predictions can't be read "
                f"({type(error).__name__}: {error}); LabelTune knows Label Studio 1.23"
            ) from error
