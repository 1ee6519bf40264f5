"""Drafts that no longer count, taken away by a sweep: old ones, doubles, and of changed tasks."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.errors import LLMUnavailable
from connectors.task_pages import TaskPage
from drafting.draft_version import model_version, replaced_version
from drafting.project_settings import ProjectSettings
from ml_backend.work.jobs import Jobs
from tests.ml_backend.fakes import (
    DOWN,
    FakeDrafting,
    FakeLabelStudio,
    conversation,
    job_for,
    run_jobs,
    sweep,
)

pytestmark = pytest.mark.usefixtures("settled_at_once")


def test_old_drafts_that_were_left_behind_go_with_the_next_sweep(
    jobs: Jobs, label_studio: FakeLabelStudio, project: ProjectSettings
) -> None:
    """As after /predict, which hands out a draft and deletes nothing."""
    current = model_version(project)
    label_studio.add_task(1, versions=["older", current, "oldest"])
    label_studio.add_task(2, versions=["older", "oldest", current], annotations=1)
    sweep(jobs)
    assert label_studio.versions(1) == [current]
    assert label_studio.versions(2) == ["older", "oldest", current]


def test_old_drafts_go_though_the_current_one_has_replaced_another(
    jobs: Jobs, label_studio: FakeLabelStudio, project: ProjectSettings
) -> None:
    """A draft that /predict handed out got its further samples before the next sweep."""
    current = model_version(project)
    shown = [replaced_version(current), current]
    label_studio.add_task(1, versions=["older", *shown])
    label_studio.add_task(2, versions=["older", replaced_version("older-4d01e207"), *shown])
    label_studio.add_task(3, versions=[replaced_version(current), *shown])
    sweep(jobs)
    assert [label_studio.versions(task_id) for task_id in (1, 2)] == [shown, shown]
    assert label_studio.versions(3) == [replaced_version(current), *shown]


def test_of_two_drafts_of_the_current_version_the_newest_is_shown(
    jobs: Jobs, label_studio: FakeLabelStudio, project: ProjectSettings
) -> None:
    """Label Studio stored a batch and its answer got lost; somebody may have opened the older."""
    current = model_version(project)
    for task_id in range(1, 8):
        label_studio.add_task(task_id, versions=[current, current])
    label_studio.add_task(8, versions=[current, current], annotations=1)
    newest = {i: label_studio.tasks[i]["predictions"][-1]["id"] for i in range(1, 8)}
    sweep(jobs)
    replaced = replaced_version(current)
    for task_id, prediction in newest.items():
        assert label_studio.versions(task_id) == [replaced, current]
        assert label_studio.tasks[task_id]["predictions"][-1]["id"] == prediction
    assert not label_studio.called("delete_prediction")
    assert label_studio.versions(8) == [current, current]


def test_without_a_current_draft_the_old_ones_stay(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, project: ProjectSettings
) -> None:
    """Somebody deletes the current one between Label Studio's filter and its answer."""
    jobs.projects.remember(1, project)
    drafting.failures[1] = [LLMUnavailable("down")]
    label_studio.add_task(1, versions=["older", model_version(project), "oldest"])

    page_of = label_studio.task_pages

    def shown_without_it(*asked: Any, **more: Any) -> Iterator[TaskPage]:
        label_studio.tasks[1]["predictions"].pop(1)
        label_studio.task_pages = page_of  # type: ignore[method-assign]
        task = {"id": 1, "predictions": label_studio.tasks[1]["predictions"]}
        yield TaskPage([task], 1, 0)

    label_studio.task_pages = shown_without_it  # type: ignore[method-assign]
    sweep(jobs)
    assert label_studio.versions(1) == ["older", "oldest"]


def test_a_draft_of_what_a_task_no_longer_says_is_replaced(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, project: ProjectSettings
) -> None:
    label_studio.add_tasks((1, 2, 3))
    sweep(jobs)
    label_studio.edit(1, conversation("Corrected."))
    label_studio.edit(2, {**label_studio.tasks[2]["data"], "labeltune_id": "no input of a draft"})
    label_studio.edit(3, conversation("Corrected."))
    label_studio.tasks[3]["total_annotations"] = 1
    sweep(jobs)
    sweep(jobs)
    assert drafting.tasks() == [1, 2, 3, 1]
    assert drafting.history[-1].data == conversation("Corrected.")
    assert [label_studio.versions(i) for i in (1, 2, 3)] == [[model_version(project)]] * 3


def test_a_task_that_changes_while_it_waits_is_drafted_as_it_is_now(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, project: ProjectSettings
) -> None:
    label_studio.add_task(1)
    jobs.projects.remember(1, project)
    jobs.draft(job_for(1, project))
    label_studio.edit(1, conversation("Corrected."))
    run_jobs(jobs)  # the draft of what it said
    sweep(jobs)
    assert drafting.history[-1].data == conversation("Corrected.")
    assert len(label_studio.versions(1)) == 1
    assert jobs.ledger.last_drafted(1) == drafting.history[-1].key


def test_drafts_that_nothing_is_known_of_are_left_alone(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, project: ProjectSettings
) -> None:
    """As after the queue was deleted; from then on a change is seen."""
    label_studio.add_task(1, versions=[model_version(project)])
    sweep(jobs)
    assert label_studio.calls == []
    label_studio.edit(1, conversation("Corrected."))
    sweep(jobs)
    assert drafting.tasks() == [1]


def test_only_what_was_updated_lately_is_looked_at_for_changes(
    jobs: Jobs, label_studio: FakeLabelStudio, project: ProjectSettings
) -> None:
    label_studio.add_task(1, versions=[model_version(project)])
    before = datetime.now(UTC)
    for _ in range(2):
        sweep(jobs)
    column = "updated_at greater"
    asked = [page[column] for page in label_studio.listings if column in page]
    assert len(asked) == 1  # the first time, everything
    since = datetime.fromisoformat(asked[0])
    # with some overlap, for what is committed later than it is stamped
    assert before - timedelta(minutes=5) < since < before - timedelta(seconds=30)


def test_a_failed_sweep_looks_again_at_what_it_missed(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
) -> None:
    label_studio.add_task(1)
    sweep(jobs)
    label_studio.edit(1, conversation("Corrected."))
    label_studio.failures["delete_prediction"] = [DOWN]
    sweep(jobs)
    assert drafting.tasks() == [1]
    sweep(jobs)
    assert drafting.tasks() == [1, 1]
    assert len(label_studio.versions(1)) == 1
