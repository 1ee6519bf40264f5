"""The worked example of docs/own-interface.md does what it says, followed to the letter."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "docs" / "own-interface.md").read_text(encoding="utf-8")


def blocks(heading: str, language: str) -> list[str]:
    """The code blocks of a language below a heading."""
    section = GUIDE.split(f"### {heading}", 1)[1].split("\n### ", 1)[0]
    return re.findall(rf"```{language}\n(.*?)```", section, re.S)


@pytest.fixture
def followed(tmp_path: Path) -> Path:
    """A copy of the project in which somebody followed the guide."""
    for room in ("label_configs", "connectors", "drafting", "sync", "ml_backend"):
        shutil.copytree(ROOT / room, tmp_path / room)
    shutil.copytree(ROOT / "tests" / "label_configs", tmp_path / "tests" / "label_configs")
    for file in ("pyproject.toml", "tests/conftest.py", "tests/running.py", "tests/forked.py"):
        shutil.copy(ROOT / file, tmp_path / file)
    (xml,) = blocks("1.", "xml")
    (tmp_path / "label_configs" / "summary.xml").write_text(xml, encoding="utf-8")
    (module,) = blocks("2.", "python")
    (tmp_path / "label_configs" / "summary.py").write_text(module, encoding="utf-8")
    (line,) = blocks("3.", "python")
    registry = tmp_path / "label_configs" / "__init__.py"
    text = registry.read_text(encoding="utf-8")
    listed = re.search(r"INTERFACES: dict.*?\n}\n", text, re.S)
    imported = re.search(r"from label_configs import \(?(?:[^()]*?\)|[^\n]*)\n", text, re.S)
    assert listed
    assert imported
    names = re.search(r"for module in \(\s*(.*?),?\s*\)", line, re.S)
    assert names
    registry.write_text(
        text.replace(listed[0], line).replace(
            imported[0], f"from label_configs import {' '.join(names[1].split())}  # noqa: E501\n"
        ),
        encoding="utf-8",
    )
    (strategy,) = blocks("4.", "python")
    strategies = tmp_path / "tests" / "label_configs" / "strategies"
    (strategies / "summary.py").write_text(strategy, encoding="utf-8")
    return tmp_path


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the copy."""
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.thorough
def test_the_guide_leads_to_an_interface_that_is_listed_checked_and_tested(
    followed: Path,
) -> None:
    labeltune = ("-c", "from sync.cli import main; main()")
    listed = run(followed, *labeltune, "interfaces")
    assert "summary          summarise a conversation in one sentence" in listed.stdout
    own = str(followed / "label_configs" / "summary.xml")
    checked = run(followed, *labeltune, "interfaces", "--validate", own)
    assert "the page accepts it; readable by summary." in checked.stdout, checked.stderr
    tested = run(
        followed,
        *("-m", "pytest", "-q", "-k", "summary", "-p", "no:cacheprovider", "tests/label_configs"),
    )
    assert tested.returncode == 0, tested.stdout[-3000:]
    assert re.search(r"\d\d passed", tested.stdout), "the shared tests ran over it"
