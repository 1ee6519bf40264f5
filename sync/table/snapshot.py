"""The configured project as it was pulled: its tasks one after the other, by id.

The table library would sort a whole table in memory. So the ids are read first, which is one small
column, and then the rows of one range of ids after the other: the table's files say which ids they
hold, so each range is read from the one or two files that it lies in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

import pyarrow as pa
from deltalake import DeltaTable, QueryBuilder

from sync.common.errors import SyncError
from sync.settings import Config
from sync.table import last_runs
from sync.table.arrow_columns import whole_table
from sync.table.data_folder import DataFolder, data_folder
from sync.table.history import version_at
from sync.table.task_rows import SCHEMA, TaskRow, from_arrow
from sync.table.task_table import TaskTable

# tasks that are in memory at once, of the table's own files
RANGE_ROWS = 1000
# a file that holds less than this does not end a range
_LEAST_ROWS = 100


@dataclass(frozen=True)
class Snapshot:
    """One version of a project's rows, which are read when they are asked for.

    Attributes:
        committed_at: when this version of the table was made, by the table's log: it is the same
            whenever the version is read.
        past: somebody asked for this version by name; it may be the newest all the same.
    """

    project_id: int
    table_version: int
    committed_at: datetime
    past: bool
    table: TaskTable = field(repr=False, compare=False)

    def rows(self) -> Iterator[TaskRow]:
        """The rows by task id, in memory that does not grow with their number.

        Raises:
            SyncError: the table can't be read.
        """
        return stream_rows(self.table, self.project_id)


def open_snapshot(config: Config, at: int | datetime | None = None) -> Snapshot:
    """The configured project as it was pulled, without asking Label Studio.

    Args:
        at: this version, or the newest one of this time; by default the newest.

    Raises:
        SyncError: nothing was pulled, only other projects were, or there is no such version.
    """
    folder = data_folder(config)
    table = folder.table()
    if table.version is None:
        raise SyncError(
            f"{folder.location()}: nothing pulled yet; run `labeltune pull` (once the project has "
            "tasks)"
        )
    project_id = project_id_of(config, folder, table)
    if at is not None:
        table = folder.table(version_at(table, at))
    version, committed_at = table.committed()
    return Snapshot(project_id, version, committed_at, at is not None, table)


def project_id_of(config: Config, folder: DataFolder, table: TaskTable) -> int:
    """The id behind the configured title: as the last pull found it, or the only one there is.

    Raises:
        SyncError: the last pull was of another project.
    """
    title = config.label_studio.project
    pulled = last_runs.recall(folder, "pull")
    if pulled and pulled.get("project") == title:
        return int(pulled["project_id"])
    stored = table.project_ids()
    if pulled is None and config.project_name is None and len(stored) == 1:
        return stored[0]
    raise SyncError(
        f"{folder.location()}: the last pull was not of project {title!r}; run `labeltune pull`"
    )


def stream_rows(table: TaskTable, project_id: int) -> Iterator[TaskRow]:
    """A project's tasks by id, of the version that the table was opened at.

    Raises:
        SyncError: the table can't be read.
    """
    delta = table.opened()
    if delta is None:
        return
    with table.faults("can't be read"):
        found = _query(delta, f"select task_id from tasks where project_id = {int(project_id)}")
        task_ids = sorted(found["task_id"].to_pylist())
        starts = _file_starts(delta)
    for first, last in ranges(task_ids, starts):
        with table.faults("can't be read"):
            found = _query(
                delta,
                f"select {', '.join(SCHEMA.names)} from tasks where project_id = {int(project_id)} "
                f"and task_id between {first} and {last} order by task_id",
            )
        yield from from_arrow(found)


def ranges(task_ids: Sequence[int], starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last id of each range.

    A range ends where a file begins, since files of long tasks hold few of them.

    Args:
        task_ids: ascending.
        starts: the lowest id of each file, in any order.
    """
    opening = set(starts)
    cuts = [0]
    for place, task_id in enumerate(task_ids):
        rows = place - cuts[-1]
        if rows == RANGE_ROWS or (rows >= _LEAST_ROWS and task_id in opening):
            cuts.append(place)
    for start, end in pairwise([*cuts, len(task_ids)] if task_ids else []):
        yield task_ids[start], task_ids[end - 1]


def _file_starts(delta: DeltaTable) -> list[int]:
    """The lowest task id of each file, as far as the table's log tells."""
    actions = whole_table(delta.get_add_actions(flatten=True))
    known = actions["min.task_id"].to_pylist() if "min.task_id" in actions.column_names else []
    return [start for start in known if start is not None]


def _query(delta: DeltaTable, sql: str) -> pa.Table:
    return whole_table(QueryBuilder().register("tasks", delta).execute(sql))
