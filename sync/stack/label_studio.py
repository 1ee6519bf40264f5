"""Label Studio in a virtual environment of its own, installed once for all folders.

Every package of it is locked, version and hash, in `label_studio_lock.txt` beside this module,
which `make lock` writes. `python -m sync.stack.label_studio` installs it and prints where it is.
"""

import functools
import os
import re
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
from sync.stack.empty_database import prepared_database
from sync.stack.folders import cache_dir
from sync.stack.stages import Stages
from sync.stack.tether import RunLogged, run_logged

VERSION = "1.23.2"
INSTALLED_BYTES = 1_400_000_000  # the environment (1.0 GB) and pip's downloads while it works
_MARKER = "labeltune-complete"
_LOCK = Path(__file__).with_name("label_studio_lock.txt")


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


def installed(stages: Stages) -> Path:
    """The same, and how far it is meanwhile."""
    if is_installed():
        return label_studio_executable()
    with stages.stage(f"Installing Label Studio {VERSION}, once", InstallProgress()):
        return label_studio_executable()


def _folder() -> Path:
    return cache_dir() / f"label-studio-{VERSION}"


@functools.cache
def _packages() -> int:
    """How many packages the environment holds in the end, pip among them."""
    return 1 + len(re.findall(r"^[\w.-]+==", _LOCK.read_text(encoding="utf-8"), re.M))


def _requirements() -> list[str]:
    """What pip is asked for: the lock, or what it chooses with `LABELTUNE_LOCK=off`.

    pip chooses, too, where the lock was not made for: it holds what Python 3.11 to 3.13 need on
    Linux.
    """
    is_fit = sys.platform == "linux" and sys.version_info < (3, 14)
    if is_fit and os.environ.get("LABELTUNE_LOCK") != "off":
        return ["--no-deps", "--require-hashes", "-r", str(_LOCK)]
    return [f"label-studio=={VERSION}"]


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
        total = _packages()
        if is_installed():
            return f"{total} packages"
        log = _read(_log(folder)) or ""
        if "\nInstalling collected packages" not in log:
            found = len(re.findall(r"^(?:Collecting|Processing) ", log, re.M))
            fetched = min(found, total)
            return f"{fetched} of {total} packages fetched{self._left(fetched)}"
        unpacked = len(list(folder.glob("lib/python*/site-packages/*.dist-info")))
        return f"{unpacked} of {total} packages unpacked{self._left(total + unpacked)}"

    def _left(self, steps: int) -> str:
        """A guess, once there is something to guess by; of each package there are two steps."""
        share = steps / (2 * _packages())
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
            # Python compiles what is used; all of it takes longer
            [python, "-m", "pip", "install", "--no-compile", *_requirements()],
        ),
    )
    for aim, command in steps:
        try:
            run(command, log)
        except (OSError, subprocess.CalledProcessError) as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise StackError(_sentence(aim, error, log)) from error
    (folder / _MARKER).write_text(_completed_by(), encoding="utf-8")


def _sentence(aim: str, error: OSError | subprocess.CalledProcessError, log: Path) -> str:
    """What failed, and what to do, by what pip or venv wrote into the log."""
    said = _read(log) or ""
    if "ensurepip" in said:
        return (
            f"{sys.executable}: this Python can't make virtual environments; "
            "run `apt-get install python3-venv`, then `labeltune up` again"
        )
    if "DO NOT MATCH THE HASHES" in said:
        return (
            f"{_LOCK}: your package index has another file than was locked, see {log}; use another "
            "index, or let pip choose with LABELTUNE_LOCK=off in the environment"
        )
    ended = f"pip or venv ended with status {getattr(error, 'returncode', 0)}"
    return (
        f"could not {aim} ({error if isinstance(error, OSError) else ended}); see {log}, check the "
        "network and the disk, then run `labeltune up` again"
    )


def main() -> None:
    """Install Label Studio, if missing, with an empty database; print the path of its command."""
    stages = Stages()
    try:
        executable = installed(stages)
        prepared_database(executable, stages)
        click.echo(str(executable))
    except StackError as error:
        click.echo(f"labeltune: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
