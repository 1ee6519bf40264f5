"""Consensus of several annotators: the reliable ones count more, and the classifier as well."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sync.quality.agreement.crowdlab import crowd_labels, votes_of


def crowd(items: int = 300, seed: int = 0) -> tuple[NDArray[np.int64], ...]:
    """Three annotators of 3 classes, right in 95, 90 and 55 %, each on two thirds of the items."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(3, size=items)
    right = rng.random((items, 3)) < np.array([0.95, 0.9, 0.55])
    votes = np.where(right, truth[:, None], (truth[:, None] + rng.integers(1, 3, (items, 3))) % 3)
    votes[np.arange(items), rng.integers(3, size=items)] = -1
    return truth, votes


def probabilities(truth: NDArray[np.int64], right: float = 0.7) -> NDArray[np.float64]:
    """Of a classifier that gives the truth so much."""
    rest = (1 - right) / 2
    return np.full((len(truth), 3), rest) + (right - rest) * np.eye(3)[truth]


def test_consensus_beats_each_annotator_and_tells_who_is_unreliable() -> None:
    truth, votes = crowd()
    found = crowd_labels(votes, probabilities(truth, 0.5))
    assert found is not None
    votes_right = [(votes[:, i] == truth)[votes[:, i] >= 0].mean() for i in range(3)]
    assert (found.labels == truth).mean() > max(votes_right)
    assert found.annotator_quality.argmin() == 2
    assert found.annotator_quality[0] > found.annotator_quality[2] + 0.2


def test_another_annotator_is_asked_for_where_two_differ() -> None:
    truth, votes = crowd()
    found = crowd_labels(votes, probabilities(truth, 0.4))
    assert found is not None
    sides = [set(row[row >= 0].tolist()) for row in votes]
    differ = np.array([len(side) > 1 for side in sides])
    assert found.ask_next[differ].mean() < found.ask_next[~differ].mean()
    assert found.quality[differ].mean() < found.quality[~differ].mean()


def test_who_gave_no_vote_has_no_quality() -> None:
    truth, votes = crowd(60)
    idle = np.column_stack([votes, np.full(len(votes), -1)])
    found = crowd_labels(idle, probabilities(truth))
    assert found is not None
    assert np.isnan(found.annotator_quality[3])
    assert np.isfinite(found.annotator_quality[:3]).all()


@pytest.mark.parametrize(
    "votes",
    [
        np.array([[0, -1], [1, -1]]),  # one annotator alone
        np.array([[0, 1], [-1, -1]]),  # an item without a label
        np.empty((0, 2), dtype=np.int64),
    ],
)
def test_nothing_to_settle_is_none(votes: NDArray[np.int64]) -> None:
    assert crowd_labels(votes, np.full((len(votes), 2), 0.5)) is None


def test_votes_become_a_table_with_unknown_annotators_last() -> None:
    who, table = votes_of([[(7, 1), (None, 0)], [(3, 2)]])
    assert who == (3, 7, None)
    assert table.tolist() == [[-1, 1, 0], [2, -1, -1]]
