"""The lock holds what pyproject.toml asks for, and nothing else."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools.lock import LABEL_STUDIO, LOCKS, OFFICIAL, SETS

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OTHERS = (LOCKS / "label-studio-ml.txt", LABEL_STUDIO)
HASHED = [*(LOCKS / f"{name}.txt" for name in SETS), *OTHERS]
WITHOUT_HASH = LOCKS / "torch.txt"


@dataclass
class Locked:
    """One package of a lock.

    Attributes:
        via: who asks for it.
    """

    version: str
    hashes: list[str] = field(default_factory=list)
    via: str = ""


def read(file: Path) -> dict[str, Locked]:
    """A lock's packages by normalised name; fails at a line of any other kind."""
    found: dict[str, Locked] = {}
    name = ""
    for line in file.read_text().splitlines():
        if pin := re.fullmatch(r"([A-Za-z0-9._-]+)==([^\s;]+)( ; .+)?( \\)?", line):
            name = canonicalize_name(pin[1])
            assert name not in found, f"{file.name}: {name} twice"
            found[name] = Locked(pin[2])
        elif hashed := re.fullmatch(r"    --hash=sha256:([0-9a-f]{64})( \\)?", line):
            found[name].hashes.append(hashed[1])
        elif via := re.fullmatch(r"    # via (.+)", line):
            found[name].via = via[1]
        else:
            assert line.startswith("#") or not line, f"{file.name}: {line}"
    return found


def asked(*extras: str) -> list[Requirement]:
    """What base and some extras ask for, the extras that they name included."""
    lines = list(PROJECT["dependencies"])
    for extra in extras:
        lines += PROJECT["optional-dependencies"][extra]
    wanted = []
    for requirement in map(Requirement, lines):
        if requirement.name == PROJECT["name"]:
            wanted += asked(*requirement.extras)
        else:
            wanted.append(requirement)
    return wanted


@pytest.mark.parametrize("name", SETS)
def test_what_pyproject_asks_for_is_locked_at_a_version_that_it_allows(name: str) -> None:
    locked = read(LOCKS / f"{name}.txt") | read(WITHOUT_HASH)
    for requirement in asked(*SETS[name]):
        found = locked.get(canonicalize_name(requirement.name))
        assert found, f"{requirement} is not in locks/{name}.txt; run `make lock`"
        assert requirement.specifier.contains(found.version), (
            f"locks/{name}.txt has {requirement.name} {found.version}; run `make lock`"
        )


def test_every_extra_is_in_a_lock() -> None:
    def with_its_own(extras: tuple[str, ...]) -> set[str]:
        lines = [line for extra in extras for line in PROJECT["optional-dependencies"][extra]]
        inner = [r.extras for r in map(Requirement, lines) if r.name == PROJECT["name"]]
        return set(extras).union(*(with_its_own(tuple(more)) for more in inner))

    covered = set[str]().union(*(with_its_own(extras) for extras in SETS.values()))
    assert covered == set(PROJECT["optional-dependencies"])


@pytest.mark.parametrize("file", HASHED, ids=lambda file: file.stem)
def test_nothing_is_locked_that_nobody_asks_for(file: Path) -> None:
    """Each is asked for by pyproject.toml, a list of ours, or a package that is locked itself."""
    locked = read(file)
    assert len(locked) > 50
    known = {*locked, "torch", "labeltune"}
    for name, package in locked.items():
        users = re.sub(r"\([^)]*\)", "", package.via).split(",")
        assert package.via, f"{file.name}: nobody asks for {name}"
        for user in users:
            if user.strip() not in (f"-r {OFFICIAL.relative_to(ROOT)}", "Label Studio's own"):
                assert canonicalize_name(user.strip()) in known, f"{file.name}: {name} via {user}"
    direct = {canonicalize_name(r.name) for r in asked(*SETS.get(file.stem, ()))} | {"setuptools"}
    named = {name for name, one in locked.items() if "(pyproject.toml" in one.via}
    assert named <= direct


@pytest.mark.parametrize("file", HASHED, ids=lambda file: file.stem)
def test_every_package_has_hashes(file: Path) -> None:
    assert [name for name, one in read(file).items() if not one.hashes] == []


def test_torch_is_a_version_alone() -> None:
    """Its builds with and without CUDA are one release with different files."""
    assert list(read(WITHOUT_HASH)) == ["torch"]
    assert not any("torch" in read(file) for file in HASHED)
    assert "+" not in read(WITHOUT_HASH)["torch"].version


def test_the_locks_agree() -> None:
    """What two of them hold, they hold at one version; Label Studio lives by itself."""
    versions: dict[str, str] = {}
    for file in HASHED:
        if file != LABEL_STUDIO:
            for name, package in read(file).items():
                assert versions.setdefault(name, package.version) == package.version, name


@pytest.mark.parametrize("file", [*HASHED, WITHOUT_HASH], ids=lambda file: file.stem)
def test_no_index_and_no_machine_is_named(file: Path) -> None:
    text = file.read_text()
    assert not re.search(
        r"://|--(?:extra-)?index|--find-links|--trusted|file:|@ |/(?:tmp|home|root)", text
    )


def test_label_studio_is_locked_at_the_version_that_is_installed() -> None:
    from sync.stack.label_studio import VERSION

    assert read(LABEL_STUDIO)["label-studio"].version == VERSION


def test_what_the_official_package_needs_is_locked_at_a_version_that_its_list_allows() -> None:
    locked = read(LOCKS / "label-studio-ml.txt")
    lines = [line for line in OFFICIAL.read_text().splitlines() if not line.startswith("#")]
    for requirement in map(Requirement, lines):
        found = locked[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(found.version), requirement
