"""One pulled task as a typed row, from Label Studio's JSON and as an Arrow table.

Free-form parts (task data, result items) stay JSON text: their shape is the interface's business.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from sync.errors import SyncError
from sync.json_text import to_json

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

# Label Studio applies `include` to the nested annotations as well, so theirs are named too
TASK_FIELDS = ("id", "data", "annotations", "predictions", "created_at", "updated_at")
ANNOTATION_FIELDS = tuple(ANNOTATION.field(i).name for i in range(ANNOTATION.num_fields))
INCLUDE = tuple(dict.fromkeys(TASK_FIELDS + ANNOTATION_FIELDS))


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
            annotations=tuple(_annotation(a) for a in task["annotations"]),
            predictions=tuple(_prediction(p) for p in task["predictions"]),
            created_at=moment(task["created_at"]),
            updated_at=moment(task["updated_at"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise SyncError(
            f"task {task.get('id')}: Label Studio's listing can't be read "
            f"({type(error).__name__}: {error}); LabelTune knows Label Studio 1.23"
        ) from error


def _annotation(raw: Mapping[str, Any]) -> Annotation:
    by = raw["completed_by"]
    return Annotation(
        id=int(raw["id"]),
        completed_by=by["id"] if isinstance(by, Mapping) else by,
        was_cancelled=bool(raw["was_cancelled"]),
        ground_truth=bool(raw["ground_truth"]),
        lead_time=None if raw["lead_time"] is None else float(raw["lead_time"]),
        created_at=moment(raw["created_at"]),
        updated_at=moment(raw["updated_at"]),
        parent_prediction=raw["parent_prediction"],
        result=to_json(raw["result"] or []),
    )


def _prediction(raw: Mapping[str, Any]) -> Prediction:
    return Prediction(
        id=int(raw["id"]),
        model_version=raw["model_version"] or "",
        score=None if raw["score"] is None else float(raw["score"]),
        created_at=moment(raw["created_at"]),
        result=to_json(raw["result"] or []),
    )


def moment(text: str) -> datetime:
    """A time stamp of Label Studio's, with its zone."""
    return datetime.fromisoformat(text)


def to_arrow(rows: Iterable[TaskRow]) -> pa.Table:
    """Rows as a table of `SCHEMA`."""
    return pa.Table.from_pylist(
        [
            {
                **vars(row),
                "annotations": [vars(a) for a in row.annotations],
                "predictions": [vars(p) for p in row.predictions],
            }
            for row in rows
        ],
        schema=SCHEMA,
    )


def from_arrow(table: pa.Table) -> list[TaskRow]:
    """The rows of a table with `SCHEMA`'s columns."""
    return [
        TaskRow(
            **{
                **row,
                "annotations": tuple(Annotation(**a) for a in row["annotations"] or ()),
                "predictions": tuple(Prediction(**p) for p in row["predictions"] or ()),
            }
        )
        for row in table.to_pylist()
    ]
