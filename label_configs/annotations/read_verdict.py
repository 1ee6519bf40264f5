"""A task of a review project as a verdict on the task that it is about."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from label_configs.annotations.candidates import AnnotationFacts, candidate_of, finished
from label_configs.annotations.reviews import Decision, Judged, ReviewDecision, ReviewVerdict
from label_configs.errors import LabelConfigError
from label_configs.review import Review, ReviewInterface
from label_configs.review_place import AMENDED_FROM, ReviewPlace, place_of, words_digest
from label_configs.review_task import ListedAnswer, shown_answers
from label_configs.visible_text import visible_text


def verdict_of(
    task_id: int,
    data: Mapping[str, Any],
    annotations: Iterable[AnnotationFacts],
    interface: ReviewInterface,
) -> tuple[str, ReviewVerdict] | None:
    """What a task of a review project says, and of which task; None where it decides nothing.

    Of several reviewers of one review a ground truth counts, else the latest who decided. One who
    may not decide it, as the author of what is reviewed, has no say.

    Args:
        data: of the review; its `reviewed_id` is the id that the reviewed task has from its source.
    """
    reviewed = data.get("reviewed_id")
    if reviewed is None:
        return None
    starred = sorted(finished(annotations), key=lambda review: not review.ground_truth)
    read = (_verdict(task_id, data, review, interface) for review in starred)
    verdict = next((found for found in read if found is not None), None)
    return None if verdict is None else (str(reviewed), verdict)


def _verdict(
    task_id: int, data: Mapping[str, Any], review: AnnotationFacts, interface: ReviewInterface
) -> ReviewVerdict | None:
    """What a finished review says; None where it decides nothing."""
    try:
        place = place_of(data)
        if place.why_ignored(review.completed_by) is not None:
            return None
        interface.check_task(data, where=f"task {task_id}")
        record = candidate_of(task_id, review, interface).record
        shown = shown_answers(data)
        chosen = interface.chosen_answer(record, data)
    except LabelConfigError as error:
        unread = ReviewDecision(
            "reject", review.completed_by, task_id, review.id, review.updated_at
        )
        return ReviewVerdict(unread, fault=str(error))

    def decided(decision: Decision) -> ReviewDecision:
        return _decision(decision, task_id, data, review, record, place)

    answers = tuple(judged for answer in shown for judged in _judged(answer))
    if record.decision == "amend" and visible_text(record.amended):
        named = record.best is not None and record.best < len(shown)
        best = _written(shown[record.best or 0]) if named or _is_amended(shown) else None
        return ReviewVerdict(decided("amend"), answers, best, record.amended.strip())
    if record.decision == "approve" and chosen is not None:
        amended = chosen["text"].strip() if AMENDED_FROM in chosen else ""
        return ReviewVerdict(decided("approve"), answers, _written(chosen), amended)
    # whoever amends and leaves no text finds no answer good
    if record.decision in ("reject", "amend"):
        return ReviewVerdict(decided("reject"), answers)
    return None


def _decision(
    decision: Decision,
    task_id: int,
    data: Mapping[str, Any],
    review: AnnotationFacts,
    record: Review,
    place: ReviewPlace,
) -> ReviewDecision:
    return ReviewDecision(
        decision,
        review.completed_by,
        task_id,
        review.id,
        review.updated_at,
        round=place.round,
        tier=place.tier,
        tier_name=place.name,
        findings=tuple(dict.fromkeys(str(each["check"]) for each in data.get("findings") or ())),
        reason=record.reason.strip(),
        error_kinds=record.error_kinds,
    )


def _is_amended(shown: Sequence[ListedAnswer]) -> bool:
    """Whether the only answer is one that an earlier tier amended."""
    return len(shown) == 1 and AMENDED_FROM in shown[0]


def _judged(answer: ListedAnswer) -> list[Judged]:
    """An answer as it was shown and, where an earlier tier amended it, as it was written."""
    shown = Judged(words_digest(answer["text"]), answer["annotator"])
    return [shown, _written(answer)] if AMENDED_FROM in answer else [shown]


def _written(answer: ListedAnswer) -> Judged:
    """An answer as its annotator wrote it."""
    return Judged(words_digest(answer.get(AMENDED_FROM, answer["text"])), answer["annotator"])
