"""`labeltune init`, as a user runs it."""

import json
from pathlib import Path

import sync.settings
from tests.running import labeltune


def test_writes_a_file_that_loads_and_says_what_is_next(tmp_path: Path) -> None:
    done = labeltune(tmp_path, "init", "new/project")
    assert (done.returncode, done.stderr) == (0, "")
    assert "labeltune push" in done.stdout
    config = sync.settings.load(tmp_path / "new" / "project" / "labeltune.toml")
    assert config.guidelines_text().startswith("# Guidelines")


def test_json_names_the_files(tmp_path: Path) -> None:
    done = labeltune(tmp_path, "init", "--json")
    written = ["labeltune.toml", "guidelines.md", ".gitignore"]
    assert json.loads(done.stdout) == {"written": written}


def test_secrets_are_kept_out_of_git(tmp_path: Path) -> None:
    done = labeltune(tmp_path, "init")
    assert "out of git" in done.stdout
    ignored = (tmp_path / ".gitignore").read_text().splitlines()
    key_file = sync.settings.load(tmp_path / "labeltune.toml").cleaning.redaction.key_file
    assert {".env", key_file, f".{key_file}.*", "labeltune-data/"} <= set(ignored)


def test_an_existing_gitignore_is_kept(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine")
    assert labeltune(tmp_path, "init").returncode == 0
    assert (tmp_path / ".gitignore").read_text() == "mine"


def test_existing_configuration_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "labeltune.toml").write_text("# mine\n")
    done = labeltune(tmp_path, "init")
    assert done.returncode == 1
    assert done.stderr == (
        "labeltune: labeltune.toml exists already and is left as it is; edit it, or remove it\n"
    )
    assert (tmp_path / "labeltune.toml").read_text() == "# mine\n"
    assert not (tmp_path / "guidelines.md").exists()


def test_existing_guidelines_are_kept(tmp_path: Path) -> None:
    (tmp_path / "guidelines.md").write_text("mine")
    assert labeltune(tmp_path, "init").returncode == 0
    assert (tmp_path / "guidelines.md").read_text() == "mine"
    assert (tmp_path / "labeltune.toml").exists()


def test_folder_that_can_not_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = labeltune(tmp_path, "init", "file/inside")
    assert done.returncode == 1
    assert "the folder can't be made" in done.stderr
    assert "Traceback" not in done.stderr
