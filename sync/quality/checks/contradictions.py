"""Near-duplicate prompts whose accepted answers differ: a model can't learn both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pydantic import Field

from connectors.reading import Embeddings
from sync.common.same_text import as_read
from sync.common.task_texts import user_text
from sync.compute import Engine, LocalEngine
from sync.compute.near_duplicate_search import blocks
from sync.compute.similarity import Sketched, near_pairs, similarities, sketched
from sync.quality.checks.check import CheckResult, Finding, FindingSeverity, WorkToCheck
from sync.quality.checks.shown_beside import numbered, shown_beside
from sync.quality.checks.small_differences import SmallDifference, find_small_differences
from sync.records import LabelledRecord

# prompts at least this similar (cosine) ask the same; all user turns are compared
SAME_PROMPT = 0.9
# answers less similar than this (cosine) do not say the same
SAME_ANSWER = 0.8
# of answers that the embedding model can't read: less like each other by their characters than
# this; an answer in other words is no other answer, which characters can't tell
SAME_BY_CHARACTERS = 0.5

# a row, and the pair that is its worst
_WORST = pa.schema(
    [
        ("row", pa.int64()),
        ("first", pa.int64()),
        ("second", pa.int64()),
        ("prompts", pa.float64()),
        ("answers", pa.float64()),
    ]
)
_NONE = _WORST.empty_table()


@dataclass(frozen=True)
class ContradictionOptions:
    """Of `contradiction`.

    Attributes:
        same_prompt: least cosine similarity of prompts that ask the same.
        same_answer: below it answers do not say the same.
    """

    same_prompt: Annotated[float, Field(gt=0.0, le=1.0)] = SAME_PROMPT
    same_answer: Annotated[float, Field(ge=0.0, le=1.0)] = SAME_ANSWER


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
    engine: Engine | None = None,
    unread: frozenset[int] = frozenset(),
    beside: NDArray[np.int64] | None = None,
) -> list[Contradiction]:
    """For each row its most contradictory near-duplicate, each pair once, worst first.

    One pair a row keeps a cluster of n from giving n² pairs; every row that contradicts another
    is in at least one.

    Args:
        prompts: (n, dim), rows of length 1.
        answers: (n, dim), rows of length 1.
        engine: by default in this process.
        unread: rows whose answer is a vector of its characters: `SAME_BY_CHARACTERS` counts.
        beside: (n,): equal where pictures and tools' results beside the prompt are; others are
            not compared. None: all are equal.
    """
    least = np.full(len(answers), same_answer)
    least[sorted(unread)] = SAME_BY_CHARACTERS
    beside = np.zeros(len(answers), np.int64) if beside is None else beside
    function = _Worst(sketched(prompts), Sketched(answers, answers), same_prompt, least, beside)
    results = (engine or LocalEngine()).map_batches(blocks(np.arange(len(prompts))), function)
    worst = _worst_of_each(pa.concat_tables([_NONE, *results]))
    found = {Contradiction(**pair) for pair in worst.drop_columns("row").to_pylist()}
    return sorted(found, key=lambda c: (c.answers, c.first, c.second))


@dataclass(frozen=True)
class _Worst:
    """Batch of `row` -> for each row that contradicts one of these, before or after it, the worst.

    Attributes:
        prompts, answers: of all rows.
        same_answer: (n,): below it a row's answer does not say the same; the lower of two counts.
        beside: (n,): rows are compared where these are equal.
    """

    prompts: Sketched
    answers: Sketched
    same_prompt: float
    same_answer: NDArray[np.float64]
    beside: NDArray[np.int64]

    def __call__(self, batch: pa.Table) -> pa.Table:
        everything = np.arange(len(self.prompts.vectors))
        worst = _NONE
        rows = batch["row"].to_numpy()
        for near in near_pairs([self.prompts], rows, everything, self.same_prompt):
            agreement = similarities([self.answers], near.first, near.second)
            least = np.minimum(self.same_answer[near.first], self.same_answer[near.second])
            apart = agreement < least
            apart &= self.beside[near.first] == self.beside[near.second]
            pair = [near.first[apart], near.second[apart], near.similarity[apart], agreement[apart]]
            # as the worst of its first row, and as that of its second
            found = [pa.table([pair[k], *pair], schema=_WORST) for k in (0, 1)]
            worst = _worst_of_each(pa.concat_tables([worst, *found]))
        return worst


def _worst_of_each(pairs: pa.Table) -> pa.Table:
    """Of each row the pair whose answers are furthest apart, and of equals the nearest prompts."""
    row, first, second, prompts, answers = (column.to_numpy() for column in pairs.columns)
    order = np.lexsort((second, first, -prompts, answers, row))
    _, place = np.unique(row[order], return_index=True)
    return pairs.take(order[place])


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
    found = find_contradictions(
        work.prompts[rows],
        work.answers[rows],
        options.same_prompt,
        options.same_answer,
        engine=work.engine,
        unread=frozenset(unread),
        beside=beside,
    )
    questions = [user_text(record.data) for record in records]
    # the same characters in another order are no same question
    alone = [
        as_read(q) if row in work.unread_prompts else ""
        for q, row in zip(questions, rows, strict=True)
    ]
    small = find_small_differences(
        [work.interface.answer(record.record) for record in records],
        questions,
        work.prompts[rows],
        options.same_prompt,
        numbered(zip(beside.tolist(), alone, strict=True)),
    )
    apart = {(pair.first, pair.second) for pair in found}
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


def _context_keys_apart(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The facts of the context in which two tasks differ."""
    a, b = one.get("context") or {}, other.get("context") or {}
    return sorted(str(key) for key in a.keys() | b.keys() if a.get(key) != b.get(key))
