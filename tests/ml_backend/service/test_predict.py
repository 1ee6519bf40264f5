"""`POST /predict`: a slot for every task, in time."""

import time
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from connectors.errors import LLMError
from drafting.draft_version import model_version
from drafting.project_settings import ProjectSettings
from label_configs import ReplyError
from ml_backend.service.app import create_app
from ml_backend.service.calls import deadline_s
from ml_backend.service.wire import PredictRequest, Task
from ml_backend.settings import BackendSettings
from ml_backend.work.jobs import Jobs
from tests.ml_backend.calls import CHAT, UID, predict, refusal, setup
from tests.ml_backend.fakes import (
    FakeDrafting,
    FakeLabelStudio,
    consumer,
    conversation,
    job_for,
    make_ready,
    run_jobs,
    wait_until,
)


def test_ready_drafts_fill_their_slots(
    client: FlaskClient, web_jobs: Jobs, project: ProjectSettings
) -> None:
    setup(client, {"labeltune": project.model_dump()})
    drafts = {n: make_ready(web_jobs, job_for(n, project), score=n / 10) for n in (3, 5)}
    asked = [(5, conversation("Question 5")), (4, {}), (3, conversation("Question 3"))]
    results = predict(client, *asked).json["results"]
    assert results == [drafts[5].prediction(), [], drafts[3].prediction()]
    for slot in (results[0], results[2]):
        assert isinstance(slot["model_version"], str)
        assert isinstance(slot["score"], float)
    # handed out once: a second call gets an empty slot, and asks for a new draft
    assert predict(client, asked[0]).json == {"results": [[]]}


def test_a_ready_draft_is_not_drafted_again(
    client: FlaskClient,
    web_jobs: Jobs,
    jobs: Jobs,
    drafting: FakeDrafting,
    project: ProjectSettings,
) -> None:
    setup(client, {"labeltune": project.model_dump()})
    make_ready(web_jobs, job_for(3, project, conversation()))
    assert predict(client, (3, conversation())).json["results"] != [[]]
    run_jobs(jobs)
    assert drafting.tasks() == []


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"messages": []},
        {"messages": "text"},
        {"messages": [{"role": "assistant", "content": "Hello!"}]},
        conversation(context=["gold"]),
        conversation(guidelines=5),
    ],
)
def test_a_task_that_can_t_be_drafted_costs_no_time(web_jobs: Jobs, data: dict[str, Any]) -> None:
    client = create_app(BackendSettings(predict_deadline_s=30), web_jobs).test_client()
    started = time.monotonic()
    assert predict(client, (1, data), (2, data)).json == {"results": [[], []]}
    assert time.monotonic() - started < 10
    assert web_jobs.drafts.pending_count() == 0


task_kinds = st.lists(st.sampled_from(["ready", "failed", "no conversation", "slow"]), max_size=6)


@given(kinds=task_kinds)
@hypothesis_settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_always_one_slot_a_task(web_jobs: Jobs, project: ProjectSettings, kinds: list[str]) -> None:
    """Otherwise Label Studio drops the whole batch."""
    client = create_app(BackendSettings(predict_deadline_s=0.01), web_jobs).test_client()
    setup(client, {"labeltune": project.model_dump()})
    tasks = []
    for number, kind in enumerate(kinds):
        data = {} if kind == "no conversation" else conversation(f"{kind} {number}")
        tasks.append((number, data))
        job = job_for(number, project, data)
        if kind == "ready":
            make_ready(web_jobs, job)
        if kind == "failed":
            web_jobs.ledger.mark_failed(job.key, 1, job.task_id, "no reply fits")
    answer = predict(client, *tasks)
    assert answer.status_code == 200
    assert [bool(slot) for slot in answer.json["results"]] == [kind == "ready" for kind in kinds]
    for slot in filter(None, answer.json["results"]):
        assert slot["model_version"] == model_version(project)
        assert 0.0 <= slot["score"] <= 1.0


def test_without_setup_the_defaults_are_drafted(
    client: FlaskClient, jobs: Jobs, drafting: FakeDrafting
) -> None:
    """Label Studio calls /setup before every use; a flushed queue must do no harm all the same."""
    assert predict(client, (1, conversation())).json == {"results": [[]]}
    run_jobs(jobs)
    assert [job.settings for job in drafting.history] == [ProjectSettings()]


def test_what_is_asked_for_after_a_new_push_is_drafted_with_it(
    client: FlaskClient,
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
) -> None:
    """/setup tells of new settings before any sweep has seen them."""
    jobs.sweep_all()
    run_jobs(jobs)
    newer = ProjectSettings(guidelines="Be long.")
    setup(client, {"labeltune": newer.model_dump()})
    label_studio.add_task(1)
    predict(client, (1, conversation("Question 1")))
    run_jobs(jobs)
    assert [job.settings for job in drafting.history] == [newer]
    assert label_studio.versions(1) == [model_version(newer)]


