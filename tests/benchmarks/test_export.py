"""The benchmark of exporting runs, names its figures, and compares the same lines."""

import json
from pathlib import Path

import pytest

from sync.training_files.formats import FORMATS
from tests.benchmarks.command import figures, run

# what others read by name
NAMED = ("export_vs_limit", "validate_mb_s", "validate_vs_limit", "peak_rss_mb")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Articles as PubMedQA has them."""
    path = tmp_path / "ori_pqal.json"
    row = {"QUESTION": "Is it?", "CONTEXTS": ["It was\u2028 é.", "It is."], "LONG_ANSWER": "It is."}
    path.write_text(json.dumps({str(n): row for n in range(3)}))
    return path


@pytest.mark.timeout(600)
@pytest.mark.thorough
def test_a_quick_run_names_its_figures(data: Path) -> None:
    found = figures("export", "--quick", "--data", str(data))
    assert all(found[name] > 0 for name in NAMED)
    assert found["leaks"] == 0
    assert found["formats"].keys() == found["validate"].keys() == FORMATS.keys()
    assert found["export_vs_limit"] == found["together"]["vs_limit"]
    assert found["one_format_vs_limit"] == min(f["vs_limit"] for f in found["formats"].values())
    alone = sum(f["mb"] for f in found["formats"].values())
    assert found["together"]["mb"] == pytest.approx(alone, abs=0.05 * len(FORMATS))
    lines = {name: f["lines"] for name, f in found["formats"].items()}
    # both answers of a task are judged: the accepted one and the draft
    assert {lines.pop("trl-unpaired-preference"), lines.pop("sharegpt-kto")} == {2000}
    assert set(lines.values()) == {1000}


def test_it_says_where_to_get_the_data(tmp_path: Path) -> None:
    done = run("export", "--data", str(tmp_path / "none.json"))
    assert done.returncode == 2
    assert "github.com/pubmedqa" in done.stderr
