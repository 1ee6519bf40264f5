"""Votes beside what most of the others voted for on the same item.

One's own vote is left out of the majority, else nobody would ever differ from it on an item of
three. Arithmetic on a table of votes.
"""

import numpy as np
from numpy.typing import NDArray


def differing(votes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of each annotator the votes that differ from the others', and all that could.

    A vote counts where the others have one class that most of them chose; one other is such a
    majority, so of two who differ both do, and only further items tell who is right more often.

    Args:
        votes: (n_items, n_annotators) class indices from 0, -1 where one said nothing.

    Returns:
        (n_annotators,) each.
    """
    given = votes >= 0
    classes = int(votes.max(initial=-1)) + 1
    counts = np.zeros((len(votes), max(classes, 1)), np.int64)
    rows, columns = np.nonzero(given)
    np.add.at(counts, (rows, votes[rows, columns]), 1)
    differs = np.zeros(votes.shape[1], np.int64)
    judged = np.zeros(votes.shape[1], np.int64)
    for annotator in range(votes.shape[1]):
        own = np.flatnonzero(given[:, annotator])
        others = counts[own].copy()
        others[np.arange(len(own)), votes[own, annotator]] -= 1
        most = others.max(axis=1)
        clear = (most > 0) & ((others == most[:, None]).sum(axis=1) == 1)
        judged[annotator] = clear.sum()
        differs[annotator] = (others.argmax(axis=1) != votes[own, annotator])[clear].sum()
    return differs, judged
