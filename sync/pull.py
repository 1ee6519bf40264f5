"""Fetch what changed in Label Studio into the table: incremental, atomic, self-healing.

The cursor is the table's own greatest `updated_at`, so there is no state to lose. Three things
are invisible to it: a commit that lands late, a deleted task, and a bulk import of predictions,
which leaves `updated_at` alone. A short listing of the window before the cursor shows the first;
the project's own counters, which come with the project, betray the others, and a listing of all
tasks then says which.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sync import last
from sync.config import Config
from sync.errors import SyncError
from sync.files import only_one
from sync.listing import Json, Listing, TaskSource
from sync.rows import INCLUDE, TaskRow, from_label_studio, moment
from sync.table import Stamp, TaskTable

# how far behind the newest change a slow commit may still land
OVERLAP = timedelta(seconds=10)
PAGE_SIZE = 500
LISTING_PAGE_SIZE = 2000
_LISTED = ("id", "updated_at", "total_annotations", "cancelled_annotations", "total_predictions")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class PullReport:
    """What a pull did.

    Attributes:
        unchanged: tasks that were in the table already and stay as they are.
        tasks: in the table now.
        requests: sent to Label Studio.
        table_version: of the Delta table; None while nothing was ever pulled.
    """

    project: str
    project_id: int
    new: int
    changed: int
    unchanged: int
    deleted: int
    tasks: int
    requests: int
    seconds: float
    table_version: int | None


@dataclass(frozen=True)
class _Difference:
    """Which tasks to fetch (`stale`, as listed) and which to delete."""

    stale: Mapping[int, Stamp]
    deleted: frozenset[int] = frozenset()


def pull(
    config: Config, client: TaskSource, progress: Progress = lambda done, total: None
) -> PullReport:
    """Bring the table up to date with the project; a crash leaves it as it was.

    Args:
        progress: called with tasks fetched and tasks to fetch.

    Raises:
        SyncError: the project does not exist, or another pull is running here.
        LabelStudioError: Label Studio fails; nothing is written.
    """
    started = time.monotonic()
    project = find_project(config, client)
    with only_one(config.data_dir, "pull"):
        report = _pull(config, client, project, progress, started)
    last.note(config.data_dir, "pull", asdict(report))
    return report


def find_project(config: Config, client: TaskSource) -> Json:
    """The configured project.

    Raises:
        SyncError: there is none of that title.
    """
    title = config.label_studio.project
    project = client.find_project(title)
    if project is None:
        raise SyncError(
            f"Label Studio at {config.label_studio.url} has no project {title!r}; "
            "run `labeltune push` first, or correct label_studio.project in labeltune.toml"
        )
    return project


def _pull(
    config: Config, client: TaskSource, project: Json, progress: Progress, started: float
) -> PullReport:
    project_id = int(project["id"])
    table = TaskTable(config.data_dir / "tasks")
    stored = table.stamps(project_id)
    listing = Listing(client, project_id)
    difference = _difference(listing, stored, project)
    fetched = _fetch(listing, difference, stored, int(project["task_number"] or 0), progress)
    twins = [i for i, row in fetched.items() if i in stored and _same_stamp(row, stored[i])]
    same = {row.task_id for row in table.rows(project_id, twins) if row == fetched[row.task_id]}
    upserts = [row for i, row in sorted(fetched.items()) if i not in same]
    deleted = difference.deleted - fetched.keys()
    table.apply(project_id, upserts, deleted)
    changed = sum(row.task_id in stored for row in upserts)
    return PullReport(
        project=str(project["title"]),
        project_id=project_id,
        new=len(upserts) - changed,
        changed=changed,
        unchanged=len(stored) - changed - len(deleted),
        deleted=len(deleted),
        tasks=len(stored) + len(upserts) - changed - len(deleted),
        requests=1 + listing.requests,
        seconds=round(time.monotonic() - started, 3),
        table_version=table.version,
    )


def _difference(listing: Listing, stored: Mapping[int, Stamp], project: Json) -> _Difference:
    """What Label Studio has otherwise than the table, told from short listings."""
    if not stored:
        return _Difference({})
    cursor = max(stamp.updated_at for stamp in stored.values())
    recent = {
        task["id"]: _stamp(task)
        for page in listing.by_update(cursor - OVERLAP, _LISTED, LISTING_PAGE_SIZE)
        for task in page.tasks
    }
    if _counters({**stored, **recent}) == _project_counters(project):
        return _Difference({i: s for i, s in recent.items() if stored.get(i) != s})
    everything = {
        task["id"]: _stamp(task)
        for page in listing.by_id(_LISTED, LISTING_PAGE_SIZE)
        for task in page.tasks
    }
    return _Difference(
        {i: s for i, s in everything.items() if stored.get(i) != s},
        frozenset(stored.keys() - everything.keys()),
    )


def _fetch(
    listing: Listing,
    difference: _Difference,
    stored: Mapping[int, Stamp],
    task_number: int,
    progress: Progress,
) -> dict[int, TaskRow]:
    """The stale tasks with everything in them, and all that changed since the oldest of them."""
    if stored and not difference.stale:
        return {}
    since = min((s.updated_at for s in difference.stale.values()), default=None)
    rows: dict[int, TaskRow] = {}
    for page in listing.by_update(since, INCLUDE, PAGE_SIZE):
        for task in page.tasks:
            rows[task["id"]] = from_label_studio(listing.project_id, task)
        expected = len(difference.stale) or task_number
        progress(len(rows), max(expected, len(rows)))
    return rows


def _stamp(task: Mapping[str, Any]) -> Stamp:
    return Stamp(
        moment(task["updated_at"]),
        int(task["total_annotations"]) + int(task["cancelled_annotations"]),
        int(task["total_predictions"]),
    )


def _same_stamp(row: TaskRow, stamp: Stamp) -> bool:
    return stamp == Stamp(row.updated_at, len(row.annotations), len(row.predictions))


def _counters(stamps: Mapping[int, Stamp]) -> tuple[int, int, int]:
    """Tasks, annotations (skipped ones included) and predictions."""
    return (
        len(stamps),
        sum(stamp.annotations for stamp in stamps.values()),
        sum(stamp.predictions for stamp in stamps.values()),
    )


def _project_counters(project: Json) -> tuple[int, int, int]:
    """The same three, as Label Studio counts them for its list of projects."""
    return (
        int(project["task_number"] or 0),
        int(project["total_annotations_number"] or 0)
        + int(project["skipped_annotations_number"] or 0),
        int(project["total_predictions_number"] or 0),
    )
