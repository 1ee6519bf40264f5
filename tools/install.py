"""Install LabelTune into .venv, as the lock says: `make install`, `make install-dev`.

    python3 -m tools.install all [--lock locks]      what `make up` runs on
    python3 -m tools.install dev [--lock locks]      and what the tests need

An empty `--lock` lets pip choose the versions that pyproject.toml allows. Run again after Ctrl-C
or `kill -9`, it goes on where it was. The standard library only: nothing is installed yet. Not a
module of `sync`, which can't be imported without what this installs.
"""

import argparse
import fcntl
import os
import platform
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from tools.failures import sentence, unwritable
from tools.packages import Packages, forget_half_installed, locked
from tools.stages import ROOT, CommandError, Stages

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOG = ROOT / ".venv-install.log"
# bytes; with PyTorch's CPU build, and what pip unpacks on the way
NEEDED = {"all": 2_500_000_000, "dev": 3_000_000_000}
TITLES = {"all": "Installing LabelTune", "dev": "Installing LabelTune and its tests"}
PIP = (PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input")
# the program that is looked for -> Debian's package that holds it; redis-tools holds the server's
# program, too, and starts no service as redis-server does
DEBIAN = {"chromium": "chromium", "redis-check-rdb": "redis-tools"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Install and say what failed, if anything, in one sentence."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("extra", choices=TITLES, help="which extra of pyproject.toml")
    parser.add_argument("--lock", default="locks", help="the lock's folder; empty: without a lock")
    asked = parser.parse_args(arguments)
    lock = f"{asked.lock}/{asked.extra}.txt" if asked.lock else ""
    try:
        with _alone():
            _install(asked.extra, ROOT / asked.lock if asked.lock else None)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped; the same command goes on where it was.\n")
        return 130
    except CommandError as error:
        sys.stderr.write(f"{sentence(error.said, lock)}\nAll of it: {_shown(LOG)}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{unwritable(error)}\n")
        return 1
    return 0


@contextmanager
def _alone() -> Iterator[None]:
    """Two installations into one folder take turns: each would take away what the other writes."""
    with LOG.open("ab") as log:
        try:
            fcntl.flock(log, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write("Something else is installing in this folder; waiting for it …\n")
            fcntl.flock(log, fcntl.LOCK_EX)
        yield


def _install(extra: str, lock: Path | None) -> None:
    stages = Stages(LOG)
    _require_room(NEEDED[extra])
    _environment(stages)
    if lock is not None and not _fits_the_lock():
        sys.stderr.write(
            f"The lock is for Python 3.11 to 3.13 on Linux; for {platform.python_version()} on "
            f"{platform.system()} pip chooses the versions that pyproject.toml allows.\n"
        )
        lock = None
    if lock is None:
        _without_lock(extra, stages)
    else:
        _from_lock(extra, lock, stages)
    if extra == "dev":
        # what a test would compile first could warn, and a warning is an error there
        with stages.stage("Compiling Python's files"), suppress(CommandError):
            # some files of packages are for other Pythons
            stages.run([PYTHON, "-m", "compileall", "-q", "-j", "0", VENV / "lib"])
        _debian(
            [package for program, package in DEBIAN.items() if not shutil.which(program)], stages
        )


def _from_lock(extra: str, lock: Path, stages: Stages) -> None:
    """The locked packages by hash, then torch, which is found for this machine by its version."""
    file = lock / f"{extra}.txt"
    packages = Packages(VENV, locked(file), stages.said)
    with stages.stage(TITLES[extra], packages.measure):
        stages.run([*PIP, "--no-compile", "--no-deps", "--require-hashes", "-r", file])
    torch = locked(lock / "torch.txt")
    with stages.stage("Installing PyTorch", Packages(VENV, torch, stages.said).measure):
        # after the others: what it needs is there by then, unless its build is one with CUDA
        stages.run([*PIP, "--no-compile", "-r", lock / "torch.txt"])
    with stages.stage("Checking what is installed"):
        stages.run([*PIP, "--no-deps", "--no-build-isolation", "-e", "."])
        stages.run([PYTHON, "-m", "pip", "check"])


def _without_lock(extra: str, stages: Stages) -> None:
    """What pip finds. torch by itself: left to the resolver, a newer build would be taken."""
    with stages.stage("Installing PyTorch", Packages(VENV, None, stages.said).measure):
        stages.run([*PIP, "torch==2.13.*"])
    with stages.stage(TITLES[extra], Packages(VENV, None, stages.said).measure):
        stages.run([*PIP, "-e", f".[{extra}]"])


def _environment(stages: Stages) -> None:
    """A virtual environment whose pip runs, with nothing in it that is half installed."""
    if _pip_runs(stages):
        forget_half_installed(VENV)
        return
    try:
        _make_environment(stages)
    except CommandError as error:
        if "ensurepip" not in error.said:
            raise
        _debian(["python3-venv"], stages)
        _make_environment(stages)


def _make_environment(stages: Stages) -> None:
    with stages.stage("Making a virtual environment"):
        shutil.rmtree(VENV, ignore_errors=True)
        stages.run([sys.executable, "-m", "venv", VENV])


def _pip_runs(stages: Stages) -> bool:
    if not PYTHON.exists():
        return False
    try:
        stages.run([PYTHON, "-m", "pip", "--version"])
    except CommandError:
        return False
    return True


def _debian(packages: list[str], stages: Stages) -> None:
    """Install Debian's packages; sudo asks for its password before anything is drawn."""
    if not packages:
        return
    if not shutil.which("apt-get"):
        raise OSError(f"no apt-get here; install {' and '.join(packages)} yourself, then try again")
    as_root = [] if os.geteuid() == 0 else ["sudo"]
    if as_root:
        sys.stderr.write(f"Debian's {' and '.join(packages)} must be installed, as root:\n")
        os.spawnlp(os.P_WAIT, "sudo", "sudo", "-v")
    with stages.stage(f"Installing Debian's {' and '.join(packages)}"):
        stages.run([*as_root, "apt-get", "update", "-q"])
        install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
        stages.run([*as_root, "env", "DEBIAN_FRONTEND=noninteractive", *install])


def _fits_the_lock() -> bool:
    return sys.version_info < (3, 14) and sys.platform == "linux"


def _require_room(needed: int) -> None:
    free = shutil.disk_usage(ROOT).free
    is_there = any(VENV.glob("lib/python*/site-packages/torch/lib"))
    if free < needed and not is_there:
        raise OSError(
            f"{ROOT}: {needed / 1e9:.1f} GB are needed and {free / 1e9:.1f} GB are free; "
            "make room, then try again"
        )


def _shown(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


if __name__ == "__main__":
    sys.exit(main())
