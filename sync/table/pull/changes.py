"""Find what changed in Label Studio since the last pull, and fetch it.

Three things are invisible to `updated_at`: a commit that lands late, a deleted task, and
predictions that are imported or deleted in bulk. The listing reaches back for the first; the
project's own counters, which come with the project, betray the others.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sync.common.errors import SyncError
from sync.common.json_text import Json
from sync.common.terminal import ShowProgress
from sync.table.pull.bisection import differing_ranges
from sync.table.pull.fetch import LONGEST_ANSWER, fetch, fetch_everything, fetch_range, is_most
from sync.table.pull.known_state import Known, ProjectCounts, counts_of
from sync.table.pull.task_listing import Listing
from sync.table.task_stamps import Stamp, StoredTasks

# how far behind the newest change a slow commit may still land
OVERLAP = timedelta(seconds=10)
LISTING_PAGE_SIZE = 2000
# until counters that keep moving are looked into
_ROUNDS = 2
_LISTED = ("id", "updated_at", "total_annotations", "cancelled_annotations", "total_predictions")


def find_changes(
    listing: Listing, known: Known, project: Json, progress: ShowProgress
) -> datetime | None:
    """Fetch every task that differs from the stored one, and note those that are gone.

    Returns:
        Label Studio's clock when the changes were looked for; None where it does not tell.
    """
    if not known.stored.stamps:
        return fetch_everything(listing, known.fetched, project, progress)
    seen_at = _fetch_recent(listing, known, project, progress)
    for _ in range(_ROUNDS):
        # the project was asked before its tasks were, and people work meanwhile
        if known.counts() == counts_of(project):
            break
        project = listing.project() or _gone()
        if known.counts() != counts_of(project):
            _fetch_recent(listing, known, project, progress)
    if known.counts() != counts_of(project):
        _reconcile(listing, known, counts_of(project), project, progress)
    if _is_redrafted(listing, known, counts_of(project)):
        _fetch_redrafted(listing, known, project, progress)
    return seen_at


def _fetch_recent(
    listing: Listing, known: Known, project: Json, progress: ShowProgress
) -> datetime | None:
    since, later = _window(known.stored)
    seen_at: datetime | None = None
    listed: dict[int, Stamp] = {}
    for page in listing.by_update(since, _LISTED, LISTING_PAGE_SIZE, later=later):
        seen_at = seen_at or page.asked_at
        listed.update((task["id"], _stamp(task)) for task in page.tasks)
    stale = [i for i, stamp in listed.items() if known.stamp(i) != stamp]
    if is_most(stale, project):
        _fetch_all(listing, known, project, progress)
    else:
        known.gone(fetch(listing, known.fetched, stale, progress))
    return seen_at


def _window(stored: StoredTasks) -> tuple[datetime, bool]:
    """From when on to look, and whether what happened at that very moment is known.

    A commit was under way for `OVERLAP` at most when the last pull looked; whatever was newest
    then, it can't have been overtaken by anything older.
    """
    newest = max(stamp.updated_at for stamp in stored.stamps.values())
    if stored.seen_at is not None and stored.seen_at - OVERLAP > newest:
        return newest, True
    looked = newest if stored.seen_at is None else min(newest, stored.seen_at)
    return looked - OVERLAP, False


def _reconcile(
    listing: Listing, known: Known, truth: ProjectCounts, project: Json, progress: ShowProgress
) -> None:
    """Fetch where counters differ; all tasks, where they differ in many places or in none."""
    counts = known.counts()
    if counts[:3] == truth[:3]:
        return  # predictions only
    stamps = known.stamps()
    ranges = differing_ranges(listing, stamps, (truth.tasks, truth.annotations))
    if not ranges:
        _fetch_all(listing, known, project, progress)
        return
    for lowest, highest in ranges:
        there = fetch_range(listing, known.fetched, lowest, highest)
        inside = {i for i in stamps if i >= lowest and (highest is None or i <= highest)}
        known.gone(inside - there)


def _fetch_all(listing: Listing, known: Known, project: Json, progress: ShowProgress) -> None:
    fetch_everything(listing, known.fetched, project, progress)
    known.gone(known.stored.stamps.keys() - known.fetched.stamps.keys())


def _is_redrafted(listing: Listing, known: Known, truth: ProjectCounts) -> bool:
    """Whether predictions came or went without a trace in `updated_at`."""
    if known.counts().predictions != truth.predictions:
        return True
    if not truth.predictions:
        return False
    return not _fits(known.model_versions(), listing.model_versions())


def _fits(ours: Mapping[str, tuple[int, datetime]], theirs: Sequence[Json]) -> bool:
    """Whether the predictions of each model version are as many, and their newest as new."""
    named = {str(version["model_version"] or ""): version for version in theirs}
    return ours.keys() == named.keys() and all(
        # of those without a version, Label Studio says that there are none
        count == int(named[name]["count"] or count)
        and newest == datetime.fromisoformat(named[name]["latest"])
        for name, (count, newest) in ours.items()
    )


def _fetch_redrafted(listing: Listing, known: Known, project: Json, progress: ShowProgress) -> None:
    """Fetch the tasks that have other predictions than is known."""
    if counts_of(project).predictions > LONGEST_ANSWER:
        _fetch_all(listing, known, project, progress)
        return
    theirs: dict[int, tuple[int, int]] = {}
    for item in listing.predictions():
        count, total = theirs.get(item["task"], (0, 0))
        theirs[item["task"]] = (count + 1, total + int(item["id"]))
    ours = known.draft_sums()
    stale = [i for i in ours.keys() | theirs.keys() if ours.get(i) != theirs.get(i)]
    if is_most(stale, project):
        _fetch_all(listing, known, project, progress)
    else:
        known.gone(fetch(listing, known.fetched, stale, progress))


def _stamp(task: Mapping[str, Any]) -> Stamp:
    skipped = int(task["cancelled_annotations"])
    return Stamp(
        datetime.fromisoformat(task["updated_at"]),
        int(task["total_annotations"]) + skipped,
        int(task["total_predictions"]),
        skipped,
    )


def _gone() -> Json:
    raise SyncError("the project was deleted in Label Studio during the pull")
