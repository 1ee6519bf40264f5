"""Planned reviews as the tasks of their queues, with the texts that a reviewer is shown."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from label_configs import Interface
from label_configs.annotations.candidates import candidate_of
from label_configs.review_place import AMENDED_FROM, ReviewPlace
from label_configs.review_task import LETTERS, NAME, review_task
from sync.common.source_task import SourceTask
from sync.queue.review.items import answer_of, answer_text, records_of, shown_answers_of
from sync.queue.review.plan import PlannedReview, ReviewReason
from sync.records import LabelledRecord
from sync.records.pulled_work import PulledWork
from sync.settings.review import TierSection
from sync.table.task_rows import Annotation, TaskRow

# to a reviewer, who must not judge by who wrote an answer, or by how it was picked
_TOLD: Mapping[ReviewReason, str] = {
    "disagreement": "annotators do not agree",
    "finding": "a check found something",
    "changed": "it was reviewed, and has been changed since",
    "guidelines": "the guidelines have changed since it was written",
}
_ROUTINE = "a routine look"
_NOBODY = "unknown"


def queue_tasks(
    work: PulledWork,
    reviews: Sequence[PlannedReview],
    tiers: Sequence[TierSection],
    *,
    blind: bool,
    may_review: Mapping[str, frozenset[int]] | None = None,
    names: Mapping[int, str] | None = None,
) -> dict[int, list[SourceTask]]:
    """The tasks of every queue by the place of its tier, in the order of the reviews.

    Args:
        blind: where a tier does not say.
        may_review: by tier, who may decide in it; without one everybody but the authors may.
        names: of annotators, by Label Studio's ids, for pages that are not blind.
    """
    wanted = {review.item.task_id: review for review in reviews}
    made: dict[int, SourceTask] = {}
    for row, record in records_of(work, wanted):
        review = wanted[row.task_id]
        tier = tiers[review.tier]
        allowed = (may_review or {}).get(tier.name, frozenset())
        is_blind = blind if tier.blind is None else tier.blind
        place = ReviewPlace(
            round=review.item.round,
            tier=review.tier,
            name=tier.name,
            authors=review.authors,
            may_review=allowed,
            order=review.order,
        )
        data = review_task(
            record.data,
            _named(_answers(row, record, review, work.interface), {} if is_blind else names or {}),
            [finding.to_data() for finding in review.findings],
            sent_because(review.reasons, review.changed_rule),
            is_blind,
            place,
        )
        made[row.task_id] = SourceTask(review.id, data, f"task {row.task_id}")
    by_tier: dict[int, list[SourceTask]] = {}
    for review in reviews:
        if review.item.task_id in made:
            by_tier.setdefault(review.tier, []).append(made[review.item.task_id])
    return by_tier


def sent_because(reasons: Iterable[ReviewReason], changed_rule: str = "") -> str:
    """Why a reviewer gets a task, in words that tell nothing of who wrote the answer."""
    told = [
        f"{_TOLD[reason]}: {changed_rule}"
        if reason == "guidelines" and changed_rule
        else _TOLD[reason]
        for reason in reasons
        if reason in _TOLD
    ]
    return "; ".join(told) or _ROUTINE


def _answers(
    row: TaskRow, record: LabelledRecord, review: PlannedReview, interface: Interface[Any]
) -> list[dict[str, Any]]:
    """What a reviewer is shown: all answers, or in a later tier the one that was passed."""
    if review.item.review is None:
        shown = shown_answers_of(row, interface)
        return [_answer(annotation, text) for annotation, text in shown[-len(LETTERS) :]]
    own = next(each for each in row.annotations if each.id == record.annotation_id)
    text = answer_text(record, interface)
    written = answer_of(candidate_of(row.task_id, own, interface), interface)
    amended = {} if written.split() == text.split() else {AMENDED_FROM: written}
    return [{**_answer(own, text), **amended}]


def _named(answers: list[dict[str, Any]], names: Mapping[int, str]) -> list[dict[str, Any]]:
    """Answers with the names of those who wrote them, as far as they are known."""
    known = {str(who): name for who, name in names.items()}
    return [
        {**each, **({NAME: known[each["annotator"]]} if each["annotator"] in known else {})}
        for each in answers
    ]


def _answer(annotation: Annotation, text: str) -> dict[str, Any]:
    who = annotation.completed_by
    return {
        "text": text,
        "annotator": _NOBODY if who is None else str(who),
        "written_at": annotation.created_at.isoformat(),
    }
