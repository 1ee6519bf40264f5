"""/predict: a slot for every task, in order and in time, whoever else asks or dies."""

import threading
import time
from collections.abc import Iterable
from typing import Any

import pytest

from connectors.errors import LLMError, LLMUnavailable
from drafting.draft_version import model_version
from drafting.project_settings import LLMSettings, Price, ProjectSettings
from label_configs import ReplyError
from ml_backend.service import calls
from ml_backend.service.calls import known_settings, predict
from ml_backend.service.wire import PredictRequest
from ml_backend.store.draft_jobs import DraftJob
from ml_backend.work.jobs import Jobs
from tests.ml_backend.fakes import (
    FakeDrafting,
    FakeLabelStudio,
    consumer,
    conversation,
    job_for,
    make_ready,
    run_jobs,
)

# longer than any test may take: who waits that long has waited in vain
LONG_S = 60.0


def body(task_ids: Iterable[int], **more: Any) -> PredictRequest:
    tasks = [{"id": i, "data": conversation(f"Question {i}")} for i in task_ids]
    return PredictRequest.model_validate({"tasks": tasks, "project": "1.1795293013", **more})


def drafted_slots(slots: list[Any]) -> list[int | None]:
    """The task that each slot's draft is of."""
    texts = [slot["result"][0]["value"]["text"][0] if slot else None for slot in slots]
    return [None if text is None else int(text.split()[-1].rstrip(".")) for text in texts]


def at_once(jobs: Jobs, request: PredictRequest, project: ProjectSettings) -> list[Any]:
    """The answer, which must not be waited for."""
    started = time.monotonic()
    slots = predict(jobs, request, project, LONG_S)
    assert time.monotonic() - started < LONG_S / 2
    return slots


# --- ready drafts


def test_what_is_ready_is_handed_out_once(
    jobs: Jobs, web_jobs: Jobs, known: ProjectSettings
) -> None:
    job = job_for(1, known)
    draft = make_ready(jobs, job)
    assert at_once(web_jobs, body([1]), known) == [draft.prediction()]
    assert jobs.ledger.take(job.key) is None
    assert web_jobs.drafts.pending_count() == 0


def test_duplicates_of_a_task_get_the_same_draft(
    jobs: Jobs,
    web_jobs: Jobs,
    known: ProjectSettings,
    drafting: FakeDrafting,
) -> None:
    make_ready(jobs, job_for(1, known))
    with consumer(jobs, workers=2):
        slots = at_once(web_jobs, body([1, 2, 1, 3, 2, 1]), known)
    assert drafted_slots(slots) == [1, 2, 1, 3, 2, 1]
    assert sorted(drafting.tasks()) == [2, 3]


