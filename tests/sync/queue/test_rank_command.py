"""`labeltune rank` as it is typed, and what it says."""

from dataclasses import replace
from pathlib import Path

import pytest

from sync.commands.rank import _Told, sentences
from sync.queue.rank import RankReport
from tests.running import free_port, labeltune
from tests.sync.queue.studio import planted_studio, ranked, settings_of


@pytest.fixture
def report(tmp_path: Path) -> RankReport:
    """Of three waiting tasks, one of them much like another."""
    studio = planted_studio(0.2, 0.6)
    studio.draft("where is my parcel", 0.3, {"agreement": 0.3})
    studio.draft("where is my parcel", 0.4)
    studio.add()
    return replace(ranked(studio, settings_of(tmp_path)), seconds=1.26)


def test_what_was_done_is_told(report: RankReport) -> None:
    assert [*sentences(report)] == [
        "4 tasks wait with a draft:",
        "       3 by how likely their draft is to be right",
        "       1 last, since they are much like others",
        "1 task has no draft yet and so comes after these.",
        "How likely a draft is to be right is told by its signals alone: no finished draft has "
        "signals yet.",
        "1 draft without signals keeps its score.",
        "Sent 1 score, and wrote into 4 tasks how likely their draft is to be accepted "
        "(1.3 s, 6 requests).",
    ]


def test_a_dry_run_and_a_second_run_say_so(report: RankReport) -> None:
    (*_, would) = sentences(replace(report, dry_run=True))
    assert would == (
        "Would send 1 score, and write into 4 tasks how likely their draft is to be accepted."
    )
    (*_, nothing) = sentences(replace(report, written=0, noted=0))
    assert nothing == "Label Studio has this order already; nothing to send."
    first, *_ = sentences(replace(report, waiting=0))
    assert first == "No task with a draft waits for an annotator."


def test_an_order_that_does_not_reach_annotators_is_told(report: RankReport) -> None:
    told = _Told(report, order=("Label Studio hands out tasks by chance",))
    assert [*told.sentences()] == [
        *sentences(report),
        "warning: Label Studio hands out tasks by chance",
    ]
    assert told.to_json()["order"] == ["Label Studio hands out tasks by chance"]


def test_a_fault_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "labeltune.toml").write_text("")
    url = f"http://127.0.0.1:{free_port()}"
    (tmp_path / ".env").write_text(f"LABEL_STUDIO_API_KEY={'a' * 40}\nLABEL_STUDIO_URL={url}\n")
    done = labeltune(tmp_path, "rank")
    assert (done.returncode, done.stdout) == (1, "")
    assert "can't be reached" in done.stderr
    assert done.stderr.count("\n") == 1
