"""The rooms keep apart, and modules stay small."""

import ast
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("label_configs", "connectors", "drafting", "ml_backend", "sync")
LONGEST_MODULE = 250  # lines, a ceiling of ours
MOST_ROOMS = 14  # directly under sync
SHORT_MODULE = 60  # lines; fewer may mean that one idea is cut in two
MOST_SHORT_MODULES = 40
# folders of members of a registry, which may be as short as they like
REGISTRIES = (
    "drafting/signals",
    "label_configs/profiles",
    "sync/commands",
    "sync/dataset/release/companions",
    "sync/intake/cleaning/steps",
    "sync/intake/redaction/recognisers",
    "sync/intake/sources/shapes",
    "sync/quality/checks",
    "sync/quality/text_checks",
    "sync/settings",
    "sync/training_files/formats",
    "sync/training_files/trainers",
    "sync/tuning/evaluation/measures",
)
# name -> why it may stand in two modules
SAME_THING_TWICE = {
    "Json": "an object of JSON: connectors import nothing of ours",
    "Prediction": "Label Studio's prediction: a row of the table, an answer of the service",
}


def test_the_rooms_import_only_what_they_may() -> None:
    """import-linter's contracts in pyproject.toml."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(contracts['contracts'])} kept, 0 broken" in done.stdout


def modules() -> list[Path]:
    found = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [path.relative_to(ROOT) for path in found]


def test_every_package_is_looked_at() -> None:
    assert {path.parts[0] for path in modules()} == set(PACKAGES)


@pytest.mark.parametrize("path", modules(), ids=str)
def test_modules_stay_small(path: Path) -> None:
    lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_MODULE, (
        f"{path} has {lines} lines, more than {LONGEST_MODULE}; "
        "it holds more than one idea: make it two modules"
    )


def first_party_for_types_only(source: str) -> list[str]:
    """The modules of ours that a module imports for the type checker alone."""
    found = []
    for branch in ast.walk(ast.parse(source)):
        if not isinstance(branch, ast.If) or "TYPE_CHECKING" not in ast.unparse(branch.test):
            continue
        for statement in ast.walk(branch):
            if isinstance(statement, ast.ImportFrom):
                found.append("." * statement.level + (statement.module or ""))
            elif isinstance(statement, ast.Import):
                found += [alias.name for alias in statement.names]
    return [name for name in found if name.split(".")[0] in ("", *PACKAGES)]


def test_an_import_for_types_only_is_found() -> None:
    ours = "if typing.TYPE_CHECKING:\n    import pyarrow\n    from sync.table import snapshot\n"
    assert first_party_for_types_only(f"{ours}    from . import rows\n") == ["sync.table", "."]
    assert first_party_for_types_only("from sync.table import snapshot\n") == []


@pytest.mark.parametrize("path", modules(), ids=str)
def test_no_import_for_types_only_gets_round_a_circle(path: Path) -> None:
    found = first_party_for_types_only((ROOT / path).read_text(encoding="utf-8"))
    assert found == [], f"{path} imports {found} for the type checker only; import them plainly"


def test_sync_has_few_rooms() -> None:
    rooms = [path.parent.name for path in sorted((ROOT / "sync").glob("*/__init__.py"))]
    assert len(rooms) <= MOST_ROOMS, f"put the new one into one of {rooms}"


def is_module(path: Path) -> bool:
    """Whether a file or folder can be imported by its name; `__init__` is the package itself."""
    if path.is_dir():
        return (path / "__init__.py").exists()
    return path.suffix == ".py" and path.stem != "__init__"


@pytest.mark.parametrize("package", ["sync", "ml_backend"])
def test_every_room_has_a_floor(package: str) -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    whole = [c for c in contracts["contracts"] if c["type"] == "layers" and "containers" not in c]
    floors = {name for c in whole for layer in c["layers"] for name in layer.split(" | ")}
    rooms = {f"{package}.{path.stem}" for path in (ROOT / package).iterdir() if is_module(path)}
    assert rooms - floors == set(), "name it in the layers of pyproject.toml"


def test_few_modules_are_short() -> None:
    short = [
        str(path)
        for path in modules()
        if path.name not in ("__init__.py", "__main__.py")
        and path.parent.as_posix() not in REGISTRIES
        and len((ROOT / path).read_text(encoding="utf-8").splitlines()) < SHORT_MODULE
    ]
    assert len(short) <= MOST_SHORT_MODULES, (
        f"{len(short)} modules have fewer than {SHORT_MODULE} lines; does one belong to another? "
        f"{', '.join(short)}"
    )


@pytest.mark.parametrize("registry", REGISTRIES)
def test_every_registry_is_there(registry: str) -> None:
    assert (ROOT / registry / "__init__.py").exists()


def public_types(source: str) -> Iterator[str]:
    """The public classes, type variables and type aliases that a module defines."""
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.ClassDef):
            name = statement.name
        elif isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            name = statement.targets[0].id
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            name = statement.target.id
        else:
            continue
        if name[0].isupper() and not name.isupper():
            yield name


def test_classes_and_aliases_are_found() -> None:
    source = "class One: ...\nTwo = list[One]\nThree: TypeAlias = One\n_Own = One\nFOUR = 4\nf = 5"
    assert list(public_types(source)) == ["One", "Two", "Three"]


def test_a_name_means_one_thing() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in modules():
        for name in public_types((ROOT / path).read_text(encoding="utf-8")):
            places[name].append(str(path))
    twice = {name: found for name, found in places.items() if len(found) > 1}
    assert twice.keys() - SAME_THING_TWICE.keys() == set(), (
        f"{twice}: import the one from where the other stands, or give it a name of its own"
    )
    assert SAME_THING_TWICE.keys() <= twice.keys(), "take the ones out that stand in one module"
