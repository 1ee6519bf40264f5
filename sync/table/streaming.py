"""A project's tasks one after the other, by id, in memory that does not grow with their number.

The table library would sort a whole table in memory. So the ids are read first, which is one small
column, and then the rows of one range of ids after the other: the table's files say which ids they
hold, so each range is read from the one or two files that it lies in.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable, QueryBuilder

from sync.table.task_rows import SCHEMA, TaskRow, from_arrow
from sync.table.task_table import TaskTable

# tasks that are in memory at once, of the table's own files
RANGE_ROWS = 1000
# a file that holds less than this does not end a range
_LEAST_ROWS = 100


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
    actions = _arrow(delta.get_add_actions(flatten=True))
    known = actions["min.task_id"].to_pylist() if "min.task_id" in actions.column_names else []
    return [start for start in known if start is not None]


def _query(delta: DeltaTable, sql: str) -> pa.Table:
    return _arrow(QueryBuilder().register("tasks", delta).execute(sql))


def _arrow(stream: Any) -> pa.Table:
    """What the table library answers; `pa.table` would import pandas to look at it."""
    return pa.RecordBatchReader.from_stream(stream).read_all()
