"""`labeltune gaps` as a user types it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sync.cli import cli
from sync.queue.stored_scores import SCORES
from tests.running import free_port, labeltune
from tests.sync.coverage.planted import Planted, configured

TARGETS = """
[targets]
total = 100
dimensions = ["topic", "complexity"]
[[targets.cells]]
topic = "fees"
complexity = "nuanced"
count = 18
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project of two kinds, one of which is short."""
    planted = Planted().accepted(6, "fees", "nuanced").waiting(30, "fees", "nuanced")
    planted.accepted(90, "cards", "moderate").store(configured(tmp_path, TARGETS))
    (tmp_path / ".env").write_text(f"LABEL_STUDIO_API_KEY={'a' * 40}\n")
    return tmp_path


def gaps(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, ["gaps", "--config", str(folder / "labeltune.toml"), *options])


def test_a_table_and_what_to_do_next(folder: Path) -> None:
    done = labeltune(folder, "gaps")
    assert (done.returncode, done.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert lines == [
        "topic complexity accepted wanted missing waiting",
        "fees nuanced 6 18 12 30",
        "cards moderate 90 82 0 0",
        "",
        "12 more of topic=fees × complexity=nuanced: 30 such tasks wait in Label Studio.",  # noqa: RUF001
        "`labeltune gaps --queue` has them labelled first.",
        "Heat map: labeltune-data/gaps.html",
    ]
    assert "6 of 18" in (folder / "labeltune-data" / "gaps.html").read_text(encoding="utf-8")


def test_json_holds_all_of_it(folder: Path) -> None:
    shown = json.loads(gaps(folder, "--json").stdout)
    assert (shown["missing"], shown["table_version"], shown["queue"]) == (12, 0, None)
    assert shown["cells"][1] == {
        "labels": {"topic": "fees", "complexity": "nuanced"},
        "arrived": 36,
        "have": 6,
        "waiting": 30,
        "wanted": 18,
        "missing": 12,
        "raised": [],
    }
    assert len(shown["advice"]) == 1


def test_by_other_kinds_into_another_file(folder: Path, tmp_path: Path) -> None:
    report = tmp_path / "reports" / "here.html"
    done = gaps(folder, "--by", "topic, length", "--report", str(report))
    assert done.exit_code == 0, done.stderr
    assert "No target for topic × length" in done.stdout  # noqa: RUF001
    assert f"Heat map: {report}" in done.stdout
    assert "topic × length" in report.read_text(encoding="utf-8")  # noqa: RUF001
    assert not (folder / "labeltune-data" / "gaps.html").exists()


def test_a_past_version_leaves_todays_page_alone(folder: Path) -> None:
    done = gaps(folder, "--at", "0")
    assert done.exit_code == 0, done.stderr
    assert (folder / "labeltune-data" / "gaps-v0.html").exists()
    assert not (folder / "labeltune-data" / "gaps.html").exists()


@pytest.mark.parametrize(
    "options",
    [("--dry-run",), ("--queue", "--at", "0"), ("--queue", "--by", "topic"), ("--by",)],
)
def test_what_does_not_go_together_is_usage(folder: Path, options: tuple[str, ...]) -> None:
    done = gaps(folder, *options)
    assert (done.exit_code, done.stdout) == (2, "")


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        (TARGETS, ("--by", "topc"), "--by: no kind of category 'topc'; did you mean 'topic'?"),
        ("", ("--queue",), "--queue needs to know what is wanted: set targets.total"),
        (TARGETS, ("--queue",), "can't be reached"),
    ],
)
def test_a_fault_is_one_sentence(
    folder: Path, text: str, options: tuple[str, ...], said: str
) -> None:
    config = configured(folder, text)
    url = f"http://127.0.0.1:{free_port()}"
    (folder / ".env").write_text(f"LABEL_STUDIO_API_KEY={'a' * 40}\nLABEL_STUDIO_URL={url}\n")
    done = labeltune(folder, "gaps", *options)
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (config.data_dir / SCORES).exists()


def test_nothing_pulled_is_one_sentence(tmp_path: Path) -> None:
    configured(tmp_path)
    done = labeltune(tmp_path, "gaps")
    assert (done.returncode, done.stdout) == (1, "")
    assert "nothing pulled yet; run `labeltune pull`" in done.stderr
