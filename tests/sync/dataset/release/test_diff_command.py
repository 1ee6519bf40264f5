"""`labeltune diff`: what people and machines are told."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from sync.cli import cli
from sync.common.errors import SyncError
from tests.running import labeltune
from tests.sync.dataset.release.written import SOURCE, Row, write_release

EXPORTS = Path("labeltune-data", "exports")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration with three releases, and the folder of it the current one."""
    (tmp_path / "labeltune.toml").write_text('[label_studio]\nproject = "Support answers"\n')
    monkeypatch.chdir(tmp_path)
    write_release(EXPORTS / "v9-00000009", [Row(1)])
    write_release(
        EXPORTS / "v10-00000010",
        [Row(1), Row(2, split="test", categories={"topic": "cards", "tone": "kind"})],
        replace(SOURCE, table_version=10),
        categories={"topic": {"cards": 1}},
    )
    write_release(
        EXPORTS / "v11-00000011",
        [Row(1, "A better answer."), Row(2, categories={"topic": "fees", "tone": "kind"}), Row(3)],
        replace(SOURCE, table_version=11, settings={"export": {"context": "x" * 50}}),
        categories={"topic": {"cards": 0, "fees": 1}},
    )
    return tmp_path


def said(*arguments: str) -> str:
    done = CliRunner().invoke(cli, ["diff", *arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_people_are_told_in_tables(project: Path) -> None:
    assert said("latest~1", "latest") == (
        "A: labeltune-data/exports/v10-00000010 (table version 10, 2 records)\n"
        "B: labeltune-data/exports/v11-00000011 (table version 11, 3 records)\n"
        "WARNING: 1 record moved from test to train (task 2): a model trained on B has "
        "seen them, so A's test set can't judge it.\n"
        "1 added, 1 with other lines, 1 in another split, 1 in other categories.\n"
        "change      task  key     was           is\n"
        "split       2     task-2  test          train\n"
        "added       3     task-3\n"
        "answer      1     task-1                openai-chat\n"
        "categories  2     task-2  topic: cards  topic: fees\n"
        "\n"
        "setting                  in A    in B\n"
        f"settings.export.context  system  {'x' * 39}…\n"
        "\n"
        "label         in A  in B\n"
        "topic: cards  1     0\n"
        "topic: fees   0     1\n"
        "\n"
        "lines of                 in A  in B\n"
        "openai-chat.train.jsonl  1     3\n"
        "openai-chat.test.jsonl   1\n"
    )


def test_machines_are_told_in_one_object(project: Path) -> None:
    found = json.loads(said("latest~1", str(EXPORTS / "v11-00000011"), "--json"))
    assert found["differs"]
    assert found["a"]["path"] == "labeltune-data/exports/v10-00000010"
    assert (found["a"]["table_version"], found["b"]["table_version"]) == (10, 11)
    assert found["counts"]["answer"] == 1
    assert found["moves"] == [{"from": "test", "to": "train", "records": 1}]
    assert found["leaked"] == [2]
    assert found["changes"][0] == {
        "what": "split",
        "key": "task-2",
        "task_id": 2,
        "before": "test",
        "after": "train",
    }
    assert found["files"]["openai-chat.test.jsonl"][1] is None


def test_no_more_is_listed_than_asked_for(project: Path) -> None:
    text = said("v9-00000009", "latest", "--limit", "1")
    assert "2 added, 1 with other lines." in text
    assert "1 change more; see --limit." in text


def test_the_same_release_holds_the_same(project: Path) -> None:
    assert said("latest", "latest", "--exit-code").splitlines()[2:] == ["They hold the same."]


def test_folders_need_no_configuration(tmp_path: Path) -> None:
    for name, form in (("a", "alpaca"), ("b", "sharegpt")):
        write_release(tmp_path / name, [Row(1)], formats=[form])
    text = said(str(tmp_path / "a"), str(tmp_path / "b"))
    assert "no format in common" in text
    assert "No record differs." in text


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("latest~3", r"latest~3: labeltune-data/exports holds 3 releases"),
        ("v12-ab", r"neither a folder nor .* holds v11-00000011, v10-00000010, v9-00000009"),
        (".", r"not a release"),
    ],
)
def test_what_is_not_there_is_one_sentence(project: Path, name: str, message: str) -> None:
    with pytest.raises(SyncError, match=message):
        CliRunner().invoke(cli, ["diff", name, "latest"], catch_exceptions=False)


def test_the_exit_status_tells_of_a_difference_only_when_asked(project: Path) -> None:
    assert labeltune(project, "diff", "latest~1", "latest").returncode == 0
    assert labeltune(project, "diff", "latest~1", "latest", "--exit-code").returncode == 3
