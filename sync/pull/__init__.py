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

from sync.config import Config
from sync.errors import SyncError
from sync.pull.listing import Json, Listing, TaskSource
from sync.store import last
from sync.store.data_folder import data_folder
from sync.store.rows import INCLUDE, TaskRow, from_label_studio, moment
from sync.store.table import Stamp

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
    folder = data_folder(config)
    with folder.only_one("pull"):
        report = _pull(config, client, project, progress, started)
    last.note(folder, "pull", asdict(report))
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
    table = data_folder(config).table()
    stored = table.stamps(project_id)
    listing = Listing(client, project_id)
    fetched = _fetch(listing, _recent(listing, stored), stored, project, progress)
    deleted: frozenset[int] = frozenset()
    # by what is really in the rows: Label Studio's own counters of a task may be wrong
    known = {**stored, **{i: _true_stamp(row) for i, row in fetched.items()}}
    if stored and _counters(known) != _project_counters(project):
        everything = _everything(listing)
        stale = {i: stamp for i, stamp in everything.items() if known.get(i) != stamp}
        fetched |= _fetch(listing, stale, stored, project, progress)
        deleted = frozenset(stored.keys() - everything.keys())
        known = {**known, **{i: _true_stamp(row) for i, row in fetched.items()}}
        known = {i: stamp for i, stamp in known.items() if i not in deleted}
        # asked again: with drafts arriving, the counters from before the sweep are old by now
        if _counters(known) != _project_counters(find_project(config, client)):
            # a task's own counters are wrong, so only the tasks themselves can tell
            fetched = _fetch(listing, {}, {}, project, progress)
    twins = [i for i, row in fetched.items() if i in stored and _same_stamp(row, stored[i])]
    same = {row.task_id for row in table.rows(project_id, twins) if row == fetched[row.task_id]}
    upserts = [row for i, row in sorted(fetched.items()) if i not in same]
    deleted -= fetched.keys()
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


def _recent(listing: Listing, stored: Mapping[int, Stamp]) -> dict[int, Stamp]:
    """Tasks from the end of the last pull on whose time or counters are not the stored ones."""
    if not stored:
        return {}
    cursor = max(stamp.updated_at for stamp in stored.values())
    listed = {
        task["id"]: _stamp(task)
        for page in listing.by_update(cursor - OVERLAP, _LISTED, LISTING_PAGE_SIZE)
        for task in page.tasks
    }
    return {i: stamp for i, stamp in listed.items() if stored.get(i) != stamp}


def _everything(listing: Listing) -> dict[int, Stamp]:
    """Time and counters of every task."""
    return {
        task["id"]: _stamp(task)
        for page in listing.by_id(_LISTED, LISTING_PAGE_SIZE)
        for task in page.tasks
    }


def _fetch(
    listing: Listing,
    stale: Mapping[int, Stamp],
    stored: Mapping[int, Stamp],
    project: Json,
    progress: Progress,
) -> dict[int, TaskRow]:
    """The stale tasks with everything in them, and all that changed since the oldest of them."""
    if stored and not stale:
        return {}
    since = min((s.updated_at for s in stale.values()), default=None)
    rows: dict[int, TaskRow] = {}
    for page in listing.by_update(since, INCLUDE, PAGE_SIZE):
        for task in page.tasks:
            rows[task["id"]] = from_label_studio(listing.project_id, task)
        expected = len(stale) or int(project["task_number"] or 0)
        progress(len(rows), max(expected, len(rows)))
    return rows


def _stamp(task: Mapping[str, Any]) -> Stamp:
    return Stamp(
        moment(task["updated_at"]),
        int(task["total_annotations"]) + int(task["cancelled_annotations"]),
        int(task["total_predictions"]),
    )


def _same_stamp(row: TaskRow, stamp: Stamp) -> bool:
    return stamp == _true_stamp(row)


def _true_stamp(row: TaskRow) -> Stamp:
    return Stamp(row.updated_at, len(row.annotations), len(row.predictions))


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
