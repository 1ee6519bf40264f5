"""Stacks that run on this machine, told from those that were killed; and which one is meant."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from sync.stack.running import RunningStack, announced, running_stacks, stack_for

A = RunningStack(
    "/work/a", "http://127.0.0.1:1", "http://127.0.0.1:2", "http://127.0.0.1:3/v1", "m"
)
B = replace(A, folder="/work/b", llm_model="n")


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's state folder of the test's own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "labeltune" / "stacks"


def test_a_stack_is_known_while_it_runs(places: Path) -> None:
    assert running_stacks() == []
    with announced(B), announced(A):
        assert running_stacks() == [A, B]
        assert running_stacks() == [A, B], "looking changes nothing"
        assert places.stat().st_mode & 0o777 == 0o700
    assert running_stacks() == []
    assert list(places.glob("*.json")) == []


KILLED = """
import os, sys
from sync.stack.running import RunningStack, announced
with announced(RunningStack(*sys.argv[1:])):
    os.kill(os.getpid(), 9)
"""


def test_the_file_of_a_stack_that_was_killed_counts_for_nothing(places: Path) -> None:
    fields = (A.folder, A.label_studio_url, A.backend_url, A.llm_url, A.llm_model)
    subprocess.run([sys.executable, "-c", KILLED, *fields], env={**os.environ}, check=False)
    (left,) = places.glob("*.json")
    assert json.loads(left.read_text())["folder"] == A.folder
    assert running_stacks() == []
    with announced(A):
        assert running_stacks() == [A]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"folder": "/x"}', "\x00", '{"port": 1}'])
def test_a_file_of_another_version_is_left_alone(places: Path, text: str) -> None:
    with announced(A):
        (file,) = places.glob("*.json")
        file.write_text(text)
        assert running_stacks() == []


def test_a_state_folder_that_can_not_be_written_does_not_stop_a_stack(places: Path) -> None:
    places.parent.parent.joinpath("labeltune").write_text("a file")
    with announced(A):
        assert running_stacks() == []


@pytest.mark.parametrize(
    ("folder", "stacks", "found"),
    [
        ("/work/a", [A, B], A),
        ("/work/a/my-project/deep", [A, B], A),
        ("/work/b", [A, B], B),
        ("/elsewhere", [A], A),
        ("/elsewhere", [A, B], None),
        ("/work", [A, B], None),
        ("/elsewhere", [], None),
        ("/work/a/b", [A, replace(B, folder="/work/a/b")], replace(B, folder="/work/a/b")),
    ],
)
def test_which_stack_a_folder_belongs_to(
    folder: str, stacks: list[RunningStack], found: RunningStack | None
) -> None:
    assert stack_for(Path(folder), stacks) == found
