"""Folds: near-duplicates stay together, classes are shared out evenly."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sync.compute.known_pairs import all_near_pairs
from sync.quality.checks.grouped_folds import grouped_folds, near_duplicate_groups

rows = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 20)), min_size=5, max_size=60)


@given(rows)
def test_a_group_is_in_one_fold(pairs: list[tuple[int, int]]) -> None:
    labels, groups = (np.array(side) for side in zip(*pairs, strict=True))
    folds = grouped_folds(labels, groups, 5)
    assert ((folds >= 0) & (folds < 5)).all()
    for group in np.unique(groups):
        assert len(np.unique(folds[groups == group])) == 1


@given(st.lists(st.integers(0, 4), min_size=1, max_size=80))
def test_single_rows_of_a_class_differ_by_one_at_most(given_labels: list[int]) -> None:
    labels = np.array(given_labels)
    folds = grouped_folds(labels, np.arange(len(labels)), 5)
    for label in np.unique(labels):
        each = np.bincount(folds[labels == label], minlength=5)
        assert each.max() - each.min() <= 1
    whole = np.bincount(folds, minlength=5)
    assert whole.max() - whole.min() <= len(np.unique(labels))


def test_single_rows_make_up_for_what_groups_take() -> None:
    labels = np.zeros(20, dtype=np.int64)
    groups = np.array([0] * 4 + [1] * 4 + list(range(2, 14)))
    folds = grouped_folds(labels, groups, 5)
    assert sorted(np.bincount(folds).tolist()) == [4, 4, 4, 4, 4]


def test_a_chain_of_near_duplicates_is_one_group() -> None:
    angles = np.array([0.0, 0.2, 0.4, 0.6, 2.0, 2.1])
    vectors = np.column_stack([np.cos(angles), np.sin(angles)]).astype(np.float32)
    again = np.vstack([vectors[4:], vectors])
    searched = near_duplicate_groups(again)
    assert searched.tolist() == [0, 0, 1, 1, 1, 1, 0, 0]
    known = all_near_pairs(again, 0.9)
    assert near_duplicate_groups(again, known).tolist() == searched.tolist()
    assert near_duplicate_groups(vectors[:0]).shape == (0,)
