"""Delete what only old versions of the table need; nothing else ever deletes files of it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sync.table.data_folder import DataFolder
from sync.table.history import TableVersion, history
from sync.table.task_table import TaskTable


@dataclass(frozen=True)
class PruneReport:
    """What pruning took away, or would.

    Attributes:
        files: of the table, that only old versions needed, or that killed pulls left behind.
        bytes: that they held.
        versions: that can't be read any more, of those that could.
        oldest: the oldest version that can still be read; None while nothing was pulled.
    """

    dry_run: bool
    files: int
    bytes: int
    versions: int
    oldest: int | None


def prune(folder: DataFolder, older_than: timedelta, *, dry_run: bool) -> PruneReport:
    """Delete the files that only versions need which were replaced longer ago than this.

    The newest version is never touched.

    Args:
        older_than: in whole hours; longer than any pull takes, since a pull that is under way in
            an object store has files that no version knows yet.

    Raises:
        SyncError: the table can't be read or written, or a pull is running here.
    """
    with folder.only_one("pull"):
        table = folder.table()
        if table.opened() is None:
            return PruneReport(dry_run, 0, 0, 0, None)
        before = history(table)
        kept = _kept(before, datetime.now(UTC) - older_than)
        # the log goes on naming files that an earlier pruning took
        sizes = folder.table_sizes(_vacuum(table, older_than, dry_run=True))
        if sizes and not dry_run:
            _vacuum(table, older_than, dry_run=False)
    return PruneReport(
        dry_run=dry_run,
        files=len(sizes),
        bytes=sum(sizes.values()),
        versions=sum(v.readable for v in before) - len(kept),
        oldest=min(kept),
    )


def _kept(versions: list[TableVersion], horizon: datetime) -> list[int]:
    """The versions that were the newest at the horizon or later."""
    ends = [None, *(v.at for v in versions)]
    return [
        v.version
        for v, ended in zip(versions, ends, strict=False)
        if v.readable and (ended is None or ended >= horizon)
    ]


def _vacuum(table: TaskTable, age: timedelta, *, dry_run: bool) -> list[str]:
    delta = table.opened()
    if delta is None:
        return []
    with table.faults("can't be pruned"):
        return delta.vacuum(
            retention_hours=int(age.total_seconds() // 3600),
            dry_run=dry_run,
            enforce_retention_duration=False,
            full=True,
        )
