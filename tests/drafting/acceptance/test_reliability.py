"""Measures of probabilities, against worked numbers and scikit-learn's."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from drafting.acceptance.held_back import groups_of
from drafting.acceptance.reliability import (
    ReliabilityBin,
    auroc,
    calibration_bins,
    calibration_error,
    reliability,
)


@pytest.mark.parametrize("seed", range(5))
def test_auroc_is_scikit_learn_s(seed: int) -> None:
    rng = np.random.default_rng(seed)
    told = rng.integers(0, 6, 40) / 5  # many are equal
    accepted, weights = rng.random(40) < 0.4, rng.integers(0, 4, 40).astype(float)
    assert auroc(told, accepted) == pytest.approx(roc_auc_score(accepted, told))
    weighed = roc_auc_score(accepted, told, sample_weight=weights)
    assert auroc(told, accepted, weights) == pytest.approx(weighed)


def test_auroc_needs_drafts_of_both_kinds() -> None:
    told, all_of_them = np.array([0.2, 0.7]), np.array([True, True])
    assert auroc(told, all_of_them) is None
    found = reliability(told, all_of_them)
    assert (found.auroc, found.auroc_low, found.auroc_high) == (None, None, None)
    assert found.brier == pytest.approx((0.8**2 + 0.3**2) / 2)


def test_calibration_error_weighs_bins_by_their_drafts() -> None:
    bins = [ReliabilityBin(0.2, 0.3, 30), ReliabilityBin(0.8, 0.6, 10)]
    assert calibration_error(bins) == pytest.approx((30 * 0.1 + 10 * 0.2) / 40)


def test_bins_hold_fifty_drafts_each_and_ties_stay_together() -> None:
    told = np.linspace(0, 1, 300)
    assert [each.n for each in calibration_bins(told, told > 0.5)] == [50] * 6
    assert len(calibration_bins(np.linspace(0, 1, 5000), np.ones(5000, bool))) == 10
    same = np.full(300, 0.4)
    (only,) = calibration_bins(same, np.arange(300) < 90)
    assert (only.predicted, only.accepted, only.n) == (pytest.approx(0.4), pytest.approx(0.3), 300)


def test_true_probabilities_show_the_error_of_chance() -> None:
    rng = np.random.default_rng(0)
    told = rng.random(2000)
    found = reliability(told, rng.random(2000) < told)
    assert found.calibration_error < 2 * found.calibration_error_by_chance < 0.08


def test_copies_widen_the_interval() -> None:
    rng = np.random.default_rng(0)
    told = rng.random(60)
    accepted = rng.random(60) < told
    alone = reliability(told, accepted)
    four_times = np.tile(told, 4), np.tile(accepted, 4)
    copied = reliability(*four_times, groups=np.tile(np.arange(60), 4))
    taken_for_new = reliability(*four_times)

    def width(found: object) -> float:
        return found.auroc_high - found.auroc_low  # type: ignore[attr-defined]

    assert copied.auroc == pytest.approx(alone.auroc)
    assert width(copied) == pytest.approx(width(alone), rel=0.3)
    assert width(taken_for_new) < 0.7 * width(alone)


def test_near_duplicates_share_a_group() -> None:
    asked = "Please tell me: how do I change the {} of card number {}?"
    groups = groups_of(
        [
            asked.format("address", 17),
            "Where is the nearest branch in Lyon?",
            asked.format("address", 4711).upper(),
            "",
            "",
        ]
    )
    assert groups[0] == groups[2]
    assert len(set(groups)) == 4  # what says nothing stands alone
    assert len(set(groups_of(["", "!"]))) == 2
