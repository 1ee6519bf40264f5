import io
import stat
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st

from sync.common.errors import StackError
from sync.stack.dotenv_file import update_dotenv


def test_new_file_is_private(tmp_path: Path) -> None:
    update_dotenv(tmp_path / ".env", {"KEY": "secret"})
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [".env"]


def test_existing_file_becomes_private(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("KEY=secret\n")
    path.chmod(0o644)
    update_dotenv(path, {"KEY": "secret"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_other_lines_stay(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("# mine\nexport EDITOR=vi\nURL=old # comment\nNOT A LINE\n\nGONE=1\nLAST='x y'")
    update_dotenv(path, {"URL": "new", "GONE": None, "ADDED": "1"})
    assert path.read_text() == (
        "# mine\nexport EDITOR=vi\nURL=new\nNOT A LINE\n\nLAST='x y'\nADDED=1\n"
    )


def test_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("A=1\n")
    (tmp_path / ".env").symlink_to(tmp_path / "real")
    update_dotenv(tmp_path / ".env", {"A": "2"})
    assert (tmp_path / ".env").is_symlink()
    assert (tmp_path / "real").read_text() == "A=2\n"


def test_folder_in_the_way(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    with pytest.raises(StackError, match=r"\.env: can't be updated"):
        update_dotenv(tmp_path / ".env", {"A": "1"})


@given(
    st.dictionaries(
        st.from_regex(r"[A-Z][A-Z_]{0,8}", fullmatch=True),
        st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), max_size=20),
        min_size=1,
    )
)
def test_every_value_is_read_back(values: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, ".env")
        update_dotenv(path, values)
        text = path.read_text(encoding="utf-8")
        assert dict(dotenv_values(stream=io.StringIO(text), interpolate=False)) == values
        update_dotenv(path, values)
        assert path.read_text(encoding="utf-8") == text
