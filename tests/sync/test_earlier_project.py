"""What an earlier version left in a folder is read: table, splits, releases, key file, reports."""

import json
import os
import tarfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from connectors.reading import Embeddings
from sync import settings as configuration
from sync.cli import cli
from sync.dataset.splits.split import split
from sync.quality.check import check
from sync.records.work_done import work_done
from sync.settings import Config
from sync.table import last_runs
from sync.table.data_folder import data_folder
from sync.table.pull import pull
from sync.table.snapshot import open_snapshot
from tests.sync.earlier_project import LONG_QUESTION, at_work

# made by `tests/sync/earlier_project.py` with the code of commit b2ababb
MADE = Path(__file__).parent.parent / "data" / "project-b2ababb.tar.gz"
RELEASES = ["v0-78300f9e", "v1-abc67f43"]
SPLIT = "v1-b8779780"


@dataclass
class Encoder:
    """Keeps what it was asked; vectors as long as those of the earlier version's model."""

    history: list[str] = field(default_factory=list)

    def encode(self, texts: list[str]) -> Embeddings:
        self.history += dict.fromkeys(texts)
        return np.eye(len(texts), 384, dtype=np.float32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with tarfile.open(MADE) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path


@pytest.fixture
def config(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    for name in os.environ:
        if name.startswith(("LABEL_STUDIO_", "LABELTUNE_")):
            monkeypatch.delenv(name)
    return configuration.load(folder / "labeltune.toml")


def run(folder: Path, *arguments: str) -> Any:
    """What a command prints with --json."""
    at = ["--config", str(folder / "labeltune.toml")]
    done = CliRunner().invoke(cli, [arguments[0], *at, *arguments[1:], "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def files(folder: Path, below: str) -> dict[str, bytes]:
    """Every file below a folder of the data folder."""
    top = folder / "labeltune-data" / below
    return {str(p.relative_to(top)): p.read_bytes() for p in top.rglob("*") if p.is_file()}


def test_the_table_has_its_versions(folder: Path, config: Config) -> None:
    found = run(folder, "versions")["versions"]
    assert [(v["version"], v["new"], v["changed"], v["tasks"]) for v in found] == [
        (1, 0, 7, 14),
        (0, 14, 0, 14),
    ]
    assert len(list(open_snapshot(config, at=0).rows())) == 14


def test_a_pull_on_top_finds_nothing_changed(config: Config) -> None:
    report = pull(config, at_work())
    assert (report.new, report.changed, report.deleted, report.unchanged) == (0, 0, 0, 14)
    assert report.table_version == 1


def test_what_was_done_last_is_known(config: Config) -> None:
    data = data_folder(config)
    assert (last_runs.recall(data, "check") or {})["findings"] == 2
    assert (last_runs.recall(data, "export") or {})["release"].startswith("abc67f43")
    kept = last_runs.recall(data, "status") or {}
    work, drafts = work_done(config)
    assert (work.accepted, work.rejected, work.skipped, work.unlabeled) == (11, 1, 1, 1)
    assert drafts.outcomes == kept["drafts"]["outcomes"]
    # it was not counted again
    assert last_runs.recall(data, "status") == kept


def test_a_check_finds_the_same_and_embeds_no_short_text_again(
    folder: Path, config: Config
) -> None:
    before = _findings(folder)
    encoder = Encoder()
    check(config, load=lambda name: encoder)
    # of today's version a finding tells more
    assert [{**new, **old} for old, new in zip(before, _findings(folder), strict=True)] == (
        _findings(folder)
    )
    # the earlier version's check knew no more of a long text than its beginning
    assert "".join(encoder.history) == LONG_QUESTION.strip()


def _findings(folder: Path) -> list[dict[str, Any]]:
    return [*map(json.loads, files(folder, ".")["findings.jsonl"].splitlines())]


def test_a_split_stays(folder: Path, config: Config) -> None:
    before = files(folder, "splits")
    made = split(config, load=lambda name: pytest.fail("nothing is to be embedded"))
    assert (made.split.name, made.is_new) == (SPLIT, False)
    assert files(folder, "splits") == before


def test_an_export_is_the_same_release(folder: Path, config: Config) -> None:
    before = files(folder, "exports")
    formats = ["--format", "openai-chat", "--format", "trl-preference"]
    report = run(folder, "export", *formats, "--balance", "repeat")
    assert Path(report["path"]).name == RELEASES[1]
    assert not report["written"]
    assert files(folder, "exports") == before


def test_gaps_counts(folder: Path, config: Config) -> None:
    found = run(folder, "gaps")
    assert {gap["labels"]["topic"]: gap["have"] for gap in found["cells"]} == {
        "cards": 7,
        "fees": 4,
    }


def test_releases_are_compared(folder: Path, config: Config) -> None:
    found = run(folder, "diff", "latest~1", "latest")
    assert [Path(found[side]["path"]).name for side in ("a", "b")] == RELEASES
    assert found["counts"]["added"] == 6


def test_a_release_is_valid(folder: Path, config: Config) -> None:
    report = run(folder, "validate", RELEASES[1])
    assert report["errors"] == 0


def test_an_exported_file_becomes_whole(folder: Path, config: Config) -> None:
    name = "openai-chat.train.jsonl"
    exported = folder / "labeltune-data" / "exports" / RELEASES[1] / name
    assert "jane.doe@example.com" not in exported.read_text()
    whole = folder / "whole.jsonl"
    assert run(folder, "restore", str(exported), "--out", str(whole))["restored"] == 1
    assert "jane.doe@example.com" in whole.read_text()
