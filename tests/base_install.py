"""LabelTune as `pip install labeltune` leaves it, without its extras: no package of them is there.

Packages are linked from this environment into a folder, so that making it takes no time.
"""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

from tests.running import clean_environment

ROOT = Path(__file__).parent.parent
_PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
BASE: list[str] = _PROJECT["dependencies"]
EXTRAS: dict[str, list[str]] = _PROJECT["optional-dependencies"]


def normal(name: str) -> str:
    """A distribution's name as all of its spellings have it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(requirements: Iterable[str]) -> dict[str, Distribution | None]:
    """All that requirements bring, by name; None for what is not installed here."""
    found: dict[str, Distribution | None] = {}
    seen: set[tuple[str, frozenset[str]]] = set()
    left = [Requirement(each) for each in requirements]
    while left:
        each = left.pop()
        name = normal(each.name)
        if name == "labeltune":  # its own metadata may be older than pyproject.toml
            left += [Requirement(one) for extra in each.extras for one in EXTRAS[extra]]
            continue
        if (name, frozenset(each.extras)) in seen:
            continue
        seen.add((name, frozenset(each.extras)))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            found[name] = None
            continue
        needed = [Requirement(one) for one in found[name].requires or ()]
        left += [
            one
            for one in needed
            if one.marker is None
            or any(one.marker.evaluate({"extra": extra}) for extra in (*each.extras, ""))
        ]
    return found


@dataclass(frozen=True)
class BaseInstall:
    """An installation.

    Attributes:
        packages: the folder that holds what is installed.
    """

    packages: Path

    def run(
        self, folder: Path, *arguments: str, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run Python with these arguments in a folder; nothing else of this environment is seen."""
        env = clean_environment() | {
            "PYTHONPATH": f"{self.packages}{os.pathsep}{ROOT}",
            "XDG_STATE_HOME": f"{folder}.state",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return subprocess.run(
            # without `site` no package of the environment is found
            [sys.executable, "-S", *arguments],
            cwd=folder,
            env=env | environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def labeltune(
        self, folder: Path, *arguments: str, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the command line."""
        return self.run(folder, "-m", "sync", *arguments, **environment)


def linked(folder: Path) -> BaseInstall:
    """Install into an empty folder."""
    for found in (*closure(BASE).values(), distribution("labeltune")):
        assert found is not None
        for top in {Path(file).parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
            link = folder / top
            if not link.exists():
                link.symlink_to(Path(str(found.locate_file(top))))
    return BaseInstall(folder)
