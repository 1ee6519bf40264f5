"""A batch of tasks as an Arrow table, in which it travels to other processes and back."""

import json
from collections.abc import Callable
from typing import Any

import pyarrow as pa

from sync.common.json_text import to_json
from sync.common.source_task import SourceTask
from sync.compute.objects import OverArrow
from sync.intake.cleaning.task_batches import SECRETS, TRAIL, TaskBatch

SCHEMA = pa.schema(
    [
        ("id", pa.string()),  # the source's own, or null
        ("data", pa.string()),  # JSON
        ("where", pa.string()),  # file and line
        ("dropped", pa.string()),  # the reason, or null
    ]
)
# annotations and predictions, or null; the column is there where some task has any
_BESIDE = "beside"
# columns of values that are JSON in Arrow
_AS_JSON = (TRAIL, SECRETS, _BESIDE)


def to_arrow(batch: TaskBatch) -> pa.Table:
    """A batch as a table of `SCHEMA` and a column for each of its own."""
    columns: list[list[str | None]] = [
        [task.id for task in batch.tasks],
        [to_json(task.data) for task in batch.tasks],
        [task.where for task in batch.tasks],
        list(batch.dropped),
    ]
    table = pa.Table.from_arrays(
        [pa.array(column, pa.string()) for column in columns], schema=SCHEMA
    )
    if any(task.beside for task in batch.tasks):
        beside = [list(task.beside.values()) or None for task in batch.tasks]
        table = table.append_column(_BESIDE, _to_arrow(_BESIDE, beside))
    for name, values in batch.columns.items():
        table = table.append_column(name, _to_arrow(name, values))
    return table


def from_arrow(table: pa.Table) -> TaskBatch:
    """The batch that a table stands for."""
    own = (table[name].to_pylist() for name in ("id", "data", "where"))
    besides = [None] * table.num_rows
    if _BESIDE in table.column_names:
        besides = _from_arrow(_BESIDE, table[_BESIDE])
        table = table.drop_columns([_BESIDE])
    tasks = [
        SourceTask(own_id, json.loads(data), where, *map(tuple, beside or ()))
        for own_id, data, where, beside in zip(*own, besides, strict=True)
    ]
    return TaskBatch(
        tasks,
        table["dropped"].to_pylist(),
        {
            name: _from_arrow(name, table[name])
            for name in table.column_names
            if name not in SCHEMA.names
        },
    )


def over_arrow(step: Callable[[TaskBatch], TaskBatch]) -> OverArrow[TaskBatch]:
    """A step, or a chain of them, for `map_objects`."""
    return OverArrow(step, to_arrow, from_arrow)


def _to_arrow(name: str, values: Any) -> Any:
    if not isinstance(values, list):
        return values
    if name in _AS_JSON:
        values = [None if value is None else to_json(value) for value in values]
    return pa.array(values, pa.string())


def _from_arrow(name: str, column: pa.ChunkedArray) -> Any:
    if name in _AS_JSON:
        return [None if value is None else json.loads(value) for value in column.to_pylist()]
    return column.to_pylist() if pa.types.is_string(column.type) else column
