"""Source tasks as Arrow tables, which every cleaning step takes and gives.

A row step is a pure function of such a table: the same rows, with `data` changed or `dropped` set
to the reason. A step may add columns of its own, such as `vector`, `secrets` or `note`.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from sync.common.chunks import chunked
from sync.common.json_text import to_json
from sync.common.source_task import SourceTask

SIZE = 256  # tasks a batch
SCHEMA = pa.schema(
    [
        ("id", pa.string()),  # the source's own, or null
        ("data", pa.string()),  # JSON
        ("where", pa.string()),  # file and line
        ("dropped", pa.string()),  # the reason, or null
    ]
)
# what a step has to say of a task that it keeps, such as that it could not judge it
NOTE = "note"
# what redaction took out: JSON of placeholder -> value, or null
SECRETS = "secrets"

Data = dict[str, Any]


def to_batch(tasks: Iterable[SourceTask]) -> pa.Table:
    """Tasks as a table of `SCHEMA`, none of them dropped."""
    rows = list(tasks)
    columns: list[list[str | None]] = [
        [task.id for task in rows],
        [to_json(task.data) for task in rows],
        [task.where for task in rows],
        [None] * len(rows),
    ]
    return pa.Table.from_arrays(
        [pa.array(column, pa.string()) for column in columns], schema=SCHEMA
    )


def from_batch(table: pa.Table | pa.RecordBatch) -> list[SourceTask]:
    """The tasks of a table, dropped ones included."""
    rows = zip(*(table[name].to_pylist() for name in ("id", "data", "where")), strict=True)
    return [SourceTask(own_id, json.loads(data), where) for own_id, data, where in rows]


def batches(tasks: Iterable[SourceTask], size: int = SIZE) -> Iterator[pa.Table]:
    """Tables of at most `size` tasks, read as they are asked for."""
    return map(to_batch, chunked(tasks, size))


def datas(table: pa.Table) -> Iterator[Data]:
    """Each task's data."""
    return (json.loads(data) for data in table["data"].to_pylist())


def rewritten(table: pa.Table, change: Callable[[Data], Data]) -> pa.Table:
    """The table with every task's data changed."""
    return with_column(table, "data", [to_json(change(data)) for data in datas(table)])


def dropping(table: pa.Table, reason: Callable[[Data], str | None]) -> pa.Table:
    """The table with the tasks marked for which there is a reason to drop them."""
    return with_column(table, "dropped", [reason(data) for data in datas(table)])


def with_column(table: pa.Table, name: str, values: pa.Array | Sequence[str | None]) -> pa.Table:
    """The table with a column set or added; a sequence is taken for text."""
    column = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    if name in table.column_names:
        return table.set_column(table.column_names.index(name), name, column)
    return table.append_column(name, column)
