"""Label Studio's empty database: made once, copied at a first start, never over another."""

import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sync.stack.empty_database import (
    NAME,
    copy_database,
    empty_database,
    needs_database,
    prepared,
    steps_taken,
)

TABLES = b"tables"


@dataclass
class LabelStudioCommand:
    """Makes the tables in the folder that the command names, or fails."""

    fails: bool = False
    commands: list[Sequence[str]] = field(default_factory=list)

    def __call__(self, command: Sequence[str], log: Path) -> None:
        self.commands.append(command)
        if self.fails:
            raise subprocess.CalledProcessError(1, command)
        folder = next(w.partition("=")[2] for w in command if w.startswith("LABEL_STUDIO_BASE"))
        (Path(folder) / NAME).write_bytes(TABLES)


@pytest.fixture
def executable(tmp_path: Path) -> Path:
    command = tmp_path / "label-studio" / "bin" / "label-studio"
    command.parent.mkdir(parents=True)
    return command


def test_it_is_made_once(executable: Path) -> None:
    run = LabelStudioCommand()
    file = empty_database(executable, run)
    assert file is not None
    assert file.read_bytes() == TABLES
    assert empty_database(executable, run) == file == prepared(executable)
    assert len(run.commands) == 1
    assert run.commands[0][-2:] == [str(executable), "version"]
    left = {path.name for path in file.parent.iterdir()}
    assert left == {"bin", "labeltune-empty.sqlite3", "labeltune-empty.lock"}


def test_no_setting_of_the_user_reaches_it(
    executable: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_NAME", "/home/user/precious.sqlite3")
    monkeypatch.setenv("LABEL_STUDIO_USERNAME", "somebody")
    run = LabelStudioCommand()
    empty_database(executable, run)
    command = run.commands[0]
    assert command[:2] == ["env", "-i"]
    assert not any("precious" in word or "somebody" in word for word in command)


def test_where_it_can_not_be_made_label_studio_makes_its_own(
    executable: Path, tmp_path: Path
) -> None:
    assert empty_database(executable, LabelStudioCommand(fails=True)) is None
    copy_database(None, tmp_path / "data")
    assert not (tmp_path / "data").exists()
    assert empty_database(executable, LabelStudioCommand()) is not None


def test_its_making_is_told_in_steps(executable: Path) -> None:
    unfinished = executable.parents[1] / "labeltune-empty" / NAME
    assert steps_taken(executable) == ""
    unfinished.parent.mkdir()
    with closing(sqlite3.connect(unfinished)) as database:
        assert steps_taken(executable) == ""
        database.execute("create table django_migrations (id integer primary key)")
        database.executemany("insert into django_migrations values (?)", [(1,), (2,)])
        database.commit()
    assert steps_taken(executable) == "2 of 396 steps"
    empty_database(executable, LabelStudioCommand())
    assert steps_taken(executable) == "396 steps"


def test_a_first_start_gets_a_copy_and_a_later_one_keeps_its_own(tmp_path: Path) -> None:
    empty, data = tmp_path / "empty", tmp_path / "state" / "label-studio"
    empty.write_bytes(TABLES)
    assert needs_database(data)
    copy_database(empty, data)
    assert not needs_database(data)
    assert (data / NAME).read_bytes() == TABLES
    (data / NAME).write_bytes(b"work of experts")
    copy_database(empty, data)
    assert (data / NAME).read_bytes() == b"work of experts"
    assert [path.name for path in data.iterdir()] == [NAME]
