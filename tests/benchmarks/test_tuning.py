"""The benchmark of tuning, in a short run."""

import pytest

from tests.benchmarks.command import figures


@pytest.mark.thorough
def test_a_quick_run_makes_few_false_claims_and_says_what_it_does_not_measure() -> None:
    found = figures("tuning", "--quick")
    assert found["type1_error"] == max(found["false_claims"].values())
    assert found["type1_error"] <= 0.15  # of 60 runs
    assert all(0.3 < share <= 1 for share in found["power"].values())
    assert found["checks_gain_low"] is None
    assert found["general_loss_rise"] is None
