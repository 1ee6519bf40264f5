"""What reviewers decided about finished tasks, and whether it still holds.

A review shows answers that were written before it, and its verdict is about those. So it holds as
long as an answer that it judged is still there; what was written afterwards nobody has reviewed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from label_configs.annotations.candidates import Candidate
from label_configs.interface import Interface
from label_configs.review_place import words_digest
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
        """What earlier tiers decided about the same answers, the first one first."""
        here = self.review
        found = [
            each.review
            for each in self.others
            if here.round and each.review.round == here.round and each.review.tier < here.tier
        ]
        return tuple(sorted(found, key=lambda review: review.tier))


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


@dataclass(frozen=True)
class SeenCandidates:
    """A task's candidates as a verdict knows them, the latest first.

    Attributes:
        standing: it judged them: it showed their words, or they have not changed since.
        fresh: written after it.
    """

    standing: tuple[Candidate, ...]
    fresh: tuple[Candidate, ...]
    best: Candidate | None


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


def seen(
    verdict: ReviewVerdict,
    candidates: Sequence[Candidate],
    interface: Interface[Any],
    data: Mapping[str, Any],
    one_project: bool,
) -> SeenCandidates | None:
    """Which candidates a verdict is about; None where it is about another project's task."""
    words = [_words_of(candidate, interface, data) for candidate in candidates]
    shown = {answer.words for answer in verdict.answers}
    names = {answer.annotator for answer in verdict.answers}
    known = any(each & shown for each in words)
    if not (one_project or known or any(_annotator(c) in names for c in candidates)):
        return None
    standing: list[Candidate] = []
    fresh: list[Candidate] = []
    for candidate, own in zip(candidates, words, strict=True):
        # in a queue the words are shown as they stand, and may change while somebody reads them
        in_queue = bool(verdict.review.round)
        unchanged = not in_queue and candidate.annotation.updated_at <= verdict.review.updated_at
        (standing if own & shown or unchanged else fresh).append(candidate)
    return SeenCandidates(tuple(standing), tuple(fresh), _best(verdict, candidates, words))


def standing_verdict(
    verdict: ReviewVerdict,
    candidates: Sequence[Candidate],
    interface: Interface[Any],
    data: Mapping[str, Any],
) -> ReviewVerdict:
    """Of all verdicts on a task the first that judged every answer of it; else the one that counts.

    Somebody may decide about an answer that was changed since, after another one decided about
    what stands there now.
    """
    words = [_words_of(candidate, interface, data) for candidate in candidates]
    every = (verdict, *verdict.others)
    for one in every:
        shown = {answer.words for answer in one.answers}
        if not one.fault and words and all(own & shown for own in words):
            return replace(one, others=tuple(each for each in every if each is not one))
    return verdict


def _best(
    verdict: ReviewVerdict, candidates: Sequence[Candidate], words: Sequence[set[bytes]]
) -> Candidate | None:
    """The candidate that was named: by its words, of several the annotator's.

    Words may differ where the review's own were redacted, as they are in no queue; then an
    annotator who has written nothing since tells, or that there is one answer only.
    """
    if verdict.best is None:
        return None
    same = [c for c, own in zip(candidates, words, strict=True) if verdict.best.words in own]
    if not same and not verdict.review.round:
        at = verdict.review.updated_at
        unchanged = [c for c in candidates if c.annotation.updated_at <= at]
        same = [c for c in unchanged if _annotator(c) == verdict.best.annotator]
        if not same and len(candidates) == len(verdict.answers) == 1:
            same = unchanged
    theirs = [c for c in same if _annotator(c) == verdict.best.annotator]
    return next(iter([*theirs, *same]), None)


def _words_of(
    candidate: Candidate, interface: Interface[Any], data: Mapping[str, Any]
) -> set[bytes]:
    """Digests of all that a review may show of a record."""
    record = candidate.record
    texts = (
        interface.answer(record),
        interface.written(record),
        interface.accepted_answer(record, data) or "",
    )
    return {words_digest(text) for text in texts if text.strip()}


def _annotator(candidate: Candidate) -> str:
    return str(candidate.annotation.completed_by)


def _when(verdict: ReviewVerdict) -> tuple[datetime, int]:
    return verdict.review.updated_at, verdict.review.annotation_id
