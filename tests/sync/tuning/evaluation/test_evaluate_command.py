"""`labeltune evaluate` as people and CI call it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sync.cli import cli
from sync.common.errors import SyncError
from tests.sync.tuning.evaluation.desk import EvaluationDesk, evaluation_desk

SETTINGS = """\
[llm]
base_url = "{url}/v1"
model = "base-1"
[checks.required_phrase]
phrases = ["This is no advice"]
[evaluate]
general = false
"""


def run(desk: EvaluationDesk, *arguments: str) -> Result:
    file = desk.config.folder / "labeltune.toml"
    file.write_text(SETTINGS.format(url=desk.double.url))
    return CliRunner().invoke(cli, ["evaluate", "--config", str(file), *arguments])


def test_it_says_what_is_shown_and_where_the_page_is(tmp_path: Path) -> None:
    with evaluation_desk(tmp_path) as desk:
        desk.tuned()
        told = run(desk, "--fail-on", "not-better", "--pairs", str(tmp_path / "pairs.jsonl"))
        assert told.exit_code == 0, told.output
        assert "24 held-out items of v0-" in told.output
        assert "tuned:bank-1 beside base+prompt:" in told.output
        assert "better (p = " in told.output
        page = Path(told.output.split("Page: ")[1].strip())
        assert page.read_text().startswith("<!DOCTYPE html>")
        results: Any = json.loads((page.parent / "evaluation.json").read_text())
        assert results["main"] == "tuned:bank-1"
        rounds = (page.parent / "rounds.jsonl").read_text().splitlines()
        assert [json.loads(line)["model"] for line in rounds] == ["tuned:bank-1"]
        assert len((tmp_path / "pairs.jsonl").read_text().splitlines()) == 24
        machine = run(desk, "--json")
        assert json.loads(machine.stdout)["compared"] == results["compared"]
        # held against the tuned model, the base is worse
        out = tmp_path / "other.html"
        failed = run(desk, "--against", "tuned:bank-1", "--fail-on", "worse", "--out", str(out))
        assert failed.exit_code == 3
        assert out.exists()


def test_a_model_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with evaluation_desk(tmp_path) as desk:
        desk.tuned()
        missed = run(desk, "bank-2")
        assert isinstance(missed.exception, SyncError)
        with pytest.raises(SyncError, match=r"no model is called 'bank-2' .*did you mean 'bank-1'"):
            raise missed.exception
