"""Finished drafts on their way to Label Studio, in both stores: in batches, counted, none lost."""

import logging

import pytest

from connectors.errors import LabelStudioError
from drafting.draft_version import model_version
from drafting.project_settings import ProjectSettings
from ml_backend.work import delivering
from ml_backend.work.delivering import REFUSED, Outbox
from ml_backend.work.jobs import Jobs
from tests.ml_backend.fakes import (
    FakeDrafting,
    FakeLabelStudio,
    backend_of,
    conversation,
    finish,
    job_for,
    make_ready,
    run_jobs,
    sweep,
)
from tests.ml_backend.stores import IN_EITHER_STORE

DOWN = LabelStudioError("Label Studio did not answer in time")

pytestmark = [IN_EITHER_STORE, pytest.mark.usefixtures("settled_at_once")]


# --- batches


def test_drafts_go_in_one_batch_and_are_counted(
    jobs: Jobs, label_studio: FakeLabelStudio, project: ProjectSettings
) -> None:
    label_studio.add_tasks((1, 2, 3))
    finish(jobs, project, (1, 2, 3))
    assert jobs.chores.pending_count() == 1
    run_jobs(jobs, ahead_s=0)
    assert label_studio.calls == [("import_predictions", 1, [1, 2, 3])]
    assert [len(label_studio.versions(i)) for i in (1, 2, 3)] == [1, 1, 1]
    assert jobs.figures.get("delivered", 1) == 3
    assert not any(jobs.ledger.is_ready(job_for(i, project).key) for i in (1, 2, 3))


def test_a_prediction_is_what_label_studio_takes(
    jobs: Jobs, label_studio: FakeLabelStudio, project: ProjectSettings
) -> None:
    """A string version, a float score, and result items; it refuses anything else."""
    label_studio.add_tasks((1, 2, 3))
    finish(jobs, project, (1, 2))
    run_jobs(jobs)
    finish(jobs, project, [3])
    run_jobs(jobs)
    for task_id in (1, 2, 3):
        [stored] = label_studio.tasks[task_id]["predictions"]
        assert (stored["task"], stored["project"]) == (task_id, 1)
        assert stored["model_version"] == model_version(project)
        assert stored["score"] == 0.25
        assert stored["result"][0]["value"] == {"text": [f"Answer to task {task_id}."]}


def test_no_batch_is_larger_than_the_limit(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    project: ProjectSettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(delivering, "BATCH", 4)
    label_studio.add_tasks(range(1, 11))
    finish(jobs, project, range(1, 11))
    run_jobs(jobs)
    batches = [call[2] for call in label_studio.called("import_predictions")]
    assert batches == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10]]
    assert jobs.figures.get("delivered", 1) == 10


def test_each_project_has_a_batch_of_its_own(
    jobs: Jobs, label_studio: FakeLabelStudio, project: ProjectSettings
) -> None:
    label_studio.add_project(2, backend_of(project, title=model_version(project)))
    for task_id in range(1, 7):
        label_studio.add_task(task_id, project=1 + task_id % 2)
        job = job_for(task_id, project, project_id=1 + task_id % 2)
        make_ready(jobs, job)
        jobs.deliver(job.key)
    run_jobs(jobs)
    assert label_studio.calls == [
        ("import_predictions", 1, [2, 4, 6]),
        ("import_predictions", 2, [1, 3, 5]),
    ]
    assert [jobs.figures.get("delivered", project_id) for project_id in (1, 2)] == [3, 3]


