"""The benchmark of reviews, in a short run."""

from tests.benchmarks.command import figures


def test_a_quick_run_plans() -> None:
    found = figures("review", "--quick", "--only", "planning")
    plan = found["plan"]
    assert found["plan_50k_s"] == plan["seconds"]
    assert plan["tasks"] == 400
    assert plan["passed"] + plan["rejected"] == 40
    assert 0 < plan["reviews"] < 400
    assert plan["peak_rss_mb"] > 10


def test_a_quick_run_judges_made_up_people() -> None:
    found = figures("review", "--quick", "--only", "flags")
    assert 0 < found["random_of_four_labels_flagged_within"] < found["random_flagged_within"]
    assert found["false_flags_low"] <= found["false_flags"] <= found["false_flags_high"]
    assert found["people"] == 1000
