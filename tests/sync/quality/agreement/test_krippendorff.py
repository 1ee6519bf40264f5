"""Alpha equals the reference library, worked examples, and says where it can't be told."""

import json
from itertools import combinations
from pathlib import Path

import krippendorff as reference
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sync.quality.agreement.coefficients import counted
from sync.quality.agreement.figures import MeasurementLevel
from sync.quality.agreement.krippendorff import alpha, alpha_estimate, set_distances

PUBMEDQA = Path(__file__).parents[4].parent / "shared" / "data" / "pubmedqa_labeled.json"

# Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, example C: 4 observers, 12 units
WORKED = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3],
    [0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0],
]


def counts_of(table: list[list[int]], values: int) -> NDArray[np.float64]:
    """Counts of a table of annotators by units, 0 where one gave no value."""
    return counted(np.array(table, dtype=np.int64).T - 1, values)


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_the_worked_example_of_krippendorff(level: MeasurementLevel, published: float) -> None:
    found = alpha(counts_of(WORKED, 5), level, (1, 2, 3, 4, 5))
    assert found == pytest.approx(published, abs=0.0005)


tables = st.integers(2, 4).flatmap(
    lambda annotators: st.lists(
        st.lists(st.integers(0, 4), min_size=annotators, max_size=annotators),
        min_size=2,
        max_size=12,
    )
)


@given(tables)
# only one of 23 values differs: alpha is about 0, and that is right
@example([[3, 3, 3, 3, 3], [3, 3, 3, 3, 0], [3, 3, 0, 3, 3], [3, 3, 0, 3, 3], [3, 3, 3, 1, 3]])
# a value that only stands alone in its unit tells nothing of chance
@example([[1, 1], [2, 0]])
@example([[1, 1], [1, 1]])
def test_alpha_is_that_of_the_reference_library(units: list[list[int]]) -> None:
    counts = counts_of([list(row) for row in zip(*units, strict=True)], 4)
    compared = counts[counts.sum(axis=1) >= 2]
    levels: list[MeasurementLevel] = ["nominal", "ordinal", "interval"]
    for level in levels:
        found = alpha(counts, level, (1, 2, 3, 4))
        if (compared.sum(axis=0) > 0).sum() < 2:
            assert found is None
            continue
        expected = reference.alpha(
            value_counts=counts, value_domain=[1, 2, 3, 4], level_of_measurement=level
        )
        assert found == pytest.approx(expected, abs=1e-9)


def test_sets_that_share_labels_agree_in_part() -> None:
    """Against the sum over pairs as Krippendorff defines it, and MASI as Passonneau does."""
    a, b, ab, none = frozenset("a"), frozenset("b"), frozenset("ab"), frozenset[str]()
    domain = (a, b, ab, none)
    far = set_distances(domain)
    assert far[0, 1] == far[0, 3] == 1.0
    assert far[0, 2] == pytest.approx(1 - 1 / 2 * 2 / 3)
    assert (np.diag(far) == 0).all()
    units = [[0, 2], [1, 1], [3, 3], [2, 2, 0], [0, 1]]
    counts = np.array([np.bincount(unit, minlength=4) for unit in units], dtype=np.float64)
    observed = sum(
        sum(2 * far[i, j] for i, j in combinations(unit, 2)) / (len(unit) - 1) for unit in units
    )
    values = [value for unit in units for value in unit]
    expected = sum(2 * far[i, j] for i, j in combinations(values, 2)) / (len(values) - 1)
    assert alpha(counts, "set", domain) == pytest.approx(1 - observed / expected, abs=1e-12)


@pytest.mark.parametrize(("level", "published"), [("nominal", 0.455), ("ordinal", 0.537)])
def test_the_two_decisions_of_pubmedqa(level: MeasurementLevel, published: float) -> None:
    if not PUBMEDQA.exists():
        pytest.skip(f"{PUBMEDQA} is absent: the two decisions are real ones")
    items = json.loads(PUBMEDQA.read_text(encoding="utf-8")).values()
    order = ("no", "maybe", "yes")
    decided = [
        [order.index(item[name]) for name in ("reasoning_required_pred", "reasoning_free_pred")]
        for item in items
    ]
    counts = counted(np.array(decided), 3)
    found = alpha_estimate(counts, level, order)
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    assert found.value == pytest.approx(published, abs=0.001)
    assert found.low < found.value < found.high
    assert found.high - found.low < 0.15


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """Two annotators who each know the label in 80 % of cases and guess in the rest."""
    rng = np.random.default_rng(0)

    def sample(units: int) -> NDArray[np.float64]:
        truth = rng.integers(3, size=units)[:, None]
        knows = rng.random((units, 2)) < 0.8
        return counted(np.where(knows, truth, rng.integers(3, size=(units, 2))), 3)

    true = alpha(sample(200_000), "nominal", (0, 1, 2))
    assert true is not None
    held = 0
    for seed in range(60):
        found = alpha_estimate(sample(60), "nominal", (0, 1, 2), seed)
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        held += found.low <= true <= found.high
    assert held >= 51  # of 60; fewer have a chance of 0.1 %


@pytest.mark.parametrize(
    "counts",
    [
        np.zeros((0, 2)),
        np.array([[1.0, 0.0], [0.0, 1.0]]),  # one annotator alone
        np.array([[2.0, 0.0], [2.0, 0.0]]),  # always the same value
        np.array([[2.0, 0.0], [0.0, 1.0]]),  # another one that nobody could agree with
    ],
)
def test_what_cannot_be_told_is_none_and_no_warning(counts: NDArray[np.float64]) -> None:
    assert alpha(counts, "nominal", (0, 1)) is None
    assert alpha_estimate(counts, "nominal", (0, 1)) is None


def test_one_unit_has_a_value_and_no_interval() -> None:
    found = alpha_estimate(np.array([[2.0, 1.0]]), "nominal", (0, 1))
    assert found is not None
    assert (found.low, found.high) == (None, None)
