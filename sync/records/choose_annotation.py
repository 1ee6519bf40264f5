"""One annotation of a task: what a reviewer decided, else what annotators agree on, else the last.

docs/annotations.md tells the rules and their reasons.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from label_configs import Interface, LabelConfigError
from sync.records.consensus import ORDER, Candidate, Rule, settle
from sync.records.reviews import NO_VERDICTS, Review, Seen, Verdict, Verdicts, seen
from sync.table.task_rows import Annotation


@dataclass(frozen=True)
class Choosing:
    """How a project's annotations are chosen.

    Attributes:
        order: of the rules; one that is left out never counts.
        verdicts: of the projects that review this one.
    """

    order: Sequence[Rule] = ORDER
    verdicts: Verdicts = NO_VERDICTS


@dataclass(frozen=True, slots=True)
class Winner:
    """The candidate that counts.

    Attributes:
        chosen_by: the rule that settled it.
        review: what was decided about it, or None.
        lapsed_review: of an answer that is not there any more, or that others came after.
        amended: the text that a reviewer put in place of its own, or None.
    """

    candidate: Candidate
    chosen_by: Rule
    review: Review | None = None
    lapsed_review: Review | None = None
    amended: str | None = None


def decide(
    candidates: Sequence[Candidate],
    verdict: Verdict | None,
    choosing: Choosing,
    interface: Interface[Any],
    data: Mapping[str, Any],
    task_id: int,
) -> Winner | None:
    """The candidate that counts, or None where no rule of the order settles it.

    Args:
        candidates: the latest first.
        verdict: on this task.
        data: of the task.

    Raises:
        LabelConfigError: the verdict can't be read.
    """
    pool, lapsed = candidates, None
    for rule in choosing.order:
        if rule != "reviewed":
            found = settle(pool, interface, (rule,))
            if found is not None:
                return Winner(found[0], rule, lapsed_review=lapsed)
            continue
        starred = next((c for c in pool if c.annotation.ground_truth), None)
        if starred is not None and not _came_after(verdict, starred.annotation):
            return Winner(starred, rule, _ground_truth(starred.annotation, task_id))
        about = _about(verdict, candidates, choosing, interface, data)
        if verdict is None or about is None:
            continue
        winner = _reviewed(verdict, about, interface, choosing.order)
        if winner is not None:
            return winner
        lapsed = verdict.review
        # what was rejected stays so, also beside an answer that came later
        pool = about.fresh if lapsed.decision == "reject" else candidates
        if starred is not None and starred in pool:
            return Winner(starred, rule, _ground_truth(starred.annotation, task_id), lapsed)
    return None


def ground_truth(annotations: Sequence[Annotation], verdict: Verdict | None) -> Annotation | None:
    """The ground truth that settles a task: the latest one, unless a review came after it."""
    starred = next((a for a in annotations if a.ground_truth), None)
    return None if starred is None or _came_after(verdict, starred) else starred


def _came_after(verdict: Verdict | None, annotation: Annotation) -> bool:
    return verdict is not None and verdict.review.updated_at > annotation.updated_at


def _about(
    verdict: Verdict | None,
    candidates: Sequence[Candidate],
    choosing: Choosing,
    interface: Interface[Any],
    data: Mapping[str, Any],
) -> Seen | None:
    """What a verdict knows of the candidates; None where it is not about this task."""
    if verdict is None:
        return None
    if verdict.fault:
        raise LabelConfigError(
            f"its review can't be read (task {verdict.review.task_id}, annotation "
            f"{verdict.review.annotation_id}: {verdict.fault})"
        )
    if not candidates:
        return None
    return seen(verdict, candidates, interface, data, choosing.verdicts.one_project)


def _reviewed(
    verdict: Verdict, about: Seen, interface: Interface[Any], order: Sequence[Rule]
) -> Winner | None:
    """What a verdict makes of the candidates; None where what it judged is there no more."""
    review = verdict.review
    if review.decision == "approve":
        return Winner(about.best, "reviewed", review) if about.best else None
    if review.decision == "amend" and about.standing:
        base = about.best or _any_of(about.standing, interface, order)
        return Winner(base, "reviewed", review, amended=verdict.amended)
    if review.decision == "reject" and not about.fresh:
        return Winner(_any_of(about.standing, interface, order), "reviewed", review)
    return None


def _any_of(
    candidates: Sequence[Candidate], interface: Interface[Any], order: Sequence[Rule]
) -> Candidate:
    found = settle(candidates, interface, order)
    return found[0] if found else candidates[0]


def _ground_truth(annotation: Annotation, task_id: int) -> Review:
    """A star tells neither who gave it nor exactly when: the annotation was saved with it."""
    return Review("ground truth", None, task_id, annotation.id, annotation.updated_at)
