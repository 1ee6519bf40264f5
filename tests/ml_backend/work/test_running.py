"""One draft job after the other: what is drafted, what is put off, what fails, and what rests."""

import logging

import pytest

from connectors.errors import ContextTooLong, LLMError, LLMUnavailable
from drafting.acceptance.prior import NoSignalError
from drafting.draft_version import model_version
from drafting.project_settings import LLMSettings, Price, ProjectSettings
from label_configs import ReplyError
from ml_backend.drafts.paid_sampler import BudgetReachedError
from ml_backend.work import running
from ml_backend.work.jobs import Jobs
from tests.ml_backend.fakes import (
    DOWN,
    FakeDrafting,
    FakeLabelStudio,
    backend_of,
    conversation,
    job_for,
    make_ready,
    run_jobs,
    sweep,
)
from tests.ml_backend.workers import PassTime

REFUSED_KEY = LLMError("the model at http://m refused OPENAI_API_KEY")

pytestmark = pytest.mark.usefixtures("settled_at_once")


@pytest.fixture
def steps(label_studio: FakeLabelStudio) -> ProjectSettings:
    """Project 2, with reasoning steps."""
    settings = ProjectSettings(interface="reasoning_steps")
    label_studio.add_project(2, backend_of(settings, title=model_version(settings)))
    return settings


# --- steps are task data


def test_steps_are_in_the_task_before_their_prediction(
    jobs: Jobs, label_studio: FakeLabelStudio, steps: ProjectSettings
) -> None:
    label_studio.add_task(1, conversation("Why?", labeltune_id="a", steps=[]), project=2)
    sweep(jobs, 2)
    assert label_studio.calls == [
        ("update_task", 1, conversation("Why?", labeltune_id="a", steps=[{"text": "Declined."}])),
        ("create_prediction", 1),
    ]


def test_steps_that_we_wrote_are_no_change_of_the_task(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, steps: ProjectSettings
) -> None:
    label_studio.add_task(1, conversation("Why?", steps=[]), project=2)
    for _ in range(3):
        sweep(jobs, 2)
    assert drafting.tasks() == [1]


def test_no_prediction_without_its_steps(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, steps: ProjectSettings
) -> None:
    """The page would show no rows for it."""
    label_studio.add_task(1, project=2)
    label_studio.failures["update_task"] = [DOWN]
    sweep(jobs, 2)
    assert label_studio.calls == []
    sweep(jobs, 2)
    assert drafting.tasks() == [1, 1]
    assert label_studio.versions(1) == [model_version(steps)]


# --- put off


@pytest.mark.parametrize("failure", [LLMUnavailable("the model did not answer in time"), DOWN])
def test_what_may_pass_leaves_the_task_for_the_next_sweep(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    caplog: pytest.LogCaptureFixture,
    failure: Exception,
) -> None:
    label_studio.add_task(1)
    label_studio.add_task(2)
    drafting.failures[1] = [failure]
    sweep(jobs)
    assert label_studio.stored() == [2]
    assert f"task 1: not drafted, the next sweep tries again: {failure}" in caplog.text
    assert (jobs.figures.get("put_off", 1), jobs.figures.get("drafted", 1)) == (1, 1)
    assert jobs.ledger.failures() == []
    [error] = jobs.figures.errors()
    assert (error.task_id, error.said) == (1, str(failure))
    sweep(jobs)
    assert drafting.tasks() == [1, 2, 1]
    assert len(label_studio.versions(1)) == 1


# --- failed


@pytest.mark.parametrize(
    "failure",
    [
        ReplyError("none of 4 replies fits"),
        NoSignalError("no signal to score by"),
        ContextTooLong("the prompt is longer than the model takes"),
    ],
)
def test_what_would_fail_alike_is_left_with_a_reason(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    caplog: pytest.LogCaptureFixture,
    failure: Exception,
) -> None:
    label_studio.add_task(1)
    label_studio.add_task(2)
    drafting.failures[1] = [failure]
    for _ in range(3):
        sweep(jobs)
    assert drafting.tasks() == [1, 2]
    assert f"task 1: left undrafted for an hour: {failure}" in caplog.text
    [told] = jobs.ledger.failures()
    assert (told.project_id, told.task_id, told.reason) == (1, 1, str(failure))
    assert jobs.figures.get("failed", 1) == 1
    # other data is another draft
    label_studio.edit(1, conversation("Corrected."))
    sweep(jobs)
    assert drafting.tasks() == [1, 2, 1]
    assert len(label_studio.versions(1)) == 1


@pytest.mark.parametrize("kind", [KeyError, ValueError])
def test_a_fault_of_ours_is_named_but_never_quoted(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    caplog: pytest.LogCaptureFixture,
    kind: type[Exception],
) -> None:
    label_studio.add_task(1)
    drafting.failures[1] = [kind("what the customer wrote")]
    for _ in range(2):
        sweep(jobs)
    assert drafting.tasks() == [1]
    assert f"task 1: left undrafted for an hour: unexpected {kind.__name__}" in caplog.text
    assert "customer" not in caplog.text + str(jobs.ledger.failures())


# --- the whole project rests


