"""The background work on a real queue: what is drafted, in which order, and delivered once."""

import json
import logging
from dataclasses import replace
from typing import Any

import pytest
from huey.api import Huey

from connectors.errors import LabelStudioError, LLMError
from label_configs import ReplyError
from ml_backend import ledger as ledger_module
from ml_backend.jobs import PICK_UP_S, Jobs, Work
from ml_backend.settings import LLMSettings, ProjectSettings
from ml_backend.tasks import DraftJob
from tests.ml_backend.fakes import (
    OWN_URL,
    FakeDrafting,
    FakeLabelStudio,
    backend_of,
    consumer,
    conversation,
    run_jobs,
    wait_until,
)

DOWN = LabelStudioError("Label Studio can't be reached")


@pytest.fixture
def settled_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sweeps trust their listings, however fresh: a test does not wait ten seconds."""
    monkeypatch.setattr(ledger_module, "SETTLE_S", 0.0)


def job_for(task_id: int, project: ProjectSettings, data: Any = None) -> DraftJob:
    return DraftJob(
        1, task_id, data or conversation(f"Question {task_id}"), project, project.model_version()
    )


# --- which tasks


def test_a_sweep_drafts_only_what_has_no_draft(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, project: ProjectSettings
) -> None:
    current = project.model_version()
    label_studio.add_task(1)
    label_studio.add_task(2, annotations=1)
    label_studio.add_task(3, versions=[current])
    label_studio.add_task(4, versions=["chat_response-older-00000000"])
    label_studio.add_task(5, versions=["chat_response-older-00000000", current])
    label_studio.add_task(6, project=2)
    jobs.sweep(1)
    run_jobs(jobs.huey)
    assert drafting.tasks() == [1, 4]
    assert label_studio.versions(1) == [current]


def test_a_prediction_is_what_label_studio_takes(
    jobs: Jobs, label_studio: FakeLabelStudio, project: ProjectSettings
) -> None:
    """A string version, a float score, and result items; it refuses anything else."""
    label_studio.add_task(7)
    jobs.sweep(1)
    run_jobs(jobs.huey)
    [stored] = label_studio.tasks[7]["predictions"]
    assert (stored["task"], stored["project"]) == (7, 1)
    assert stored["model_version"] == project.model_version()
    assert isinstance(stored["score"], float)
    assert stored["result"][0]["value"] == {"text": ["Answer to task 7."]}


@pytest.mark.parametrize("as_text", [False, True])
def test_the_backend_s_settings_reach_the_draft(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, as_text: bool
) -> None:
    other = ProjectSettings(guidelines="Be long.", llm=LLMSettings(model="m", samples=2))
    backend = backend_of(other)
    if as_text:
        backend["extra_params"] = json.dumps(backend["extra_params"])
    label_studio.add_project(2, backend)
    label_studio.add_task(1, project=2)
    jobs.sweep(2)
    run_jobs(jobs.huey)
    assert drafting.history[0].settings == other
    assert label_studio.versions(1) == [other.model_version()]


def test_projects_of_others_are_left_alone(
    queue: Huey, label_studio: FakeLabelStudio, drafting: FakeDrafting, project: ProjectSettings
) -> None:
    ours = backend_of(project)
    label_studio.add_project(2)
    label_studio.add_project(3, {"extra_params": None})
    label_studio.add_project(4, {"extra_params": {"other": 1}})
    label_studio.add_project(5, {"extra_params": "not JSON"})
    label_studio.add_project(6, {**ours, "url": "http://other:9090"})
    label_studio.add_project(7, {"extra_params": {}}, ours)  # only the first is used
    label_studio.add_project(8, {**ours, "url": f"{OWN_URL}/"})
    for number in range(1, 9):
        label_studio.add_task(number, project=number)
    jobs = Jobs(queue, Work(label_studio, drafting, own_url=OWN_URL))
    jobs.sweep_all()
    run_jobs(queue)
    assert drafting.tasks() == [1, 8]
    assert {call[1] for call in label_studio.called("create_prediction")} == {1, 8}


def test_one_project_s_fault_does_not_stop_the_others(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    project: ProjectSettings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ours = {"labeltune": project.model_dump()}
    label_studio.add_project(2, {"extra_params": {"labeltune": {"llm": {"samples": 0}}}})
    label_studio.add_project(3, {"extra_params": {"labeltune": {"interface": "no_such"}}})
    label_studio.add_project(4, {"extra_params": '{"labeltune": '})
    label_studio.add_project(5, {"extra_params": ours})
    label_studio.add_task(5, project=5)
    jobs.sweep_all()
    run_jobs(jobs.huey)
    assert drafting.tasks() == [5]
    assert "project 2: sweep put off: extra_params: labeltune.llm.samples" in caplog.text
    assert "project 3: sweep put off: no interface named 'no_such'" in caplog.text


@pytest.mark.parametrize("call", ["projects", "backends", "task_pages"])
def test_label_studio_down_is_one_warning_and_the_next_sweep_goes_on(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    caplog: pytest.LogCaptureFixture,
    call: str,
) -> None:
    label_studio.add_task(1)
    label_studio.failures[call] = [DOWN]
    jobs.sweep_all()
    run_jobs(jobs.huey)
    assert drafting.tasks() == []
    assert caplog.text.count("sweep put off: Label Studio can't be reached") == 1
    jobs.sweep_all()
    run_jobs(jobs.huey)
    assert drafting.tasks() == [1]


# --- once each


def test_two_sweeps_draft_once(
    jobs: Jobs, web_jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    """The sweep of every minute and one that a webhook asked for."""
    for task_id in range(1, 6):
        label_studio.add_task(task_id)
    jobs.sweep_all()
    web_jobs.sweep(1)
    jobs.sweep_all()
    run_jobs(jobs.huey)
    assert drafting.tasks() == [1, 2, 3, 4, 5]


def test_a_burst_of_events_makes_one_sweep(
    web_jobs: Jobs, jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    for task_id in range(1, 4):
        label_studio.add_task(task_id)
        web_jobs.sweep(1)
    assert web_jobs.huey.pending_count() == 1
    run_jobs(jobs.huey, ahead_s=0.0)
    assert drafting.tasks() == []  # the burst may still be going on
    run_jobs(jobs.huey, ahead_s=1.5)
    assert drafting.tasks() == [1, 2, 3]
    label_studio.add_task(4)
    web_jobs.sweep(1)
    run_jobs(jobs.huey)
    assert drafting.tasks() == [1, 2, 3, 4]


def test_a_listing_older_than_a_draft_does_not_repeat_it(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, project: ProjectSettings
) -> None:
    """Listing 10,000 tasks takes half a minute, in which drafts go on being finished."""
    label_studio.add_task(1)
    label_studio.add_task(2)

    def a_worker_drafts_meanwhile() -> None:
        label_studio.after_listing = lambda: None
        jobs.draft(job_for(1, project))
        run_jobs(jobs.huey, ahead_s=0.0)

    label_studio.after_listing = a_worker_drafts_meanwhile
    jobs.sweep_all()
    run_jobs(jobs.huey)
    assert drafting.tasks() == [1, 2]
    assert len(label_studio.versions(1)) == 1


def test_a_task_that_an_annotator_asks_for_is_drafted_first_and_once(
    jobs: Jobs,
    web_jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    project: ProjectSettings,
) -> None:
    for task_id in (1, 2, 3):
        label_studio.add_task(task_id)
        assert jobs.draft(job_for(task_id, project))
    assert not jobs.draft(job_for(3, project))
    assert web_jobs.draft(job_for(3, project), asked=True)
    run_jobs(jobs.huey)
    assert drafting.tasks() == [3, 1, 2]
    assert len(label_studio.versions(3)) == 1


def test_a_second_job_of_a_running_draft_does_nothing(
    jobs: Jobs,
    web_jobs: Jobs,
    queue: Huey,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    project: ProjectSettings,
    kept_signals: None,
) -> None:
    """Asked for while it is being drafted: a second worker picks the job up and drops it."""
    label_studio.add_task(1)
    drafting.slow = {1}
    jobs.draft(job_for(1, project))
    with consumer(queue, workers=2):
        wait_until(lambda: drafting.tasks() == [1])
        web_jobs.draft(job_for(1, project), asked=True)
        web_jobs.draft(job_for(1, project), asked=True)
        wait_until(lambda: queue.pending_count() == 0)
        web_jobs.draft(job_for(1, project), asked=True)
        drafting.gate.set()
        wait_until(lambda: label_studio.versions(1) != [] and queue.pending_count() == 0)
    assert drafting.tasks() == [1]
    assert len(label_studio.versions(1)) == 1


def test_every_task_gets_one_draft_under_load(
    jobs: Jobs,
    web_jobs: Jobs,
    queue: Huey,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    project: ProjectSettings,
    kept_signals: None,
) -> None:
    """Four workers, annotators who wait, and sweeps on their heels."""
    everyone = range(1, 41)
    for task_id in everyone:
        label_studio.add_task(task_id)
    with consumer(queue, workers=4):
        for task_id in everyone:
            if task_id % 3 == 0:
                web_jobs.draft(job_for(task_id, project), asked=True)
        for _ in range(4):
            jobs.sweep_all()
            web_jobs.sweep(1)
        wait_until(lambda: all(label_studio.versions(i) for i in everyone), 20)
        wait_until(lambda: queue.pending_count() == 0)
    assert sorted(drafting.tasks()) == list(everyone)
    assert [len(label_studio.versions(i)) for i in everyone] == [1] * 40


# --- versions


def test_title_and_project_follow_the_version(
    jobs: Jobs, label_studio: FakeLabelStudio, project: ProjectSettings
) -> None:
    newer = ProjectSettings(guidelines="Be long.")
    label_studio.add_project(2, backend_of(newer, title=project.model_version()))
    jobs.sweep_all()
    run_jobs(jobs.huey)
    version = newer.model_version()
    [backend] = label_studio.backends(2)
    assert label_studio.called("update_project") == [
        ("update_project", 2, {"model_version": version})
    ]
    # Label Studio answers 500 to an update without url and project
    assert label_studio.called("update_backend") == [
        (
            "update_backend",
            backend["id"],
            # Label Studio calls /setup with what stands in the change
            {
                "url": OWN_URL,
                "project": 2,
                "title": version,
                "extra_params": backend["extra_params"],
            },
        )
    ]


@pytest.mark.parametrize("call", ["update_project", "update_backend"])
def test_a_change_of_version_is_never_left_half_done(
    jobs: Jobs, label_studio: FakeLabelStudio, call: str
) -> None:
    newer = ProjectSettings(guidelines="Be long.")
    label_studio.add_project(2, backend_of(newer, title="older"))
    label_studio.failures[call] = [DOWN]
    jobs.sweep_all()
    jobs.sweep_all()
    run_jobs(jobs.huey)
    version = newer.model_version()
    assert [p["model_version"] for p in label_studio.projects()] == ["", version]
    assert label_studio.backends(2)[0]["title"] == version


def test_what_waits_for_an_older_version_is_not_drafted(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, project: ProjectSettings
) -> None:
    """New guidelines while thousands of tasks are queued: each is drafted once, with the new."""
    newer = ProjectSettings(guidelines="Be long.")
    label_studio.add_project(2, backend_of(project, title=project.model_version()))
    for task_id in (1, 2):
        label_studio.add_task(task_id, project=2)
        jobs.draft(replace(job_for(task_id, project), project_id=2))
    label_studio.add_project(2, backend_of(newer, title=project.model_version()))
    jobs.sweep_all()
    run_jobs(jobs.huey)
    assert [(job.task_id, job.settings) for job in drafting.history] == [(1, newer), (2, newer)]
    assert label_studio.versions(1) == label_studio.versions(2) == [newer.model_version()]


def test_older_drafts_go_once_the_new_one_is_in_place(
    jobs: Jobs, label_studio: FakeLabelStudio, project: ProjectSettings
) -> None:
    label_studio.add_task(1, versions=["older", "oldest"])
    older = [prediction["id"] for prediction in label_studio.tasks[1]["predictions"]]
    jobs.sweep(1)
    run_jobs(jobs.huey)
    assert label_studio.calls == [
        ("create_prediction", 1),
        *(("delete_prediction", number) for number in older),
    ]
    assert label_studio.versions(1) == [project.model_version()]


def test_older_drafts_stay_while_the_new_one_can_t_be_stored(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    project: ProjectSettings,
    caplog: pytest.LogCaptureFixture,
    settled_at_once: None,
) -> None:
    label_studio.add_task(1, versions=["older"])
    label_studio.failures["create_prediction"] = [DOWN]
    jobs.sweep(1)
    run_jobs(jobs.huey)
    assert label_studio.versions(1) == ["older"]
    assert "task 1: draft not delivered: Label Studio can't" in caplog.text
    jobs.sweep(1)
    run_jobs(jobs.huey)
    assert label_studio.versions(1) == [project.model_version()]


def test_old_drafts_that_were_left_behind_go_with_the_next_sweep(
    jobs: Jobs, label_studio: FakeLabelStudio, project: ProjectSettings
) -> None:
    """As after /predict, which hands out a draft and deletes nothing."""
    current = project.model_version()
    label_studio.add_task(1, versions=["older", current, "oldest"])
    label_studio.add_task(2, versions=[current, current], annotations=1)
    jobs.sweep(1)
    run_jobs(jobs.huey)
    assert label_studio.versions(1) == [current]
    assert label_studio.versions(2) == [current, current]


def test_an_old_draft_that_can_t_be_deleted_does_not_undo_the_new_one(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    project: ProjectSettings,
    caplog: pytest.LogCaptureFixture,
    settled_at_once: None,
) -> None:
    label_studio.add_task(1, versions=["older"])
    label_studio.failures["delete_prediction"] = [DOWN]
    jobs.sweep(1)
    run_jobs(jobs.huey)
    assert label_studio.versions(1) == ["older", project.model_version()]
    assert "task 1: an old draft stays for now" in caplog.text
    jobs.sweep(1)
    run_jobs(jobs.huey)
    assert label_studio.versions(1) == [project.model_version()]


def test_a_prediction_that_label_studio_refuses_is_not_made_again(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, settled_at_once: None
) -> None:
    label_studio.add_task(1)
    label_studio.failures["create_prediction"] = [LabelStudioError("bad", 400)]
    for _ in range(3):
        jobs.sweep(1)
        run_jobs(jobs.huey)
    assert drafting.tasks() == [1]


# --- reasoning steps


@pytest.fixture
def steps(label_studio: FakeLabelStudio) -> ProjectSettings:
    """Project 2, with reasoning steps."""
    settings = ProjectSettings(interface="reasoning_steps")
    label_studio.add_project(2, backend_of(settings, title=settings.model_version()))
    return settings


def test_steps_are_in_the_task_before_their_prediction(
    jobs: Jobs, label_studio: FakeLabelStudio, steps: ProjectSettings
) -> None:
    label_studio.add_task(1, conversation("Why?", labeltune_id="a", steps=[]), project=2)
    jobs.sweep(2)
    run_jobs(jobs.huey)
    assert label_studio.calls == [
        ("update_task", 1, conversation("Why?", labeltune_id="a", steps=[{"text": "Declined."}])),
        ("create_prediction", 1),
    ]


def test_no_prediction_without_its_steps(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, steps: ProjectSettings
) -> None:
    """The page would show no rows for it."""
    label_studio.add_task(1, project=2)
    label_studio.failures["update_task"] = [DOWN]
    jobs.sweep(2)
    run_jobs(jobs.huey)
    assert label_studio.calls == []
    jobs.sweep(2)
    run_jobs(jobs.huey)
    assert drafting.tasks() == [1, 1]
    assert label_studio.versions(1) == [steps.model_version()]


# --- failures


def test_a_model_failure_leaves_the_task_for_the_next_sweep(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    caplog: pytest.LogCaptureFixture,
) -> None:
    label_studio.add_task(1)
    drafting.failures[1] = [LLMError("the model did not answer in time")]
    jobs.sweep(1)
    run_jobs(jobs.huey)
    assert label_studio.calls == []
    assert "task 1: not drafted, the next sweep tries again: the model did not" in caplog.text
    jobs.sweep(1)
    run_jobs(jobs.huey)
    assert drafting.tasks() == [1, 1]
    assert len(label_studio.versions(1)) == 1


@pytest.mark.parametrize(
    "failure", [ReplyError("none of 4 replies fits"), ValueError("no signal to score by")]
)
def test_a_reply_that_never_fits_is_not_asked_for_again(
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
        jobs.sweep(1)
        run_jobs(jobs.huey)
    assert drafting.tasks() == [1, 2]
    assert f"task 1: left undrafted for an hour: {failure}" in caplog.text
    # other data is another draft
    label_studio.tasks[1]["data"] = conversation("Corrected.")
    jobs.sweep(1)
    run_jobs(jobs.huey)
    assert drafting.tasks() == [1, 2, 1]
    assert len(label_studio.versions(1)) == 1


def test_a_fault_of_ours_is_named_but_never_quoted(
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    caplog: pytest.LogCaptureFixture,
) -> None:
    label_studio.add_task(1)
    drafting.failures[1] = [KeyError("what the customer wrote")]
    for _ in range(2):
        jobs.sweep(1)
        run_jobs(jobs.huey)
    assert drafting.tasks() == [1]
    assert "task 1: left undrafted for an hour: unexpected KeyError" in caplog.text
    assert "customer" not in caplog.text


# --- delivery


def test_nobody_waits_so_it_is_pushed_at_once(
    jobs: Jobs, label_studio: FakeLabelStudio, project: ProjectSettings
) -> None:
    label_studio.add_task(1)
    jobs.draft(job_for(1, project))
    run_jobs(jobs.huey, ahead_s=0.0)
    assert label_studio.called("create_prediction") == [("create_prediction", 1)]


def test_predict_picks_it_up_so_it_is_not_pushed(
    jobs: Jobs, web_jobs: Jobs, label_studio: FakeLabelStudio, project: ProjectSettings
) -> None:
    label_studio.add_task(1)
    job = job_for(1, project)
    web_jobs.ledger.want(job.key, 60)
    web_jobs.draft(job, asked=True)
    run_jobs(jobs.huey, ahead_s=0.0)
    assert web_jobs.ledger.take(job.key) is not None
    run_jobs(jobs.huey)
    assert label_studio.calls == []


def test_predict_does_not_pick_it_up_so_it_is_pushed_once(
    jobs: Jobs, web_jobs: Jobs, label_studio: FakeLabelStudio, project: ProjectSettings
) -> None:
    label_studio.add_task(1)
    job = job_for(1, project)
    web_jobs.ledger.want(job.key, 60)
    web_jobs.draft(job, asked=True)
    run_jobs(jobs.huey, ahead_s=PICK_UP_S - 1)
    assert label_studio.calls == []
    run_jobs(jobs.huey, ahead_s=PICK_UP_S + 1)
    assert label_studio.calls == [("create_prediction", 1)]
    assert web_jobs.ledger.take(job.key) is None


def test_a_task_deleted_meanwhile_is_one_warning(
    jobs: Jobs, label_studio: FakeLabelStudio, caplog: pytest.LogCaptureFixture
) -> None:
    label_studio.add_task(1)
    jobs.sweep_all()
    # the sweep lists old drafts first, then what has none
    then = iter([lambda: None, label_studio.tasks.clear])
    label_studio.after_listing = lambda: next(then, lambda: None)()
    run_jobs(jobs.huey)
    assert label_studio.calls == []
    assert "task 1: draft not delivered: no such task" in caplog.text


def test_a_process_without_work_can_t_run_jobs(web_jobs: Jobs) -> None:
    with pytest.raises(RuntimeError, match="made without work"):
        _ = web_jobs.work


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
    label_studio.add_task(3, conversation("PRIVATE question"))
    label_studio.add_task(4, conversation("PRIVATE question"))
    drafting.failures = {3: [ReplyError("no fit")], 4: [LLMError("down")]}
    label_studio.failures["create_prediction"] = [DOWN]
    jobs.sweep_all()
    run_jobs(jobs.huey)
    assert "task 2: drafted in" in caplog.text
    assert "PRIVATE" not in caplog.text
    assert "Answer to" not in caplog.text
    assert "Declined" not in caplog.text
