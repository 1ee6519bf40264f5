"""How far annotators answer a task alike in words: by what the answers mean, not how they are put.

An answer in words has no right or wrong value, so there is no alpha of it. What is measured is how
similar two answers to one task are, and beside it how similar answers to different tasks are: what
the subject of the project gives by itself.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings
from sync.quality.agreement.figures import BootstrapEstimate, ControlAgreement, TextAgreement
from sync.quality.agreement.krippendorff import interval, resamples
from sync.records.shared_tasks import SharedTask


def text_agreement(
    tasks: Sequence[SharedTask],
    answers: Embeddings,
    unread: frozenset[int],
    decisions: ControlAgreement | None,
) -> TextAgreement | None:
    """The figures of answers in words; None where no task has two.

    Args:
        answers: (n, dim), rows of length 1: of every annotation, task by task.
        unread: rows that the embedding model can't read.
        decisions: on the drafts of these tasks.
    """
    pairs: list[tuple[int, int, int]] = []
    same = untouched = first = 0
    annotators: set[int | None] = set()
    for at, task in enumerate(tasks):
        written = [
            (first + place, each)
            for place, each in enumerate(task.annotations)
            if each.answer.strip()
        ]
        first += len(task.annotations)
        for (one, mine), (other, theirs) in combinations(written, 2):
            pairs.append((at, one, other))
            same += mine.answer.split() == theirs.answer.split()
            untouched += mine.untouched and theirs.untouched
            annotators |= {mine.annotator, theirs.annotator}
    if not pairs:
        return None
    of, left, right = (np.array(column) for column in zip(*pairs, strict=True))
    similar = np.clip(np.einsum("ij,ij->i", answers[left], answers[right]), 0.0, 1.0)
    return TextAgreement(
        items=len(np.unique(of)),
        pairs=len(pairs),
        annotators=len(annotators),
        meaning=_mean_by_task(similar.astype(np.float64), of),
        baseline=_between_tasks(answers, of, left, right),
        same=same / len(pairs),
        untouched=untouched / len(pairs),
        unread=sum(bool(unread & {one, other}) for _, one, other in pairs),
        decisions=decisions,
    )


def _mean_by_task(values: NDArray[np.float64], task: NDArray[np.int64]) -> BootstrapEstimate:
    """The mean of all pairs, with its interval over tasks."""
    _, place = np.unique(task, return_inverse=True)
    sums, numbers = np.bincount(place, weights=values), np.bincount(place).astype(np.float64)
    drawn = [(weights @ sums) / (weights @ numbers) for weights in resamples(len(sums))]
    return interval(float(values.mean()), np.concatenate([np.empty(0), *drawn]))


def _between_tasks(
    answers: Embeddings,
    task: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
) -> float | None:
    """Mean similarity of answers to different tasks: of all pairs, less those of one task."""
    rows, first = np.unique(np.concatenate([left, right]), return_index=True)
    of_task = np.concatenate([task, task])[first]
    if len(np.unique(of_task)) < 2:
        return None
    vectors = answers[rows].astype(np.float64)
    _, place = np.unique(of_task, return_inverse=True)
    sums = np.zeros((place.max() + 1, vectors.shape[1]))
    np.add.at(sums, place, vectors)
    numbers = np.bincount(place)
    total = float(vectors.sum(axis=0) @ vectors.sum(axis=0)) - float((sums * sums).sum())
    pairs = len(rows) ** 2 - int((numbers**2).sum())
    return min(1.0, max(0.0, total / pairs))
