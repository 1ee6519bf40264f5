"""When a worker learns from finished work, and that it happens once."""

from collections.abc import Sequence
from typing import Any

import pytest
from flask.testing import FlaskClient
from huey.api import Huey

from connectors.errors import LabelStudioError
from drafting.acceptance.acceptance import PRIOR, Acceptance, Calibrator
from drafting.acceptance.fit_apart import FitError
from drafting.acceptance.judged_draft import JudgedDraft
from drafting.project_settings import ProjectSettings
from ml_backend.store.acceptances import Acceptances, LearntAcceptance
from ml_backend.work.jobs import Jobs
from ml_backend.work.learning import LEAST_NEW, LOOK_EVERY_S, Learning
from tests.ml_backend.calls import webhook
from tests.ml_backend.drafts.finished_fakes import FinishedFake
from tests.ml_backend.drafts.test_judged_work import finish
from tests.ml_backend.fakes import run_jobs
from tests.ml_backend.stores import IN_EITHER_STORE
from tests.ml_backend.workers import PassTime


class Fits:
    """Learns at once, and remembers from how many drafts; raises what it is told to."""

    def __init__(self) -> None:
        self.history: list[int] = []
        self.failures: list[Exception] = []

    def __call__(self, judged: Sequence[JudgedDraft]) -> Acceptance:
        self.history.append(len(judged))
        if self.failures:
            raise self.failures.pop()
        return Acceptance(Calibrator(len(judged) / 1000, 1.0, {}), "it is better", len(judged))


@pytest.fixture
def finished() -> FinishedFake:
    """Project 1 with ten finished drafts."""
    fake = FinishedFake()
    for number in range(1, 11):
        finish(fake, number)
    return fake


@pytest.fixture
def fits() -> Fits:
    return Fits()


@pytest.fixture
def learning(jobs: Jobs, finished: FinishedFake, known: ProjectSettings, fits: Fits) -> Jobs:
    """The jobs of a worker that learns."""
    jobs.learning.learn = learn_of(jobs, finished, fits)
    return jobs


def learn_of(jobs: Jobs, finished: FinishedFake, fits: Fits) -> Learning:
    shared = jobs.projects, jobs.learning.acceptances, jobs.figures, jobs.marks
    return Learning(finished, *shared, fits)


@IN_EITHER_STORE
def test_an_annotation_has_the_worker_learn_and_every_process_knows(
    client: FlaskClient, learning: Jobs, fits: Fits, web_jobs: Jobs
) -> None:
    for _ in range(5):
        webhook(client, "ANNOTATION_CREATED", 1)
    run_jobs(learning)
    assert fits.history == [10]
    known = web_jobs.learning.acceptances.learnt(1)
    assert known is not None and (known.finished, known.acceptance.judged) == (10, 10)
    assert web_jobs.learning.acceptances.of(1).calibrator is not None


def test_it_learns_again_from_enough_new_work_and_not_too_often(
    learning: Jobs, finished: FinishedFake, fits: Fits, pass_time: PassTime
) -> None:
    def look() -> list[int]:
        learning.learning.ask(1)
        run_jobs(learning)
        return fits.history

    assert look() == [10]
    for number in range(11, 10 + LEAST_NEW):
        finish(finished, number)
    pass_time(LOOK_EVERY_S)
    assert look() == [10]  # nine are too few
    finish(finished, 10 + LEAST_NEW)
    requests = finished.requests
    assert look() == [10]  # too soon
    assert finished.requests == requests
    pass_time(LOOK_EVERY_S)
    assert look() == [10, 20]


def test_the_clock_finds_what_a_webhook_missed(learning: Jobs, fits: Fits) -> None:
    learning.learning.look_at_all()
    assert fits.history == [10]


def test_start_training_learns_now_from_whatever_there_is(
    client: FlaskClient, learning: Jobs, finished: FinishedFake, fits: Fits
) -> None:
    learning.learning.ask(1)
    run_jobs(learning)
    finish(finished, 11)
    webhook(client, "START_TRAINING", 1)
    run_jobs(learning)
    assert fits.history == [10, 11]


def test_what_was_learnt_survives_and_is_learnt_again_when_lost(
    learning: Jobs, queue: Huey, fits: Fits, pass_time: PassTime
) -> None:
    learning.learning.look_at_all()
    assert Acceptances(queue).of(1).judged == 10  # as a worker that starts finds it
    queue.storage.flush_results()
    assert Acceptances(queue).of(1) == PRIOR
    pass_time(LOOK_EVERY_S)
    learning.projects.remember(1, ProjectSettings())
    learning.learning.look_at_all()
    assert fits.history == [10, 10]


def test_of_several_workers_one_learns(
    learning: Jobs, workers: list[Jobs], finished: FinishedFake, fits: Fits
) -> None:
    def others_try(judged: Sequence[JudgedDraft]) -> Acceptance:
        for jobs in workers:
            learn_of(jobs, finished, fits)(1, True)
        return fits(judged)

    shared = learning.projects, learning.learning.acceptances, learning.figures, learning.marks
    Learning(finished, *shared, others_try)(1)
    assert fits.history == [10]


@pytest.mark.parametrize(
    "error", [FitError("learning from drafts failed: exit status -9"), LabelStudioError("down")]
)
def test_a_failure_keeps_what_was_learnt_and_says_so(
    learning: Jobs, finished: FinishedFake, fits: Fits, error: Exception
) -> None:
    learning.learning.look_at_all()
    fits.failures = [error]
    learning.learning.ask(1, now=True)
    run_jobs(learning)
    assert learning.learning.acceptances.of(1).judged == 10
    assert [each.said for each in learning.figures.errors()] == [str(error)]
    learning.learning.ask(1, now=True)
    run_jobs(learning)
    assert fits.history == [10, 10, 10]


def test_projects_that_have_no_drafts_are_left_alone(
    learning: Jobs, finished: FinishedFake, fits: Fits
) -> None:
    learning.projects.remember(1, ProjectSettings(interface="review"))
    learning.learning.ask(1, now=True)
    learning.learning.ask(2, now=True)  # not ours
    run_jobs(learning)
    assert (fits.history, finished.requests) == ([], 0)


@pytest.mark.parametrize("kept", ['{"acceptance": {"format": 99}, "finished": 3, "at": 1.0}', "{}"])
def test_what_another_version_kept_is_learnt_again(queue: Huey, kept: Any) -> None:
    queue.put("acceptance:1", kept)
    assert Acceptances(queue).learnt(1) is None
    Acceptances(queue).put(1, LearntAcceptance(Acceptance(judged=7), 8, at=2.0))
    assert Acceptances(queue).learnt(1) == LearntAcceptance(Acceptance(judged=7), 8, at=2.0)
