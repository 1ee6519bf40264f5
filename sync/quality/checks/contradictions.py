"""Near-duplicate prompts whose accepted answers differ: a model can't learn both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from sync.common.same_text import as_read
from sync.common.task_texts import user_text
from sync.compute.similarity import Pairs
from sync.quality.checks.check import CheckResult, Finding, FindingSeverity, WorkToCheck
from sync.quality.checks.near_prompts import (
    SAME_ANSWER,
    SAME_PROMPT,
    Contradiction,
    find_contradictions,
)
from sync.quality.checks.shown_beside import numbered, shown_beside
from sync.quality.checks.small_differences import SmallDifference, find_small_differences
from sync.quality.facts.sentences import content_stems
from sync.records import LabelledRecord


@dataclass(frozen=True)
class ContradictionOptions:
    """Of `contradiction`.

    Attributes:
        same_prompt: least cosine similarity of prompts that ask the same.
        same_answer: below it answers do not say the same.
    """

    same_prompt: Annotated[float, Field(gt=0.0, le=1.0)] = SAME_PROMPT
    same_answer: Annotated[float, Field(ge=0.0, le=1.0)] = SAME_ANSWER


def check(work: WorkToCheck) -> CheckResult:
    """Compare what would be exported; rejected answers contradict nothing."""
    if not work.interface.answers_compare:
        return CheckResult(())
    options = work.options.of("contradiction", ContradictionOptions)
    rows = [
        i
        for i, record in enumerate(work.labelled.records)
        if work.interface.accepted_answer(record.record, record.data) is not None
    ]
    records = [work.labelled.records[i] for i in rows]
    beside = shown_beside(records)
    unread = {i for i, row in enumerate(rows) if row in work.unread_answers}
    near = find_contradictions(
        work.prompts[rows],
        work.answers[rows],
        options.same_prompt,
        options.same_answer,
        engine=work.engine,
        unread=frozenset(unread),
        beside=beside,
        near=_near(work, rows, options.same_prompt),
    )
    questions = [user_text(record.data) for record in records]
    said = [work.interface.answer(record.record) for record in records]
    found = [p for p in near.contradictions if not _of_other_things(p, questions, said)]
    # the same characters in another order are no same question
    alone = [
        as_read(q) if row in work.unread_prompts else ""
        for q, row in zip(questions, rows, strict=True)
    ]
    small = find_small_differences(
        {i: said[i] for i in near.rows.tolist()},
        questions,
        work.prompts[rows],
        options.same_prompt,
        numbered(zip(beside.tolist(), alone, strict=True)),
    )
    apart = {(pair.first, pair.second) for pair in near.contradictions}
    return CheckResult(
        tuple(_small(work, records, p) for p in small if (p.first, p.second) not in apart)
        + tuple(
            _finding(
                work,
                records[pair.first],
                records[pair.second],
                pair,
                by_characters=not unread.isdisjoint((pair.first, pair.second)),
            )
            for pair in found
        )
    )


def _near(work: WorkToCheck, rows: Sequence[int], same_prompt: float) -> Pairs | None:
    """Pairs of these rows that ask the same, by their places; None where they are not at hand."""
    if same_prompt < SAME_PROMPT or work.near_prompts is None:
        return None
    return work.near_prompts.among(np.array(rows, np.int64), same_prompt)


def _small(work: WorkToCheck, records: Sequence[LabelledRecord], pair: SmallDifference) -> Finding:
    """About the later one, as in `_finding`."""
    first, second = records[pair.first], records[pair.second]
    said = {first.task_id: pair.one, second.task_id: pair.other}
    earlier, later = sorted((first, second), key=lambda r: (r.updated_at, r.task_id))
    apart = _context_keys_apart(earlier.data, later.data)
    same = as_read(user_text(earlier.data)) == as_read(user_text(later.data))
    severity: FindingSeverity = "info" if apart else "error" if same else "warning"
    message = (
        f'says "{said[later.task_id]}" where task {earlier.task_id}, which asks the same, says '
        f'"{said[earlier.task_id]}"; make the answers agree'
    )
    return work.finding(
        later, "contradiction", severity, 0.1, message, related_task_id=earlier.task_id
    )


def _finding(
    work: WorkToCheck,
    first: LabelledRecord,
    second: LabelledRecord,
    pair: Contradiction,
    *,
    by_characters: bool,
) -> Finding:
    """About the later decision, which could have followed the earlier one.

    An error only where the prompts are the same to a reader, and a model has read the answers.
    """
    earlier, later = sorted((first, second), key=lambda r: (r.updated_at, r.task_id))
    apart = _context_keys_apart(earlier.data, later.data)
    same = as_read(user_text(earlier.data)) == as_read(user_text(later.data))
    severity: FindingSeverity = "error" if same and not by_characters else "warning"
    advice = "make the answers agree"
    if by_characters:
        advice += ", unless they say the same in other words: only their characters were compared"
    if apart:
        severity = "info"
        advice = f"fine if their context explains it (it differs in {', '.join(apart)})"
    message = (
        f"asks what task {earlier.task_id} asks (similarity {pair.prompts:.2f}), but is answered "
        f"otherwise ({pair.answers:.2f}); {advice}"
    )
    score = min(max(pair.answers, 0.0), 1.0)
    return work.finding(
        later, "contradiction", severity, score, message, related_task_id=earlier.task_id
    )


def _of_other_things(pair: Contradiction, questions: Sequence[str], answers: Sequence[str]) -> bool:
    """Whether each question names what the other doesn't, and its own answer alone takes it up.

    `What does a card cost on the Basic plan?` is near `... on the Premier plan?`, and `On the Basic
    plan it costs GBP 5.` contradicts nothing.
    """
    asked = [content_stems(questions[row]) for row in (pair.first, pair.second)]
    if asked[0] <= asked[1] or asked[1] <= asked[0]:
        return False
    said = [content_stems(answers[row]) for row in (pair.first, pair.second)]
    own = [(asked[i] - asked[1 - i]) & (said[i] - said[1 - i]) for i in (0, 1)]
    return all(own)


def _context_keys_apart(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The facts of the context in which two tasks differ."""
    a, b = one.get("context") or {}, other.get("context") or {}
    return sorted(str(key) for key in a.keys() | b.keys() if a.get(key) != b.get(key))