def test_duplicates_get_the_draft_that_is_finished_before_all_are_asked_for(
    jobs: Jobs,
    web_jobs: Jobs,
    known: ProjectSettings,
    drafting: FakeDrafting,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    enqueue = web_jobs.draft

    def draft_at_once(job: DraftJob, *, asked: bool = False) -> bool:
        enqueued = enqueue(job, asked=asked)
        run_jobs(jobs, ahead_s=0)
        return enqueued

    monkeypatch.setattr(web_jobs, "draft", draft_at_once)
    assert drafted_slots(at_once(web_jobs, body([2, 3, 2, 2]), known)) == [2, 3, 2, 2]
    assert drafting.tasks() == [2, 3]


def test_a_thousand_tasks(
    jobs: Jobs,
    web_jobs: Jobs,
    known: ProjectSettings,
    drafting: FakeDrafting,
) -> None:
    everyone = list(range(1, 1001))
    for task_id in everyone[::2]:
        make_ready(jobs, job_for(task_id, known))
    with consumer(jobs, workers=4):
        slots = at_once(web_jobs, body(everyone), known)
    assert drafted_slots(slots) == everyone
    assert sorted(drafting.tasks()) == everyone[1::2]


# --- what does not come in time


def test_what_does_not_come_in_time_is_pushed_later(
    jobs: Jobs,
    web_jobs: Jobs,
    known: ProjectSettings,
    drafting: FakeDrafting,
    label_studio: FakeLabelStudio,
) -> None:
    label_studio.add_tasks((1, 2))
    make_ready(jobs, job_for(1, known))
    slots = predict(web_jobs, body([1, 2]), known, 0.3)
    assert drafted_slots(slots) == [1, None]
    run_jobs(jobs, ahead_s=0)
    assert drafting.tasks() == [2]
    assert label_studio.stored() == [2]


def test_no_worker_lives_so_nobody_waits(
    jobs: Jobs, web_jobs: Jobs, known: ProjectSettings, drafting: FakeDrafting
) -> None:
    jobs.marks.be_gone()
    assert at_once(web_jobs, body([1, 2]), known) == [[], []]
    run_jobs(jobs)
    assert drafting.tasks() == [1, 2]


def test_a_spent_budget_is_not_waited_for_and_what_is_ready_is_served(
    jobs: Jobs, web_jobs: Jobs
) -> None:
    llm = LLMSettings(budget=1.0, prices={"m": Price(input=1, output=1)})
    settings = ProjectSettings(llm=llm)
    web_jobs.projects.remember(1, settings)
    jobs.figures.add("cost_micros", 1, 1_000_000)
    make_ready(jobs, job_for(2, settings))
    assert drafted_slots(at_once(web_jobs, body([1, 2]), settings)) == [None, 2]


def test_a_stopped_project_is_not_waited_for(
    jobs: Jobs, web_jobs: Jobs, known: ProjectSettings
) -> None:
    jobs.projects.stop(1, "the key is refused", 60)
    assert at_once(web_jobs, body([1]), known) == [[]]


@pytest.mark.parametrize(
    "failure",
    [
        ReplyError("none of 4 replies fits"),
        LLMUnavailable("the model did not answer in time"),
        LLMError("the key is refused"),
        RuntimeError("a fault of ours"),
    ],
)
def test_what_fails_meanwhile_is_not_waited_for(
    jobs: Jobs,
    web_jobs: Jobs,
    known: ProjectSettings,
    drafting: FakeDrafting,
    failure: Exception,
) -> None:
    drafting.failures[1] = [failure]
    with consumer(jobs, workers=1):
        assert at_once(web_jobs, body([1]), known) == [[]]


def test_what_failed_before_is_not_asked_for(
    jobs: Jobs, web_jobs: Jobs, known: ProjectSettings
) -> None:
    jobs.ledger.mark_failed(job_for(1, known).key, 1, 1, "no reply fits")
    assert at_once(web_jobs, body([1]), known) == [[]]
    assert web_jobs.drafts.pending_count() == 0


@pytest.mark.parametrize("data", [{}, {"messages": []}, {"messages": [{"role": "user"}]}])
def test_a_task_without_conversation_gets_an_empty_slot(
    web_jobs: Jobs, jobs: Jobs, known: ProjectSettings, data: dict[str, Any]
) -> None:
    make_ready(jobs, job_for(2, known))
    request = PredictRequest.model_validate(
        {
            "tasks": [{"id": 1, "data": data}, {"id": 2, "data": conversation("Question 2")}],
            "project": "1.1",
        }
    )
    assert drafted_slots(at_once(web_jobs, request, known)) == [None, 2]
    assert web_jobs.drafts.pending_count() == 0


# --- several who ask


def test_of_two_who_ask_for_the_same_one_gets_it_and_the_other_goes_on(
    jobs: Jobs,
    web_jobs: Jobs,
    known: ProjectSettings,
    drafting: FakeDrafting,
) -> None:
    """Two annotators open a task; a second prediction of it would be one too many."""
    drafting.slow = {1}
    answers: list[list[Any]] = []

    def ask() -> None:
        answers.append(at_once(web_jobs, body([1]), known))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    with consumer(jobs, workers=2):
        for thread in threads:
            thread.start()
        drafting.gate.set()
        for thread in threads:
            thread.join()
    assert sorted(len(slot) for [slot] in answers) == [0, 3]
    assert drafting.tasks() == [1]


def test_who_asks_again_for_what_was_just_handed_out_does_not_wait(
    jobs: Jobs,
    web_jobs: Jobs,
    known: ProjectSettings,
    drafting: FakeDrafting,
) -> None:
    """Label Studio is about to store it."""
    with consumer(jobs, workers=1):
        assert drafted_slots(at_once(web_jobs, body([1]), known)) == [1]
        assert at_once(web_jobs, body([1]), known) == [[]]
    assert drafting.tasks() == [1]


def test_a_draft_that_nobody_waits_for_any_more_is_pushed_at_once(
    jobs: Jobs,
    web_jobs: Jobs,
    known: ProjectSettings,
    label_studio: FakeLabelStudio,
) -> None:
    label_studio.add_task(1)
    predict(web_jobs, body([1]), known, 0.01)
    assert not web_jobs.ledger.is_wanted(job_for(1, known).key)
    run_jobs(jobs, ahead_s=0)
    assert label_studio.stored() == [1]


# --- projects and pages


def test_a_project_that_nothing_is_known_of_is_drafted_with_the_defaults(
    jobs: Jobs, web_jobs: Jobs, drafting: FakeDrafting
) -> None:
    """The queue was deleted; Label Studio calls /setup before the next use."""
    request = body([1])
    with consumer(jobs, workers=1):
        slots = at_once(web_jobs, request, known_settings(web_jobs, request.project_id))
    assert drafted_slots(slots) == [1]
    assert slots[0]["model_version"] == model_version(ProjectSettings())
    assert drafting.history[0].settings == ProjectSettings()


def test_a_call_from_the_page_that_asks_for_nothing_gets_nothing(
    web_jobs: Jobs, known: ProjectSettings
) -> None:
    request = body([1], params={"context": {"result": []}})
    assert at_once(web_jobs, request, known) == [[]]
    assert web_jobs.drafts.pending_count() == 0


def test_no_tasks(web_jobs: Jobs, known: ProjectSettings) -> None:
    assert at_once(web_jobs, body([]), known) == []


def test_it_polls_often_enough_for_somebody_who_waits() -> None:
    assert 0 < calls.POLL_S <= 0.25
