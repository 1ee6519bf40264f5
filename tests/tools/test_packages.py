from pathlib import Path

import pytest

from tools.failures import sentence, unwritable
from tools.packages import Packages, forget_half_installed, locked
from tools.stages import lasting, time_left


def test_a_lock_s_packages(tmp_path: Path) -> None:
    file = tmp_path / "all.txt"
    file.write_text("# x==1\nOne_Two==1.0 \\\n    --hash=sha256:00\n    # via y\nb==2 ; z\n")
    assert locked(file) == {"one-two": "1.0", "b": "2"}


def unpack(venv: Path, *names: str) -> None:
    for name in names:
        folder = venv / "lib/python3.11/site-packages" / f"{name}-1.0.dist-info"
        folder.mkdir(parents=True)
        (folder / "RECORD").touch()
        (folder / "INSTALLER").touch()


def test_an_installation_in_words(tmp_path: Path) -> None:
    """From pip's output while it fetches, and from what is unpacked after that."""
    clock = iter([0.0, 30.0, 60.0, 90.0]).__next__
    said = ""
    wanted = {f"package-{n}": "1.0" for n in range(100)}
    unpack(tmp_path, "pip")
    packages = Packages(tmp_path, wanted, lambda: said, clock)
    assert packages.measure() == "0 of 100 packages fetched"
    said = "".join(f"Collecting package-{n}==1.0\n  Downloading it\n" for n in range(50))
    assert packages.measure() == "50 of 100 packages fetched, about 2 min left"
    said += "Processing /wheels/a.whl\n" * 50
    assert packages.measure() == "100 of 100 packages fetched, about 60 s left"
    said += "Installing collected packages: a, b\n"
    unpack(tmp_path, *(f"package_{n}" for n in range(50)))
    assert packages.measure() == "50 of 100 packages unpacked, about 30 s left"
    unpack(tmp_path, *(f"package_{n}" for n in range(50, 100)))
    assert packages.measure() == "100 packages"


def test_how_far_it_is_without_a_lock(tmp_path: Path) -> None:
    packages = Packages(tmp_path, None, lambda: "Collecting a\nCollecting b\n")
    assert packages.measure() == "2 packages fetched"


def test_only_what_is_half_installed_goes(tmp_path: Path) -> None:
    unpack(tmp_path, "whole", "half")
    packages = tmp_path / "lib/python3.11/site-packages"
    (packages / "half-1.0.dist-info" / "INSTALLER").unlink()
    forget_half_installed(tmp_path)
    assert [path.name for path in packages.iterdir()] == ["whole-1.0.dist-info"]


def test_times_in_words() -> None:
    assert [lasting(s) for s in (0.2, 48, 60, 65)] == ["0 s", "48 s", "1 min", "1 min 5 s"]
    assert [time_left(s) for s in (1, 41, 130)] == [
        "about 5 s left",
        "about 40 s left",
        "about 2 min left",
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full; make room"),
        (
            "W: Failed to fetch x  Temporary failure resolving 'y'\nE: Unable to locate package",
            "can't be reached; check the network",
        ),
        (
            "WARNING: Location 'x' is ignored\nE: dpkg was interrupted, you must manually run it\n",
            "Installing failed: E: dpkg was interrupted, you must manually run it",
        ),
        ("something\nelse\n", "Installing failed: something / else"),
    ],
)
def test_a_failure_is_one_sentence(said: str, expected: str) -> None:
    told = sentence(said, "locks/all.txt")
    assert expected in told
    assert "\n" not in told


def test_a_folder_that_may_not_be_written() -> None:
    assert unwritable(PermissionError(13, "Permission denied", "/clone/log")) == (
        "/clone/log: Permission denied; work in a folder that you may write to."
    )
    assert unwritable(OSError("no apt-get here")) == "no apt-get here"