def test_a_refused_key_stops_the_project_and_costs_one_call(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    project: ProjectSettings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    label_studio.add_project(2, backend_of(project, title=model_version(project)))
    label_studio.add_tasks(range(1, 6))
    label_studio.add_task(6, project=2)
    drafting.failures[1] = [REFUSED_KEY]
    jobs.sweep_all()
    run_jobs(jobs)
    assert drafting.tasks() == [1, 6]
    assert jobs.at_rest(1) == str(REFUSED_KEY)
    assert jobs.at_rest(2) is None
    assert caplog.text.count("project 1: drafting stopped: the model at http://m refused") == 1
    assert [error.task_id for error in jobs.figures.errors()] == [None]
    # what else was queued is free for a later sweep, and nothing is queued till then
    assert not any(jobs.ledger.is_under_way(job_for(i, project).key) for i in range(1, 6))
    sweep(jobs)
    assert drafting.tasks() == [1, 6]


def test_a_stopped_project_goes_on_after_a_while(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    pass_time: PassTime,
) -> None:
    label_studio.add_task(1)
    label_studio.add_task(2)
    drafting.failures[1] = [REFUSED_KEY]
    sweep(jobs)
    assert label_studio.stored() == []
    pass_time(running.STOP_S)
    assert jobs.at_rest(1) is None
    sweep(jobs)
    assert label_studio.stored() == [1, 2]


def test_a_worker_that_starts_tries_again_at_once(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    """Somebody has set another key and started it."""
    label_studio.add_task(1)
    drafting.failures[1] = [REFUSED_KEY]
    sweep(jobs)
    jobs.recover()
    run_jobs(jobs)
    assert label_studio.stored() == [1]


def test_at_the_budget_the_project_rests_and_says_so(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    label_studio.add_tasks(range(1, 6))
    spent = BudgetReachedError("llm.budget of 1 is spent (1.00); raise it")
    drafting.failures[2] = [spent]
    sweep(jobs)
    assert drafting.tasks() == [1, 2]
    assert label_studio.stored() == [1]
    assert jobs.at_rest(1) == str(spent)
    assert jobs.ledger.failures() == []
    assert jobs.figures.get("put_off", 1) == 0


def test_a_spent_budget_queues_nothing_and_what_is_ready_is_still_delivered(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    settings = ProjectSettings(llm=LLMSettings(budget=1.0, prices={"m": Price(input=1, output=1)}))
    label_studio.add_project(2, backend_of(settings, title=model_version(settings)))
    for task_id in range(1, 9):
        label_studio.add_task(task_id, project=2)
    ready = job_for(6, settings, project_id=2)
    make_ready(jobs, ready)
    jobs.figures.add("cost_micros", 2, 1_000_000)
    sweep(jobs, 2)
    assert drafting.tasks() == []
    assert label_studio.stored() == [6]
    assert str(jobs.at_rest(2)).startswith("llm.budget of 1 is spent (1.00)")
    # raised by a push
    richer = settings.model_copy(update={"llm": settings.llm.model_copy(update={"budget": 2.0})})
    label_studio.add_project(2, backend_of(richer, title=model_version(richer)))
    sweep(jobs, 2)
    assert drafting.tasks() == [1, 2, 3, 4, 5, 7, 8]


# --- not worth a draft


def test_a_task_that_was_annotated_while_it_waited_is_not_drafted(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, project: ProjectSettings
) -> None:
    jobs.projects.remember(1, project)
    for task_id in (1, 2):
        label_studio.add_task(task_id)
        jobs.draft(job_for(task_id, project))
    jobs.ledger.annotated(1)
    label_studio.tasks[1]["total_annotations"] = 1
    run_jobs(jobs)
    assert drafting.tasks() == [2]
    assert not jobs.ledger.is_under_way(job_for(1, project).key)


def test_a_task_whose_annotation_was_deleted_is_drafted(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    jobs.ledger.annotated(1)
    label_studio.add_task(1)
    sweep(jobs)
    assert drafting.tasks() == [1]


def test_jobs_of_a_project_that_nothing_is_known_of_are_dropped(
    jobs: Jobs, drafting: FakeDrafting, project: ProjectSettings
) -> None:
    jobs.draft(job_for(1, project))
    run_jobs(jobs)
    assert drafting.tasks() == []
    assert not jobs.ledger.is_under_way(job_for(1, project).key)


def test_logs_tell_what_happened_and_nothing_of_what_was_said(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    steps: ProjectSettings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, logger="ml_backend")
    label_studio.add_task(1, conversation("PRIVATE question", context={"name": "PRIVATE name"}))
    label_studio.add_task(2, conversation("PRIVATE question"), project=2)
    for task_id in (3, 4, 5):
        label_studio.add_task(task_id, conversation("PRIVATE question"))
    drafting.failures = {3: [ReplyError("no fit")], 4: [LLMUnavailable("down")], 5: [REFUSED_KEY]}
    label_studio.failures["create_prediction"] = [DOWN]
    jobs.sweep_all()
    run_jobs(jobs)
    assert "task 2: drafted in" in caplog.text
    for said in ("PRIVATE", "Answer to", "Declined"):
        assert said not in caplog.text
