"""The rooms keep apart, and modules stay small."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("label_configs", "connectors", "drafting", "ml_backend", "sync")
LONGEST_MODULE = 250  # lines, a ceiling of ours


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
