"""One pulled task as a typed row, from Label Studio's JSON and as an Arrow table.

Free-form parts (task data, result items) stay JSON text: their shape is the interface's business.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, islice
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from sync.common.errors import SyncError
from sync.common.json_text import to_json
from sync.table.arrow_columns import array, times

_TIME = pa.timestamp("us", tz="UTC")

ANNOTATION = pa.struct(
    [
        ("id", pa.int64()),
        ("completed_by", pa.int64()),
        ("was_cancelled", pa.bool_()),
        ("ground_truth", pa.bool_()),
        ("lead_time", pa.float64()),
        ("created_at", _TIME),
        ("updated_at", _TIME),
        ("parent_prediction", pa.int64()),
        ("result", pa.string()),
    ]
)
PREDICTION = pa.struct(
    [
        ("id", pa.int64()),
        ("model_version", pa.string()),
        ("score", pa.float64()),
        ("created_at", _TIME),
        ("result", pa.string()),
    ]
)
SCHEMA = pa.schema(
    [
        ("project_id", pa.int64()),
        ("task_id", pa.int64()),
        ("data", pa.string()),
        ("annotations", pa.list_(ANNOTATION)),
        ("predictions", pa.list_(PREDICTION)),
        ("created_at", _TIME),
        ("updated_at", _TIME),
    ]
)

_PLAIN = tuple(field for field in SCHEMA if field.name not in ("annotations", "predictions"))

# what to list of a task: all of it but the predictions, and all of it
ANNOTATION_FIELDS = tuple(
    f"annotations.{ANNOTATION.field(i).name}" for i in range(ANNOTATION.num_fields)
)
WITHOUT_PREDICTIONS = ("id", "data", "created_at", "updated_at", "annotations", *ANNOTATION_FIELDS)
INCLUDE = (*WITHOUT_PREDICTIONS, "predictions")


@dataclass(frozen=True)
class Annotation:
    """What one annotator made of a task.

    Attributes:
        was_cancelled: the annotator skipped the task.
        lead_time: seconds spent.
        parent_prediction: id of the draft that was edited.
        result: the result items as JSON text.
    """

    id: int
    completed_by: int | None
    was_cancelled: bool
    ground_truth: bool
    lead_time: float | None
    created_at: datetime
    updated_at: datetime
    parent_prediction: int | None
    result: str

    def items(self) -> list[dict[str, Any]]:
        """The result items."""
        found: list[dict[str, Any]] = json.loads(self.result)
        return found


@dataclass(frozen=True)
class Prediction:
    """A stored draft; `score` in [0, 1], low = look first; `result` is JSON text."""

    id: int
    model_version: str
    score: float | None
    created_at: datetime
    result: str

    def items(self) -> list[dict[str, Any]]:
        """The result items."""
        found: list[dict[str, Any]] = json.loads(self.result)
        return found


_Part = TypeVar("_Part", Annotation, Prediction)


@dataclass(frozen=True)
class TaskRow:
    """A task with everything that was made of it; `data` is JSON text."""

    project_id: int
    task_id: int
    data: str
    annotations: tuple[Annotation, ...]
    predictions: tuple[Prediction, ...]
    created_at: datetime
    updated_at: datetime

    def data_fields(self) -> dict[str, Any]:
        """The task's data."""
        found: dict[str, Any] = json.loads(self.data)
        return found


