"""Which tasks a sweep finds, and which drafts it takes away because they no longer count."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from huey.api import Huey

from connectors.task_pages import TaskPage
from drafting.draft_version import model_version
from drafting.project_settings import LLMSettings, ProjectSettings
from ml_backend.work.job_dependencies import JobDependencies
from ml_backend.work.jobs import Jobs
from tests.ml_backend.fakes import (
    DOWN,
    OWN_URL,
    FakeDrafting,
    FakeLabelStudio,
    backend_of,
    conversation,
    job_for,
    run_jobs,
    sweep,
)

pytestmark = pytest.mark.usefixtures("settled_at_once")


# --- which tasks


def test_a_sweep_drafts_only_what_has_no_draft(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, project: ProjectSettings
) -> None:
    current = model_version(project)
    label_studio.add_task(1)
    label_studio.add_task(2, annotations=1)
    label_studio.add_task(3, versions=[current])
    label_studio.add_task(4, versions=["chat_response-older-00000000"])
    label_studio.add_task(5, versions=["chat_response-older-00000000", current])
    label_studio.add_task(6, project=2)
    sweep(jobs)
    assert drafting.tasks() == [1, 4]
    assert label_studio.versions(1) == [current]


def test_every_task_of_many_pages_is_found_once(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, project: ProjectSettings
) -> None:
    """In the order of their ids, though tasks leave the listing while it is read."""
    everyone = list(range(1, 80, 2))
    label_studio.add_tasks(reversed(everyone))
    current = [model_version(project)]

    def of_undrafted(page: dict[str, Any]) -> bool:
        return page.get("predictions_model_versions not_contains") == current

    def somebody_annotates() -> None:
        if of_undrafted(label_studio.listings[-1]):
            last = label_studio.listings[-1]["id greater"]
            for task_id in [i for i in everyone if i <= last][-2:]:
                label_studio.tasks[task_id]["total_annotations"] = 1

    label_studio.after_listing = somebody_annotates
    sweep(jobs)
    assert drafting.tasks() == everyone
    asked = [page["id greater"] for page in label_studio.listings if of_undrafted(page)]
    assert asked == [0, *everyone[2::3], everyone[-1]]


def test_a_server_that_ignores_filters_is_not_asked_for_ever(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    label_studio.add_task(1)
    label_studio.add_task(2)

    def the_same_page(*_: Any, **__: Any) -> Iterator[TaskPage]:
        yield TaskPage(list(label_studio.tasks.values()), 2, 0)

    label_studio.task_pages = the_same_page  # type: ignore[method-assign]
    sweep(jobs)
    assert drafting.tasks() == [1, 2]


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
    sweep(jobs, 2)
    assert drafting.history[0].settings == other
    assert label_studio.versions(1) == [model_version(other)]


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
    jobs = Jobs(queue, JobDependencies(label_studio, drafting, own_url=OWN_URL), worker_id="w1")
    jobs.sweep_all()
    run_jobs(jobs)
    assert drafting.tasks() == [1, 8]
    assert label_studio.stored() == [1, 8]


def test_every_project_is_known_before_the_first_draft(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    """A worker with an empty queue must know who reviews a project before it shows examples."""
    label_studio.add_project(2, backend_of(ProjectSettings(interface="review")))
    known: list[list[int]] = []
    label_studio.after_listing = lambda: known.append(jobs.projects.ids())
    jobs.sweep_all()
    run_jobs(jobs)
    assert known[0] == [1, 2]


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
    run_jobs(jobs)
    assert drafting.tasks() == [5]
    assert "project 2: sweep put off: extra_params: labeltune.llm.samples" in caplog.text
    assert "project 3: sweep put off: no interface named 'no_such'" in caplog.text
    assert {error.project_id for error in jobs.figures.errors()} == {2, 3}


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
    run_jobs(jobs)
    assert drafting.tasks() == []
    assert caplog.text.count("sweep put off: Label Studio can't be reached") == 1
    jobs.sweep_all()
    run_jobs(jobs)
    assert drafting.tasks() == [1]


# --- versions


def test_title_and_project_follow_the_version(
    jobs: Jobs, label_studio: FakeLabelStudio, project: ProjectSettings
) -> None:
    newer = ProjectSettings(guidelines="Be long.")
    label_studio.add_project(2, backend_of(newer, title=model_version(project)))
    sweep(jobs, 2)
    version = model_version(newer)
    [backend] = label_studio.backends(2)
    assert label_studio.called("update_project") == [
        ("update_project", 2, {"model_version": version})
    ]
    # Label Studio answers 500 to an update without url and project, and calls /setup with what
    # stands in the change
    fields = {name: backend[name] for name in ("url", "extra_params")}
    assert label_studio.called("update_backend") == [
        ("update_backend", backend["id"], {**fields, "project": 2, "title": version})
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
    run_jobs(jobs)
    version = model_version(newer)
    assert [p["model_version"] for p in label_studio.projects()] == ["", version]
    assert label_studio.backends(2)[0]["title"] == version


def test_what_waits_for_an_older_version_is_not_drafted(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, project: ProjectSettings
) -> None:
    """New guidelines while thousands of tasks are queued: each is drafted once, with the new."""
    newer = ProjectSettings(guidelines="Be long.")
    for task_id in (1, 2):
        label_studio.add_task(task_id, project=2)
        jobs.draft(job_for(task_id, project, project_id=2))
    label_studio.add_project(2, backend_of(newer, title=model_version(project)))
    jobs.sweep_all()
    run_jobs(jobs)
    assert [(job.task_id, job.settings) for job in drafting.history] == [(1, newer), (2, newer)]
    assert label_studio.versions(1) == label_studio.versions(2) == [model_version(newer)]


# --- what is finished or failed


def test_a_listing_older_than_a_draft_does_not_repeat_it(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, project: ProjectSettings
) -> None:
    """Listing 10,000 tasks takes half a minute, in which drafts go on being finished."""
    label_studio.add_task(1)
    label_studio.add_task(2)
    jobs.projects.remember(1, project)

    def a_worker_drafts_meanwhile() -> None:
        if "predictions_model_versions not_contains" in label_studio.listings[-1]:
            label_studio.after_listing = lambda: None
            jobs.draft(job_for(1, project))
            run_jobs(jobs, ahead_s=0.0)

    label_studio.after_listing = a_worker_drafts_meanwhile
    jobs.sweep_all()
    jobs.chores.execute(jobs.chores.dequeue())
    assert [task.args[0]["task_id"] for task in jobs.drafts.pending()] == [2]
    run_jobs(jobs)
    assert drafting.tasks() == [1, 2]
    assert len(label_studio.versions(1)) == 1


def test_what_failed_is_left_alone_until_its_data_change(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting, project: ProjectSettings
) -> None:
    label_studio.add_task(1)
    jobs.ledger.mark_failed(job_for(1, project).key, 1, 1, "no reply fits")
    sweep(jobs)
    assert drafting.tasks() == []
    label_studio.edit(1, conversation("Corrected."))
    sweep(jobs)
    assert drafting.tasks() == [1]


def test_a_draft_that_label_studio_lost_is_made_again(
    jobs: Jobs, label_studio: FakeLabelStudio, drafting: FakeDrafting
) -> None:
    """Somebody deletes the predictions of a project to have new ones."""
    label_studio.add_task(1)
    sweep(jobs)
    label_studio.tasks[1]["predictions"] = []
    time.sleep(0.01)
    sweep(jobs)
    assert drafting.tasks() == [1, 1]
    assert len(label_studio.versions(1)) == 1
