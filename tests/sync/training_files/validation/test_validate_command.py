"""`labeltune validate` as a command: what it reads, prints, writes, and how it ends."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result

from connectors.task_pages import task_url
from sync.cli import cli
from sync.common.errors import ConfigError, SyncError
from sync.training_files.trainers import PROVIDERS
from tests.sync.dataset.release.written import SOURCE, Row, write_release
from tests.sync.training_files.validation.lines import SECRET, right
from tests.sync.training_files.validation.validating import run, write

BROKEN: dict[str, Any] = {"messages": [{"role": "user", "content": SECRET}]}


def chats(count: int, start: int = 0) -> list[dict[str, Any]]:
    return [right("openai-chat", number) for number in range(start, start + count)]


def shown(*arguments: str | Path) -> Result:
    """The verb as people see it."""
    done = CliRunner().invoke(cli, ["validate", *map(str, arguments)])
    assert SECRET not in done.output
    return done


def refused(*arguments: str | Path) -> str:
    """The sentence of a command that can't do its work."""
    done = shown(*arguments)
    assert isinstance(done.exception, SyncError)
    return str(done.exception)


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


# --- what it reads


def test_stdin(tmp_path: Path) -> None:
    content = write(tmp_path / "train.jsonl", [*chats(60), BROKEN]).read_bytes()
    found = run("-", given=content)
    assert found.status == 3
    assert found.problems == [(61, "assistant", "error")]
    assert found.report["files"][0]["file"] == "stdin"


def test_stdin_once_only() -> None:
    assert refused("-", "--validation", "-").startswith("-: stdin can be read once only")


@pytest.mark.parametrize("form", ["openai-chat", "gemini", "sharegpt", "sharegpt-kto", "alpaca"])
def test_the_format_is_guessed_and_said(tmp_path: Path, form: str) -> None:
    found = run(write(tmp_path / "train.jsonl", [right(form, n) for n in range(100)]))
    assert found.report["files"][0]["format"] == form
    assert found.report["files"][0]["format_by"] == "guess"
    assert any(f"taken for {form}" in note for note in found.report["notes"])


def test_one_file_can_not_be_both(tmp_path: Path) -> None:
    file = write(tmp_path / "train.jsonl", chats(60))
    assert "is named for training and for validation" in refused(file, "--validation", file)
    assert run(tmp_path, "--validation", file).report["files"][0]["role"] == "validation"


def test_lines_of_no_known_format() -> None:
    Path("a.jsonl").write_text('{"question": "zebra"}\n')
    assert "can't tell its format" in refused("a.jsonl")


def test_no_provider_of_that_name() -> None:
    Path("a.jsonl").write_text("{}")
    done = shown("a.jsonl", "--provider", "azur")
    assert done.exit_code == 2


def test_no_file_named() -> None:
    assert shown().exit_code == 2
    assert shown("missing.jsonl").exit_code == 2


def test_a_file_that_can_not_be_read() -> None:
    Path("folder").mkdir()
    assert refused("folder").startswith("folder: holds no .jsonl file")


