"""The benchmark of pulling runs, and its pulls find exactly what was changed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
# what others read by name
NAMED = (
    "cold_vs_export",
    "changed_1pct_vs_export",
    "unchanged_s",
    "unchanged_requests",
    "peak_rss_mb",
)


@pytest.mark.label_studio
@pytest.mark.timeout(600)
def test_a_quick_run_names_its_figures() -> None:
    run = subprocess.run(
        [sys.executable, "benchmarks/sync.py", "--quick", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    figures = json.loads(run.stdout)
    assert all(figures[name] > 0 for name in NAMED)
    # what a server that does nothing else needs at most, whatever its speed
    assert figures["unchanged_requests"] <= 5
