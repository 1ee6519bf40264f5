"""LabelTune as `pip install labeltune` leaves it: no package of its extras is there."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

from tests.running import clean_environment

ROOT = Path(__file__).parent.parent
_WRITTEN = tomllib.loads((ROOT / "pyproject.toml").read_text())
_PROJECT, _SETUPTOOLS = _WRITTEN["project"], _WRITTEN["tool"]["setuptools"]
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
    """An installation; nothing else of this environment is seen from it.

    Attributes:
        python: the command that runs its Python.
        path: of folders with packages that are not its own.
    """

    python: Sequence[str]
    path: str = ""

    def run(
        self, folder: Path, *arguments: str, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run Python with these arguments in a folder."""
        env = clean_environment() | {
            "PYTHONPATH": self.path,
            "XDG_STATE_HOME": f"{folder}.state",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        return subprocess.run(
            [*self.python, *arguments],
            cwd=folder,
            env=env | environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )


def linked(folder: Path) -> BaseInstall:
    """The base's packages of this environment, linked into an empty folder."""
    for found in (*closure(BASE).values(), distribution("labeltune")):
        assert found is not None
        for top in {Path(file).parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
            link = folder / top
            if not link.exists():
                link.symlink_to(Path(str(found.locate_file(top))))
    # without `site` no other package of the environment is found
    return BaseInstall((sys.executable, "-S"), f"{folder}{os.pathsep}{ROOT}")


def installed(folder: Path) -> BaseInstall:
    """The wheel and what it asks for, installed by pip into an environment in an empty folder."""
    source, environment = folder / "source", folder / "environment"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    for pattern in _SETUPTOOLS["packages"]["find"]["include"]:
        room = pattern.rstrip("*")
        shutil.copytree(ROOT / room, source / room, ignore=shutil.ignore_patterns("__pycache__"))
    venv.create(environment, with_pip=True)
    python = str(environment / "bin" / "python")
    _pip(python, "wheel", "--no-deps", "--wheel-dir", str(folder), str(source))
    (made,) = folder.glob("labeltune-*.whl")
    _pip(python, "install", str(made))
    return BaseInstall((python,))


def _pip(python: str, *arguments: str) -> None:
    # a LabelTune on the path would count as installed
    env = clean_environment() | {"PYTHONPATH": ""}
    command = [python, "-m", "pip", "--disable-pip-version-check", "-qq", *arguments]
    subprocess.run(command, env=env, check=True, timeout=600)