def test_a_folder_s_files(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", chats(60))
    write(tmp_path / "b.validation.jsonl", chats(5, start=60))
    found = run(tmp_path)
    assert [(Path(f["file"]).name, f["role"]) for f in found.report["files"]] == [
        ("a.jsonl", "training"),
        ("b.validation.jsonl", "validation"),
    ]
    assert found.problems == []


# --- how it ends, and what it prints


@pytest.mark.parametrize(
    ("lines", "fail_on", "status"),
    [
        (60, "error", 0),
        (20, "error", 0),
        (20, "warning", 3),
        (20, "never", 0),
        (5, "error", 3),
        (5, "warning", 3),
        (5, "never", 0),
    ],
)
def test_exit_status(tmp_path: Path, lines: int, fail_on: str, status: int) -> None:
    file = write(tmp_path / "train.jsonl", chats(lines))
    assert run(file, "--fail-on", fail_on).status == status
    assert shown(file, "--fail-on", fail_on).exit_code == status


def test_what_people_read(tmp_path: Path) -> None:
    file = write(tmp_path / "train.jsonl", [*chats(60), *[BROKEN] * 7])
    done = shown(file, "--limit", "2")
    first, rule, *lines = done.stdout.splitlines()
    assert first.startswith(f"{file}: openai-chat, training, 67 examples, ")
    assert first.endswith("7 errors, 6 warnings")
    assert rule == "  error: assistant (7)"
    assert lines[0].startswith("    line 61: no assistant message")
    assert lines[2].startswith("    and 5 more; --limit")
    assert "note: tokens are estimated by length" in done.stderr


def test_every_problem_is_in_the_report_s_file(tmp_path: Path) -> None:
    file = write(tmp_path / "train.jsonl", [*chats(60), *[BROKEN] * 40])
    shown(file, "--report", "all.jsonl")
    written = [json.loads(line) for line in Path("all.jsonl").read_text().splitlines()]
    assert [p["line"] for p in written if p["rule"] == "assistant"] == list(range(61, 101))
    assert run(file, "--report", "all.jsonl").report["problems"] == written


def test_a_report_that_can_not_be_written(tmp_path: Path) -> None:
    file = write(tmp_path / "train.jsonl", chats(1))
    assert "can't be written" in refused(file, "--report", "none/all.jsonl")


def test_the_providers(tmp_path: Path) -> None:
    listed = shown("--list-providers")
    assert (listed.exit_code, listed.stderr) == (0, "")
    assert "together       Together AI" in listed.stdout
    assert "gemini" in json.loads(shown("--list-providers", "--json").stdout)


def test_openai_s_end_is_noted_where_it_is_named_only(tmp_path: Path) -> None:
    file = write(tmp_path / "train.jsonl", chats(60))
    assert "2027-01-06" in shown(file, "--provider", "openai").stderr
    assert "2027-01-06" not in shown(file, "--provider", "together").stderr


# --- what it costs


def test_the_cost_of_training(tmp_path: Path) -> None:
    Path("labeltune.toml").write_text(
        '[training]\nepochs = 2\n[training.prices."my-model"]\nper_million = 1000.0\n'
        'currency = "EUR"\n'
    )
    file = write(tmp_path / "train.jsonl", chats(60))
    (report,) = run(file, "--model", "my-model").report["files"]
    tokens = report["tokens"]["kept"]
    assert report["cost"] == {
        "model": "my-model",
        "epochs": 2,
        "about": round(tokens["about"] * 2 / 1000, 4),
        "at_most": round(tokens["at_most"] * 2 / 1000, 4),
        "currency": "EUR",
    }
    (longer,) = run(file, "--model", "my-model", "--epochs", "4").report["files"]
    assert longer["cost"]["about"] == pytest.approx(2 * report["cost"]["about"])
    assert "EUR (at most " in shown(file, "--model", "my-model").stdout


def test_no_price(tmp_path: Path) -> None:
    file = write(tmp_path / "train.jsonl", chats(60))
    said = run(file, "--model", "my-model").report
    assert said["files"][0]["cost"] is None
    assert any('[training.prices."my-model"]' in note for note in said["notes"])


def test_a_configuration_that_is_named_has_to_be_there(tmp_path: Path) -> None:
    file = write(tmp_path / "train.jsonl", chats(60))
    done = shown(file, "--config", "other.toml")
    assert isinstance(done.exception, ConfigError)


# --- a release of ours


def released(folder: Path) -> Path:
    """A release with two splits, of which line 2 of the first and of the second are broken."""
    folder.mkdir()
    names = {"train": "openai-chat.train.jsonl", "validation": "openai-chat.validation.jsonl"}
    write(folder / names["train"], [chats(1)[0], BROKEN, *chats(60, start=1)])
    write(folder / names["validation"], [*chats(1, start=100), BROKEN])
    manifest = {
        "labeltune": "0.1.0",
        "label_studio": "http://studio.example/",
        "project_id": 7,
        "files": [
            {"format": "openai-chat", "split": split, "file": name} for split, name in names.items()
        ],
    }
    (folder / "manifest.json").write_bytes(orjson.dumps(manifest))
    write(
        folder / "lineage.jsonl",
        [
            {"task_id": 11, "lines": {names["train"]: [1], names["validation"]: [2]}},
            {"mixed_from": "general.jsonl", "line": 3, "lines": {names["train"]: [3]}},
            {"task_id": 12, "lines": {names["train"]: [2]}},
        ],
    )
    return folder


def test_a_problem_names_its_task_and_the_task_s_page(tmp_path: Path) -> None:
    folder = released(tmp_path / "release")
    found = run(folder)
    broken = [p for p in found.report["problems"] if p["rule"] == "assistant"]
    assert [(p["line"], p["task_id"], p["task_url"]) for p in broken] == [
        (2, 12, task_url("http://studio.example", 7, 12)),
        (2, 11, task_url("http://studio.example", 7, 11)),
    ]
    assert found.report["files"][0]["format_by"] == "manifest"
    assert "(task 12, http://studio.example/projects/7/data?task=12)" in shown(folder).stdout


def test_a_release_s_other_splits_are_compared_by_themselves(tmp_path: Path) -> None:
    folder = released(tmp_path / "release")
    write(folder / "openai-chat.validation.jsonl", chats(2))
    found = run(folder / "openai-chat.train.jsonl")
    assert {rule for _, rule, _ in found.problems} == {"assistant", "overlap"}
    assert any("is a split of the same release" in note for note in found.report["notes"])


def test_a_task_that_balancing_repeats_is_no_double(tmp_path: Path) -> None:
    folder = released(tmp_path / "release")
    name = "openai-chat.train.jsonl"
    write(folder / name, [*chats(60), *chats(1)])
    (folder / "openai-chat.validation.jsonl").unlink()
    assert run(folder).rules == {"duplicate"}
    write(folder / "lineage.jsonl", [{"task_id": 11, "lines": {name: [1, 61]}, "copies": 2}])
    assert run(folder).problems == []


def test_other_files_called_so_are_no_release(tmp_path: Path) -> None:
    file = write(tmp_path / "openai-chat.jsonl", [*chats(60), BROKEN])
    for name, content in {
        "manifest.json": '{"files": [1, {"file": 2}], "project_id": "x"}',
        "lineage.jsonl": '[]\n{"task_id": 1, "lines": {"openai-chat.jsonl": ["61", -1]}}\n{',
    }.items():
        (tmp_path / name).write_text(content)
    found = run(file)
    assert found.problems == [(61, "assistant", "error")]
    assert found.report["problems"][0]["task_id"] is None
    (tmp_path / "manifest.json").write_text("[]")
    assert run(file).problems == [(61, "assistant", "error")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_a_file_without_permission(tmp_path: Path) -> None:
    file = write(tmp_path / "train.jsonl", chats(1))
    file.chmod(0)
    assert "can't be read" in refused(file)


# --- several providers, and releases by name


def asked_twice(number: int) -> dict[str, Any]:
    """Two turns of the user's in a row: one provider takes it, another does not."""
    user, assistant = right("openai-chat", number)["messages"][-2:]
    return {"messages": [{"role": "user", "content": "Hello."}, user, assistant]}


def test_each_provider_is_asked_and_named(tmp_path: Path) -> None:
    file = write(tmp_path / "train.jsonl", [*chats(60), asked_twice(61)])
    alone = {name: run(file, "--provider", name) for name in ("openai", "together", "azure")}
    both = run(file, "--provider", "openai", "--provider", "together", "--provider", "openai")
    assert both.status == 3
    assert both.report["providers"] == ["openai", "together"]
    reports = dict(zip(both.report["providers"], both.report["reports"], strict=True))
    for name, report in reports.items():
        assert {**report, "problems": alone[name].report["problems"]} == alone[name].report
    assert both.report["errors"] == sum(report["errors"] for report in reports.values())
    assert both.report["problems"] == [
        problem for name in reports for problem in alone[name].report["problems"]
    ]
    assert {p["provider"] for p in both.report["problems"]} == {"together"}
    marked = run(file, "--provider", "together", "--provider", "azure").report
    bom = [(p["provider"], p["rule"]) for p in marked["problems"] if p["rule"] == "bom"]
    assert bom == [("azure", "bom")]
    said = shown(file, "--provider", "openai", "--provider", "together").output
    assert said.index("For openai:") < said.index("For together:") < said.index("line 61:")


def test_two_names_of_one_provider_are_one(tmp_path: Path) -> None:
    file = write(tmp_path / "train.jsonl", chats(60))
    for provider in PROVIDERS.values():
        names = [word for name in provider.aliases for word in ("--provider", name)]
        if names:
            found = run(file, "--provider", provider.name, *names)
            assert found.report["provider"] == provider.name


def test_stdin_is_for_one_provider() -> None:
    done = shown("-", "--provider", "openai", "--provider", "together")
    assert done.exit_code == 2
    assert "stdin is read once; name a file, or one --provider at a time" in done.output


@pytest.fixture
def releases() -> None:
    """Two releases in the data folder of the project here."""
    Path("labeltune.toml").write_text('[label_studio]\nproject = "Support answers"\n')
    write_release(Path("labeltune-data", "exports", "v9-00000009"), [Row(1)])
    newest = replace(SOURCE, table_version=10)
    write_release(Path("labeltune-data", "exports", "v10-00000010"), [Row(1), Row(2)], newest)


@pytest.mark.parametrize(
    ("name", "folder"),
    [("latest", "v10-00000010"), ("latest~1", "v9-00000009"), ("v9-00000009", "v9-00000009")],
)
@pytest.mark.usefixtures("releases")
def test_a_release_by_name_is_its_folder(name: str, folder: str) -> None:
    by_folder = run(Path("labeltune-data", "exports", folder))
    assert by_folder.report["files"]
    assert run(name).report == by_folder.report


@pytest.mark.parametrize("name", ["latest~2", "v1-00000001"])
@pytest.mark.usefixtures("releases")
def test_a_release_that_there_is_none_of(name: str) -> None:
    assert name in refused(name)


def test_a_release_without_a_project_says_what_is_missing() -> None:
    done = shown("latest")
    assert isinstance(done.exception, ConfigError)
    assert "labeltune.toml: no such file" in str(done.exception)


@pytest.mark.usefixtures("releases")
def test_a_file_of_that_name_goes_before_the_release() -> None:
    write(Path("latest"), chats(60))
    assert run("latest").report["files"][0]["file"] == "latest"
