"""The annotations of a task that may count: those that nobody skipped and their interface reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from label_configs.errors import LabelConfigError
from label_configs.interface import Interface


class AnnotationFacts(Protocol):
    """What decides whether an annotation counts; a row of our table has it, and a listed task."""

    @property
    def id(self) -> int: ...
    @property
    def completed_by(self) -> int | None: ...
    @property
    def was_cancelled(self) -> bool: ...
    @property
    def ground_truth(self) -> bool: ...
    @property
    def updated_at(self) -> datetime: ...
    def items(self) -> list[dict[str, Any]]:
        """The result items."""


@dataclass(frozen=True, slots=True)
class ListedAnnotation:
    """An annotation as Label Studio lists it, as far as it decides which one counts."""

    id: int
    completed_by: int | None
    was_cancelled: bool
    ground_truth: bool
    updated_at: datetime
    result: Any

    @classmethod
    def of(cls, listed: Mapping[str, Any]) -> "ListedAnnotation":
        """Read one.

        Raises:
            LookupError, TypeError, ValueError: a field is missing or of another type.
        """
        by = listed.get("completed_by")  # as a whole or by its id
        return cls(
            id=int(listed["id"]),
            completed_by=by["id"] if isinstance(by, Mapping) else by,
            was_cancelled=bool(listed["was_cancelled"]),
            ground_truth=bool(listed["ground_truth"]),
            updated_at=datetime.fromisoformat(listed["updated_at"]),
            result=listed["result"] or [],
        )

    def items(self) -> list[dict[str, Any]]:
        """The result items."""
        found: list[dict[str, Any]] = self.result
        return found


Kind = TypeVar("Kind", bound=AnnotationFacts)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A finished annotation that its interface can read.

    Attributes:
        items: its result items.
        record: what they stand for.
    """

    annotation: AnnotationFacts
    items: Sequence[Mapping[str, Any]]
    record: Any


def finished(annotations: Iterable[Kind]) -> list[Kind]:
    """The annotations that nobody skipped, the latest first; ids break ties."""
    kept = [a for a in annotations if not a.was_cancelled]
    return sorted(kept, key=lambda a: (a.updated_at, a.id), reverse=True)


def candidate_of(task_id: int, annotation: AnnotationFacts, interface: Interface[Any]) -> Candidate:
    """Decode a finished annotation.

    Raises:
        LabelConfigError: its interface can't read it.
    """
    items = annotation.items()
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise LabelConfigError(
            f"task {task_id}, annotation {annotation.id}: the result is no list of result items; "
            "delete the annotation in Label Studio"
        )
    return Candidate(annotation, items, interface.decode(items))
