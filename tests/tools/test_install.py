"""An installation as `make install` runs it, of a project with two small packages."""

import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PYPROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "labeltune"
version = "0.1.0"
"""
BACKEND = """\
import pathlib, zipfile
def build_editable(folder, settings=None, metadata=None):
    info, name = "labeltune-0.1.0.dist-info", "labeltune-0.1.0-py3-none-any.whl"
    kind = "Wheel-Version: 1.0\\nGenerator: x\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        said = "Metadata-Version: 2.1\\nName: labeltune\\nVersion: 0.1.0\\n"
        wheel.writestr(f"{info}/METADATA", said)
        wheel.writestr(f"{info}/WHEEL", kind)
        wheel.writestr(f"{info}/RECORD", "")
    return name
"""


def wheel(folder: Path, name: str) -> str:
    """A package of one module; gives its line of a lock."""
    info = f"{name}-1.0.dist-info"
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", "VALUE = 1\n")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        kind = "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr(f"{info}/WHEEL", kind)
        archive.writestr(f"{info}/RECORD", "")
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@dataclass(frozen=True)
class Clone:
    """A folder with the script, a project and a lock."""

    folder: Path

    @property
    def packages(self) -> Path:
        """Where the installed packages are."""
        (found,) = self.folder.glob(".venv/lib/python*/site-packages")
        return found

    def install(self, lock: str = "locks", **environment: str) -> subprocess.CompletedProcess[str]:
        """What `make install` runs, with the wheels of a folder unless pip is told another way."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
        wheels = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.folder / "wheels")}
        return subprocess.run(
            [sys.executable, "-m", "tools.install", "all", "--lock", lock],
            cwd=self.folder,
            env=kept | {"PIP_CONFIG_FILE": os.devnull} | (environment or wheels),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """One that is installed."""
    folder = tmp_path_factory.mktemp("clone")
    shutil.copytree(ROOT / "tools", folder / "tools")
    (folder / "sync" / "stack").mkdir(parents=True)
    shutil.copy(ROOT / "sync" / "stack" / "tether.py", folder / "sync" / "stack")
    (folder / "pyproject.toml").write_text(PYPROJECT)
    (folder / "backend.py").write_text(BACKEND)
    (folder / "wheels").mkdir()
    (folder / "locks").mkdir()
    lines = [wheel(folder / "wheels", name) for name in ("one", "two")]
    (folder / "locks" / "all.txt").write_text("".join(lines))
    wheel(folder / "wheels", "torch")
    (folder / "locks" / "torch.txt").write_text("torch==1.0\n")
    made = Clone(folder)
    done = made.install()
    assert done.returncode == 0, done.stderr + (folder / ".venv-install.log").read_text()
    assert done.stdout == ""
    began, ended = done.stderr.splitlines()[::2], done.stderr.splitlines()[1::2]
    assert began[1:3] == ["Installing LabelTune …", "Installing PyTorch …"]
    assert ended[1].startswith("Installing LabelTune: 2 packages, ")
    assert len(began) == len(ended) == 4
    return made


@pytest.mark.thorough
def test_a_package_that_was_half_installed_is_installed_again(clone: Clone) -> None:
    """As `kill -9` leaves it: pip takes it for installed, since its metadata are there."""
    before = (clone.packages / "two.py").stat().st_mtime_ns
    (clone.packages / "one.py").write_text("VAL")
    (clone.packages / "one-1.0.dist-info" / "INSTALLER").unlink()
    (clone.packages / "~wo-1.0.dist-info").mkdir()
    assert clone.install().returncode == 0
    assert (clone.packages / "one.py").read_text() == "VALUE = 1\n"
    assert not list(clone.packages.glob("~*"))
    assert (clone.packages / "two.py").stat().st_mtime_ns == before


@pytest.mark.thorough
def test_an_environment_without_pip_is_made_anew(clone: Clone) -> None:
    (clone.folder / ".venv" / "bin" / "python").unlink()
    done = clone.install()
    assert done.returncode == 0, done.stderr
    assert "Making a virtual environment" in done.stderr
    assert (clone.packages / "two.py").exists()


@pytest.fixture
def other_lock(clone: Clone) -> Path:
    """The folder of a lock that a test may spoil."""
    return Path(
        shutil.copytree(clone.folder / "locks", clone.folder / "spoilt", dirs_exist_ok=True)
    )


def test_another_file_than_was_locked(clone: Clone, other_lock: Path) -> None:
    wheel(clone.folder / "wheels", "three")
    (other_lock / "all.txt").write_text(f"three==1.0 --hash=sha256:{'0' * 64}\n")
    done = clone.install("spoilt")
    assert done.returncode == 1
    sentence, log = done.stderr.splitlines()[-2:]
    assert sentence.startswith("spoilt/all.txt: three==1.0 of your package index is not the file")
    assert "LOCK=" in sentence
    assert log == "All of it: .venv-install.log"


def test_a_version_that_the_index_has_not(clone: Clone, other_lock: Path) -> None:
    (other_lock / "all.txt").write_text(f"four==1.0 --hash=sha256:{'0' * 64}\n")
    done = clone.install("spoilt")
    assert done.returncode == 1
    assert "no four==1.0 for this machine" in done.stderr
    assert "LOCK=" in done.stderr


def test_no_network(clone: Clone, other_lock: Path) -> None:
    (other_lock / "all.txt").write_text(f"four==1.0 --hash=sha256:{'0' * 64}\n")
    nowhere = "http://127.0.0.1:9/simple"
    done = clone.install("spoilt", PIP_INDEX_URL=nowhere, PIP_RETRIES="1")
    assert done.returncode == 1
    assert "The package index can't be reached; check the network" in done.stderr
    assert "Traceback" not in done.stderr


def test_two_at_once_take_turns(clone: Clone) -> None:
    log = clone.folder / ".venv-install.log"
    before = log.read_bytes()
    with log.open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        second = subprocess.Popen(
            [sys.executable, "-m", "tools.install", "all"],
            cwd=clone.folder,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert second.stderr is not None
        with second.stderr as said:
            assert "is installing in this folder; waiting" in said.readline()
            second.send_signal(signal.SIGINT)
            assert said.read() == "Stopped; the same command goes on where it was.\n"
    assert second.wait(20) == 130
    assert log.read_bytes() == before


@pytest.mark.parametrize("path", sorted((ROOT / "tools").glob("*.py")), ids=lambda path: path.stem)
def test_nothing_has_to_be_installed_to_install(path: Path) -> None:
    modules = re.findall(r"^ *(?:from|import) (\w+)", path.read_text(), re.M)
    assert set(modules) <= {"tools", *sys.stdlib_module_names}


def test_the_python_that_make_needs(clone: Clone) -> None:
    shutil.copy(ROOT / "Makefile", clone.folder)
    done = subprocess.run(
        ["make", "install", "PYTHON=no-python"],
        cwd=clone.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    first = done.stderr.splitlines()[0]
    assert first.startswith("LabelTune needs Python 3.11 or newer, and no-python is missing; ")
