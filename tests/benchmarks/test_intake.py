"""The benchmark of pushing runs, names its figures, and refuses a push that missed a row."""

import json
from pathlib import Path

import pytest

from benchmarks import intake
from tests.benchmarks.command import ROOT, figures

# what others read by name
NAMED = ("push_vs_before", "vs_parse", "peak_rss_mb")


@pytest.mark.thorough
@pytest.mark.timeout(120)
def test_a_quick_run_names_its_figures() -> None:
    found = figures("intake", "--quick", "--before", str(ROOT))
    assert all(found[name] > 0 for name in NAMED)
    assert found["push_vs_before"] == pytest.approx(1, abs=0.5), "beside itself"
    assert found["rows"] == 1000


def test_rows_are_different_and_of_the_size_that_is_said(tmp_path: Path) -> None:
    intake.write_rows(tmp_path / "rows.jsonl", 50)
    lines = (tmp_path / "rows.jsonl").read_text().splitlines()
    prompts = [json.loads(line)["prompt"] for line in lines]
    assert {len(prompt) for prompt in prompts} == {intake.CHARACTERS}
    assert len(set(prompts)) == 50
