"""Small builders for what the tests of `sync` are about."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import label_configs
from label_configs.annotations.reviews import Decision, ReviewDecision
from label_configs.chat_response import ChatResponse
from label_configs.provenance import Provenance
from label_configs.review import Review, ReviewInterface
from sync.records import LabelledRecord
from sync.settings import Config, LabelStudioSection
from sync.table.task_rows import Annotation, Prediction, TaskRow

START = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)
INTERFACE = label_configs.load("chat_response")
REVIEW = ReviewInterface()


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
    completed_by: int | None = 1,
) -> Annotation:
    """An annotation that was updated so many minutes after `START`."""
    return Annotation(
        id=annotation_id,
        completed_by=completed_by,
        was_cancelled=was_cancelled,
        ground_truth=ground_truth,
        lead_time=12.5,
        created_at=START,
        updated_at=START + timedelta(minutes=minutes),
        parent_prediction=parent_prediction,
        result=json.dumps(result() if items is None else items),
    )


def drafted(draft_id: int = 1, response: str = "A draft.", version: str = "v1") -> Prediction:
    """A stored draft of `chat_response`."""
    return Prediction(draft_id, version, 0.2, START, json.dumps(result(response)))


def reviewed(
    reviewed_id: str = "one",
    *answers: str,
    task_id: int = 900,
    minutes: int = 60,
    reviewer: int | None = 9,
    annotators: Sequence[str] = (),
    reviews: Sequence[Annotation] | None = None,
    project_id: int = 8,
    blind: bool = False,
    **controls: Any,
) -> TaskRow:
    """A task of a review project, reviewed so many minutes after `START`.

    Args:
        answers: that it shows.
        annotators: of the answers; by default `nobody` for each.
        reviews: in place of one that `controls` describe.
    """
    names = annotators or ["nobody"] * len(answers)
    shown = [{"text": text, "annotator": name} for text, name in zip(answers, names, strict=True)]
    items = REVIEW.encode(Review(**controls))
    made = annotation(task_id + 50, items, minutes=minutes, completed_by=reviewer)
    return task_row(
        task_id,
        [made] if reviews is None else reviews,
        project_id=project_id,
        reviewed_id=reviewed_id,
        answers=shown or [{"text": "An answer.", "annotator": "nobody"}],
        sent_because="a random sample",
        blind=blind,
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
    draft: str | None = None,
    decision: Decision | None = None,
    **controls: Any,
) -> LabelledRecord:
    """A finished task of `chat_response`.

    Args:
        draft: that was opened.
        decision: of a review that came after it.
    """
    updated_at = START + timedelta(minutes=minutes)
    said = decision and ReviewDecision(decision, 9, 5000 + task_id, 6000 + task_id, updated_at)
    return LabelledRecord(
        task_id=task_id,
        annotation_id=1000 + task_id,
        data={"messages": [{"role": "user", "content": prompt}]} | (data or {}),
        record=ChatResponse(response, **controls),
        provenance=Provenance("v1", "edited", 0.25, 12.5),
        completed_by=1,
        updated_at=updated_at,
        categories=categories or {},
        draft=None if draft is None else ChatResponse(draft),
        chosen_by="reviewed" if said else "latest",
        review=said or None,
        created_at=START,
    )