def test_results_of_a_repeater_go_one_by_one(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    """Label Studio's import would drop them without a word."""
    label_studio.drops = {2, 4}
    drafting.one_by_one = {2, 4}
    label_studio.add_tasks(range(1, 5))
    sweep(jobs)
    assert label_studio.called("import_predictions") == [("import_predictions", 1, [1, 3])]
    assert label_studio.called("create_prediction") == [
        ("create_prediction", 2),
        ("create_prediction", 4),
    ]
    assert jobs.figures.get("delivered", 1) == 4


def test_a_key_that_is_in_the_outbox_twice_is_delivered_once(
    jobs: Jobs, label_studio: FakeLabelStudio, project: ProjectSettings
) -> None:
    label_studio.add_tasks([1])
    finish(jobs, project, [1])
    jobs.deliver(job_for(1, project).key)
    run_jobs(jobs)
    assert label_studio.calls == [("create_prediction", 1)]


def test_an_outbox_is_first_in_first_out_and_hands_out_once(jobs: Jobs) -> None:
    outboxes = [Outbox(jobs.drafts) for _ in range(2)]
    for number in range(5):
        outboxes[0].add(f"v1:{number}:0")
    assert outboxes[1].take(2) == ["v1:0:0", "v1:1:0"]
    assert outboxes[0].take(9) == ["v1:2:0", "v1:3:0", "v1:4:0"]
    assert outboxes[1].take(9) == []


# --- created and sent


def test_what_label_studio_leaves_out_is_found_and_marked(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    project: ProjectSettings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    label_studio.drops = {2, 5}
    label_studio.add_tasks(range(1, 9))
    finish(jobs, project, range(1, 9))
    run_jobs(jobs)
    assert jobs.figures.get("delivered", 1) == 6
    assert jobs.figures.get("refused", 1) == 2
    told = {(failure.task_id, failure.reason) for failure in jobs.ledger.failures()}
    assert told == {(2, REFUSED), (5, REFUSED)}
    assert "project 1: 8 drafts sent, 6 created; looking which" in caplog.text
    assert {error.task_id for error in jobs.figures.errors()} == {2, 5}


def test_what_was_left_out_is_not_drafted_again_at_once(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    label_studio.drops = {2}
    label_studio.add_tasks((1, 2, 3))
    for _ in range(3):
        sweep(jobs)
    assert drafting.tasks() == [1, 2, 3]


def test_a_task_that_was_deleted_does_not_spoil_its_batch(
    jobs: Jobs, label_studio: FakeLabelStudio, project: ProjectSettings
) -> None:
    """Label Studio refuses the whole batch for it."""
    label_studio.add_tasks((1, 3))
    finish(jobs, project, (1, 2, 3))
    run_jobs(jobs)
    assert label_studio.stored() == [1, 3]
    assert jobs.figures.get("delivered", 1) == 2
    [failure] = jobs.ledger.failures()
    assert (failure.task_id, failure.reason) == (2, "Label Studio refused the draft (400)")


def test_what_label_studio_says_of_a_refused_draft_is_not_repeated(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    project: ProjectSettings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It may quote the draft."""
    caplog.set_level(logging.DEBUG, logger="ml_backend")
    label_studio.failures["create_prediction"] = [LabelStudioError("PRIVATE answer", 400)]
    label_studio.add_tasks([1])
    finish(jobs, project, [1])
    run_jobs(jobs)
    assert "task 1: draft not stored: Label Studio refused the draft (400)" in caplog.text
    assert "PRIVATE" not in caplog.text
    assert "PRIVATE" not in str(jobs.figures.errors()) + str(jobs.ledger.failures())


# --- what the new drafts replace


def test_older_drafts_go_once_the_new_one_is_in_place(
    jobs: Jobs, label_studio: FakeLabelStudio, project: ProjectSettings
) -> None:
    for task_id in (1, 2):
        label_studio.add_task(task_id, versions=["older", "oldest"])
    older = [p["id"] for task in label_studio.tasks.values() for p in task["predictions"]]
    sweep(jobs)
    assert label_studio.calls == [
        ("import_predictions", 1, [1, 2]),
        *(("delete_prediction", number) for number in older),
    ]
    assert [label_studio.versions(i) for i in (1, 2)] == [[model_version(project)]] * 2


def test_older_drafts_stay_while_the_new_one_can_t_be_stored(
    jobs: Jobs, label_studio: FakeLabelStudio, project: ProjectSettings
) -> None:
    label_studio.add_task(1, versions=["older"])
    label_studio.add_task(2, versions=["older"])
    label_studio.failures["import_predictions"] = [DOWN]
    sweep(jobs)
    assert label_studio.versions(1) == label_studio.versions(2) == ["older"]
    label_studio.drops = {2}
    sweep(jobs)
    assert label_studio.versions(1) == [model_version(project)]
    assert label_studio.versions(2) == ["older"]


def test_an_old_draft_that_can_t_be_deleted_does_not_undo_the_new_one(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    project: ProjectSettings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    label_studio.add_task(1, conversation("Why?"), versions=["older"])
    label_studio.failures["delete_prediction"] = [DOWN]
    sweep(jobs)
    assert label_studio.versions(1) == ["older", model_version(project)]
    assert "old drafts stay for now" in caplog.text
    assert jobs.figures.get("delivered", 1) == 1
    sweep(jobs)
    assert label_studio.versions(1) == [model_version(project)]