def from_label_studio(project_id: int, task: Mapping[str, Any]) -> TaskRow:
    """A listed task as a row.

    Raises:
        SyncError: a field is missing or has another shape than Label Studio 1.23 gives it.
    """
    try:
        return TaskRow(
            project_id=project_id,
            task_id=int(task["id"]),
            data=to_json(task["data"]),
            annotations=_by_id(_annotation(a) for a in task["annotations"]),
            predictions=_by_id(prediction(p) for p in task["predictions"]),
            created_at=datetime.fromisoformat(task["created_at"]),
            updated_at=datetime.fromisoformat(task["updated_at"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise SyncError(
            f"task {task.get('id')}: Label Studio's listing can't be read "
            f"({type(error).__name__}: {error}); LabelTune knows Label Studio 1.23"
        ) from error


def _by_id(parts: Iterable[_Part]) -> tuple[_Part, ...]:
    """In one order, since Label Studio's database gives them in any."""
    return tuple(sorted(parts, key=lambda part: part.id))


def _annotation(raw: Mapping[str, Any]) -> Annotation:
    by = raw["completed_by"]
    return Annotation(
        id=int(raw["id"]),
        completed_by=by["id"] if isinstance(by, Mapping) else by,
        was_cancelled=bool(raw["was_cancelled"]),
        ground_truth=bool(raw["ground_truth"]),
        lead_time=None if raw["lead_time"] is None else float(raw["lead_time"]),
        created_at=datetime.fromisoformat(raw["created_at"]),
        updated_at=datetime.fromisoformat(raw["updated_at"]),
        parent_prediction=raw["parent_prediction"],
        result=to_json(raw["result"] or []),
    )


def prediction(raw: Mapping[str, Any]) -> Prediction:
    """A listed prediction.

    Raises:
        KeyError: a field is missing; TypeError, ValueError: it has another shape.
    """
    return Prediction(
        id=int(raw["id"]),
        model_version=raw["model_version"] or "",
        score=None if raw["score"] is None else float(raw["score"]),
        created_at=datetime.fromisoformat(raw["created_at"]),
        result=to_json(raw["result"] or []),
    )


def to_arrow(rows: Iterable[TaskRow]) -> pa.Table:
    """Rows as a table of `SCHEMA`."""
    found = list(rows)
    columns = {f.name: [getattr(row, f.name) for row in found] for f in _PLAIN}
    nested = {
        "annotations": _lists([row.annotations for row in found], ANNOTATION),
        "predictions": _lists([row.predictions for row in found], PREDICTION),
    }
    arrays = [
        nested[field.name] if field.name in nested else array(columns[field.name], field.type)
        for field in SCHEMA
    ]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


def _lists(each: Sequence[Sequence[Annotation | Prediction]], kind: pa.StructType) -> pa.Array:
    """A list column out of typed parts, field by field, which is much quicker than row by row."""
    flat = [part for parts in each for part in parts]
    fields = [kind.field(i) for i in range(kind.num_fields)]
    columns = [array([getattr(p, f.name) for p in flat], f.type) for f in fields]
    offsets = array([0, *accumulate(len(parts) for parts in each)], pa.int32())
    return pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays(columns, fields=fields))


def from_arrow(table: pa.Table) -> list[TaskRow]:
    """The rows of a table with `SCHEMA`'s columns."""
    columns: dict[str, list[Any]] = {f.name: _values(table[f.name], f.type) for f in _PLAIN}
    columns["annotations"] = _parts(table["annotations"], ANNOTATION, Annotation)
    columns["predictions"] = _parts(table["predictions"], PREDICTION, Prediction)
    return [TaskRow(*row) for row in zip(*(columns[n] for n in SCHEMA.names), strict=True)]


def _parts(
    column: pa.ChunkedArray, kind: pa.StructType, part: Callable[..., _Part]
) -> list[tuple[_Part, ...]]:
    """A list column as typed parts, field by field; a missing list is an empty one."""
    flat = pc.list_flatten(column)
    fields = [kind.field(i) for i in range(kind.num_fields)]
    each = map(part, *(_values(pc.struct_field(flat, f.name), f.type) for f in fields))
    return [tuple(islice(each, count or 0)) for count in pc.list_value_length(column).to_pylist()]


def _values(column: pa.ChunkedArray, kind: pa.DataType) -> list[Any]:
    return times(column) if pa.types.is_timestamp(kind) else column.to_pylist()
