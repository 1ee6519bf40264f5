"""Which label several annotators and a classifier agree on, and how good each annotator is.

CROWDLAB (Goh et al. 2022, https://arxiv.org/abs/2210.06812), by cleanlab: a vote counts as much as
its annotator has proved to be right, and the classifier has a vote of its own.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class CrowdLabels:
    """What is to be believed of items that several annotators labelled.

    Attributes:
        labels: (n_items,): the consensus, as class indices.
        quality: (n_items,): how likely each is right, in [0, 1].
        annotator_quality: by column of the votes, in [0, 1], low = look first; nan where an
            annotator gave none of the votes.
        ask_next: (n_items,): how much another annotator would help, low = ask here first
            (ActiveLab, Goh and Mueller 2023).
    """

    labels: NDArray[np.int64]
    quality: NDArray[np.float64]
    annotator_quality: NDArray[np.float64]
    ask_next: NDArray[np.float64]


def crowd_labels(votes: NDArray[np.int64], pred_probs: NDArray[np.float64]) -> CrowdLabels | None:
    """The consensus of each item.

    Args:
        votes: (n_items, n_annotators) class indices, -1 where one said nothing.
        pred_probs: (n_items, n_classes), of a classifier that did not see the item.

    Returns:
        None where no item has two votes, or an item has none.
    """
    voted = (votes >= 0).any(axis=0)
    table = np.where(votes >= 0, votes, np.nan)[:, voted]
    given = (votes >= 0).sum(axis=1)
    if not len(votes) or (given < 1).any() or not (given > 1).any():
        return None
    from cleanlab.multiannotator import (
        get_active_learning_scores,
        get_label_quality_multiannotator,
    )

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of annotators who share few items; their number is told
        found = get_label_quality_multiannotator(table, pred_probs, verbose=False)
        scores, _ = get_active_learning_scores(table, pred_probs)
    consensus, people = found["label_quality"], found["annotator_stats"]
    quality = np.full(votes.shape[1], np.nan)
    quality[np.flatnonzero(voted)[people.index.to_numpy(dtype=int)]] = people["annotator_quality"]
    return CrowdLabels(
        labels=consensus["consensus_label"].to_numpy(dtype=np.int64),
        quality=consensus["consensus_quality_score"].to_numpy(dtype=np.float64),
        annotator_quality=quality,
        ask_next=np.asarray(scores, dtype=np.float64),
    )


def votes_of(
    items: Sequence[Sequence[tuple[int | None, int]]],
) -> tuple[tuple[int | None, ...], NDArray[np.int64]]:
    """Annotators, and their votes as a table.

    Args:
        items: of each item who gave which class.
    """
    who = sorted({name for votes in items for name, _ in votes}, key=lambda n: (n is None, n or 0))
    column = {name: at for at, name in enumerate(who)}
    table = np.full((len(items), len(who)), -1, dtype=np.int64)
    for row, votes in enumerate(items):
        for name, label in votes:
            table[row, column[name]] = label
    return tuple(who), table
