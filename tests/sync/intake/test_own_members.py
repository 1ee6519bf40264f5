"""Each registry of intake takes a new member in one entry, and a push meets it.

A kind of source, a kind of document, a shape of row, and a cleaning step.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner

from sync.cli import cli
from sync.common.errors import SourceError
from sync.common.json_text import Json
from sync.compute import LocalEngine
from sync.intake.cleaning.chain import Situation
from sync.intake.cleaning.steps import ROW_STEPS
from sync.intake.cleaning.task_batches import TaskBatch, dropping, rewritten
from sync.intake.sources import SourceReader
from sync.intake.sources.documents.sections import Part
from sync.intake.sources.file_kinds import KINDS, SourceKind
from sync.intake.sources.row import BrokenRow, Row
from sync.intake.sources.shapes import SHAPES, RowShape
from sync.intake.sources.shapes.shape import need_text
from sync.settings.cleaning import CleaningSection
from sync.settings.sources import SourcesSection
from tests.sync.intake.cleaning.desk import cleaned, settings, source
from tests.sync.intake.cleaning.test_pipeline import SmallBatches

SETTINGS = SourcesSection()


@pytest.fixture
def rehearsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What `labeltune push --dry-run --json` says of a file, with no Label Studio near."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "labeltune.toml").write_text('[label_studio]\nproject = "Bank"\n')
    monkeypatch.delenv("LABEL_STUDIO_API_KEY", raising=False)
    monkeypatch.setattr("sync.intake.push.ask_served", lambda *_: None)
    monkeypatch.setattr("sync.intake.push.check_served", lambda *_, **__: "")

    def run(path: Path) -> Json:
        done = CliRunner().invoke(cli, ["push", "--dry-run", "--json", str(path)])
        assert done.exit_code == 0, done.output
        return dict(json.loads(done.stdout))

    return run


def test_a_kind_of_rows_is_a_module_and_an_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rehearsed: Any
) -> None:
    def rows(path: Path, settings: SourcesSection, notes: list[str]) -> Iterator[Row | BrokenRow]:
        """Questions, a paragraph each."""
        for number, text in enumerate(path.read_text().split("\n\n"), start=1):
            where = f"{path}, paragraph {number}"
            if text.startswith("!"):
                yield BrokenRow(SourceError(f"{where}: no question"), where)
            else:
                yield Row(where, {"prompt": text})

    _module(monkeypatch, "own_paragraphs", rows=rows)
    _kinds(monkeypatch, SourceKind("paragraphs", (".para",), "own_paragraphs"))
    path = tmp_path / "faq.para"
    path.write_text("What is a fee?\n\nWhere is my card?\n\nWhen?")
    report = rehearsed(path)
    assert [(s["kind"], s["tasks"]) for s in report["sources"]] == [("paragraphs", {"prompt": 3})]
    assert report["cleaning"]["kept"] == 3
    path.write_text("What?\n\n!")
    with pytest.raises(SourceError, match=r"faq\.para, paragraph 2: no question"):
        list(SourceReader([path], SETTINGS))
    other = tmp_path / "faq.odd"
    other.write_text("")
    with pytest.raises(SourceError, match=r"known are .*\.para"):
        list(SourceReader([other], SETTINGS))


def test_a_kind_of_documents_is_a_module_and_an_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rehearsed: Any
) -> None:
    def parts(path: Path, notes: list[str], encoding: str | None) -> list[Part]:
        """One part a line: its title, a colon, its text."""
        rows = (line.split(": ", 1) for line in path.read_text().splitlines())
        return [Part(1, title, (text,), f"line {n}") for n, (title, text) in enumerate(rows)]

    _module(monkeypatch, "own_notes", parts=parts)
    _kinds(monkeypatch, SourceKind("notes", (".note",), "own_notes", is_document=True))
    path = tmp_path / "guide.note"
    path.write_text(f"Fees: {'They are low. ' * 40}\nCards: {'They are blue. ' * 40}")
    report = rehearsed(path)
    assert [(s["kind"], s["tasks"]) for s in report["sources"]] == [("notes", {"section": 2})]
    assert report["contents"]["documents"] == 2


def test_a_shape_is_an_object_and_an_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rehearsed: Any
) -> None:
    def conversation(fields: Json, where: str) -> list[Json]:
        return [{"role": "user", "content": need_text(fields, "ticket", where)}]

    shapes = (*SHAPES, RowShape("ticket", "ticket", conversation))
    monkeypatch.setattr("sync.intake.sources.shapes.SHAPES", shapes)
    monkeypatch.setattr("sync.intake.sources.columns.SHAPES", shapes)
    path = tmp_path / "tickets.csv"
    path.write_text("ticket,tier\nWhere is my card?,Plus\n")
    report = rehearsed(path)
    assert [s["tasks"] for s in report["sources"]] == [{"ticket": 1}]
    (task,) = SourceReader([path], SETTINGS)
    assert task.data == {
        "messages": [{"role": "user", "content": "Where is my card?"}],
        "tier": "Plus",
    }
    path.write_text("tikket\nWhere?\n")
    with pytest.raises(SourceError, match="tikket"):
        list(SourceReader([path], SETTINGS))


@dataclass(frozen=True)
class Calm:
    """Drops what is shouted, and takes the exclamation marks off the rest."""

    most: int

    def __call__(self, batch: TaskBatch) -> TaskBatch:
        def reason(data: Json) -> str | None:
            count = str(data["messages"]).count("!")
            return f"{count} exclamation marks" if count > self.most else None

        def calmed(data: Json) -> Json:
            if "!" not in str(data["messages"]):
                return data
            turns = [{**m, "content": m["content"].rstrip("!")} for m in data["messages"]]
            return {**data, "messages": turns}

        return rewritten(dropping(batch, reason), calmed)


@pytest.mark.parametrize("engine", [LocalEngine(), SmallBatches(2)], ids=["here", "elsewhere"])
def test_a_cleaning_step_is_a_function_and_an_entry(
    monkeypatch: pytest.MonkeyPatch, engine: Any
) -> None:
    def step(section: CleaningSection, situation: Situation) -> Calm | None:
        return Calm(most=2)

    monkeypatch.setitem(ROW_STEPS, "calm", step)
    tasks = source("Where?", "Now!", "NOW!!!", "Later")
    with cleaned(tasks, settings(length={}), engine=engine) as done:
        assert [t.data["messages"][0]["content"] for t in done.tasks()] == [
            "Where?",
            "Now",
            "Later",
        ]
        steps = {s.step: (s.changed, s.dropped) for s in done.report.steps}
        assert list(steps) == ["length", "calm", "usable"]
        assert steps["calm"] == (2, 1)
        assert "calm: faq.jsonl, line 3: 3 exclamation marks" in done.report.lines()
        assert json.loads(done.dropped())["step"] == "calm"


def _module(monkeypatch: pytest.MonkeyPatch, name: str, **members: Any) -> None:
    """A module of that name, for as long as the test runs."""
    module = ModuleType(name)
    module.__dict__.update(members)
    monkeypatch.setitem(sys.modules, name, module)


def _kinds(monkeypatch: pytest.MonkeyPatch, kind: SourceKind) -> None:
    monkeypatch.setattr("sync.intake.sources.file_kinds.KINDS", (*KINDS, kind))
