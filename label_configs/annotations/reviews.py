"""What reviewers decided about finished tasks; whether it still holds, `seen_candidates` says.

A review shows answers that were written before it, and its verdict is about those. So it holds as
long as an answer that it judged is still there; what was written afterwards nobody has reviewed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from label_configs.review_place import answers_of
from label_configs.review_task import ID_FIELDS

Decision = Literal["approve", "amend", "reject", "ground truth"]


@dataclass(frozen=True, slots=True)
class ReviewDecision:
    """A reviewer's decision about a task.

    Attributes:
        decision: of a review project, or `ground truth` for an annotation with a star. After
            `reject` no answer of the task is good; the record shows one that was rejected.
        reviewer: `completed_by` of the review; of a ground truth it is not known.
        task_id: of the review in its own project; of a ground truth, the task itself.
        annotation_id: likewise.
        round: of the review's place, as `tier`, and `tier_name`.
        findings: the checks whose findings the reviewer saw.
        reason: why it was amended or rejected, in the reviewer's words, and of which
            `error_kinds`.
    """

    decision: Decision
    reviewer: int | None
    task_id: int
    annotation_id: int
    updated_at: datetime
    round: str = ""
    tier: int = 0
    tier_name: str = ""
    findings: tuple[str, ...] = ()
    reason: str = ""
    error_kinds: tuple[str, ...] = ()

    @property
    def rejects(self) -> bool:
        """Whether it says that no answer of the task is good."""
        return self.decision == "reject"


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer that a review showed; `words` is a digest of them, whatever the white space."""

    words: bytes
    annotator: str


@dataclass(frozen=True, slots=True)
class ReviewVerdict:
    """A review, and what it was about.

    Attributes:
        answers: that it showed.
        best: of these the one that is approved, or that was named when amending.
        amended: the text that takes the place of them all, with `amend`, or where an approved
            text is one that an earlier tier amended.
        fault: why the review can't be read; then the rest says nothing.
        others: verdicts on the task of other rounds and of earlier tiers, in the order in which
            one of them counts where this one is not about what stands there.
    """

    review: ReviewDecision
    answers: tuple[Judged, ...] = ()
    best: Judged | None = None
    amended: str = ""
    fault: str = ""
    others: tuple["ReviewVerdict", ...] = ()

    @property
    def earlier(self) -> tuple[ReviewDecision, ...]:
        """What earlier tiers and rounds decided about the same answers, the first one first."""
        here = self.review
        found = [each.review for each in self.others if _is_before(each.review, here)]

        def order(one: ReviewDecision) -> tuple[bool, int, datetime]:
            is_now = one.round == here.round
            return is_now, one.tier if is_now else 0, one.updated_at

        return tuple(sorted(found, key=order))

    @property
    def judged(self) -> set[bytes]:
        """Words of the answers that it showed, or that those before it showed and passed over."""
        before = (each for each in self.others if _is_before(each.review, self.review))
        return {answer.words for each in (self, *before) for answer in each.answers}


@dataclass(frozen=True)
class Verdicts:
    """The newest verdict on each reviewed task.

    Attributes:
        newest: by the id that the reviewed task has from its source.
        one_project: only one project is reviewed, so that an id is enough to know its task;
            otherwise a verdict counts only where it showed a text or an annotator of the task.
    """

    newest: Mapping[str, ReviewVerdict] = field(default_factory=dict)
    one_project: bool = True

    def of(self, data: Mapping[str, Any]) -> ReviewVerdict | None:
        """The verdict on a task, by its data."""
        known = source_id(data) if self.newest else None
        return None if known is None else self.newest.get(known)


NO_VERDICTS = Verdicts()


def source_id(data: Mapping[str, Any]) -> str | None:
    """The id that a task has from its source, by which its reviews find it; None without one."""
    known = next((data[name] for name in ID_FIELDS if data.get(name) is not None), None)
    return None if known is None else str(known)


def newer(newest: dict[str, ReviewVerdict], reviewed: str, verdict: ReviewVerdict) -> None:
    """Take one more verdict on a task: the one that counts keeps all others.

    Of one round the latest of the highest tier counts; between rounds, the latest verdict.
    """
    known = newest.get(reviewed)
    if known is None:
        newest[reviewed] = verdict
        return
    best: dict[tuple[str, int], ReviewVerdict] = {}
    latest: dict[str, tuple[datetime, int]] = {}
    for one in (known, *known.others, verdict, *verdict.others):
        place = (one.review.round, one.review.tier)
        best[place] = max(best.get(place, one), one, key=_when)
        latest[place[0]] = max(latest.get(place[0], _when(one)), _when(one))
    head, *others = sorted(
        best.values(), key=lambda one: (latest[one.review.round], one.review.tier), reverse=True
    )
    newest[reviewed] = replace(head, others=tuple(replace(one, others=()) for one in others))


def _is_before(one: ReviewDecision, other: ReviewDecision) -> bool:
    """Whether a decision is about the same answers, of an earlier tier or an earlier round."""
    if not other.round or answers_of(one.round) != answers_of(other.round):
        return False
    if one.round == other.round:
        return one.tier < other.tier
    return one.updated_at < other.updated_at


def _when(verdict: ReviewVerdict) -> tuple[datetime, int]:
    return verdict.review.updated_at, verdict.review.annotation_id