def test_answers_by_the_deadline_and_the_rest_is_pushed(
    web_jobs: Jobs,
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    project: ProjectSettings,
) -> None:
    """Task 2 is slow: 1 and 3 are answered at the deadline of 1.5 seconds, 2 comes later."""
    client = create_app(BackendSettings(predict_deadline_s=1.5), web_jobs).test_client()
    setup(client, {"labeltune": project.model_dump()})
    label_studio.add_tasks((1, 2, 3))
    drafting.slow = {2}
    with consumer(jobs, workers=2):
        started = time.monotonic()
        answer = predict(client, *((n, label_studio.tasks[n]["data"]) for n in (1, 2, 3)))
        took = time.monotonic() - started
        drafting.gate.set()
        wait_until(lambda: label_studio.versions(2) == [model_version(project)])
    assert [bool(slot) for slot in answer.json["results"]] == [True, False, True]
    assert 1.5 <= took < 10
    assert [call[1] for call in label_studio.called("create_prediction")] == [2]


@pytest.mark.parametrize(
    ("tasks", "context", "expected"),
    [
        (1, None, 1.5),
        (2, None, 20.0),
        (0, None, 20.0),
        (1, {"result": []}, 20.0),  # an instruction: the page is there already
    ],
)
def test_a_task_that_is_opened_is_waited_for_as_a_person_would(
    tasks: int, context: Any, expected: float
) -> None:
    body = PredictRequest(
        tasks=[Task(id=n, data={}) for n in range(tasks)], project=UID, params={"context": context}
    )
    assert deadline_s(body, BackendSettings()) == expected
    assert deadline_s(body, BackendSettings(predict_deadline_s=1.0)) == 1.0


def test_a_task_that_is_opened_comes_first_and_its_draft_follows(
    web_jobs: Jobs,
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    known: ProjectSettings,
) -> None:
    """The page opens after half a second without its draft, which comes next and is pushed."""
    settings = BackendSettings(predict_deadline_s=30, open_deadline_s=0.5)
    client = create_app(settings, web_jobs).test_client()
    label_studio.add_tasks(range(1, 6))
    for n in range(1, 6):
        jobs.draft(job_for(n, known, label_studio.tasks[n]["data"]))
    drafting.slow = {1}
    with consumer(jobs, workers=1):
        wait_until(lambda: drafting.tasks() == [1])
        started = time.monotonic()
        answer = predict(client, (4, label_studio.tasks[4]["data"]))
        took = time.monotonic() - started
        drafting.gate.set()
        wait_until(lambda: all(label_studio.versions(n) for n in range(1, 6)))
    assert answer.json == {"results": [[]]}
    assert 0.5 <= took < 10
    # only the one that was under way already came before
    assert drafting.tasks()[:2] == [1, 4]
    assert sorted(drafting.tasks()) == [1, 2, 3, 4, 5]


def test_answers_as_soon_as_all_is_ready(
    web_jobs: Jobs,
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    project: ProjectSettings,
) -> None:
    client = create_app(BackendSettings(predict_deadline_s=30), web_jobs).test_client()
    setup(client, {"labeltune": project.model_dump()})
    tasks = [(n, conversation(f"Question {n}")) for n in range(1, 9)]
    drafting.failures[8] = [ReplyError("no reply fits")]
    with consumer(jobs, workers=3):
        started = time.monotonic()
        results = predict(client, *tasks).json["results"]
        took = time.monotonic() - started
    texts = [slot["result"][0]["value"]["text"] for slot in results[:7]]
    assert texts == [[f"Answer to task {n}."] for n in range(1, 8)]
    assert results[7] == []  # failed for good: not waited for
    assert took < 10
    run_jobs(jobs)
    assert label_studio.calls == []


def test_a_model_failure_leaves_an_empty_slot(
    client: FlaskClient,
    jobs: Jobs,
    drafting: FakeDrafting,
) -> None:
    """Never an empty prediction, which would freeze the task."""
    drafting.failures[1] = [LLMError("the model can't be reached")]
    with consumer(jobs, workers=1):
        assert predict(client, (1, conversation())).json == {"results": [[]]}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"tasks": None}, "payload.tasks: "),
        ({"tasks": [{"id": 1}]}, "payload.tasks.0.data: Field required"),
        ({"tasks": [{"id": "x", "data": {}}]}, "payload.tasks.0.id: "),
        ({"project": "one"}, "payload.project: expected '<id>.<created>', found 'one'"),
    ],
)
def test_predict_refuses_a_payload(client: FlaskClient, changes: dict[str, Any], said: str) -> None:
    body = {"tasks": [], "project": UID, "label_config": CHAT}
    assert refusal(client.post("/predict", json={**body, **changes}), 400).startswith(said)
