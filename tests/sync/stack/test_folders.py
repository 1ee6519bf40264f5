import stat
from pathlib import Path

import pytest

from sync.common.errors import StackError
from sync.stack.folders import cache_dir, state_folder


def test_private_and_out_of_version_control(tmp_path: Path) -> None:
    with state_folder(tmp_path) as state:
        assert state == tmp_path / ".labeltune"
        assert stat.S_IMODE(state.stat().st_mode) == 0o700
        assert (state / ".gitignore").read_text() == "*\n"


def test_one_stack_a_folder(tmp_path: Path) -> None:
    with (
        state_folder(tmp_path),
        pytest.raises(StackError, match=f"another `labeltune up` runs in {tmp_path};"),
        state_folder(tmp_path),
    ):
        pytest.fail("two in one folder")
    with state_folder(tmp_path):
        pass


def test_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / ".labeltune").touch()
    with pytest.raises(StackError, match=r"\.labeltune: can't be made"), state_folder(tmp_path):
        pytest.fail("made")


def test_follows_xdg(cache: Path) -> None:
    assert cache_dir() == cache
