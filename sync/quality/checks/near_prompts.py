"""Prompts that ask the same, found among all, and whether their answers say the same.

Arithmetic on vectors; what it means for two tasks, `contradictions` says.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from connectors.reading import Embeddings
from sync.compute import Engine, LocalEngine
from sync.compute.near_duplicate_search import blocks
from sync.compute.similarity import Pairs, Sketched, near_pairs, similarities, sketched

# prompts at least this similar (cosine) ask the same; all user turns are compared
SAME_PROMPT = 0.9
# answers less similar than this (cosine) do not say the same
SAME_ANSWER = 0.8
# of answers that the embedding model can't read: less like each other by their characters than
# this; an answer in other words is no other answer, which characters can't tell
SAME_BY_CHARACTERS = 0.5

# a row, how many it is near, and the pair that is its worst: one whose answers are apart, where
# there is one
_WORST = pa.schema(
    [
        ("row", pa.int64()),
        ("pairs", pa.int64()),
        ("apart", pa.bool_()),
        ("first", pa.int64()),
        ("second", pa.int64()),
        ("prompts", pa.float64()),
        ("answers", pa.float64()),
    ]
)


@dataclass(frozen=True)
class Contradiction:
    """Rows `first` < `second`, with the cosine similarity of their prompts and their answers."""

    first: int
    second: int
    prompts: float
    answers: float


@dataclass(frozen=True)
class NearPrompts:
    """What was found among prompts that ask the same.

    Attributes:
        rows: that ask what another does without contradicting it here, ascending.
        contradictions: of each row its most contradictory near-duplicate, each pair once, worst
            first.
    """

    rows: NDArray[np.int64]
    contradictions: list[Contradiction]


def find_contradictions(
    prompts: Embeddings,
    answers: Embeddings,
    same_prompt: float = SAME_PROMPT,
    same_answer: float = SAME_ANSWER,
    engine: Engine | None = None,
    unread: frozenset[int] = frozenset(),
    beside: NDArray[np.int64] | None = None,
    near: Pairs | None = None,
) -> NearPrompts:
    """Compare the answers to prompts that ask the same.

    One pair a row keeps a cluster of n from giving n² pairs; every row that contradicts another
    is in at least one.

    Args:
        prompts: (n, dim), rows of length 1.
        answers: (n, dim), rows of length 1.
        engine: by default in this process.
        unread: rows whose answer is a vector of its characters: `SAME_BY_CHARACTERS` counts.
        beside: (n,): equal where pictures and tools' results beside the prompt are; others are
            not compared. None: all are equal.
        near: every pair of prompts that ask the same; by default they are searched.
    """
    least = np.full(len(answers), same_answer)
    least[sorted(unread)] = SAME_BY_CHARACTERS
    beside = np.zeros(len(answers), np.int64) if beside is None else beside
    among = sketched(prompts) if near is None else Sketched(prompts, prompts)
    function = _Worst(among, Sketched(answers, answers), same_prompt, least, beside)
    searched = blocks(np.arange(len(prompts))) if near is None else ()
    results = (engine or LocalEngine()).map_batches(searched, function)
    known = [] if near is None else [function.of_pairs(near)]
    worst = _worst_of_each(pa.concat_tables([_WORST.empty_table(), *known, *results]))
    apart = worst.filter(worst["apart"]).drop_columns(["row", "pairs", "apart"])
    found = {Contradiction(**pair) for pair in apart.to_pylist()}
    in_order = sorted(found, key=lambda c: (c.answers, c.first, c.second))
    told = Counter(row for c in in_order for row in (c.first, c.second))
    numbers = zip(worst["row"].to_pylist(), worst["pairs"].to_pylist(), strict=True)
    return NearPrompts(np.array([row for row, n in numbers if n > told[row]], np.int64), in_order)


@dataclass(frozen=True)
class _Worst:
    """Batch of `row` -> for each row that one of these is near, before or after it, the worst.

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
        worst = _WORST.empty_table()
        rows = batch["row"].to_numpy()
        for near in near_pairs([self.prompts], rows, everything, self.same_prompt):
            worst = _worst_of_each(pa.concat_tables([worst, self.of_pairs(near)]))
        return worst

    def of_pairs(self, near: Pairs) -> pa.Table:
        """Each pair as the worst of its first row, and as that of its second."""
        comparable = self.beside[near.first] == self.beside[near.second]
        first, second = near.first[comparable], near.second[comparable]
        agreement = similarities([self.answers], first, second)
        apart = agreement < np.minimum(self.same_answer[first], self.same_answer[second])
        once = np.ones(len(first), np.int64)
        pair = [once, apart, first, second, near.similarity[comparable], agreement]
        found = [pa.table([row, *pair], schema=_WORST) for row in (first, second)]
        return pa.concat_tables(found)


def _worst_of_each(pairs: pa.Table) -> pa.Table:
    """Of each row the pair whose answers are furthest apart, and of equals the nearest prompts.

    Any that is apart is worse than one that is not: what the model can't read has another limit.
    """
    row, near, apart, first, second, prompts, answers = (
        column.to_numpy() for column in pairs.columns
    )
    order = np.lexsort((second, first, -prompts, answers, ~apart, row))
    _, place = np.unique(row[order], return_index=True)
    counted = pa.array(np.add.reduceat(near[order], place) if len(place) else near)
    return pairs.take(order[place]).set_column(1, _WORST.field(1), counted)
