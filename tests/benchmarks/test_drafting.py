"""The benchmark of drafting runs, and its worker drafts every task exactly once."""

import pytest

from tests.benchmarks.command import figures

# what others read by name
NAMED = ("vs_limit", "vs_serial", "ready_p50_ms", "ready_p99_ms", "peak_rss_mb")


@pytest.mark.timeout(600)
@pytest.mark.thorough
def test_a_quick_run_drafts_every_task_once_and_names_its_figures() -> None:
    found = figures("drafting", "--quick")
    assert all(found[name] > 0 for name in NAMED)
    assert found["tasks"] > 300
    assert (found["tasks_without_a_draft"], found["tasks_with_several"]) == (0, 0)
    # the worker keeps the model busy, and never asks it for more than it is told to
    assert found["most_requests_at_a_time"] == 32
