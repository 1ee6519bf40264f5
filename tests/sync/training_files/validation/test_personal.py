"""Personal data in files: warned of by line, whoever wrote them, and never quoted."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sync.cli import cli
from sync.settings.redaction import RedactionSection
from sync.training_files.validation.validate import Options, validate

MAIL, PHONE = "ada@example.com", "+44 20 7946 0018"


def chat(asked: str, answer: str, system: str = "Be brief.") -> str:
    turns = (("system", system), ("user", asked), ("assistant", answer))
    return json.dumps({"messages": [{"role": r, "content": c} for r, c in turns]}) + "\n"


def pair(asked: str, chosen: str, rejected: str) -> str:
    line = {
        "input": {"messages": [{"role": "user", "content": asked}]},
        "preferred_output": [{"role": "assistant", "content": chosen}],
        "non_preferred_output": [{"role": "assistant", "content": rejected}],
    }
    return json.dumps(line) + "\n"


def told(path: Path, text: str, **redaction: object) -> list[tuple[int, str]]:
    path.write_text(text, encoding="utf-8")
    settings = RedactionSection(**redaction)  # type: ignore[arg-type]
    report = validate([path], Options(personal=settings), keep=9)
    (file,) = report.files
    tallies = [tally for tally in file.rules if tally.rule == "personal-data"]
    assert all(tally.severity == "warning" for tally in tallies)
    return [(problem.line, problem.message) for tally in tallies for problem in tally.first]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "train.jsonl"


def test_every_line_with_its_kinds(path: Path) -> None:
    text = chat("hi", "hello") + chat(f"I am {MAIL}", f"Call {PHONE} or {MAIL}")
    text += chat("请问", "请致电+86 138 0013 8000咨询") + chat("see https://example.com", "ok")
    assert told(path, text) == [
        (2, "personal data: e-mail address, phone number; take it out or redact it"),
        (3, "personal data: phone number; take it out or redact it"),
    ]


def test_in_pairs_of_answers_and_what_is_allowed(path: Path) -> None:
    text = pair("hi", "hello", f"call {PHONE}") + pair("yo", f"write to {MAIL}", "no")
    assert [line for line, _ in told(path, text)] == [1, 2]
    assert [line for line, _ in told(path, text, allow=(PHONE,))] == [2]


def test_a_system_prompt_is_told_once(path: Path) -> None:
    lines = "".join(chat(f"q{i}", f"a{i}", f"Our hot line is {PHONE}.") for i in range(20))
    assert [line for line, _ in told(path, lines)] == [1]


def test_placeholders_are_none(path: Path) -> None:
    assert told(path, chat("I am <EMAIL_1>", "Call <PHONE_1>")) == []


def validated(folder: Path, *arguments: str) -> str:
    done = CliRunner().invoke(
        cli, ["validate", *arguments, "--config", str(folder / "c.toml"), "--fail-on", "never"]
    )
    assert done.exit_code == 0, done.output
    return done.output


def test_the_command_warns_unless_everything_is_kept(tmp_path: Path, path: Path) -> None:
    path.write_text(chat("hi", f"Call {PHONE}"), encoding="utf-8")
    config = tmp_path / "c.toml"
    config.write_text("")
    said = validated(tmp_path, str(path))
    assert "warning: personal-data (1)\n    line 1: personal data: phone number" in said
    assert PHONE not in said
    config.write_text('[export]\npersonal_data = "keep"\n')
    assert "personal-data" not in validated(tmp_path, str(path))
