"""Votes beside the majority of the others."""

import numpy as np

from sync.quality.checks.majority_of_others import differing


def test_ones_own_vote_makes_no_majority() -> None:
    votes = np.array([[0, 0, 1], [0, 1, 1], [2, 2, 2], [0, 1, 2], [0, -1, -1]])
    differs, judged = differing(votes)
    # of the first item the third annotator differs; to each of the first two the others are split
    assert differs.tolist() == [1, 0, 1]
    assert judged.tolist() == [2, 1, 2]


def test_of_two_who_differ_both_do() -> None:
    differs, judged = differing(np.array([[0, 1], [1, 1], [0, -1]]))
    assert (differs.tolist(), judged.tolist()) == ([1, 1], [2, 2])


def test_one_who_is_often_alone_stands_out() -> None:
    rng = np.random.default_rng(0)
    votes = np.repeat(rng.integers(0, 4, (200, 1)), 4, axis=1)
    votes[:60, 2] = (votes[:60, 2] + 1) % 4
    differs, judged = differing(votes)
    assert differs.tolist() == [0, 0, 60, 0]
    assert judged.tolist() == [200] * 4


def test_no_votes_are_no_fault() -> None:
    differs, judged = differing(np.full((3, 2), -1))
    assert (differs.sum(), judged.sum()) == (0, 0)
