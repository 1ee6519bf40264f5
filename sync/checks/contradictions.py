"""Near-duplicate prompts whose accepted answers differ: a model can't learn both."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from connectors.embedding import Embeddings
from connectors.near_duplicates import near_duplicate_pairs
from sync.checks.finding import Finding, Outcome, Severity, Work
from sync.records import LabelledRecord

# prompts at least this similar (cosine) ask the same; all user turns are compared
SAME_PROMPT = 0.9
# answers less similar than this (cosine) do not say the same
SAME_ANSWER = 0.8
# prompts this similar are the same text but for case and punctuation
IDENTICAL_PROMPT = 0.999


@dataclass(frozen=True)
class Contradiction:
    """Rows `first` < `second`, with the cosine similarity of their prompts and their answers."""

    first: int
    second: int
    prompts: float
    answers: float


def find_contradictions(
    prompts: Embeddings,
    answers: Embeddings,
    same_prompt: float = SAME_PROMPT,
    same_answer: float = SAME_ANSWER,
) -> list[Contradiction]:
    """For each row its most contradictory near-duplicate, each pair once, worst first.

    One pair a row keeps a cluster of n from giving n² pairs; every row that contradicts another
    is in at least one.

    Args:
        prompts: (n, dim), rows of length 1.
        answers: (n, dim), rows of length 1.
    """
    worst: dict[int, Contradiction] = {}
    for first, second, similarity in near_duplicate_pairs(prompts, same_prompt):
        agreement = float(np.dot(answers[first], answers[second]))
        if agreement >= same_answer:
            continue
        pair = Contradiction(first, second, similarity, agreement)
        for row in (first, second):
            if row not in worst or agreement < worst[row].answers:
                worst[row] = pair
    return sorted(set(worst.values()), key=lambda c: (c.answers, c.first, c.second))


def check(work: Work) -> Outcome:
    """Compare what would be exported; rejected answers contradict nothing."""
    rows = [
        i
        for i, record in enumerate(work.labelled.records)
        if work.interface.accepted_answer(record.record, record.data) is not None
    ]
    records = [work.labelled.records[i] for i in rows]
    found = find_contradictions(work.prompts[rows], work.answers[rows])
    return Outcome(
        tuple(_finding(work, records[pair.first], records[pair.second], pair) for pair in found)
    )


def _finding(
    work: Work, first: LabelledRecord, second: LabelledRecord, pair: Contradiction
) -> Finding:
    """About the later decision, which could have followed the earlier one."""
    earlier, later = sorted((first, second), key=lambda r: (r.updated_at, r.task_id))
    apart = _context_keys_apart(earlier.data, later.data)
    severity: Severity = "error" if pair.prompts >= IDENTICAL_PROMPT else "warning"
    advice = "make the answers agree"
    if apart:
        severity = "info"
        advice = f"fine if their context explains it (it differs in {', '.join(apart)})"
    return Finding(
        kind="contradiction",
        severity=severity,
        task_id=later.task_id,
        annotation_id=later.annotation_id,
        related_task_id=earlier.task_id,
        score=min(max(pair.answers, 0.0), 1.0),
        message=(
            f"asks what task {earlier.task_id} asks (similarity {pair.prompts:.2f}), but is "
            f"answered otherwise ({pair.answers:.2f}); {advice}"
        ),
        url=work.url_of(later.task_id),
    )


def _context_keys_apart(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The facts of the context in which two tasks differ."""
    a, b = one.get("context") or {}, other.get("context") or {}
    return sorted(str(key) for key in a.keys() | b.keys() if a.get(key) != b.get(key))
