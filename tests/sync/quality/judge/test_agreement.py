"""A judge beside experts: figures against references, and curves that must earn their place."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, roc_auc_score

from sync.quality.judge.agreement import agreement_of, auroc, bootstrap, calibrated, kappa


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]), st.booleans()), min_size=4))
def test_figures_are_scikit_learns(pairs: list[tuple[float, bool]]) -> None:
    scores, accepted = np.array([s for s, _ in pairs]), np.array([a for _, a in pairs], bool)
    if 0 < accepted.sum() < len(accepted):
        assert auroc(scores, accepted) == pytest.approx(roc_auc_score(accepted, scores))
        says = (scores >= 0.75).astype(int)
        if 0 < says.sum() < len(says):
            expected = cohen_kappa_score(says, accepted)
            assert kappa(says, accepted.astype(int)) == pytest.approx(expected)


def judged(n: int, right: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    """Verdicts, and grades that are near them so often."""
    rng = np.random.default_rng(seed)
    accepted = rng.random(n) < 0.5
    good = np.where(rng.random(n) < right, accepted, ~accepted)
    return np.where(good, rng.choice([0.75, 1.0], n), rng.choice([0.0, 0.25, 0.5], n)), accepted


def test_a_good_judge_is_far_from_chance_and_a_random_one_is_not() -> None:
    good = agreement_of(*judged(200, 0.9))
    chance = agreement_of(*judged(200, 0.5))
    assert good is not None
    assert chance is not None
    assert good.auroc.low > 0.8
    assert good.kappa.low > 0.6
    assert chance.auroc.low < 0.5 < chance.auroc.high
    assert good.accepted + good.rejected == 200


def test_few_verdicts_say_nothing() -> None:
    scores, accepted = judged(200, 0.9)
    assert agreement_of(scores[:9], accepted[:9]) is None
    assert agreement_of(scores, np.ones(200, bool)) is None


def test_a_curve_is_used_only_where_it_predicts_better() -> None:
    scores, accepted = judged(300, 0.7)
    curve = calibrated(scores, accepted)
    assert curve.name != "none"
    low, high = curve.predict(np.array([0.0, 1.0]))
    assert 0.15 < low < 0.45
    assert 0.55 < high < 0.85
    few = calibrated(scores[:15], accepted[:15])
    assert few.name == "none"
    assert few.predict(np.array([0.25])).tolist() == [0.25]


def test_a_judge_that_is_right_backwards_is_not_turned_round() -> None:
    scores, accepted = judged(300, 0.1)
    low, high = calibrated(scores, accepted).predict(np.array([0.0, 1.0]))
    assert low <= high + 1e-9


def test_intervals_hold_the_figure() -> None:
    rng = np.random.default_rng(3)
    values = rng.normal(size=100)
    found = bootstrap(lambda rows: float(values[rows].mean()), np.zeros(100, np.int64))
    assert found.low < found.value < found.high
    assert found.high - found.low == pytest.approx(4 * 0.1, abs=0.12)
