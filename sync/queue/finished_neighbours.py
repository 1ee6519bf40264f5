"""What became of the finished tasks that are most like a draft's: signals that a project gives.

No draft carries them, since they change with each task that is finished: `labeltune rank` adds them
to the signals of finished drafts before it learns, and to those of waiting ones before it judges
them. The prior leaves them out; how much they count is learnt, or that they tell nothing.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings
from drafting.acceptance.prior import FINISHED_LIKE_IT, NEIGHBOURS_ACCEPTED
from drafting.signals import Signals

NEIGHBOURS = 5
# as many finished tasks of the project's mean as are added to the neighbours: a few say little
_PRIOR = 2.0
# rows compared with all finished ones at a time
_ROWS = 1024


def of_finished(vectors: Embeddings, accepted: Sequence[bool]) -> list[Signals]:
    """What each finished draft's neighbours told when it was handed out: those finished before it.

    A draft's own outcome, and what came later, is in none of them.

    Args:
        vectors: (n, dim) float32, rows of unit length: what the tasks ask, the oldest first.
        accepted: of each, whether its draft was accepted unchanged.

    Returns:
        Of each its signals; the first has none.
    """
    outcomes = np.asarray(accepted, dtype=float)
    places = np.arange(len(vectors))
    means = (np.cumsum(outcomes) - outcomes) / np.maximum(places, 1)
    told: list[Signals] = []
    for rows, cosines in _blocks(vectors, vectors):
        cosines[places >= places[rows, np.newaxis]] = 0.0
        told += _signals(cosines, outcomes, means[rows])
    return [{}, *told[1:]]


def of_waiting(
    vectors: Embeddings, finished: Embeddings, accepted: Sequence[bool], own: Sequence[int]
) -> list[Signals]:
    """What each waiting draft's neighbours tell.

    A task that lacks its second answer is among the finished ones, too, but not among its own
    neighbours: no finished draft that was learnt from knew its own outcome either.

    That what resembles known faults is a fault more often is the idea of nearest-neighbour
    estimates of trust (Jiang et al. 2018, "To Trust Or Not To Trust A Classifier"); ours is the
    weighting by cosine.

    Args:
        vectors: (n, dim) float32, rows of unit length: what the tasks ask.
        finished: (m, dim) likewise, of finished tasks.
        accepted: m, whether their drafts were accepted unchanged.
        own: n, the place of each among the finished tasks, -1 where it is none of them.

    Returns:
        Of each its signals; none where nothing else is finished.
    """
    outcomes, places = np.asarray(accepted, dtype=float), np.asarray(own, dtype=np.int64)
    is_there = places >= 0
    others = len(outcomes) - is_there
    means = outcomes.sum() - np.where(is_there, np.append(outcomes, 0.0)[places], 0.0)
    means /= np.maximum(others, 1)
    told: list[Signals] = []
    for rows, cosines in _blocks(vectors, finished):
        there = np.flatnonzero(is_there[rows])
        cosines[there, places[rows][there]] = 0.0
        told += _signals(cosines, outcomes, means[rows]) if len(outcomes) else [{}] * len(cosines)
    return [near if many else {} for near, many in zip(told, others.tolist(), strict=True)]


def _blocks(vectors: Embeddings, finished: Embeddings) -> Iterator[tuple[slice, Embeddings]]:
    """Rows, and their cosines with all finished ones, in [0, 1]."""
    for start in range(0, len(vectors), _ROWS):
        rows = slice(start, start + _ROWS)
        yield rows, np.clip(vectors[rows] @ finished.T, 0.0, 1.0)


def _signals(
    cosines: Embeddings, outcomes: NDArray[np.float64], means: NDArray[np.float64]
) -> list[Signals]:
    """Of each row, by its nearest neighbours, drawn towards the mean before it."""
    kept = min(NEIGHBOURS, cosines.shape[1])
    nearest = np.argpartition(-cosines, kept - 1, axis=1)[:, :kept]
    weights = np.take_along_axis(cosines, nearest, axis=1).astype(np.float64)
    good = (weights * outcomes[nearest]).sum(axis=1) + _PRIOR * means
    accepted = good / (weights.sum(axis=1) + _PRIOR)
    return [
        {FINISHED_LIKE_IT: float(near), NEIGHBOURS_ACCEPTED: float(share)}
        for near, share in zip(weights.max(axis=1), accepted, strict=True)
    ]
