"""Taking away what only old versions of the table need: nothing else ever does."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from deltalake import DeltaTable

from sync.store.history import history
from sync.store.table import TaskTable


@dataclass(frozen=True)
class Pruned:
    """What pruning took away, or would.

    Attributes:
        files: of the table, that only old versions needed.
        names: of these files, below the table.
        versions: that can't be read any more, of those that could.
        oldest: the oldest version that can still be read.
    """

    files: int
    names: tuple[str, ...]
    versions: int
    oldest: int | None


def prune(table: TaskTable, older_than: timedelta, *, dry_run: bool) -> Pruned:
    """Delete the files that only versions need which ended longer ago than this.

    The newest version is never touched. Leftovers of killed pulls of that age go as well.

    Raises:
        SyncError: the table can't be written.
    """
    delta = table.opened()
    if delta is None:
        return Pruned(0, (), 0, None)
    before = history(table)
    horizon = datetime.now(UTC) - older_than
    ends = [None, *(v.at for v in before)]
    kept = [
        v.version
        for v, ended in zip(before, ends, strict=False)
        if v.readable and (ended is None or ended >= horizon)
    ]
    names = _vacuum(table, delta, older_than, dry_run=dry_run)
    lost = sum(v.readable for v in before) - len(kept)
    return Pruned(len(names), tuple(names), lost, min(kept))


def _vacuum(table: TaskTable, delta: DeltaTable, age: timedelta, *, dry_run: bool) -> list[str]:
    with table.faults("can't be pruned"):
        return delta.vacuum(
            retention_hours=int(age.total_seconds() // 3600),
            dry_run=dry_run,
            enforce_retention_duration=False,
            full=True,
        )
