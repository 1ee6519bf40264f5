"""Pulled rows as labelled records: one annotation a task, decoded by the project's interface.

Which annotation of a task counts: a ground truth before any other, then the one updated last.
Skipped ones (`was_cancelled`) never count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from label_configs import Interface, LabelConfigError
from label_configs.provenance import Provenance, provenance
from sync.categories.assigning import by_rules, user_text
from sync.categories.settings import CategorySection
from sync.store.rows import Annotation, TaskRow

__all__ = [
    "Labelled",
    "LabelledRecord",
    "Unreadable",
    "read_records",
    "user_text",
    "winning_annotation",
]


@dataclass(frozen=True)
class LabelledRecord:
    """A task's data and what the expert decided.

    Attributes:
        data: the task's data (messages, context, …).
        record: the interface's typed record.
        categories: label by kind of category: the annotation's, else the task's own, else what
            the rules of now say of it.
        provenance: what the expert made of the draft.
    """

    task_id: int
    annotation_id: int
    data: Mapping[str, Any]
    record: Any
    provenance: Provenance
    completed_by: int | None
    updated_at: datetime
    categories: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Unreadable:
    """An annotation that its interface can't decode, or whose task it can't read."""

    task_id: int
    annotation_id: int
    reason: str


@dataclass(frozen=True)
class Labelled:
    """A project's finished work.

    Attributes:
        skipped: tasks that were only ever skipped.
        unlabeled: tasks that nobody has finished or skipped.
    """

    records: tuple[LabelledRecord, ...]
    unreadable: tuple[Unreadable, ...]
    skipped: int
    unlabeled: int


def winning_annotation(annotations: Iterable[Annotation]) -> Annotation | None:
    """The annotation that counts: ground truth first, else the latest update; None if skipped."""
    finished = [a for a in annotations if not a.was_cancelled]
    return max(finished, key=lambda a: (a.ground_truth, a.updated_at, a.id), default=None)


def read_records(
    rows: Iterable[TaskRow],
    interface: Interface[Any],
    categories: Mapping[str, CategorySection] | None = None,
) -> Labelled:
    """Decode every finished task; what can't be decoded is listed, never fatal.

    Args:
        categories: the project's, by name, for tasks that are older than their rules.
    """
    records: list[LabelledRecord] = []
    unreadable: list[Unreadable] = []
    skipped = unlabeled = 0
    for row in rows:
        winner = winning_annotation(row.annotations)
        if winner is None:
            skipped += bool(row.annotations)
            unlabeled += not row.annotations
            continue
        try:
            records.append(_decode(row, winner, interface, categories or {}))
        except LabelConfigError as error:
            unreadable.append(Unreadable(row.task_id, winner.id, str(error)))
    return Labelled(tuple(records), tuple(unreadable), skipped, unlabeled)


def _decode(
    row: TaskRow,
    winner: Annotation,
    interface: Interface[Any],
    categories: Mapping[str, CategorySection],
) -> LabelledRecord:
    data = row.data_fields()
    interface.check_task(data, where=f"task {row.task_id}")
    items = winner.items()
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise LabelConfigError(
            f"task {row.task_id}, annotation {winner.id}: the result is no list of result items; "
            "delete the annotation in Label Studio"
        )
    return LabelledRecord(
        task_id=row.task_id,
        annotation_id=winner.id,
        data=data,
        record=interface.decode(items),
        provenance=_provenance(row, winner, items, interface),
        completed_by=winner.completed_by,
        updated_at=winner.updated_at,
        categories={
            **by_rules(data, categories),
            **interface.task_categories(data),
            **interface.decode_categories(items),
        },
    )


def _provenance(
    row: TaskRow, winner: Annotation, items: list[dict[str, Any]], interface: Interface[Any]
) -> Provenance:
    draft = next((p for p in row.predictions if p.id == winner.parent_prediction), None)
    return provenance(
        interface,
        items,
        None if draft is None else draft.items(),
        None if draft is None else draft.model_version,
        winner.lead_time,
    )
