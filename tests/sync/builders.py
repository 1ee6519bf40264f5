"""Small builders for what the tests of `sync` are about."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import label_configs
from label_configs.chat_response import ChatResponse
from label_configs.provenance import Provenance
from sync.config import Config, LabelStudioSection
from sync.records import LabelledRecord
from sync.store.rows import Annotation, Prediction, TaskRow

START = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)
INTERFACE = label_configs.load("chat_response")


def config_in(folder: Path, **label_studio: Any) -> Config:
    """A configuration whose data folder is below `folder`."""
    return Config(folder=folder, api_key="0" * 40, label_studio=LabelStudioSection(**label_studio))


def result(response: str = "An answer.", **controls: Any) -> list[dict[str, Any]]:
    """Result items of `chat_response`."""
    return INTERFACE.encode(ChatResponse(response, **controls))


def annotation(
    annotation_id: int = 1,
    items: Any = None,
    *,
    minutes: int = 0,
    was_cancelled: bool = False,
    ground_truth: bool = False,
    parent_prediction: int | None = None,
) -> Annotation:
    """An annotation that was updated so many minutes after `START`."""
    return Annotation(
        id=annotation_id,
        completed_by=1,
        was_cancelled=was_cancelled,
        ground_truth=ground_truth,
        lead_time=12.5,
        created_at=START,
        updated_at=START + timedelta(minutes=minutes),
        parent_prediction=parent_prediction,
        result=json.dumps(result() if items is None else items),
    )


def task_row(
    task_id: int = 1,
    annotations: Sequence[Annotation] = (),
    predictions: Sequence[Prediction] = (),
    *,
    project_id: int = 7,
    updated_at: datetime = START,
    **data: Any,
) -> TaskRow:
    """A pulled task; `data` beside a one-turn conversation."""
    fields = {"messages": [{"role": "user", "content": f"Question {task_id}?"}]} | data
    return TaskRow(
        project_id=project_id,
        task_id=task_id,
        data=json.dumps(fields),
        annotations=tuple(annotations),
        predictions=tuple(predictions),
        created_at=START,
        updated_at=updated_at,
    )


def record(
    task_id: int = 1,
    response: str = "An answer.",
    prompt: str = "A question?",
    *,
    minutes: int = 0,
    data: dict[str, Any] | None = None,
    categories: dict[str, str] | None = None,
    **controls: Any,
) -> LabelledRecord:
    """A finished task of `chat_response`."""
    return LabelledRecord(
        task_id=task_id,
        annotation_id=1000 + task_id,
        data={"messages": [{"role": "user", "content": prompt}]} | (data or {}),
        record=ChatResponse(response, **controls),
        provenance=Provenance("v1", "edited", 0.25, 12.5),
        completed_by=1,
        updated_at=START + timedelta(minutes=minutes),
        categories=categories or {},
    )
