"""The queues in both stores: each task is drafted once, in order, whoever asks and whoever dies."""

from contextlib import ExitStack

import pytest

from drafting.project_settings import ProjectSettings
from ml_backend.work.jobs import PICK_UP_S, Jobs
from tests.ml_backend.fakes import (
    FakeDrafting,
    FakeLabelStudio,
    consumer,
    finished,
    job_for,
    run_jobs,
    wait_until,
)
from tests.ml_backend.stores import IN_EITHER_STORE
from tests.ml_backend.workers import is_idle

pytestmark = IN_EITHER_STORE


# --- once each


def test_two_sweeps_draft_once(
    jobs: Jobs, web_jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    """The sweep of every minute and one that a webhook asked for."""
    label_studio.add_tasks(range(1, 6))
    jobs.sweep_all()
    web_jobs.sweep(1)
    jobs.sweep_all()
    run_jobs(jobs)
    assert drafting.tasks() == [1, 2, 3, 4, 5]


def test_a_burst_of_events_makes_one_sweep(
    web_jobs: Jobs, jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    for task_id in range(1, 4):
        label_studio.add_task(task_id)
        web_jobs.sweep(1)
    assert web_jobs.chores.pending_count() == 1
    run_jobs(jobs, ahead_s=0.0)
    assert drafting.tasks() == []  # the burst may still be going on
    run_jobs(jobs, ahead_s=1.5)
    assert drafting.tasks() == [1, 2, 3]
    label_studio.add_task(4)
    web_jobs.sweep(1)
    run_jobs(jobs)
    assert drafting.tasks() == [1, 2, 3, 4]


def test_a_task_that_an_annotator_asks_for_is_drafted_first_and_once(
    jobs: Jobs,
    web_jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    known: ProjectSettings,
) -> None:
    for task_id in (1, 2, 3):
        label_studio.add_task(task_id)
        assert jobs.draft(job_for(task_id, known))
    assert not jobs.draft(job_for(3, known))
    assert web_jobs.draft(job_for(3, known), asked=True)
    run_jobs(jobs)
    assert drafting.tasks() == [3, 1, 2]
    assert len(label_studio.versions(3)) == 1


def test_a_second_job_of_a_running_draft_does_nothing(
    jobs: Jobs,
    web_jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    known: ProjectSettings,
) -> None:
    """Asked for while it is being drafted: a second thread picks the job up and drops it."""
    label_studio.add_task(1)
    drafting.slow = {1}
    jobs.draft(job_for(1, known))
    with consumer(jobs, workers=2):
        wait_until(lambda: drafting.tasks() == [1])
        web_jobs.draft(job_for(1, known), asked=True)
        web_jobs.draft(job_for(1, known), asked=True)
        wait_until(lambda: is_idle(jobs))
        web_jobs.draft(job_for(1, known), asked=True)
        drafting.gate.set()
        wait_until(lambda: label_studio.versions(1) != [] and is_idle(jobs))
    assert drafting.tasks() == [1]
    assert len(label_studio.versions(1)) == 1


def test_every_task_gets_one_draft_from_several_workers(
    workers: list[Jobs],
    web_jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    project: ProjectSettings,
) -> None:
    """Annotators who wait, and sweeps on their heels."""
    everyone = range(1, 41)
    label_studio.page_size = 10
    label_studio.add_tasks(everyone)
    web_jobs.projects.remember(1, project)
    with ExitStack() as stack:
        for jobs in workers:
            stack.enter_context(consumer(jobs, workers=2))
        for task_id in everyone:
            if task_id % 3 == 0:
                web_jobs.draft(job_for(task_id, project), asked=True)
        for jobs in workers:
            jobs.sweep_all()
            web_jobs.sweep(1)
        wait_until(lambda: all(label_studio.versions(i) for i in everyone), 30)
        wait_until(lambda: is_idle(web_jobs))
    assert sorted(drafting.tasks()) == list(everyone)
    assert [len(label_studio.versions(i)) for i in everyone] == [1] * 40


# --- every minute


def test_every_minute_finds_what_a_webhook_missed(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    for task_id in (1, 2):
        label_studio.add_task(task_id)
        run_periodic(jobs)
        run_jobs(jobs)
    assert drafting.tasks() == [1, 2]


def test_while_there_is_work_listing_can_wait(
    jobs: Jobs, label_studio: FakeLabelStudio, known: ProjectSettings
) -> None:
    run_periodic(jobs)
    listed = len(label_studio.listings)
    assert listed
    jobs.draft(job_for(1, known))
    run_periodic(jobs)
    assert len(label_studio.listings) == listed


# --- who gets a draft


def test_nobody_waits_so_it_is_pushed_at_once(
    jobs: Jobs, label_studio: FakeLabelStudio, known: ProjectSettings
) -> None:
    label_studio.add_task(1)
    jobs.draft(job_for(1, known))
    run_jobs(jobs, ahead_s=0.0)
    assert label_studio.calls == [("create_prediction", 1)]


def test_predict_picks_it_up_so_it_is_not_pushed(
    jobs: Jobs, web_jobs: Jobs, label_studio: FakeLabelStudio, known: ProjectSettings
) -> None:
    label_studio.add_task(1)
    job = job_for(1, known)
    web_jobs.ledger.want([job.key], 60)
    web_jobs.draft(job, asked=True)
    run_jobs(jobs, ahead_s=0.0)
    assert web_jobs.ledger.take(job.key) == finished(job)
    run_jobs(jobs)
    assert label_studio.calls == []


def test_predict_does_not_pick_it_up_so_it_is_pushed_once(
    jobs: Jobs, web_jobs: Jobs, label_studio: FakeLabelStudio, known: ProjectSettings
) -> None:
    label_studio.add_task(1)
    job = job_for(1, known)
    web_jobs.ledger.want([job.key], 60)
    web_jobs.draft(job, asked=True)
    run_jobs(jobs, ahead_s=PICK_UP_S - 1)
    assert label_studio.calls == []
    run_jobs(jobs, ahead_s=PICK_UP_S + 1)
    assert label_studio.calls == [("create_prediction", 1)]
    assert web_jobs.ledger.take(job.key) is None


def test_a_process_without_work_can_t_run_jobs(web_jobs: Jobs) -> None:
    with pytest.raises(RuntimeError, match="made without work"):
        _ = web_jobs.work


def run_periodic(jobs: Jobs) -> None:
    """What the consumer does every minute."""
    [task] = jobs.chores._registry.periodic_tasks
    jobs.chores.execute(task)
