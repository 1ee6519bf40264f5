"""Drafts that could not be delivered, in both stores: none is lost, none is stored twice."""

import pytest

from connectors.errors import LabelStudioError
from drafting.project_settings import ProjectSettings
from ml_backend.work.jobs import Jobs
from tests.ml_backend.fakes import (
    FakeDrafting,
    FakeLabelStudio,
    finish,
    job_for,
    make_ready,
    run_jobs,
    sweep,
)
from tests.ml_backend.stores import IN_EITHER_STORE

DOWN = LabelStudioError("Label Studio did not answer in time")
BUSY = LabelStudioError("Label Studio is busy", 503)

pytestmark = [IN_EITHER_STORE, pytest.mark.usefixtures("settled_at_once")]


# --- Label Studio is away


@pytest.mark.parametrize("failure", [DOWN, BUSY])
@pytest.mark.parametrize("count", [1, 3])
def test_what_could_not_be_sent_is_delivered_by_a_later_sweep(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    caplog: pytest.LogCaptureFixture,
    failure: LabelStudioError,
    count: int,
) -> None:
    name = "import_predictions" if count > 1 else "create_prediction"
    everyone = list(range(1, count + 1))
    label_studio.add_tasks(everyone)
    label_studio.failures[name] = [failure, failure]
    sweep(jobs)
    assert label_studio.calls == []
    drafts = "1 draft" if count == 1 else f"{count} drafts"
    assert f"project 1: {drafts} not delivered yet: {failure}" in caplog.text
    sweep(jobs)
    assert jobs.figures.get("delivered", 1) == 0
    sweep(jobs)
    assert label_studio.stored() == everyone
    assert drafting.tasks() == everyone
    assert jobs.figures.get("delivered", 1) == count


def test_a_batch_whose_answer_got_lost_is_not_stored_twice(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    label_studio.add_tasks((1, 2, 3))
    label_studio.lost_answers["import_predictions"] = [DOWN]
    for _ in range(3):
        sweep(jobs)
    assert [len(label_studio.versions(i)) for i in (1, 2, 3)] == [1, 1, 1]
    assert drafting.tasks() == [1, 2, 3]


def test_a_failure_while_looking_which_were_stored_loses_none(
    jobs: Jobs, label_studio: FakeLabelStudio, project: ProjectSettings
) -> None:
    label_studio.drops = {2}
    label_studio.add_tasks((1, 2, 3))
    finish(jobs, project, (1, 2, 3))
    label_studio.failures["task_pages"] = [DOWN]
    run_jobs(jobs)
    label_studio.drops = set()
    sweep(jobs)
    assert [len(label_studio.versions(i)) for i in (1, 2, 3)] == [1, 1, 1]


# --- what a killed worker left


@pytest.mark.parametrize("taken_from_the_outbox", [True, False])
def test_a_draft_that_was_left_behind_is_delivered_by_the_next_sweep(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    project: ProjectSettings,
    taken_from_the_outbox: bool,
) -> None:
    label_studio.add_tasks((1, 2))
    for task_id in (1, 2):
        job = job_for(task_id, project)
        make_ready(jobs, job)
        if taken_from_the_outbox:
            jobs.outbox.add(job.key)
    if taken_from_the_outbox:
        jobs.outbox.take(9)
    sweep(jobs)
    assert label_studio.calls == [("import_predictions", 1, [1, 2])]
    assert drafting.tasks() == []


def test_a_worker_that_starts_delivers_what_is_in_the_outbox(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, project: ProjectSettings
) -> None:
    """The one before was killed as it began to deliver."""
    label_studio.add_tasks((1, 2))
    finish(jobs, project, (1, 2))
    jobs.chores.dequeue()
    jobs.recover()
    run_jobs(jobs)
    assert label_studio.calls == [("import_predictions", 1, [1, 2])]
    assert drafting.tasks() == []
