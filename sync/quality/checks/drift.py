"""Work that changes with time: questions, or what is answered to questions alike.

Rows are in order of time. Of each the nearest others are looked up; where those are of its own
period more often than chance has it, the periods differ (after Schilling, 1986, and Henze, 1988).
Chance is what the same neighbours give when the times are dealt out anew. With enough rows any
difference can't be chance, so it must be large as well.

Questions come in the order in which they were asked, or tasks were made. Answers are ordered by
when they were finished, and what the question explains of an answer is taken out first: the
order in which tasks are handed out is no drift.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings
from sync.common.task_texts import user_text
from sync.quality.checks.check import CheckResult, Finding, FindingSeverity, WorkToCheck
from sync.quality.checks.nearest_rows import nearest_rows, sample_of
from sync.quality.checks.telling_words import WordCounts, telling_words

KIND = "drift"
_NEIGHBOURS = 10
_SHUFFLES = 499
# rows of a test; more of them take longer and find smaller changes, which don't matter
_MOST = 3_000
# where a later period may begin, in shares of the rows
_CUTS = (0.25, 0.5, 0.75)
# near-duplicates come together whatever changes
_SAME = 0.95
_SHOWN = 5


@dataclass(frozen=True)
class DriftOptions:
    """When a change is worth a word.

    Attributes:
        least: how far neighbours must keep to their period, from 0, as chance has it, to 1.
        p_value: the chance of seeing that without a change, at most.
        examples: rows in all; fewer are not judged.
    """

    least: float = 0.1
    p_value: float = 0.01
    examples: int = 100


@dataclass(frozen=True)
class Change:
    """Where a set changes most.

    Attributes:
        cut: the first row of the later period.
        effect: how far neighbours keep to their period, from 0 (chance) to 1.
        later: (n,): of each row the share of its neighbours that are of the later period.
    """

    cut: int
    effect: float
    p_value: float
    later: NDArray[np.float64]


def find_change(vectors: Embeddings, seed: int = 0) -> Change:
    """The greatest change in rows that are in order of time.

    Args:
        vectors: (n, dim), of length 1; some dozens of rows at least.
    """
    n = len(vectors)
    k = min(_NEIGHBOURS, n - 1)
    near = nearest_rows(vectors, vectors, k, own=np.arange(n), below=_SAME)
    cuts = np.unique([max(1, round(n * share)) for share in _CUTS])
    near_enough = near.similarity > -1.0
    pairs = np.nonzero(near_enough)[0], near.rows[near_enough]
    if not len(pairs[0]):
        return Change(int(cuts[0]), 0.0, 1.0, np.zeros(n))
    rng = np.random.default_rng(seed)
    observed = _together(pairs, np.arange(n), cuts)
    chance = np.array([_together(pairs, rng.permutation(n), cuts) for _ in range(_SHUFFLES)])
    spread = chance.std(axis=0) + 1e-12
    apart = (observed - chance.mean(axis=0)) / spread
    highest = ((chance - chance.mean(axis=0)) / spread).max(axis=1)
    best = int(apart.argmax())
    p_value = (1 + int((highest >= apart[best]).sum())) / (_SHUFFLES + 1)
    expected = chance.mean(axis=0)[best]
    effect = float((observed[best] - expected) / (1 - expected)) if expected < 1 else 0.0
    later = (near.rows >= cuts[best]).mean(axis=1)
    return Change(int(cuts[best]), effect, p_value, later)


def _together(
    pairs: tuple[NDArray[np.int64], NDArray[np.int64]],
    place: NDArray[np.int64],
    cuts: NDArray[np.int64],
) -> NDArray[np.float64]:
    """(cuts,): the share of neighbours that are of the same period, for each cut.

    Args:
        pairs: a row, and one of its neighbours.
        place: (n,): of a row in the order of time.
    """
    first, second = (place[rows] for rows in pairs)
    return np.array([np.mean((first >= cut) == (second >= cut)) for cut in cuts])


def beside_questions(prompts: Embeddings, answers: Embeddings) -> Embeddings:
    """(n, dim): what a question does not explain of its answer, rows of length 1.

    By ridge regression that never saw the answer it explains.
    """
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import KFold, cross_val_predict
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    folds = KFold(5, shuffle=True, random_state=0)
    with threadpool_limits(limits=1):  # the same bits on a machine with more cores
        explained = cross_val_predict(Ridge(alpha=1.0), prompts, answers, cv=folds)
    rest = answers - explained
    length = np.linalg.norm(rest, axis=1, keepdims=True)
    left: Embeddings = (rest / np.maximum(length, 1e-9)).astype(np.float32)
    return left


def check(work: WorkToCheck) -> CheckResult:
    """Look at questions and answers."""
    options = work.options.of(KIND, DriftOptions)
    records = work.labelled.records
    if len(records) < options.examples:
        return CheckResult(needs=options.examples)
    findings: list[Finding] = []
    skips: list[str] = []
    asked = [record.created_at for record in records]
    read = [i for i in range(len(records)) if i not in work.unread_prompts]
    findings += _of_questions(work, _in_order(asked, read), asked, options, skips)
    if work.interface.answers_compare:
        finished: list[datetime | None] = [record.updated_at for record in records]
        read = [i for i in read if i not in work.unread_answers]
        findings += _of_answers(work, _in_order(finished, read), finished, options, skips)
    return CheckResult(tuple(findings), tuple(skips))


def _in_order(times: Sequence[datetime | None], rows: Sequence[int]) -> list[int]:
    """Rows with a time, by it; of many, a sample."""
    known = [(time, i) for i in rows if (time := times[i]) is not None]
    chosen = sample_of(len(known), _MOST)
    return [i for _, i in sorted(known[j] for j in chosen)]


def _days(times: Sequence[datetime | None], rows: Sequence[int]) -> int:
    return len({time.date() for i in rows if (time := times[i]) is not None})


def _of_questions(
    work: WorkToCheck,
    rows: list[int],
    times: Sequence[datetime | None],
    options: DriftOptions,
    skips: list[str],
) -> Iterator[Finding]:
    if len(rows) < options.examples or _days(times, rows) < 2:
        skips.append("drift of questions: all tasks were made on one day, so none can be told")
        return
    change = find_change(work.prompts[rows])
    advice = (
        "what was labelled first may not be what is asked now; hold the test set against late "
        'questions alone (split.by = "time")'
    )
    if _counts(change, options):
        yield _finding(work, rows, times, change, "questions", "info", advice)


def _of_answers(
    work: WorkToCheck,
    rows: list[int],
    times: Sequence[datetime | None],
    options: DriftOptions,
    skips: list[str],
) -> Iterator[Finding]:
    if len(rows) < options.examples or _days(times, rows) < 2:
        skips.append("drift of answers: all work was finished on one day, so none can be told")
        return
    change = find_change(beside_questions(work.prompts[rows], work.answers[rows]))
    if _counts(change, options):
        advice = _whose(work, rows, change) or (
            "questions alike are answered otherwise; see whether the guidelines changed, and bring "
            "the earlier answers up to them"
        )
        yield _finding(work, rows, times, change, "answers", "warning", advice)


def _counts(change: Change, options: DriftOptions) -> bool:
    return change.p_value <= options.p_value and change.effect >= options.least


def _whose(work: WorkToCheck, rows: Sequence[int], change: Change) -> str:
    """Advice where other people answered later; empty where the same did."""
    by = [work.labelled.records[i].completed_by for i in rows]
    early, late = by[: change.cut], by[change.cut :]
    shares = {one: late.count(one) / len(late) - early.count(one) / len(early) for one in set(by)}
    most, more = max(shares.items(), key=lambda item: (item[1], str(item[0])))
    if more < 0.3 or most is None:
        return ""
    return (
        f"annotator {most} gave {late.count(most) / len(late):.0%} of the later answers and "
        f"{early.count(most) / len(early):.0%} of the earlier; have the two manners agree"
    )


def _finding(
    work: WorkToCheck,
    rows: Sequence[int],
    times: Sequence[datetime | None],
    change: Change,
    what: str,
    severity: FindingSeverity,
    advice: str,
) -> Finding:
    records = work.labelled.records
    begins = times[rows[change.cut]]
    texts = [
        user_text(records[i].data)
        if what == "questions"
        else work.interface.answer(records[i].record)
        for i in rows
    ]
    words = telling_words(texts[change.cut :], WordCounts.of(texts[: change.cut]))
    typical = f" (more often since: {', '.join(words)})" if words else ""
    message = (
        f"{what} differ since {begins:%Y-%m-%d}{typical}: the most similar ones are of their own "
        f"period {change.effect:.0%} of the way from chance to always (p = {change.p_value:.2g}, "
        f"n = {len(rows)}); {advice}"
    )
    newest = sorted(range(change.cut, len(rows)), key=lambda j: (-change.later[j], -j))
    tasks = tuple(records[rows[j]].task_id for j in newest[:_SHOWN])
    score = round(max(0.0, 1 - change.effect), 4)
    return work.set_finding(KIND, severity, score, message, control=what, tasks=tasks)
