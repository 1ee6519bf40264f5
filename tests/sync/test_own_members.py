"""Each registry takes a new member in one entry, and a user meets it.

A check, a trainer, a companion, a command, a profile and a local model; an interface and a format
have tests of their own, `test_own_interface` and `test_own_format`.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.progress import Progress

import sync.commands
from sync.cli import VERBS, cli
from sync.common.json_text import Json
from sync.dataset.release.companions import COMPANIONS
from sync.quality.check import check
from sync.quality.checks import CHECKS, CheckResult, WorkToCheck
from sync.settings.card import CardSection
from sync.stack.download import model_path
from sync.stack.model_sources import OnBytes
from sync.stack.models import MODELS, LocalModel
from sync.stack.settings import UpOptions, resolve
from sync.table.task_table import TaskTable
from sync.training_files.formats.format import Fault, FileRules
from sync.training_files.manifest.contents import ReleaseSummary
from sync.training_files.trainers import PROVIDERS, Provider
from tests.sync.builders import annotation, config_in, result, task_row
from tests.sync.fresh import fresh_verbs
from tests.sync.quality.test_check import FakeEncoder

ROOT = Path(__file__).parents[2]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two finished tasks, and its folder the current one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "labeltune.toml").write_text('[label_studio]\nproject = "Bank"\n')
    TaskTable(tmp_path / "labeltune-data" / "tasks").apply(
        7, [task_row(n, [annotation(n * 10, result(f"Answer {n}."))]) for n in (1, 2)]
    )
    return tmp_path


def said(*arguments: str, status: int = 0) -> str:
    done = CliRunner().invoke(cli, [*arguments])
    assert done.exit_code == status, done.output or done.exception
    return done.output


def test_a_check_is_a_function_and_an_entry(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def short(work: WorkToCheck) -> CheckResult:
        """Answers of fewer than ten characters."""
        found = [
            work.finding(r, "short", "info", 0.5, "short")
            for r in work.labelled.records
            if len(work.interface.answer(r.record)) < 10
        ]
        return CheckResult(tuple(found), ("nothing was measured twice",))

    monkeypatch.setitem(CHECKS, "short", short)
    report = check(config_in(project), load=lambda name: FakeEncoder())
    assert report.by_kind["short"] == report.by_severity["info"] == 2
    assert "nothing was measured twice" in report.skips
    findings = [json.loads(line) for line in Path(report.path).read_text().splitlines()]
    assert [f["task_id"] for f in findings if f["kind"] == "short"] == [1, 2]


def test_a_trainer_is_an_object_and_an_entry(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kindly(form: str, line: Json) -> Iterator[Fault]:
        if "please" not in json.dumps(line):
            yield Fault("kindness", "no 'please'; ask kindly")

    acme = Provider(
        name="acme",
        summary="Acme's models",
        takes={"openai-chat": FileRules(most_examples=1)},
        line_rules=kindly,
        aliases=("acme-cloud",),
        token_limits={"acme-": 2},
        cuts="is thrown away",
    )
    monkeypatch.setitem(PROVIDERS, "acme", acme)
    fresh_verbs(monkeypatch, "validate", "export")
    assert "Acme's models: openai-chat" in said("validate", "--list-providers")
    said("export", "--format", "openai-chat", "--out", "release")
    asked = ("validate", "release", "--provider", "acme-cloud", "--model", "acme-1")
    told = said(*asked, status=3)
    assert "no 'please'; ask kindly" in told
    assert "acme takes 1 at most" in told
    assert "is thrown away" in told
    refused = CliRunner().invoke(cli, ["export", "--format", "openai-chat", "--provider", "acme"])
    assert "ask kindly" in str(refused.exception)


def test_a_companion_is_a_function_and_an_entry(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def citation(summary: ReleaseSummary, card: CardSection) -> dict[str, str]:
        lines = sum(file.lines for file in summary.files)
        return {"CITATION.cff": f"title: {summary.project}\nlines: {lines}\n"}

    monkeypatch.setattr("sync.dataset.release.export.COMPANIONS", (*COMPANIONS, citation))
    said("export", "--format", "openai-chat", "--out", "release")
    assert Path("release/CITATION.cff").read_text() == "title: Bank\nlines: 2\n"
    manifest = json.loads(Path("release/manifest.json").read_text())
    (entry,) = (file for file in manifest["companions"] if file["file"] == "CITATION.cff")
    digest = hashlib.sha256(Path("release/CITATION.cff").read_bytes()).hexdigest()
    assert entry["sha256"] == digest


def test_a_command_is_a_module_and_an_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "greet.py").write_text(
        "import click\n\n\n"
        "@click.command()\n"
        "@click.argument('name')\n"
        "def command(name: str) -> None:\n"
        '    """Greet somebody."""\n'
        "    click.echo(f'Hello, {name}.')\n"
    )
    monkeypatch.setattr(sync.commands, "__path__", [*sync.commands.__path__, str(tmp_path)])
    monkeypatch.setitem(VERBS, "greet", "Greet somebody by name.")
    try:
        assert "Greet somebody by name." in said("--help")
        assert "Usage: cli greet [OPTIONS] NAME" in said("greet", "--help")
        assert said("greet", "Ada") == "Hello, Ada.\n"
    finally:
        sys.modules.pop("sync.commands.greet", None)
        vars(sync.commands).pop("greet", None)


def test_a_profile_is_a_file_and_an_entry(tmp_path: Path) -> None:
    """In a copy of the rooms, since its file is found beside the registry."""
    for room in ("label_configs", "connectors", "drafting", "sync"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    profiles = tmp_path / "label_configs" / "profiles"
    (profiles / "library.yaml").write_text(
        "title: Library\nsummary: What librarians insist on.\nrules: |\n  - Name the shelf.\n"
    )
    registry = profiles / "__init__.py"
    registry.write_text(registry.read_text().replace("NAMES = (\n", 'NAMES = (\n    "library",\n'))
    (tmp_path / "labeltune.toml").write_text('[label_studio]\nprofile = "library"\n')
    asked = (
        "from pathlib import Path; from sync.settings import load; "
        "print(load(Path('labeltune.toml')).guidelines_text())"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.startswith("# Library\n\n- Name the shelf."), done.stderr


class _Given:
    """A source of a model that is at hand."""

    def append(self, partial: Path, size: int, advance: OnBytes) -> None:
        partial.write_bytes(b"GGUF")
        advance(4)


def test_a_local_model_is_an_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny = LocalModel("tiny", 4, hashlib.sha256(b"GGUF").hexdigest(), "CC0-1.0", (_Given(),))
    monkeypatch.setitem(MODELS, "tiny", tiny)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    options = UpOptions(tmp_path / "labeltune.toml")
    chosen = resolve(options, None, {"LABELTUNE_LOCAL_MODEL": "tiny"}).local_model
    assert chosen is tiny
    with Progress(disable=True) as bars:
        assert model_path(chosen, bars).read_bytes() == b"GGUF"
