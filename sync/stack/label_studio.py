"""Label Studio in a virtual environment of its own, installed once for all folders.

`python -m sync.stack.label_studio` installs it and prints where it is.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
from filelock import FileLock

from sync.common.errors import StackError
from sync.common.wording import time_left
from sync.stack.folders import cache_dir
from sync.stack.tether import RunLogged, run_logged

VERSION = "1.23.2"
INSTALLED_BYTES = 1_400_000_000  # the environment (1.0 GB) and pip's downloads while it works
_MARKER = "labeltune-complete"
_PACKAGES = 159  # that the environment holds in the end, pip among them


def is_installed() -> bool:
    """Whether a whole environment, made by this Python, is there."""
    folder = _folder()
    return (
        _read(folder / _MARKER) == _completed_by()
        and (folder / "bin" / "python").exists()
        and (folder / "bin" / "label-studio").exists()
    )


def label_studio_executable(run: RunLogged = run_logged) -> Path:
    """Label Studio's command, installed first when it is missing or half-made.

    Args:
        run: runs a command with its output in a log file.

    Raises:
        StackError: the environment can't be made, or pip can't install into it.
    """
    folder = _folder()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        if not is_installed():
            _install(folder, run)
    return folder / "bin" / "label-studio"


def _folder() -> Path:
    return cache_dir() / f"label-studio-{VERSION}"


def _log(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}-install.log")


class InstallProgress:
    """How far an installation is, in words, by pip's log and by what lies in the environment."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()

    def __call__(self) -> str:
        """`57 of 159 packages fetched, about 2 min left`; each is fetched, then unpacked."""
        folder = _folder()
        if is_installed():
            return f"{_PACKAGES} packages"
        log = _read(_log(folder)) or ""
        fetched = min(log.count("\nCollecting "), _PACKAGES)
        if "\nInstalling collected packages" not in log:
            return f"{fetched} of {_PACKAGES} packages fetched{self._left(fetched)}"
        unpacked = len(list(folder.glob("lib/python*/site-packages/*.dist-info")))
        return f"{unpacked} of {_PACKAGES} packages unpacked{self._left(_PACKAGES + unpacked)}"

    def _left(self, steps: int) -> str:
        """A guess, once there is something to guess by; of each package there are two steps."""
        share = steps / (2 * _PACKAGES)
        if not 0.1 < share < 1:
            return ""
        return f", {time_left((self._clock() - self._began) * (1 - share) / share)}"


def _completed_by() -> str:
    return f"{sys.base_prefix} {sys.version}"


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def _install(folder: Path, run: RunLogged) -> None:
    """Make the environment afresh; the marker is written last."""
    shutil.rmtree(folder, ignore_errors=True)
    log = _log(folder)
    log.unlink(missing_ok=True)
    python = str(folder / "bin" / "python")
    steps = (
        ("make a virtual environment", [sys.executable, "-m", "venv", str(folder)]),
        (
            "install Label Studio",
            [python, "-m", "pip", "install", f"label-studio=={VERSION}"],
        ),
    )
    for aim, command in steps:
        try:
            run(command, log)
        except (OSError, subprocess.CalledProcessError) as error:
            shutil.rmtree(folder, ignore_errors=True)
            if "ensurepip" in (_read(log) or ""):
                raise StackError(
                    f"{sys.executable}: this Python can't make virtual environments; "
                    "run `apt-get install python3-venv`, then `labeltune up` again"
                ) from error
            raise StackError(
                f"could not {aim} ({_reason(error)}); see {log}, check the network and the disk, "
                "then run `labeltune up` again"
            ) from error
    (folder / _MARKER).write_text(_completed_by(), encoding="utf-8")


def _reason(error: OSError | subprocess.CalledProcessError) -> str:
    if isinstance(error, OSError):
        return str(error)
    return f"pip or venv ended with status {error.returncode}"


def main() -> None:
    """Install Label Studio, if missing, and print the path of its command."""
    try:
        click.echo(str(label_studio_executable()))
    except StackError as error:
        click.echo(f"labeltune: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
