"""The Delta table of pulled tasks: one row a task, one version a pull that changed something."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable, QueryBuilder
from deltalake.exceptions import CommitFailedError, DeltaError

from sync.common.errors import SyncError
from sync.table.arrow_columns import whole_table
from sync.table.commits import commit, commit_properties, commit_time, last_seen
from sync.table.merge import Merged, RowsInMemory, Upserts, merge
from sync.table.object_store_errors import store_error
from sync.table.parquet_files import TableFiles
from sync.table.task_rows import SCHEMA, TaskRow, from_arrow
from sync.table.task_stamps import DRAFTS, Stamp, StoredTasks, stored_tasks

# of task data, the default of 8192 rows in parallel would be some 100 MB
_SMALL_BATCHES = {
    "datafusion.execution.batch_size": "512",
    "datafusion.execution.target_partitions": "1",
}
# its folder in the data folder
TABLE = "tasks"


class TableError(SyncError):
    """The table can't be read or written."""


class TaskTable:
    """A Delta table at a path; a missing one is an empty one.

    Reads go through DataFusion (`QueryBuilder`), in small batches. One object sees one version
    until it writes. A process that has read may abort when its interpreter is taken apart: see
    `sync.cli.run`.
    """

    def __init__(
        self,
        path: Path | str,
        storage_options: Mapping[str, str] | None = None,
        at: int | datetime | None = None,
    ) -> None:
        """Nothing is opened yet.

        Args:
            path: a folder, or the URL of one in an object store.
            storage_options: credentials and endpoint of the object store, as deltalake names them.
            at: read this version, or the one that was newest at this time; by default the newest.
        """
        self.path = path
        self._storage_options = dict(storage_options or {})
        self._at = at
        self._stored: dict[int, StoredTasks] = {}

    @cached_property
    def _delta(self) -> DeltaTable | None:
        with self.faults("can't be opened"):
            if not DeltaTable.is_deltatable(str(self.path), self._storage_options):
                return None
            delta = DeltaTable(str(self.path), storage_options=self._storage_options)
            if self._at is not None:
                delta.load_as_version(self._at)
        columns = [field.name for field in delta.schema().fields]
        if columns != SCHEMA.names:
            raise self._broken(f"has the columns {', '.join(columns)}", None)
        return delta

    @cached_property
    def _files(self) -> TableFiles:
        return TableFiles(str(self.path), self._storage_options)

    def opened(self) -> DeltaTable | None:
        """The table itself, for what is done to it as a whole; None when there is none yet."""
        return self._delta

    @property
    def version(self) -> int | None:
        """The version that reads see; None when there is no table yet."""
        return None if self._delta is None else self._delta.version()

    def committed(self) -> tuple[int, datetime]:
        """The version that reads see, and when it was made: by its own entry in the log.

        The table library's history numbers versions wrongly for whoever looks at an older one.

        Raises:
            TableError: there is no table, or its log can't be read.
        """
        if self._delta is None:
            raise self._broken("is not there yet", None)
        version = self._delta.version()
        with self.faults("can't be read"):
            return version, commit_time(self._files.read(f"_delta_log/{version:020}.json"))

    def stored(self, project_id: int) -> StoredTasks:
        """What tells of every stored task of a project whether it is up to date."""
        if project_id not in self._stored:
            self._stored[project_id] = self._scan(project_id)
        return self._stored[project_id]

    def _scan(self, project_id: int) -> StoredTasks:
        if self._delta is None:
            return StoredTasks({}, pa.Table.from_batches([], DRAFTS))
        with self.faults("can't be read"):
            actions = whole_table(self._delta.get_add_actions(flatten=True))
            paths = actions["path"].to_pylist()
            return stored_tasks(self._files, paths, project_id, last_seen(self._delta, project_id))

    def stamps(self, project_id: int) -> Mapping[int, Stamp]:
        """Every stored task of a project, by id."""
        return self.stored(project_id).stamps

    def rows(self, project_id: int, task_ids: Collection[int] | None = None) -> list[TaskRow]:
        """A project's tasks by id; only those named, where some are named."""
        if task_ids is not None and not task_ids:
            return []
        wanted = ""
        if task_ids is not None:
            wanted = f" and task_id in ({', '.join(str(int(i)) for i in sorted(task_ids))})"
        found = self._query(
            f"select {', '.join(SCHEMA.names)} from tasks "
            f"where project_id = {int(project_id)}{wanted} order by task_id"
        )
        return from_arrow(found) if found else []

    def data_batches(self, project_id: int) -> Iterator[pa.RecordBatch]:
        """Every stored task of a project, a batch at a time, so that memory stays flat.

        Yields:
            `task_id`, `data` (JSON text) and `annotations` (how many, skipped ones included), in
            no order.
        """
        yield from self._read(
            "select task_id, data, "
            "cast(coalesce(cardinality(annotations), 0) as bigint) as annotations "
            f"from tasks where project_id = {int(project_id)}"
        )

    def counts(self) -> dict[int, int]:
        """How many tasks each project has stored, by project id."""
        found = self._query(
            "select project_id, count(*) as stored from tasks group by project_id order by 1"
        )
        return {row["project_id"]: row["stored"] for row in found.to_pylist()} if found else {}

    def project_ids(self) -> list[int]:
        """The projects that have stored tasks."""
        return list(self.counts())

    def apply(
        self,
        project_id: int,
        upserts: Upserts | Iterable[TaskRow],
        deleted: Collection[int] = (),
        seen_at: datetime | None = None,
    ) -> Merged:
        """Insert, replace and delete rows in one atomic commit; with nothing to do, none.

        Args:
            seen_at: Label Studio's clock when these changes were looked for.

        Raises:
            TableError: the disk is full or not writable, or another process wrote meanwhile.
        """
        rows = RowsInMemory(upserts) if isinstance(upserts, Iterable) else upserts
        stored = self.stored(project_id)
        if not rows.stamps and not stored.stamps.keys() & set(deleted):
            return Merged([], [])
        with self.faults("can't be written"):
            if isinstance(self.path, Path):
                self.path.mkdir(parents=True, exist_ok=True)
            merged = merge(self._files, project_id, stored, rows, deleted)
            if merged.changes:
                commit(
                    self._delta,
                    str(self.path),
                    self._storage_options,
                    merged,
                    commit_properties(project_id, merged, seen_at),
                )
                del self._delta
                self._stored.clear()
        return merged

    def _query(self, sql: str) -> pa.Table | None:
        if self._delta is None:
            return None
        with self.faults("can't be read"):
            return whole_table(QueryBuilder().register("tasks", self._delta).execute(sql))

    def _read(self, sql: str) -> Iterator[pa.RecordBatch]:
        """As `_query`, but a batch at a time."""
        if self._delta is None:
            return
        try:
            found = QueryBuilder(_SMALL_BATCHES).register("tasks", self._delta).execute(sql)
            yield from pa.RecordBatchReader.from_stream(found)
        except (DeltaError, pa.ArrowException, OSError) as error:
            raise self._broken("can't be read", error) from error

    @contextmanager
    def faults(self, what: str) -> Iterator[None]:
        """Turn what the table library raises into a sentence.

        Args:
            what: fails, as in `the table WHAT (reason)`.

        Raises:
            SyncError: says what to do.
        """
        try:
            yield
        except (DeltaError, pa.ArrowException, OSError) as error:
            raise self._broken(what, error) from error

    def _broken(self, what: str, error: Exception | None) -> SyncError:
        if isinstance(error, CommitFailedError) or "table already exists at" in str(error):
            return TableError(
                f"{self.path}: another process wrote the table meanwhile; nothing of this run was "
                "written, run the same command again"
            )
        if isinstance(self.path, str) and isinstance(error, OSError):
            return store_error(self.path, error)
        reason = f" ({str(error).strip().partition(chr(10))[0]})" if error else ""
        return TableError(
            f"{self.path}: the table {what}{reason}; it can be rebuilt: move the folder away and "
            "run `labeltune pull`"
        )
