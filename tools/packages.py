"""How many of an installation's packages are fetched and unpacked, by what pip says and leaves."""

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from tools.stages import time_left

# each package of an installation begins one of these lines of pip
_FOUND = re.compile(r"^(?:Collecting|Processing|Requirement already satisfied:) ", re.M)
_UNPACKING = "\nInstalling collected packages"


def locked(file: Path) -> dict[str, str]:
    """The packages of a lock: their normalised names and versions."""
    pins = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", file.read_text(), re.M)
    return {normalised(name): version for name, version in pins}


def normalised(name: str) -> str:
    """A package's name as an index spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed(venv: Path) -> dict[str, str]:
    """The packages that are wholly unpacked."""
    found = {}
    for folder in venv.glob("lib/python*/site-packages/*.dist-info"):
        if (folder / "RECORD").exists():
            name, _, version = folder.name.removesuffix(".dist-info").partition("-")
            found[normalised(name)] = version
    return found


def forget_half_installed(venv: Path) -> None:
    """Take away what pip was writing when it was killed, so that it writes it again.

    pip's own mark, INSTALLER, is among the last files of a package that it writes. A name that
    begins with ~ is of a package that it was removing.
    """
    for packages in venv.glob("lib/python*/site-packages"):
        for folder in packages.glob("*.dist-info"):
            if not (folder / "INSTALLER").exists():
                shutil.rmtree(folder)
        for left in packages.glob("~*"):
            if left.is_dir():
                shutil.rmtree(left)
            else:
                left.unlink()


class Packages:
    """How far the installation of some packages is."""

    def __init__(
        self,
        venv: Path,
        wanted: dict[str, str] | None,
        said: Callable[[], str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is looked at yet.

        Args:
            wanted: names and versions; None where pip chooses.
            said: what pip has said so far.
            clock: seconds.
        """
        self._venv = venv
        self._wanted = wanted
        self._said = said
        self._clock = clock
        self._began = clock()
        self._there = len(self._of_wanted())

    def measure(self) -> str:
        """`57 of 143 packages fetched, about 2 min left`; each is fetched, then unpacked."""
        said = self._said()
        found = len(_FOUND.findall(said))
        if self._wanted is None:
            return f"{found} packages {'unpacking' if _UNPACKING in said else 'fetched'}"
        total = len(self._wanted)
        if total == 1:
            return ""
        unpacked = len(self._of_wanted())
        if unpacked == total:
            return f"{total} packages"
        if _UNPACKING not in said:
            done = min(found, total)
            return f"{done} of {total} packages fetched{self._left(done)}"
        new = total + max(0, unpacked - self._there)
        return f"{unpacked} of {total} packages unpacked{self._left(new)}"

    def _of_wanted(self) -> list[str]:
        wanted = self._wanted or {}
        return [name for name in installed(self._venv) if name in wanted]

    def _left(self, steps: int) -> str:
        """A guess, once there is something to guess by."""
        share = steps / (2 * len(self._wanted or {}) - self._there)
        if not 0.1 < share < 1:
            return ""
        return f", {time_left((self._clock() - self._began) * (1 - share) / share)}"
