"""The benchmark of pulling runs, and its pulls find exactly what was changed."""

import pytest

from tests.benchmarks.command import figures

# what others read by name
NAMED = (
    "cold_vs_export",
    "cold_vs_sdk",
    "changed_1pct_vs_export",
    "unchanged_s",
    "unchanged_requests",
    "deleted_s",
    "peak_rss_mb",
)


@pytest.mark.label_studio
@pytest.mark.timeout(600)
@pytest.mark.thorough
def test_a_quick_run_names_its_figures() -> None:
    found = figures("sync", "--quick")
    assert all(found[name] > 0 for name in NAMED)
    # what a server that does nothing else needs at most, whatever its speed
    assert found["unchanged_requests"] <= 5
