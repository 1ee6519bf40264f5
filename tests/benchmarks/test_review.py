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
