"""Finished tasks whose right answer is known, and what everybody answered there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from label_configs import Interface, LabelConfigError
from label_configs.annotations.candidates import candidate_of, finished
from label_configs.annotations.reviews import ReviewVerdict
from sync.queue.review.people.compared_answers import (
    ComparedAnswer,
    Comparison,
    compare,
    compared_answer,
)
from sync.records import LabelledRecord
from sync.table.task_rows import Annotation, TaskRow


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What one annotator answered, the latest of theirs.

    Attributes:
        begun_at: when their first answer to the task was made.
        said: whether it says what the truth says.
    """

    annotator: int
    begun_at: datetime
    said: Comparison


@dataclass(frozen=True, slots=True)
class SettledTask:
    """A task with a star, or with a verdict that stands.

    Attributes:
        known_at: since when its truth is known.
        known_to: who has made it or decided about it.
        reviewed: a reviewer decided, who judged other people's answers; a star tells nobody's.
        given: of every annotator.
    """

    task_id: int
    known_at: datetime
    known_to: frozenset[int]
    reviewed: bool
    given: tuple[GivenAnswer, ...]

    def is_fresh(self, answer: GivenAnswer) -> bool:
        """Whether it was given when the truth was known, by somebody who did not know it."""
        return answer.begun_at > self.known_at and answer.annotator not in self.known_to


def settled_task(
    row: TaskRow,
    record: LabelledRecord,
    interface: Interface[Any],
    verdict: ReviewVerdict | None = None,
) -> SettledTask | None:
    """A task as one whose truth is known; None where nobody has decided about it.

    Args:
        verdict: on the task, with those of earlier tiers: whoever decided has seen the answers,
            also where a star settles it by now.
    """
    said = record.review
    if said is None:
        return None
    truth = None if said.rejects else compared_answer(record.record, record.data, interface)
    decided = () if verdict is None else (verdict, *verdict.others)
    author = {record.completed_by} if truth and not _is_amended(row, record, interface) else set()
    return SettledTask(
        task_id=row.task_id,
        known_at=said.updated_at,
        known_to=frozenset(
            who
            for who in (*author, said.reviewer, *(each.review.reviewer for each in decided))
            if who is not None
        ),
        reviewed=said.decision != "ground truth",
        given=tuple(_given(row, record, truth, interface)),
    )


def latest_of_each(annotations: Sequence[Annotation]) -> dict[int, Annotation]:
    """Of each annotator whom Label Studio knows, the latest annotation that they finished."""
    latest: dict[int, Annotation] = {}
    for annotation in finished(annotations):
        if annotation.completed_by is not None:
            latest.setdefault(annotation.completed_by, annotation)
    return latest


def _given(
    row: TaskRow, record: LabelledRecord, truth: ComparedAnswer | None, interface: Interface[Any]
) -> list[GivenAnswer]:
    begun: dict[int, datetime] = {}
    for each in row.annotations:
        if each.completed_by is not None and not each.was_cancelled:
            begun[each.completed_by] = min(
                each.created_at, begun.get(each.completed_by, each.created_at)
            )
    found: list[GivenAnswer] = []
    for annotator, annotation in sorted(latest_of_each(row.annotations).items()):
        try:
            own = candidate_of(row.task_id, annotation, interface).record
        except LabelConfigError:  # reported by `labeltune check`
            continue
        answer = compared_answer(own, record.data, interface)
        said = False if truth is None else compare(answer, truth)
        found.append(GivenAnswer(annotator, begun[annotator], said))
    return found


def _is_amended(row: TaskRow, record: LabelledRecord, interface: Interface[Any]) -> bool:
    """Whether the words are a reviewer's."""
    own = next(each for each in row.annotations if each.id == record.annotation_id)
    written = candidate_of(row.task_id, own, interface).record
    return interface.answer(written).split() != interface.answer(record.record).split()
