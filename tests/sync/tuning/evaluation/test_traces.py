"""What a deployed model said: checked, held against the examples, and sampled for experts."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from sync.cli import cli
from sync.common.errors import SourceError
from sync.intake.sources import SourceReader
from sync.settings import Config
from sync.tuning.evaluation.traces import TracesFound, queue_sample, read_traces
from tests.sync.tuning.evaluation.desk import (
    DISCLOSURE,
    EvaluationDesk,
    WordEncoder,
    evaluation_desk,
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EvaluationDesk]:
    with evaluation_desk(tmp_path_factory.mktemp("desk")) as desk:
        yield desk


def said(question: str, answer: str) -> dict[str, Any]:
    turns = [("user", question), ("assistant", answer)]
    return {"messages": [{"role": role, "content": text} for role, text in turns]}


def written(folder: Path, *rows: Any) -> Path:
    file = folder / "traces.jsonl"
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return file


def found_in(config: Config, file: Path) -> TracesFound:
    return read_traces(config, [file], WordEncoder().encode)


KNOWN = [
    said(f"What does number {n} of loans cost?", f"It costs {n} pounds. {DISCLOSURE}.")
    for n in range(200, 208)
]
FAILING = said("What does number 9 of cards cost?", "Nine pounds.")
NEW = said("Wie eröffne ich ein Konto?", f"Hier. {DISCLOSURE}.")


def test_answers_are_checked_and_questions_held_against_the_examples(
    desk: EvaluationDesk, tmp_path: Path
) -> None:
    file = written(tmp_path, *KNOWN, FAILING, NEW, {"prompt": "No answer?"})
    found = found_in(desk.config, file)
    assert found.passing.value == pytest.approx(0.9)
    assert found.passing.low is not None
    assert dict(found.failing) == {"required_phrase": 1}
    assert found.new is not None
    assert found.new.value == pytest.approx(0.1)
    assert found.notes == ("1 row ends without an answer in words",)
    told = "\n".join(found.sentences())
    assert "Of 10 traces 90%" in told
    assert "1 fail required_phrase" in told
    assert "pounds" not in json.dumps(found.to_json()), "nothing of what was said"


def test_experts_get_what_fails_then_what_is_new(desk: EvaluationDesk, tmp_path: Path) -> None:
    found = found_in(desk.config, written(tmp_path, *KNOWN, NEW, FAILING))
    sample = list(queue_sample(found, 3))
    asked = [row["messages"][0]["content"] for row in sample]
    assert asked[:2] == ["What does number 9 of cards cost?", "Wie eröffne ich ein Konto?"]
    (tmp_path / "sample").mkdir()
    again = written(tmp_path / "sample", *sample)
    drafts = desk.config.sources.model_copy(update={"last_assistant": "draft"})
    tasks = list(SourceReader([again], drafts, desk.config.load_interface()))
    assert next(iter(tasks)).data["labeltune_draft"] == "Nine pounds."


def test_equal_questions_are_one_group(desk: EvaluationDesk, tmp_path: Path) -> None:
    found = found_in(desk.config, written(tmp_path, *[FAILING] * 10))
    assert (found.passing.items, found.passing.groups) == (10, 1)
    assert found.passing.low is None


def test_prompts_without_answers_are_a_sentence(desk: EvaluationDesk, tmp_path: Path) -> None:
    file = written(tmp_path, {"prompt": "A question?"})
    with pytest.raises(SourceError, match=r"traces\.jsonl: no trace of 1 ends with an answer"):
        found_in(desk.config, file)


def test_the_command_refuses_what_does_not_go_together(tmp_path: Path) -> None:
    file = written(tmp_path, FAILING)
    toml = tmp_path / "labeltune.toml"
    toml.write_text("")
    for options in (["--traces", str(file), "--arm", "base"], ["--sample", "x.jsonl"]):
        told = CliRunner().invoke(cli, ["evaluate", "--config", str(toml), *options])
        assert told.exit_code == 2
        assert "--traces" in told.output
