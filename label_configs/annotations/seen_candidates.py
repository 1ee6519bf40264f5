"""Which of a task's candidates a verdict is about, and whether it still holds for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from label_configs.annotations.candidates import Candidate
from label_configs.annotations.reviews import ReviewVerdict
from label_configs.interface import Interface
from label_configs.review_place import words_digest


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


def seen(
    verdict: ReviewVerdict,
    candidates: Sequence[Candidate],
    interface: Interface[Any],
    data: Mapping[str, Any],
    one_project: bool,
) -> SeenCandidates | None:
    """Which candidates a verdict is about; None where it is about another project's task."""
    words = [_words_of(candidate, interface, data) for candidate in candidates]
    shown = verdict.judged
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
        first = replace(one, others=tuple(each for each in every if each is not one))
        shown = {answer.words for answer in one.answers}
        if one.fault or not any(own & shown for own in words):
            continue
        if all(own & first.judged for own in words):
            return first
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
