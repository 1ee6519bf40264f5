"""Examples that are like no other, and answers that answer something else.

An *odd question* is farther from its neighbours than the set's own questions are: the distance is
held against the spread of all distances, on a log scale, so that a set of scattered questions
has room. An *off-topic answer* is less similar to its own question than to many others, and its
question to many other answers: ranks need no threshold on a similarity, which short texts would
fail.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings
from sync.compute.known_neighbours import Neighbours
from sync.quality.checks.check import CheckResult, Finding, WorkToCheck
from sync.quality.checks.nearest_rows import sample_of

KIND = "outlier"
_NEIGHBOURS = 5
# answers of fewer words say too little to be held against a question
_SHORT = 12
# questions that an answer is held against
_OTHERS = 512
# of what three quarters of the set are like
_OWN = 2.5


@dataclass(frozen=True)
class OutlierOptions:
    """When an example is an outlier.

    Attributes:
        spreads: how many times the usual spread of distances a question must be off.
        most: the share of questions that are told as odd, the farthest first: a set of many small
            subjects has far ones without end, and nobody looks through all of them.
        others: an answer is off its topic where more than this share of other questions and
            answers is nearer, and 2.5 times as much as for three quarters of the set.
        examples: in all; fewer are not judged.
    """

    spreads: float = 3.5
    most: float = 0.005
    others: float = 0.08
    examples: int = 50

    def __post_init__(self) -> None:
        if not (0 < self.others <= 1 and 0 <= self.most <= 1):
            raise ValueError("others and most are shares, from 0 to 1; correct them")


def oddity(near: Neighbours) -> NDArray[np.float64]:
    """(n,): by how many spreads a row is farther from its neighbours than rows usually are.

    Args:
        near: the nearest of each row, 5 of which are looked at.
    """
    nearest = near.similarity[:, :_NEIGHBOURS]
    distance = np.log(np.maximum(1 - nearest.mean(axis=1), 1e-3))
    middle = np.median(distance)
    # of the lower half, which outliers don't widen and near-duplicates hardly do
    upper = np.quantile(distance, 0.75) - middle
    spread = max(float(upper) / 0.6745, 0.05)
    odd: NDArray[np.float64] = (distance - middle) / spread
    return odd


def strangeness(prompts: Embeddings, answers: Embeddings) -> NDArray[np.float64]:
    """(n,): how far question and answer are strangers to each other, from 0 to 1.

    The share of other questions that an answer is closer to than to its own, and the share of other
    answers that are closer to the question; their geometric mean, since both must be strange.
    """
    return np.sqrt(_closer(answers, prompts) * _closer(prompts, answers))


def _closer(these: Embeddings, those: Embeddings) -> NDArray[np.float64]:
    """(n,): the share of other rows of `those` that a row is closer to than to its own."""
    sample = sample_of(len(these), _OTHERS)
    own = np.round(np.einsum("ij,ij->i", these, those), 5)
    closer = np.empty(len(these))
    for start in range(0, len(these), 4_096):
        part = slice(start, start + 4_096)
        products = np.round(these[part] @ those[sample].T, 5)
        closer[part] = (products > own[part, None]).mean(axis=1)
    return closer


def check(work: WorkToCheck) -> CheckResult:
    """Judge what would be exported."""
    options = work.options.of(KIND, OutlierOptions)
    records = work.labelled.records
    rows = [
        i
        for i, record in enumerate(records)
        if i not in work.unread_prompts
        and work.interface.accepted_answer(record.record, record.data) is not None
    ]
    if len(rows) < options.examples:
        return CheckResult(needs=options.examples)
    findings = [*_odd_questions(work, rows, options), *_off_topic(work, rows, options)]
    return CheckResult(tuple(findings))


def _odd_questions(
    work: WorkToCheck, rows: list[int], options: OutlierOptions
) -> Iterator[Finding]:
    odd = oddity(work.nearest_prompts(rows))
    farthest = np.argsort(-odd, kind="stable")[: max(1, round(options.most * len(rows)))]
    for j in farthest[odd[farthest] > options.spreads]:
        message = (
            "asks something that no other task is like; label more of its kind, or take it out "
            "where it is a slip"
        )
        score = round(float(options.spreads / odd[j]) * 0.5, 4)
        record = work.labelled.records[rows[j]]
        yield work.finding(record, KIND, "info", score, message, control="question")


def _off_topic(work: WorkToCheck, rows: list[int], options: OutlierOptions) -> Iterator[Finding]:
    if not work.interface.answers_compare:
        return
    records = work.labelled.records
    read = [
        i
        for i in rows
        if i not in work.unread_answers
        and len(work.interface.answer(records[i].record).split()) >= _SHORT
    ]
    if len(read) < options.examples:
        return
    strange = strangeness(work.prompts[read], work.answers[read])
    # where many ask nearly the same, an answer is as near to their questions as to its own
    least = max(options.others, _OWN * float(np.quantile(strange, 0.75)))
    for j in np.flatnonzero(strange > least):
        message = (
            "the answer is nearer to other questions than to its own, and other answers are nearer "
            f"to the question ({strange[j]:.0%} of them); does it answer another one?"
        )
        record = records[read[j]]
        score = round(float(max(0.0, 0.5 - strange[j] / 2)), 4)
        yield work.finding(record, KIND, "warning", score, message, control="answer")
