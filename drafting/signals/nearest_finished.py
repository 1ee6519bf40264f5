"""What became of the finished tasks that are most like a new one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings

NEIGHBOURS = 5
# as many finished tasks of the project's mean as are added to the neighbours: a few say little
_PRIOR = 2.0


@dataclass(frozen=True)
class NearestFinished:
    """A task beside the finished work of its project.

    Attributes:
        similarity: to the nearest finished task, in [0, 1]; low = nothing like it was seen.
        accepted_near: share of its neighbours whose drafts were accepted, the nearer counting
            more, drawn towards the share in the whole project; in [0, 1].
    """

    similarity: float
    accepted_near: float


def nearest_finished(
    vector: NDArray[np.float32],
    finished: Embeddings,
    accepted: Sequence[bool],
    neighbours: int = NEIGHBOURS,
) -> NearestFinished | None:
    """A task's nearest finished tasks, and what became of their drafts.

    That what resembles known faults is a fault more often is the idea of nearest-neighbour
    estimates of trust (Jiang et al. 2018, "To Trust Or Not To Trust A Classifier"); ours is the
    weighting by cosine.

    Args:
        vector: (dim,), of unit length: the task's prompt.
        finished: (n, dim), rows of unit length: prompts of finished tasks, without the task itself.
        accepted: of each, whether its draft was accepted unchanged.

    Returns:
        None where nothing is finished.
    """
    if not len(finished):
        return None
    cosines = np.clip(finished @ vector, 0.0, 1.0)
    nearest = np.argsort(-cosines, kind="stable")[:neighbours]
    told = np.asarray(accepted, dtype=float)
    weights = cosines[nearest]
    mean = (weights @ told[nearest] + _PRIOR * told.mean()) / (weights.sum() + _PRIOR)
    return NearestFinished(float(cosines.max()), float(np.clip(mean, 0.0, 1.0)))
