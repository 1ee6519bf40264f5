"""`push --onboarding`: a practice project of approved work, each task once, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest
from rich.progress import Progress

from label_configs.practice import FIELD
from sync.common.errors import SyncError
from sync.intake.push.practice import PracticeReport, choose_practice, push_practice
from sync.records.review_queues import pull_queues
from sync.settings import Config
from sync.table.pull import pull
from tests.sync.queue.review.studio import TITLE, ReviewStudio, reviewing, run

PRACTICE = f"{TITLE} practice"


def pulled(config: Config, studio: ReviewStudio) -> None:
    client: Any = studio
    pull(config, client, lambda done, total: None)
    pull_queues(config, client, lambda done, total: None)


def practise(config: Config, studio: ReviewStudio, *, dry_run: bool = False) -> PracticeReport:
    client: Any = studio
    pulled(config, studio)
    return push_practice(config, Progress(disable=True), client, dry_run=dry_run)


def approved(folder: Path) -> tuple[Config, ReviewStudio]:
    """One answer approved, one amended, one rejected, one that nobody has looked at."""
    studio, config = ReviewStudio(), reviewing(folder, random=1.0)
    for number in range(4):
        studio.answer(f"Answer {number}.", by=1, name=f"t{number}")
    run(config, studio)
    studio.decide("t0", decision="approve", best=0)
    studio.decide("t1", decision="amend", amended="It costs 5 EUR.", reason="No price.")
    studio.decide("t2", decision="reject", reason="Wrong.")
    return config, studio


def in_practice(studio: ReviewStudio) -> dict[str, dict[str, Any]]:
    tasks = studio.project(PRACTICE).tasks.values()
    found = {task["data"]["labeltune_id"]: task["data"] for task in tasks}
    assert len(found) == len(tasks)
    return found


def test_approved_work_is_there_with_its_answer_and_why(tmp_path: Path) -> None:
    config, studio = approved(tmp_path)
    report = practise(config, studio)
    assert (report.project, report.approved, report.new) == (PRACTICE, 2, 2)
    tasks = in_practice(studio)
    assert tasks.keys() == {"t0", "t1"}
    assert "Answer 0." in tasks["t0"][FIELD]
    assert "It costs 5 EUR." in tasks["t1"][FIELD] and "No price." in tasks["t1"][FIELD]
    project = studio.find_project(PRACTICE)
    assert project is not None and f'value="${FIELD}"' in project["label_config"]
    assert studio.backends(project["id"]) == []
    (tab,) = studio.views(project["id"])
    assert f"tasks:data.{FIELD}" in tab["data"]["hiddenColumns"]["explore"]


def test_another_push_adds_nothing_and_a_dry_run_sends_nothing(tmp_path: Path) -> None:
    config, studio = approved(tmp_path)
    assert practise(config, studio, dry_run=True).new == 2
    assert studio.find_project(PRACTICE) is None
    practise(config, studio)
    before = json.dumps(studio.project(PRACTICE).tasks, default=str)
    again = practise(config, studio)
    assert (again.new, again.changed, again.removed, again.tasks) == (0, 0, 0, 2)
    assert json.dumps(studio.project(PRACTICE).tasks, default=str) == before


def test_what_is_approved_no_more_goes_unless_somebody_has_practised_on_it(tmp_path: Path) -> None:
    config, studio = approved(tmp_path)
    practise(config, studio)
    studio.decide("t0", decision="reject", reason="Wrong after all.")
    assert practise(config, studio).removed == 1
    assert in_practice(studio).keys() == {"t1"}


def test_nothing_that_is_approved_is_told(tmp_path: Path) -> None:
    studio, config = ReviewStudio(), reviewing(tmp_path)
    studio.answer("Answer.", name="t0")
    with pytest.raises(SyncError, match="nothing to practise on"):
        practise(config, studio)


def test_every_kind_is_practised_and_what_is_there_stays() -> None:
    found = {f"card-{n}": ("topic cards",) for n in range(50)} | {"fee-0": ("topic fees",)}
    chosen = choose_practice(found, {}, 10)
    assert "fee-0" in chosen and len(set(chosen)) == 10
    assert choose_practice(found, dict.fromkeys(["card-7", "gone"]), 1) == ["card-7"]
    assert choose_practice(found, dict.fromkeys(chosen), 10) == chosen
