"""Workers that stop, are killed, and start again, in both stores: every task is drafted once."""

import time

from huey.signals import SIGNAL_INTERRUPTED

from drafting.project_settings import ProjectSettings
from drafting.rewrite_request import Instructed
from ml_backend.store import marks as marks_module
from ml_backend.work.jobs import Jobs
from tests.ml_backend.fakes import FakeDrafting, FakeLabelStudio, job_for, run_jobs
from tests.ml_backend.stores import IN_EITHER_STORE
from tests.ml_backend.workers import PassTime

pytestmark = IN_EITHER_STORE


def test_a_worker_that_stops_puts_back_what_is_under_way(
    jobs: Jobs,
    workers: list[Jobs],
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    known: ProjectSettings,
) -> None:
    """What huey does for each job under way when its time to finish is over."""
    for task_id in (1, 2):
        label_studio.add_task(task_id)
        jobs.draft(job_for(task_id, known))
    task = jobs.drafts.dequeue()
    raw, number = task.args
    assert jobs.ledger.claim_running(raw["key"], raw["seen_at"], number)
    jobs.drafts._emit(SIGNAL_INTERRUPTED, task)
    jobs.marks.be_gone()
    run_jobs(workers[0])
    assert sorted(drafting.tasks()) == [1, 2]
    assert [len(label_studio.versions(i)) for i in (1, 2)] == [1, 1]


def test_a_rewrite_that_was_under_way_is_dropped(
    jobs: Jobs, workers: list[Jobs], drafting: FakeDrafting, known: ProjectSettings
) -> None:
    """The annotator who waited has given up by the time that another worker runs."""
    job = job_for(1, known, rewrite=Instructed(("shorter",), "An answer."))
    jobs.draft(job, asked=True)
    task = jobs.drafts.dequeue()
    assert jobs.ledger.claim_running(job.key, job.seen_at)
    jobs.drafts._emit(SIGNAL_INTERRUPTED, task)
    run_jobs(workers[0])
    assert drafting.tasks() == []
    assert not jobs.ledger.queued_among([job.key])


def test_what_a_killed_worker_had_under_way_is_drafted_by_another(
    jobs: Jobs,
    workers: list[Jobs],
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    known: ProjectSettings,
    pass_time: PassTime,
) -> None:
    """One killed while drafting, one between taking a job and claiming it."""
    for task_id in range(1, 5):
        label_studio.add_task(task_id)
        jobs.draft(job_for(task_id, known))
    raw, number = jobs.drafts.dequeue().args
    assert jobs.ledger.claim_running(raw["key"], raw["seen_at"], number)
    jobs.drafts.dequeue()
    other = workers[0]
    other.sweep(1)
    run_jobs(other)
    assert drafting.tasks() == [3, 4]
    pass_time(marks_module.ALIVE_S + 1)
    other.marks.be_alive(time.time(), 2)
    other.sweep(1)
    other.sweep_all()
    run_jobs(other)
    assert drafting.tasks() == [3, 4, 1, 2]
    assert [len(label_studio.versions(i)) for i in range(1, 5)] == [1] * 4


def test_what_still_waits_is_not_queued_twice_however_long(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    known: ProjectSettings,
    pass_time: PassTime,
) -> None:
    label_studio.add_tasks(range(1, 7))
    run_due_chores(jobs)
    assert jobs.drafts.pending_count() == 6
    jobs.drafts.execute(jobs.drafts.dequeue())
    jobs.draft(job_for(9, known), asked=True)
    jobs.drafts.execute(jobs.drafts.dequeue())
    assert drafting.tasks() == [1, 9]
    pass_time(marks_module.ALIVE_S + 1)
    run_due_chores(jobs)
    assert jobs.drafts.pending_count() == 5


def test_a_worker_that_starts_looks_at_once_and_again_when_the_dead_are_known(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    label_studio.add_task(1)
    jobs.recover()
    run_jobs(jobs, ahead_s=0)
    assert drafting.tasks() == [1]
    label_studio.add_task(2)
    run_jobs(jobs, ahead_s=marks_module.ALIVE_S)
    assert drafting.tasks() == [1]
    run_jobs(jobs, ahead_s=marks_module.ALIVE_S + 5)
    assert drafting.tasks() == [1, 2]


def run_due_chores(jobs: Jobs) -> None:
    """A sweep of all projects, and not the drafts that it queues."""
    jobs.sweep_all()
    while jobs.chores.pending_count():
        jobs.chores.execute(jobs.chores.dequeue())
