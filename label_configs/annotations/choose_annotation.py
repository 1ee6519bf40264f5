"""One annotation of a task: what a reviewer decided, else what annotators agree on, else the last.

docs/annotations.md tells the rules and their reasons.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from label_configs.annotations import ORDER, Rule
from label_configs.annotations.candidates import AnnotationFacts, Candidate, candidate_of, finished
from label_configs.annotations.consensus import settle
from label_configs.annotations.reviews import (
    NO_VERDICTS,
    ReviewDecision,
    ReviewVerdict,
    Verdicts,
)
from label_configs.annotations.seen_candidates import SeenCandidates, seen, standing_verdict
from label_configs.annotations.star_note import StarNote, counts, starred
from label_configs.errors import LabelConfigError
from label_configs.interface import Interface


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
        earlier: what earlier tiers decided about the same answers, the first one first.
    """

    candidate: Candidate
    chosen_by: Rule
    review: ReviewDecision | None = None
    lapsed_review: ReviewDecision | None = None
    amended: str | None = None
    earlier: tuple[ReviewDecision, ...] = ()

    @property
    def rejected(self) -> bool:
        """Whether a reviewer found that no answer of the task is good."""
        return self.review is not None and self.review.rejects

    def record(self, interface: Interface[Any]) -> Any:
        """What the candidate stands for, with the text of a reviewer who amended it.

        Raises:
            LabelConfigError: the record has no place for such a text.
        """
        record = self.candidate.record
        if self.amended is None or self.review is None:
            return record
        amended = interface.with_answer(record, self.amended)
        if amended is None:
            raise LabelConfigError(
                f"review {self.review.annotation_id} (task {self.review.task_id}) amends "
                f"annotation {self.candidate.annotation.id}, which has no place for a text of the "
                "reviewer's; correct the annotation itself, then approve it"
            )
        return amended


@dataclass(frozen=True)
class Chosen:
    """What was found in a task with finished annotations.

    Attributes:
        winner: None where no rule of the order settles it, or nothing can be read.
        unreadable: annotations that had a say and that their interface can't decode, each with
            the reason.
    """

    winner: Winner | None
    unreadable: tuple[tuple[AnnotationFacts, str], ...] = ()


def choose_annotation(
    task_id: int,
    data: Mapping[str, Any],
    annotations: Iterable[AnnotationFacts],
    interface: Interface[Any],
    choosing: Choosing,
) -> Chosen:
    """Say which annotation of a task counts.

    Args:
        data: of the task.
        annotations: of the task, in any order; skipped ones never count.

    Raises:
        LabelConfigError: the verdict on the task can't be read.
    """
    latest_first = finished(annotations)
    verdict = choosing.verdicts.of(data)
    star, lapsed = None, None
    if "reviewed" in choosing.order:
        star, lapsed = _star_of(latest_first, data, interface, task_id)
    # it settles the task, so that no other needs to be read
    settles = choosing.order[0] == "reviewed" and not (verdict and verdict.others)
    alone = star if settles and star and not _came_after(verdict, star) else None
    candidates: list[Candidate] = []
    unreadable: list[tuple[AnnotationFacts, str]] = []
    for annotation in latest_first if alone is None else (alone,):
        try:
            candidates.append(candidate_of(task_id, annotation, interface))
        except LabelConfigError as error:
            unreadable.append((annotation, str(error)))
    if verdict is not None and verdict.others:
        verdict = standing_verdict(verdict, candidates, interface, data)
    truth = None if star is None else _ground_truth(star, task_id)
    winner = _winner(candidates, verdict, choosing, interface, data, truth)
    if winner is not None and lapsed is not None and winner.review is None:
        winner = replace(winner, lapsed_review=winner.lapsed_review or lapsed)
    return Chosen(winner, tuple(unreadable))


def _star_of(
    latest_first: Sequence[AnnotationFacts],
    data: Mapping[str, Any],
    interface: Interface[Any],
    task_id: int,
) -> tuple[AnnotationFacts | None, ReviewDecision | None]:
    """The ground truth; or, of one whose annotation was changed since, what it had settled."""
    star, note = starred(latest_first), StarNote.of(data)
    if star is None or counts(star, note, interface, task_id):
        return star, None
    return None, _ground_truth(star, task_id) if note is not None and note.said else None


def _winner(
    candidates: Sequence[Candidate],
    verdict: ReviewVerdict | None,
    choosing: Choosing,
    interface: Interface[Any],
    data: Mapping[str, Any],
    truth: ReviewDecision | None,
) -> Winner | None:
    """The candidate that counts, or None where no rule of the order settles it.

    Args:
        truth: what the star of the task says, where it has one.
    """
    pool, lapsed = candidates, None
    best = next((c for c in pool if truth and c.annotation.id == truth.annotation_id), None)
    for rule in choosing.order:
        if rule != "reviewed":
            found = settle(pool, interface, (rule,))
            if found is not None:
                return Winner(found[0], rule, lapsed_review=lapsed)
            continue
        if best is not None and not _came_after(verdict, best.annotation):
            return Winner(best, rule, truth)
        about = _about(verdict, candidates, choosing, interface, data)
        if verdict is None or about is None:
            continue
        winner = _reviewed(verdict, about, interface, choosing.order)
        if winner is not None:
            return winner
        lapsed = verdict.review
        # what was rejected stays so, also beside an answer that came later
        pool = about.fresh if lapsed.rejects else candidates
        if best is not None and best in pool:
            return Winner(best, rule, truth, lapsed)
    return None


def _came_after(verdict: ReviewVerdict | None, annotation: AnnotationFacts) -> bool:
    return verdict is not None and verdict.review.updated_at > annotation.updated_at


def _about(
    verdict: ReviewVerdict | None,
    candidates: Sequence[Candidate],
    choosing: Choosing,
    interface: Interface[Any],
    data: Mapping[str, Any],
) -> SeenCandidates | None:
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
    verdict: ReviewVerdict, about: SeenCandidates, interface: Interface[Any], order: Sequence[Rule]
) -> Winner | None:
    """What a verdict makes of the candidates; None where what it judged is there no more."""
    review, earlier = verdict.review, verdict.earlier
    if review.decision == "approve" and not verdict.amended:
        return Winner(about.best, "reviewed", review, earlier=earlier) if about.best else None
    if verdict.amended and about.standing:
        base = about.best or _any_of(about.standing, interface, order)
        return Winner(base, "reviewed", review, amended=verdict.amended, earlier=earlier)
    if review.decision == "reject" and not about.fresh:
        base = _any_of(about.standing, interface, order)
        return Winner(base, "reviewed", review, earlier=earlier)
    return None


def _any_of(
    candidates: Sequence[Candidate], interface: Interface[Any], order: Sequence[Rule]
) -> Candidate:
    found = settle(candidates, interface, order)
    return found[0] if found else candidates[0]


def _ground_truth(annotation: AnnotationFacts, task_id: int) -> ReviewDecision:
    """A star tells neither who gave it nor exactly when: the annotation was saved with it."""
    return ReviewDecision("ground truth", None, task_id, annotation.id, annotation.updated_at)
