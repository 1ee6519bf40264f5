"""The versions of the table: what each pull did to it, and which one a date means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from sync.common.errors import SyncError
from sync.table.task_table import TaskTable

_VACUUM = "VACUUM"


@dataclass(frozen=True)
class TableVersion:
    """One version of the table and what made it.

    Attributes:
        at: when, in UTC.
        operation: `pull`, `prune`, or what another program did, in the table library's words.
        project_id: in Label Studio; None where the operation was of no project.
        new: rows that were inserted; `changed`: replaced; `deleted`: taken away.
        tasks: of that project in this version; None where it can't be told.
        readable: false once its files were pruned.
    """

    version: int
    at: datetime
    operation: str
    project_id: int | None
    new: int
    changed: int
    deleted: int
    tasks: int | None
    readable: bool


def history(table: TaskTable) -> list[TableVersion]:
    """Every version that the table's log still knows, newest first."""
    delta = table.opened()
    if delta is None:
        return []
    with table.faults("can't be read"):
        commits = delta.history()
    horizon = _pruned_until(commits)
    # what a version holds ends when the next one comes
    ends = [None, *(_time(commit) for commit in commits)]
    counts, known = table.counts(), True
    found = []
    for commit, ended in zip(commits, ends, strict=False):
        new, changed, deleted = _rows(commit)
        project = _project(commit)
        # rows of nobody's: which project they were of, and so what was before, is not known
        known = known and (project is not None or not (new or deleted))
        tasks = counts.get(project, 0) if project is not None and known else None
        if project is not None and tasks is not None:
            counts[project] = tasks - new + deleted
        found.append(
            TableVersion(
                version=int(commit["version"]),
                at=_time(commit),
                operation=_operation(commit),
                project_id=project,
                new=new,
                changed=changed,
                deleted=deleted,
                tasks=tasks,
                readable=ended is None or ended >= horizon,
            )
        )
    return found


def version_at(table: TaskTable, at: int | datetime) -> int:
    """The version of this number, or the newest one of this time.

    Raises:
        SyncError: there is no such version, or it was pruned; says what there is.
    """
    versions = history(table)
    if not versions:
        raise SyncError(f"{table.path}: nothing pulled yet; run `labeltune pull`")
    oldest = next(v for v in reversed(versions) if v.readable)
    if isinstance(at, datetime):
        chosen = next((v for v in versions if v.at <= at), None)
        asked = f"version at {_shown(at)}"
    else:
        chosen = next((v for v in versions if v.version == at), None)
        asked = f"version {at}"
    if chosen is not None and chosen.readable:
        return chosen.version
    lost = f"{asked} was pruned" if chosen else f"no {asked}"
    raise SyncError(
        f"{table.path}: {lost}; there are versions {oldest.version} ({_shown(oldest.at)}) to "
        f"{versions[0].version} ({_shown(versions[0].at)}), see `labeltune versions`"
    )


def _pruned_until(commits: list[dict[str, Any]]) -> datetime:
    """What ended before this time may lack its files."""
    horizon = datetime.min.replace(tzinfo=UTC)
    # the newest first: an end stands before its start
    for after, before in pairwise(commits):
        if after["operation"] != f"{_VACUUM} END" or before["operation"] != f"{_VACUUM} START":
            continue
        kept_ms = int(before["operationParameters"]["specifiedRetentionMillis"])
        horizon = max(horizon, _time(before) - timedelta(milliseconds=kept_ms))
    return horizon


def _operation(commit: Mapping[str, Any]) -> str:
    said = str(commit.get("operation", ""))
    if said.startswith(_VACUUM):
        return "prune"
    return "pull" if _project(commit) is not None else said.lower()


def _project(commit: Mapping[str, Any]) -> int | None:
    said = commit.get("project_id")
    return int(said) if isinstance(said, str) and said.isdigit() else None


def _rows(commit: Mapping[str, Any]) -> tuple[int, int, int]:
    """Rows inserted, replaced and deleted, as the commit says."""
    metrics = commit.get("operationMetrics") or {}
    names = (
        ("num_added_rows", "num_target_rows_inserted"),
        ("num_target_rows_updated",),
        ("num_target_rows_deleted", "num_deleted_rows"),
    )
    new, changed, deleted = (sum(int(metrics.get(n) or 0) for n in group) for group in names)
    return new, changed, deleted


def _time(commit: Mapping[str, Any]) -> datetime:
    return datetime.fromtimestamp(int(commit["timestamp"]) / 1000, UTC)


def _shown(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
