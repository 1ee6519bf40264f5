"""Kappa, AC1 and agreement by category: published values, and pairs counted one by one."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from sync.quality.agreement.coefficients import (
    agreed_share,
    cohen_kappa,
    counted,
    gwet_ac1,
    one_against_rest,
    specific_agreement,
)

# Gwet's data of 4 raters and 12 units (Handbook of Inter-Rater Reliability, table 2.10),
# -1 where one is missing; irrCAC gives the same AC1
RATERS = [
    [0, 0, -1, 0],
    [1, 1, 2, 1],
    [2, 2, 2, 2],
    [2, 2, 2, 2],
    [1, 1, 1, 1],
    [0, 1, 2, 3],
    [3, 3, 3, 3],
    [0, 0, 1, 0],
    [1, 1, 1, 1],
    [-1, 4, 4, 4],
    [-1, -1, 0, 0],
    [-1, -1, 2, -1],
]


def test_ac1_of_the_published_example() -> None:
    counts = counted(np.array(RATERS), 5)
    assert gwet_ac1(counts) == pytest.approx(0.77544, abs=5e-6)


def test_ac1_stands_where_alpha_falls_because_classes_are_lopsided() -> None:
    """The paradox of Feinstein and Cicchetti 1990: 118 of 125 agree, and kappa is below 0."""
    counts = np.array([[2.0, 0.0]] * 118 + [[1.0, 1.0]] * 7)
    assert agreed_share(counts) == pytest.approx(118 / 125)
    one = np.array([0] * 118 + [1] * 5 + [0] * 2)
    other = np.array([0] * 118 + [0] * 5 + [1] * 2)
    kappa = cohen_kappa(one, other, 2, ordered=False)
    ac1 = gwet_ac1(counts)
    assert kappa is not None and kappa < 0
    assert ac1 is not None and ac1 > 0.9


def test_more_to_choose_from_makes_agreement_by_chance_rarer() -> None:
    counts = np.array([[2.0, 0.0], [0.0, 2.0], [1.0, 1.0]])
    few, many = gwet_ac1(counts), gwet_ac1(counts, categories=10)
    assert few is not None and many is not None
    assert few < many


tables = st.lists(st.lists(st.integers(-1, 2), min_size=3, max_size=3), min_size=1, max_size=10)


@given(tables)
def test_shares_are_those_of_pairs_counted_one_by_one(rows: list[list[int]]) -> None:
    counts = counted(np.array(rows), 3)
    pairs = [p for row in rows for p in permutations([v for v in row if v >= 0], 2)]
    found = agreed_share(counts)
    if not pairs:
        assert found is None
        return
    assert found == pytest.approx(sum(a == b for a, b in pairs) / len(pairs))
    for value in range(3):
        with_it = [b for a, b in pairs if a == value]
        share = specific_agreement(counts, value)
        if not with_it:
            assert share is None
        else:
            assert share == pytest.approx(with_it.count(value) / len(with_it))
        assert one_against_rest(counts, value).sum() == counts.sum()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30))
def test_kappa_is_that_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    one, other = (np.array(side) for side in zip(*pairs, strict=True))
    for ordered, weights in ((False, None), (True, "quadratic")):
        found = cohen_kappa(one, other, 4, ordered=ordered)
        if len({*one.tolist(), *other.tolist()}) == 1:
            assert found is None
        else:
            expected = cohen_kappa_score(one, other, weights=weights, labels=[0, 1, 2, 3])
            assert found == pytest.approx(expected, abs=1e-9)


def test_nothing_shared_has_no_figure() -> None:
    alone = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert agreed_share(alone) is None
    assert gwet_ac1(alone) is None
    assert (
        cohen_kappa(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), 2, ordered=False)
        is None
    )
    assert gwet_ac1(np.array([[2.0], [3.0]])) == 1.0
