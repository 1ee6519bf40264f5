"""Finished tasks as a review knows them: what decides whether one is reviewed, without its texts.

One pass over the table makes an item of each, small enough to hold all of a project's at once.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from label_configs import Interface
from label_configs.annotations.candidates import Candidate, candidate_of, finished
from label_configs.annotations.reviews import ReviewDecision, source_id
from label_configs.errors import LabelConfigError
from label_configs.review_place import round_of
from sync.records import LabelledRecord
from sync.records.pulled_work import PulledWork
from sync.table.task_rows import Annotation, TaskRow


@dataclass(frozen=True, slots=True)
class FinishedItem:
    """A finished task with an answer that a reviewer can be shown.

    Attributes:
        key: the id from its source, by which its reviews find it.
        round: a digest of its answers, as their annotators wrote them; of a reviewed one, of those
            that were reviewed.
        annotation_id: of the annotation that counts, and `annotator` who made it.
        annotation_ids: of all that the next reviewer is shown, and `annotators` who made them: of
            a reviewed task it is the one that counts.
        begun_at: when the annotation that counts was made.
        categories: label by kind of category, those of the page included.
        acceptance: how likely its draft was thought to be accepted unchanged; None: not known.
        review: what was decided about these answers, or None; `reviewers` who did, in every tier.
        is_amended: the words that count are a reviewer's; `amenders`: who wrote them.
        answered_at: when the annotation that counts was changed last.
        has_lapsed: somebody had decided about an answer that is another one now.
    """

    task_id: int
    key: str
    round: str
    annotation_id: int
    annotator: int | None
    annotation_ids: tuple[int, ...]
    annotators: frozenset[int]
    begun_at: datetime
    answered_at: datetime
    categories: Mapping[str, str]
    acceptance: float | None
    review: ReviewDecision | None = None
    reviewers: frozenset[int] = frozenset()
    is_amended: bool = False
    has_lapsed: bool = False
    amenders: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class NotReviewable:
    """A finished task that no reviewer can be shown.

    Attributes:
        why: it has no id from a source, by which a review could find it; or no answer in words.
    """

    task_id: int
    why: str


NO_ID, NO_WORDS = "no id from a source", "no answer in words"


def read_items(work: PulledWork) -> Iterator[FinishedItem | NotReviewable]:
    """Every finished task in which there is something to train on, or of which a reviewer said no.

    Raises:
        SyncError: the table can't be read.
    """
    seen: list[TaskRow] = []

    def watched(rows: Iterable[TaskRow]) -> Iterator[TaskRow]:
        for row in rows:
            seen[:] = [row]
            yield row

    for outcome in work.outcomes(watched(work.snapshot.rows())):
        if not isinstance(outcome, LabelledRecord):
            continue
        if outcome.rejected or outcome.accepted(work.interface):
            yield item_of(seen[0], outcome, work.interface)


def records_of(
    work: PulledWork, wanted: Container[int]
) -> Iterator[tuple[TaskRow, LabelledRecord]]:
    """The wanted tasks, one after the other, with what became of each.

    Raises:
        SyncError: the table can't be read.
    """
    seen: list[TaskRow] = []

    def watched() -> Iterator[TaskRow]:
        for row in work.snapshot.rows():
            if row.task_id in wanted:
                seen[:] = [row]
                yield row

    for outcome in work.outcomes(watched()):
        if isinstance(outcome, LabelledRecord):
            yield seen[0], outcome


def answer_text(record: LabelledRecord, interface: Interface[Any]) -> str:
    """The words of the answer that counts, a reviewer's where it was amended."""
    return interface.answer(record.record) or interface.written(record.record)


def shown_answers_of(row: TaskRow, interface: Interface[Any]) -> list[tuple[Annotation, str]]:
    """What a reviewer is shown of a task: of each annotator the latest answer that has words.

    Returns:
        The oldest first, so that a further one does not move those before it.
    """
    latest: dict[int | None, Annotation] = {}
    for annotation in finished(row.annotations):
        latest.setdefault(annotation.completed_by, annotation)
    found: list[tuple[Annotation, str]] = []
    for annotation in sorted(latest.values(), key=lambda each: each.id):
        try:
            text = answer_of(candidate_of(row.task_id, annotation, interface), interface)
        except LabelConfigError:
            continue
        if text.strip():
            found.append((annotation, text))
    return found


def answer_of(candidate: Candidate, interface: Interface[Any]) -> str:
    """The words of an annotation that a reviewer judges."""
    return interface.answer(candidate.record) or interface.written(candidate.record)


def item_of(
    row: TaskRow, record: LabelledRecord, interface: Interface[Any]
) -> FinishedItem | NotReviewable:
    """A finished task as an item."""
    key = source_id(record.data)
    if key is None:
        return NotReviewable(row.task_id, NO_ID)
    own = next(each for each in row.annotations if each.id == record.annotation_id)
    decided = (*record.earlier_reviews, *([] if record.review is None else [record.review]))
    round = "" if record.review is None else record.review.round
    shown = [(own, answer_text(record, interface))]
    if not round:
        amended = record.review is not None and record.review.decision == "amend"
        if record.annotations > 1 or amended:
            shown = shown_answers_of(row, interface)
        round = round_of(text for _, text in shown)
    if not any(text.strip() for _, text in shown):
        return NotReviewable(row.task_id, NO_WORDS)
    return FinishedItem(
        task_id=row.task_id,
        key=key,
        round=round,
        annotation_id=own.id,
        annotator=own.completed_by,
        annotation_ids=tuple(each.id for each, _ in shown),
        annotators=frozenset(
            each.completed_by for each, _ in shown if each.completed_by is not None
        ),
        begun_at=own.created_at,
        answered_at=own.updated_at,
        categories=_labels(record, interface),
        acceptance=record.acceptance,
        review=record.review,
        reviewers=_who(decided),
        amenders=_who(each for each in decided if each.decision == "amend"),
        is_amended=record.before_review is not None,
        has_lapsed=record.review is None and record.lapsed_review is not None,
    )


def _who(decided: Iterable[ReviewDecision]) -> frozenset[int]:
    return frozenset(each.reviewer for each in decided if each.reviewer is not None)


def _labels(record: LabelledRecord, interface: Interface[Any]) -> Mapping[str, str]:
    chosen = interface.labels(record.record)
    own = {name: chosen[name] for name in interface.category_controls if name in chosen}
    return {**record.categories, **own}
