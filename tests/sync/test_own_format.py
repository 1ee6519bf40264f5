"""A whole format is one class and one entry: docs/formats.md's "A format of your own"."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from datasets import load_dataset

from sync.cli import cli
from sync.common.json_text import Json, json_type
from sync.table.task_table import TaskTable
from sync.training_files.example import Conversation
from sync.training_files.formats import FORMATS
from sync.training_files.formats.columns import list_of, string
from sync.training_files.formats.example_texts import Said, conversation
from sync.training_files.formats.format import (
    CONTENT_RULES,
    AxolotlEntry,
    Fault,
    FileRules,
    Format,
    LlamaFactoryEntry,
    Unsuitable,
)
from sync.training_files.formats.json_types import text_fault
from sync.training_files.formats.two_sides import text_of, vouched
from tests.sync.builders import annotation, result, task_row
from tests.sync.fresh import fresh_verbs

_WHO = {"user": "guest", "assistant": "host"}


class Play(Format):
    """`play`: what a guest and a host say, by turns; every line of the host's is learnt."""

    name = "play"
    summary = "lines of a guest and a host (our own trainer)"
    takes = Conversation
    rules = FileRules(least_examples=2)
    keys = ("play",)
    content_rules = CONTENT_RULES | {"play", "who", "says"}
    columns = (list_of("play", [string("who"), string("says")]),)
    loading_note = "Our own trainer reads `play` from the stage."
    limit_note = "In `play` nobody interrupts."
    llama_factory = LlamaFactoryEntry(
        {
            "formatting": "sharegpt",
            "columns": {"messages": "play"},
            "tags": {"role_tag": "who", "content_tag": "says", "user_tag": "guest"},
        },
        suffix=".staged",
    )
    axolotl = AxolotlEntry("axolotl-play.yaml", {"field_messages": "play"}, {"stage": True})

    def encode(self, example: Conversation) -> Json:
        """The turns of the two."""
        turns = vouched(example.messages)
        if any(turn["role"] not in _WHO for turn in turns):
            raise Unsuitable("a third person")
        return {"play": [{"who": _WHO[t["role"]], "says": text_of(t)} for t in turns]}

    def check(self, line: Json) -> Iterator[Fault]:
        """Lines by somebody else, or of nothing."""
        turns = line.get("play")
        if not isinstance(turns, list):
            yield Fault("play", f"play must be a list, found {json_type(turns)}")
            return
        for number, turn in enumerate(turns, 1):
            if not isinstance(turn, dict) or turn.get("who") not in ("guest", "host"):
                yield Fault("who", f"line {number}: who must be guest or host")
            elif (fault := text_fault(f"line {number}", turn.get("says"), "says")) is not None:
                yield fault

    def read(self, line: Json) -> Said:
        """What the host says is the answer."""
        return conversation(line, line.get("play"), "who", "says", ("host",))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with finished work, where `play` has its one entry."""
    monkeypatch.setitem(FORMATS, "play", Play())
    fresh_verbs(monkeypatch, "export", "validate", "diff")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "labeltune.toml").write_text('[label_studio]\nproject = "Theatre"\n')
    work(tmp_path, "At noon.", "By the door.", "Not today.")
    return tmp_path


def work(folder: Path, *answers: str) -> None:
    rows = [
        task_row(
            number,
            [annotation(number * 10, result(answer), minutes=number)],
            messages=[{"role": "user", "content": f"Question {number}?"}],
        )
        for number, answer in enumerate(answers, 1)
    ]
    TaskTable(folder / "labeltune-data" / "tasks").apply(7, rows)


def said(*arguments: str, status: int = 0) -> str:
    done = CliRunner().invoke(cli, [*arguments])
    assert done.exit_code == status, done.output or done.exception
    return done.output


def lines_of(file: Path) -> list[Any]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_it_is_listed_written_and_checked_before_it_is_published(project: Path) -> None:
    assert "play                     lines of a guest and a host" in said(
        "export", "--list-formats"
    )
    said("export", "--format", "play", "--out", "one")
    assert lines_of(project / "one" / "play.jsonl")[0] == {
        "play": [
            {"who": "guest", "says": "Question 1?"},
            {"who": "host", "says": "At noon."},
        ]
    }
    work(project, "Only one.")
    few = said("export", "--format", "play", "--format", "openai-chat", "--out", "two", "--json")
    assert "play.jsonl" in {file["file"] for file in json.loads(few[few.index("{") :])["files"]}


def test_it_is_recognised_read_and_held_to_its_rules(project: Path) -> None:
    """Without `--format`, by its key; its doubles, its tokens and its faults are told."""
    guest, host = {"who": "guest", "says": "Who?"}, {"who": "host", "says": "Me, of course."}
    file = project / "mine.jsonl"
    lines: list[Any] = [
        {"play": [guest, host]},
        {"play": [guest, host]},
        {"play": [guest, {"who": "ghost", "says": "Boo."}]},
        {"play": [guest, {"who": "host", "says": " "}]},
        {"messages": [{"role": "user", "content": "Hi"}]},
    ]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    for named in ((), ("--format", "play")):
        (found,) = json.loads(said("validate", str(file), *named, "--json", status=3))["files"]
        assert (found["format"], found["examples"]) == ("play", 5)
        assert found["format_by"] == ("option" if named else "guess")
        first = {tally["rule"]: tally["first"][0] for tally in found["rules"]}
        assert {rule: problem["line"] for rule, problem in first.items()} == {
            "who": 3,
            "says": 4,
            "one-format": 5,
            "duplicate": 2,
        }
        assert "'messages', which is openai-chat's" in first["one-format"]["message"]
        assert found["tokens"]["trained"]["about"] > 0
    other = project / "chat.jsonl"
    other.write_text(json.dumps(lines[4]) + "\n" + json.dumps(lines[0]) + "\n")
    (found,) = json.loads(
        said("validate", str(other), "--format", "openai-chat", "--json", status=3)
    )["files"]
    assert any("'play', which is play's" in t["first"][0]["message"] for t in found["rules"])


def test_its_readers_find_it_by_the_companions(project: Path, tmp_path: Path) -> None:
    for provider in ("llama-factory", "axolotl"):
        said("export", "--format", "play", "--provider", provider, "--out", provider)
    release = project / "axolotl"
    assert json.loads((release / "dataset_info.json").read_text()) == {
        "play.staged": {"file_name": "play.jsonl", **Play.llama_factory.keys}
    }
    assert yaml.safe_load((release / "axolotl-play.yaml").read_text()) == {
        "stage": True,
        "datasets": [{"path": "play.jsonl", "split": "train", "field_messages": "play"}],
    }
    card = (release / "README.md").read_text()
    for told in (Play.summary, Play.loading_note, Play.limit_note, '"says": "At noon."'):
        assert told in card
    matter = yaml.safe_load(card.split("---\n")[1])
    assert matter["tags"] == ["conversational", "labeltune", "sft"]
    assert matter["dataset_info"][0]["features"] == list(Play.columns)
    loaded = load_dataset(str(release), "play", cache_dir=str(tmp_path / "cache"))["train"]
    assert list(loaded) == lines_of(release / "play.jsonl")
    refused = CliRunner().invoke(cli, ["validate", "axolotl", "--provider", "together"])
    assert "together does not read play" in refused.output


def test_what_changed_between_two_releases_of_it(project: Path) -> None:
    said("export", "--format", "play", "--out", "one")
    work(project, "At midnight.", "By the door.", "Not today.")
    said("export", "--format", "play", "--out", "two")
    told = said("diff", "one", "two")
    assert "1 with other lines" in told
    assert "play" in told
