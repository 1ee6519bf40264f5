import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sync.common.errors import StackError
from sync.stack import label_studio
from sync.stack.label_studio import is_installed, label_studio_executable
from sync.stack.tether import run_logged


@dataclass
class Installer:
    """Makes files as venv and pip would; fails at one of them when told to.

    Attributes:
        fails_at: part of the command that fails.
        says: what that command writes into the log.
        commands: what was run.
    """

    fails_at: str = "nothing"
    says: str = ""
    commands: list[Sequence[str]] = field(default_factory=list)

    def __call__(self, command: Sequence[str], log: Path) -> None:
        self.commands.append(command)
        if self.fails_at in command:
            log.write_text(self.says)
            raise subprocess.CalledProcessError(1, command)
        folder = Path(command[-1]) if "venv" in command else Path(command[0]).parent.parent
        (folder / "bin").mkdir(parents=True, exist_ok=True)
        (folder / "bin" / ("python" if "venv" in command else "label-studio")).touch()


def test_installed_once_in_its_own_environment(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LABELTUNE_LOCK", raising=False)
    installer = Installer()
    folder = cache / f"label-studio-{label_studio.VERSION}"
    assert not is_installed()
    assert label_studio_executable(installer) == folder / "bin" / "label-studio"
    assert label_studio_executable(installer) == folder / "bin" / "label-studio"
    assert is_installed()
    venv, pip = installer.commands
    assert venv == [sys.executable, "-m", "venv", str(folder)]
    assert pip[0] == str(folder / "bin" / "python")
    assert pip[-4:-1] == ["--no-deps", "--require-hashes", "-r"]
    assert "label-studio==1.23.2 " in Path(pip[-1]).read_text()


def test_pip_chooses_where_the_lock_is_switched_off(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABELTUNE_LOCK", "off")
    installer = Installer()
    label_studio_executable(installer)
    assert installer.commands[1][-1] == "label-studio==1.23.2"
    assert "--require-hashes" not in installer.commands[1]


def test_an_index_with_another_file_than_was_locked(cache: Path) -> None:
    said = "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE."
    with pytest.raises(StackError, match=r"label_studio_lock\.txt: .* LABELTUNE_LOCK=off"):
        label_studio_executable(Installer(fails_at="pip", says=said))


def test_half_made_environment_is_made_anew(cache: Path) -> None:
    folder = cache / f"label-studio-{label_studio.VERSION}"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "label-studio").touch()
    (folder / "bin" / "python").touch()
    (folder / "left-over").touch()
    installer = Installer()
    label_studio_executable(installer)
    assert len(installer.commands) == 2
    assert not (folder / "left-over").exists()


@pytest.mark.parametrize("lost", ["python", "label-studio"])
def test_environment_that_lost_its_python_is_made_anew(cache: Path, lost: str) -> None:
    (label_studio_executable(Installer()).parent / lost).unlink()
    installer = Installer()
    label_studio_executable(installer)
    assert len(installer.commands) == 2


def test_failing_pip_names_its_log_and_leaves_nothing(cache: Path) -> None:
    folder = cache / f"label-studio-{label_studio.VERSION}"
    with pytest.raises(StackError, match=rf"install Label Studio .*see {folder}-install\.log"):
        label_studio_executable(Installer(fails_at="pip", says="no matching distribution"))
    assert not folder.exists()
    assert Path(f"{folder}-install.log").read_text() == "no matching distribution"


def test_missing_ensurepip_names_the_package(cache: Path) -> None:
    says = "The virtual environment was not created because ensurepip is not available."
    with pytest.raises(StackError, match="apt-get install python3-venv"):
        label_studio_executable(Installer(fails_at="venv", says=says))


def test_two_at_once_install_once(cache: Path) -> None:
    installer = Installer()
    threads = [
        threading.Thread(target=label_studio_executable, args=(installer,)) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(installer.commands) == 2


def test_commands_write_to_the_log_and_may_not_ask(tmp_path: Path) -> None:
    log = tmp_path / "new" / "log"
    code = "import sys; print('out'); print('err', file=sys.stderr); print(sys.stdin.read() == '')"
    run_logged([sys.executable, "-u", "-c", code], log)
    assert log.read_text() == "out\nerr\nTrue\n"
    with pytest.raises(subprocess.CalledProcessError):
        run_logged([sys.executable, "-c", "raise SystemExit(3)"], log)


def test_module_prints_where_it_is(cache: Path) -> None:
    expected = label_studio_executable(Installer())
    done = subprocess.run(
        [sys.executable, "-m", "sync.stack.label_studio"],
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{expected}\n"
