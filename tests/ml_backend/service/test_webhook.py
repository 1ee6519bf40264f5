"""`POST /webhook`: events that bring work, and others."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from ml_backend.service.calls import FINISHED_WORK, NEW_WORK
from ml_backend.work.jobs import Jobs
from tests.ml_backend.calls import webhook
from tests.ml_backend.fakes import (
    FakeDrafting,
    FakeLabelStudio,
    run_jobs,
)


@pytest.mark.parametrize("sent", [1, {"id": 1, "title": "Support answers"}])
def test_a_burst_of_events_makes_one_sweep(
    client: FlaskClient,
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    sent: Any,
) -> None:
    label_studio.add_task(1)
    for _ in range(5):
        assert webhook(client, "TASKS_CREATED", sent).status_code == 202
    assert jobs.chores.pending_count() == 1
    run_jobs(jobs)
    assert drafting.tasks() == [1]


def test_events_of_two_projects_make_two_sweeps(client: FlaskClient, jobs: Jobs) -> None:
    for project in (1, 2, 1, 2):
        webhook(client, "TASKS_CREATED", {"id": project})
    assert jobs.chores.pending_count() == 2


@pytest.mark.parametrize("action", sorted(NEW_WORK | FINISHED_WORK))
def test_events_that_bring_work(client: FlaskClient, jobs: Jobs, action: str) -> None:
    assert webhook(client, action, 1).status_code == 202
    queued = {task.name for task in jobs.chores.pending()}
    jobs_of = {"sweep": NEW_WORK, "learn": FINISHED_WORK}
    assert queued == {name for name, actions in jobs_of.items() if action in actions}


@pytest.mark.parametrize(
    "action",
    [
        "TASKS_DELETED",
        "PROJECT_CREATED",
        "PROJECT_DELETED",
        "SOMETHING_NEW",
    ],
)
def test_other_events_are_acknowledged_only(client: FlaskClient, jobs: Jobs, action: str) -> None:
    assert webhook(client, action, {"id": 1}).status_code == 202
    assert jobs.chores.pending_count() == 0


@pytest.mark.parametrize("sent", [None, {}, {"id": None}])
def test_an_event_without_a_project(client: FlaskClient, jobs: Jobs, sent: Any) -> None:
    assert webhook(client, "TASKS_CREATED", sent).status_code == 202
    assert jobs.chores.pending_count() == 0


def events(client: FlaskClient, *projects: object) -> Any:
    return client.get("/events", query_string={"project": list(projects)})


def test_every_event_is_counted_for_whoever_keeps_pulling(
    client: FlaskClient, jobs: Jobs, web_jobs: Jobs
) -> None:
    for action, project in (("ANNOTATION_UPDATED", 1), ("TASKS_DELETED", {"id": 1}), ("ANY", 2)):
        webhook(client, action, project)
    webhook(client, "TASKS_CREATED", None)
    assert events(client, 1, 2, 3).json == {"events": {"1": 2, "2": 1, "3": 0}}
    assert web_jobs.figures.events([1]) == {1: 2}, "all processes share the count"


@pytest.mark.parametrize("asked", [[], ["x"], ["-1"], ["1", ""], ["9" * 30], ["1"] * 101])
def test_events_of_no_project(client: FlaskClient, asked: list[str]) -> None:
    answer = events(client, *asked)
    assert answer.status_code == 400
    assert answer.json["error"].startswith("project: expected ")


@pytest.mark.parametrize("queue_path", ["redis"], indirect=True)
def test_events_are_counted_on_redis_too(client: FlaskClient) -> None:
    webhook(client, "ANNOTATION_CREATED", 1)
    assert events(client, 1).json == {"events": {"1": 1}}
