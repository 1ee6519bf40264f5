"""The benchmark of tuning, in a short run."""

import pytest

from tests.benchmarks.command import figures


@pytest.mark.thorough
def test_a_quick_run_makes_few_false_claims() -> None:
    found = figures("tuning", "--quick", "--only", "claims")
    assert found["type1_error"] == max(found["false_claims"].values())
    assert found["type1_error"] <= 0.15  # of 60 runs
    for name, share in found["false_claims"].items():
        low, high = found["false_claims_between"][name]
        assert low <= share <= high
    assert all(0.3 < share <= 1 for share in found["power"].values())
    assert found["checks_gain_low"] is None
    assert found["general_loss_rise"] is None


@pytest.mark.thorough
@pytest.mark.timeout(1800)  # a training and some 350 replies of a small model
def test_a_quick_run_tunes_a_model_and_measures_it() -> None:
    found = figures("tuning", "--quick", "--only", "trained")
    learned = found["learned"]
    assert learned.keys() == {"with-rehearsal"}
    assert learned["with-rehearsal"]["own"] == 36
    assert learned["with-rehearsal"]["general"] > 0
    assert found["held_out_items"] == 18
    assert "verified now" in found["proof"]
    passed = found["checks_passed"]
    assert passed["experts"] == 1.0, "the task's own answers pass its checks"
    assert set(passed) == {"base", "base+prompt", "tuned:with-rehearsal", "experts"}
    assert found["checks_gain_low"] <= found["checks_gain"] <= found["checks_gain_high"]
    gain = passed["tuned:with-rehearsal"] - passed["base+prompt"]
    assert found["checks_gain"] == pytest.approx(gain, abs=1e-3)
    losses = found["general"]["with-rehearsal"]["loss"]
    rise = losses["tuned:with-rehearsal"] / losses["base"] - 1
    assert found["general_loss_rise"] == pytest.approx(rise, abs=1e-3)
    assert found["type1_error"] is None
