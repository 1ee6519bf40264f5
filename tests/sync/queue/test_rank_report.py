"""`labeltune rank --report`: the estimate from a project's own tasks, and its page."""

import json
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from sync.cli import cli
from sync.queue.report import ranking_report
from tests.sync.queue.studio import QueuedStudio, ranked, settings_of
from tests.sync.served import configure, served

QUEUE = "[queue]\nnear_duplicates = false\n"


def half_done(audits: int = 15) -> QueuedStudio:
    """40 finished tasks, of which every fourth was changed, the first ones audits; 30 open ones."""
    studio = QueuedStudio()
    for number in range(70):
        score = 0.05 + 0.9 * (number * 37 % 70) / 70
        marked = {"queue_audit": True} if number < audits else {}
        task_id = studio.draft(f"question {number}", score, {"agreement": score}, **marked)
        if number < 40:
            studio.finish(task_id, changed=number % 4 == 0)
    return studio


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with served(half_done()) as found:
        yield found


def test_the_estimate_rests_on_the_projects_own_tasks(tmp_path: Path) -> None:
    report = ranked(half_done(), settings_of(tmp_path, near_duplicates=False))
    work = report.work
    assert (len(work.acceptance), work.changed.sum(), work.audited.sum()) == (40, 10, 15)
    assert not np.isnan(work.acceptance).any()
    # in the order in which they are handed out
    assert len(work.open_acceptance) == 30
    assert (np.diff(work.open_acceptance) >= 0).all()
    said = ranking_report("Bank", 0, report.acceptance, work).outlook
    assert (said.finished, said.found, said.open, said.audits) == (40, 10, 30, 15)
    assert "work" not in report.to_json()


def test_a_task_that_lacks_a_second_answer_is_not_left_unseen(tmp_path: Path) -> None:
    config = settings_of(tmp_path, near_duplicates=False)
    twice = config.model_copy(
        update={"label_studio": config.label_studio.model_copy(update={"overlap": 2})}
    )
    report = ranked(half_done(), twice)
    assert report.waiting == 70
    assert len(report.work.open_acceptance) == 30


def test_a_new_project_says_what_it_lacks(tmp_path: Path) -> None:
    studio = QueuedStudio()
    studio.draft("one question", 0.4, {"agreement": 0.4})
    report = ranked(studio, settings_of(tmp_path, near_duplicates=False))
    first, *_ = ranking_report("Bank", 0, report.acceptance, report.work).sentences()
    assert first.endswith("0 audits are finished, and 10 more are needed.")


def run(folder: Path, url: str, *options: str, text: str = QUEUE) -> Result:
    """`labeltune rank` in this process, which has loaded what it computes with."""
    configure(folder, url, text)
    with chdir(folder):
        return CliRunner().invoke(cli, ["rank", "--dry-run", *options], catch_exceptions=False)


def test_a_page_is_written_and_named(tmp_path: Path, url: str) -> None:
    pytest.importorskip("vl_convert", reason="the extra 'report' is missing: make install-dev")
    said = run(tmp_path, url, "--report").stdout
    assert "of the 30 open drafts would be changed by an expert" in said
    assert "\nThe next 30 tasks would find about " in said
    assert said.endswith("\nPage: labeltune-data/ranking.html\n")
    assert "<svg" in (tmp_path / "labeltune-data" / "ranking.html").read_text()
    told = json.loads(run(tmp_path, url, "--json", "--report", "left.html").stdout)
    assert told["report"]["page"] == "left.html"
    assert told["report"]["outlook"]["open"] == 30
    assert (tmp_path / "left.html").exists()


def test_without_the_option_nothing_is_estimated(tmp_path: Path, url: str) -> None:
    assert json.loads(run(tmp_path, url, "--json").stdout)["report"] is None
    assert not (tmp_path / "labeltune-data" / "ranking.html").exists()


def test_one_file_is_for_one_project(tmp_path: Path, url: str) -> None:
    text = "".join(f'[projects.{name}]\nproject = "Project {name}"\n' for name in "ab")
    done = run(tmp_path, url, "--report", "both.html", text=text)
    assert done.exit_code == 2
    assert "--report FILE is about one project" in done.stderr
