"""What reviewers decided about finished tasks, and whether it still holds.

A review shows answers that were written before it, and its verdict is about those. So it holds as
long as an answer that it judged is still there; what was written afterwards nobody has reviewed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from typing import Any, Literal

from label_configs.annotations.candidates import AnnotationFacts, Candidate, candidate_of, finished
from label_configs.errors import LabelConfigError
from label_configs.interface import Interface
from label_configs.review import ReviewInterface
from label_configs.review_task import ID_FIELDS, shown_answers

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
    """

    decision: Decision
    reviewer: int | None
    task_id: int
    annotation_id: int
    updated_at: datetime

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
        amended: the text that takes the place of them all, with `amend`.
        fault: why the review can't be read; then the rest says nothing.
    """

    review: ReviewDecision
    answers: tuple[Judged, ...] = ()
    best: Judged | None = None
    amended: str = ""
    fault: str = ""


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


def verdict_of(
    task_id: int,
    data: Mapping[str, Any],
    annotations: Iterable[AnnotationFacts],
    interface: ReviewInterface,
) -> tuple[str, ReviewVerdict] | None:
    """What a task of a review project says, and of which task; None where it decides nothing.

    Of several reviewers of one review a ground truth counts, else the latest who decided.

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


def newer(newest: dict[str, ReviewVerdict], reviewed: str, verdict: ReviewVerdict) -> None:
    """Keep a verdict if it is newer than the one that is known."""
    known = newest.get(reviewed)
    if known is None or _when(known) < _when(verdict):
        newest[reviewed] = verdict


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
        unchanged = candidate.annotation.updated_at <= verdict.review.updated_at
        (standing if own & shown or unchanged else fresh).append(candidate)
    return SeenCandidates(tuple(standing), tuple(fresh), _best(verdict, candidates, words))


def _verdict(
    task_id: int, data: Mapping[str, Any], review: AnnotationFacts, interface: ReviewInterface
) -> ReviewVerdict | None:
    """What a finished review says; None where it decides nothing."""

    def decided(decision: Decision) -> ReviewDecision:
        return ReviewDecision(decision, review.completed_by, task_id, review.id, review.updated_at)

    try:
        interface.check_task(data, where=f"task {task_id}")
        record = candidate_of(task_id, review, interface).record
        answers = tuple(_judged(answer) for answer in shown_answers(data))
        chosen = interface.chosen_answer(record, data)
    except LabelConfigError as error:
        return ReviewVerdict(decided("reject"), fault=str(error))
    if record.decision == "amend" and record.amended.strip():
        named = record.best is not None and record.best < len(answers)
        best = answers[record.best or 0] if named else None
        return ReviewVerdict(decided("amend"), answers, best, record.amended.strip())
    if record.decision == "approve" and chosen is not None:
        return ReviewVerdict(decided("approve"), answers, _judged(chosen))
    # whoever amends and leaves no text finds no answer good
    if record.decision in ("reject", "amend"):
        return ReviewVerdict(decided("reject"), answers)
    return None


def _best(
    verdict: ReviewVerdict, candidates: Sequence[Candidate], words: Sequence[set[bytes]]
) -> Candidate | None:
    """The candidate that was named: by its words, of several the annotator's.

    Words may differ where the review's own were redacted; then an annotator who has written
    nothing since tells, or that there is one answer only.
    """
    if verdict.best is None:
        return None
    same = [c for c, own in zip(candidates, words, strict=True) if verdict.best.words in own]
    if not same:
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
    return {_digest(text) for text in texts if text.strip()}


def _judged(answer: Mapping[str, Any]) -> Judged:
    return Judged(_digest(answer["text"]), answer["annotator"])


def _digest(text: str) -> bytes:
    words = " ".join(text.split())
    return blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _annotator(candidate: Candidate) -> str:
    return str(candidate.annotation.completed_by)


def _when(verdict: ReviewVerdict) -> tuple[datetime, int]:
    return verdict.review.updated_at, verdict.review.annotation_id
