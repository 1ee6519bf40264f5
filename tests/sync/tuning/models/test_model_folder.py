"""Entries of models in the data folder, and `labeltune models`."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sync.common.errors import SyncError
from sync.table.data_folder import LocalFolder
from sync.tuning.models.model_entry import ModelEntry, ModelPlace, check_name, default_name
from sync.tuning.models.model_folder import (
    entry_file,
    find_entry,
    known_models,
    read_entry,
    write_entry,
)
from tests.running import labeltune
from tests.sync.tuning.models.entries import ENTRY, entry


@pytest.fixture
def folder(tmp_path: Path) -> LocalFolder:
    return LocalFolder(tmp_path / "labeltune-data")


def test_an_entry_comes_back_as_it_was_written(folder: LocalFolder) -> None:
    write_entry(folder, ENTRY)
    assert read_entry(folder, "support-1") == ENTRY
    local = entry("b", way="local", place=ModelPlace(adapter="adapter", base_gguf="/m/base.gguf"))
    write_entry(folder, local)
    assert read_entry(folder, "b") == local


def test_a_key_of_a_later_version_is_passed_over_and_a_later_form_is_not() -> None:
    raw = ENTRY.to_json()
    assert ModelEntry.from_json(json.loads(json.dumps({**raw, "colour": "red"}))) == ENTRY
    with pytest.raises(ValueError, match="later version"):
        ModelEntry.from_json({**raw, "format": 99})


def test_models_are_listed_by_age_and_unfinished_ones_apart(folder: LocalFolder) -> None:
    write_entry(folder, entry("b", created="2026-11-30T10:00:00+00:00"))
    write_entry(folder, entry("c", created="2026-11-30T08:00:00+00:00"))
    folder.write("models/a/job.json", "{}")
    folder.write("models/.lock", "")
    known = known_models(folder)
    assert [one.name for one in known.entries] == ["c", "b"]
    assert known.unfinished == ("a",)
    assert find_entry(folder, "latest").name == "b"
    with pytest.raises(SyncError, match="its training is not done; go on with `labeltune finetu"):
        find_entry(folder, "a")
    with pytest.raises(SyncError, match=r"no model is called 'd' in .*models; there are c, b"):
        find_entry(folder, "d")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 1}', '{"format": "x"}'])
def test_one_broken_entry_hides_no_other(folder: LocalFolder, content: str) -> None:
    write_entry(folder, ENTRY)
    folder.write(entry_file("broken"), content)
    known = known_models(folder)
    assert [one.name for one in known.entries] == ["support-1"]
    (fault,) = known.faults.values()
    assert fault.startswith(folder.location(entry_file("broken")))
    assert "not the entry of a model" in fault


def test_the_last_loss_is_the_last_that_was_measured() -> None:
    assert ENTRY.last_losses == (0.75, 1.5)
    assert replace(ENTRY, losses=()).last_losses == (None, None)


@pytest.mark.parametrize(
    ("base", "name"),
    [
        ("gpt-4.1-mini-2025-04-14", "gpt-4.1-mini-2025-04-14-0123abcd"),
        ("accounts/fireworks/models/Llama_v3p1 8B", "llama-v3p1-8b-0123abcd"),
        ("/models/SmolLM2-135M-Instruct.Q4_1.gguf", "smollm2-135m-instruct.q4-1-0123abcd"),
        ("./models/", "models-0123abcd"),
        ("日本語", "model-0123abcd"),
    ],
)
def test_a_model_that_was_given_no_name_has_one(base: str, name: str) -> None:
    assert default_name(base, "0123abcdef") == name
    assert check_name(name) == name


@pytest.mark.parametrize("name", ["", ".", "../x", "a/b", "a b", "-a", "ä", "x" * 64, "a\n"])
def test_a_name_that_is_no_folders_is_refused(name: str) -> None:
    with pytest.raises(SyncError, match="can't be a model's name"):
        check_name(name)


def test_the_command_lists_and_shows_them(folder: LocalFolder, tmp_path: Path) -> None:
    (tmp_path / "labeltune.toml").write_text("")
    said = labeltune(tmp_path, "models")
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout == "No model yet; make one of a release with `labeltune finetune`.\n"
    write_entry(folder, ENTRY)
    folder.write("models/next/job.json", "{}")
    folder.write(entry_file("broken"), "{")
    listed = labeltune(tmp_path, "models")
    assert listed.stdout.splitlines()[1].split() == [
        *("support-1", "gpt-4.1-mini-2025-04-14", "endpoint", "supervised", "v3-51213aee"),
        *("1,200", "0.7500", "1.5000", "2026-11-30", "09:00"),
    ]
    assert "next is not done: `labeltune finetune --watch next`" in listed.stdout
    assert "warning: " in listed.stderr
    assert "broken" in listed.stderr
    told = json.loads(labeltune(tmp_path, "models", "--json").stdout)
    assert [one["name"] for one in told["models"]] == ["support-1"]
    one = labeltune(tmp_path, "models", "support-1").stdout
    for fact in (ENTRY.release.release, "a1" * 32, "b2" * 32, "c3" * 32, "ft:gpt-4.1-mini:bank::1"):
        assert fact in one
    none = labeltune(tmp_path, "models", "support")
    assert none.returncode == 1
    assert none.stderr.endswith("did you mean 'support-1'?\n")
