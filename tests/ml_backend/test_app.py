"""Label Studio's ML-backend protocol, over HTTP as Label Studio speaks it."""

import json
import logging
import time
from typing import Any

import pytest
from flask.testing import FlaskClient
from huey.api import Huey
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from connectors.errors import LLMError
from label_configs import ReplyError, load
from ml_backend.app import NEW_WORK, create_app
from ml_backend.jobs import Jobs
from ml_backend.settings import BackendSettings, ProjectSettings
from ml_backend.tasks import DraftJob
from tests.ml_backend.fakes import (
    FakeDrafting,
    FakeLabelStudio,
    consumer,
    conversation,
    finished,
    run_jobs,
    wait_until,
)

UID = "1.1795293013"  # Label Studio's project id and the second of its making
TOKEN = "0123456789abcdef0123456789abcdef01234567"
CHAT = load("chat_response").label_config()


def setup(client: FlaskClient, extra_params: Any = None, **changes: Any) -> TestResponse:
    body = {
        "project": UID,
        "schema": CHAT,
        "hostname": "http://localhost:8080",
        "access_token": TOKEN,
        "extra_params": extra_params,
    }
    return client.post("/setup", json={**body, **changes})


def predict(client: FlaskClient, *tasks: tuple[int, dict[str, Any]]) -> TestResponse:
    body = {
        "tasks": [
            {"id": number, "data": data, "meta": {}, "annotations": [], "predictions": []}
            for number, data in tasks
        ],
        "project": UID,
        "label_config": CHAT,
        "params": {"login": None, "password": None, "context": None},
    }
    return client.post("/predict", json=body)


def job_for(task_id: int, data: dict[str, Any], project: ProjectSettings) -> DraftJob:
    return DraftJob(1, task_id, data, project, project.model_version())


def refusal(answer: TestResponse, status: int) -> str:
    """The one sentence of a refusal."""
    assert answer.status_code == status
    assert answer.json.keys() == {"error"}
    said: str = answer.json["error"]
    assert "\n" not in said
    assert "Traceback" not in said
    return said


# --- /health, /versions


@pytest.mark.parametrize("path", ["/", "/health"])
def test_health(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json["status"]) == (200, "UP")


def test_versions(client: FlaskClient) -> None:
    assert client.get("/versions").json == {"versions": []}


def test_no_such_route(client: FlaskClient) -> None:
    refusal(client.get("/nowhere"), 404)
    refusal(client.get("/predict"), 405)


# --- /setup


def test_setup_answers_the_version(client: FlaskClient, project: ProjectSettings) -> None:
    mine = {"labeltune": project.model_dump()}
    expected = {"model_version": project.model_version()}
    assert setup(client, mine).json == expected
    assert setup(client, json.dumps(mine)).json == expected


@pytest.mark.parametrize("extra_params", [None, "", {}, {"other": 1}])
def test_setup_without_our_settings(client: FlaskClient, extra_params: Any) -> None:
    answer = setup(client, extra_params)
    assert answer.status_code == 200
    assert answer.json == {"model_version": ProjectSettings().model_version()}


def test_setup_without_the_key_at_all(client: FlaskClient) -> None:
    answer = client.post("/setup", json={"project": UID, "schema": CHAT})
    assert answer.json == {"model_version": ProjectSettings().model_version()}


def test_a_change_of_the_title_alone_keeps_the_settings(
    client: FlaskClient, project: ProjectSettings
) -> None:
    """Label Studio then sends no extra_params."""
    setup(client, {"labeltune": project.model_dump()})
    assert setup(client, None).json == {"model_version": project.model_version()}


BAD_CONFIGS = {
    "not XML": ("<View>", "the project's label config, line 1: not well-formed XML"),
    "no response": (
        CHAT.replace('name="response"', 'name="reply"'),
        "the project's label config: no TextArea named 'response' (found 'reply', 'verdict'",
    ),
    "doctype": (f"<!DOCTYPE View>{CHAT}", "the project's label config: holds a DOCTYPE"),
    "empty": ("", "the project's label config, line 1: not well-formed XML"),
}


@pytest.mark.parametrize(("xml", "said"), BAD_CONFIGS.values(), ids=BAD_CONFIGS)
def test_setup_refuses_a_config(client: FlaskClient, xml: str, said: str) -> None:
    assert refusal(setup(client, schema=xml), 400).startswith(said)


def test_setup_refuses_settings(client: FlaskClient) -> None:
    assert "extra_params is not JSON" in refusal(setup(client, "{"), 400)
    unknown = {"labeltune": {"interface": "chat_respnse"}}
    assert "did you mean 'chat_response'" in refusal(setup(client, unknown), 400)
    sampling = {"labeltune": {"llm": {"samples": 0}}}
    assert "labeltune.llm.samples" in refusal(setup(client, sampling), 400)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"project": None}, "payload.project: Input should be a valid string"),
        ({"project": "abc.1"}, "payload.project: expected '<id>.<created>', found 'abc.1'"),
        ({"project": ""}, "payload.project: expected '<id>.<created>', found ''"),
        ({"schema": 5}, "payload.schema: Input should be a valid string"),
    ],
)
def test_setup_refuses_a_payload(client: FlaskClient, changes: dict[str, Any], said: str) -> None:
    assert refusal(setup(client, **changes), 400) == said


@pytest.mark.parametrize("path", ["/setup", "/predict", "/webhook"])
@pytest.mark.parametrize("body", ["[]", '"text"', "7", "null", "{}"])
def test_a_payload_of_another_shape(client: FlaskClient, path: str, body: str) -> None:
    answer = client.post(path, data=body, content_type="application/json")
    assert refusal(answer, 400).startswith("payload")


@pytest.mark.parametrize("path", ["/setup", "/predict", "/webhook"])
def test_a_payload_that_is_no_json(client: FlaskClient, path: str) -> None:
    refusal(client.post(path, data="{", content_type="application/json"), 400)
    refusal(client.post(path, data="a=b", content_type="text/plain"), 415)


# --- /predict


def test_ready_drafts_fill_their_slots(
    client: FlaskClient, web_jobs: Jobs, project: ProjectSettings
) -> None:
    setup(client, {"labeltune": project.model_dump()})
    drafts = {}
    for number in (3, 5):
        job = job_for(number, conversation(f"Question {number}"), project)
        drafts[number] = finished(job, score=number / 10)
        web_jobs.ledger.put(job.key, drafts[number])
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
    job = job_for(3, conversation(), project)
    web_jobs.ledger.put(job.key, finished(job))
    assert predict(client, (3, conversation())).json["results"] != [[]]
    run_jobs(jobs.huey)
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
def test_a_task_that_can_t_be_drafted_costs_no_time(
    client: FlaskClient, web_jobs: Jobs, data: dict[str, Any]
) -> None:
    started = time.monotonic()
    assert predict(client, (1, data), (2, data)).json == {"results": [[], []]}
    assert time.monotonic() - started < 0.4
    assert web_jobs.huey.pending_count() == 0


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
        job = job_for(number, data, project)
        if kind == "ready":
            web_jobs.ledger.put(job.key, finished(job))
        if kind == "failed":
            web_jobs.ledger.mark_failed(job.key)
    answer = predict(client, *tasks)
    assert answer.status_code == 200
    assert [bool(slot) for slot in answer.json["results"]] == [kind == "ready" for kind in kinds]
    for slot in filter(None, answer.json["results"]):
        assert slot["model_version"] == project.model_version()
        assert 0.0 <= slot["score"] <= 1.0


def test_without_setup_the_defaults_are_drafted(
    client: FlaskClient, web_jobs: Jobs, jobs: Jobs, drafting: FakeDrafting
) -> None:
    """Label Studio calls /setup before every use; a flushed queue must do no harm all the same."""
    assert predict(client, (1, conversation())).json == {"results": [[]]}
    run_jobs(jobs.huey)
    assert [job.settings for job in drafting.history] == [ProjectSettings()]


def test_what_is_asked_for_after_a_new_push_is_drafted_with_it(
    client: FlaskClient,
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
) -> None:
    """/setup tells of new settings before any sweep has seen them."""
    jobs.sweep_all()
    run_jobs(jobs.huey)
    newer = ProjectSettings(guidelines="Be long.")
    setup(client, {"labeltune": newer.model_dump()})
    label_studio.add_task(1)
    predict(client, (1, conversation("Question 1")))
    run_jobs(jobs.huey)
    assert [job.settings for job in drafting.history] == [newer]
    assert label_studio.versions(1) == [newer.model_version()]


def test_answers_by_the_deadline_and_the_rest_is_pushed(
    client: FlaskClient,
    jobs: Jobs,
    queue: Huey,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    project: ProjectSettings,
    kept_signals: None,
) -> None:
    """Task 2 is slow: 1 and 3 are answered at the deadline of half a second, 2 comes later."""
    setup(client, {"labeltune": project.model_dump()})
    for number in (1, 2, 3):
        label_studio.add_task(number)
    drafting.slow = {2}
    with consumer(queue, workers=2):
        started = time.monotonic()
        answer = predict(client, *((n, label_studio.tasks[n]["data"]) for n in (1, 2, 3)))
        took = time.monotonic() - started
        drafting.gate.set()
        wait_until(lambda: label_studio.versions(2) == [project.model_version()])
    assert [bool(slot) for slot in answer.json["results"]] == [True, False, True]
    assert 0.5 <= took < 1.5
    assert [call[1] for call in label_studio.called("create_prediction")] == [2]


def test_answers_as_soon_as_all_is_ready(
    web_jobs: Jobs,
    jobs: Jobs,
    queue: Huey,
    label_studio: FakeLabelStudio,
    drafting: FakeDrafting,
    project: ProjectSettings,
    kept_signals: None,
) -> None:
    client = create_app(BackendSettings(predict_deadline_s=30), web_jobs).test_client()
    setup(client, {"labeltune": project.model_dump()})
    tasks = [(n, conversation(f"Question {n}")) for n in range(1, 9)]
    drafting.failures[8] = [ReplyError("no reply fits")]
    with consumer(queue, workers=3):
        started = time.monotonic()
        results = predict(client, *tasks).json["results"]
        took = time.monotonic() - started
    texts = [slot["result"][0]["value"]["text"] for slot in results[:7]]
    assert texts == [[f"Answer to task {n}."] for n in range(1, 8)]
    assert results[7] == []  # failed for good: not waited for
    assert took < 10
    run_jobs(queue)
    assert label_studio.calls == []


def test_a_model_failure_leaves_an_empty_slot(
    client: FlaskClient,
    jobs: Jobs,
    queue: Huey,
    drafting: FakeDrafting,
    kept_signals: None,
) -> None:
    """Never an empty prediction, which would freeze the task."""
    drafting.failures[1] = [LLMError("the model can't be reached")]
    with consumer(queue, workers=1):
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


# --- /webhook


def webhook(client: FlaskClient, action: str, project: Any) -> TestResponse:
    return client.post("/webhook", json={"action": action, "project": project, "tasks": [{}]})


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
    assert jobs.huey.pending_count() == 1
    run_jobs(jobs.huey)
    assert drafting.tasks() == [1]


def test_events_of_two_projects_make_two_sweeps(client: FlaskClient, jobs: Jobs) -> None:
    for project in (1, 2, 1, 2):
        webhook(client, "TASKS_CREATED", {"id": project})
    assert jobs.huey.pending_count() == 2


@pytest.mark.parametrize("action", sorted(NEW_WORK))
def test_events_that_bring_work(client: FlaskClient, jobs: Jobs, action: str) -> None:
    assert webhook(client, action, 1).status_code == 202
    assert jobs.huey.pending_count() == 1


@pytest.mark.parametrize(
    "action",
    [
        "ANNOTATION_CREATED",
        "ANNOTATIONS_CREATED",
        "ANNOTATION_UPDATED",
        "TASKS_DELETED",
        "PROJECT_CREATED",
        "PROJECT_DELETED",
        "START_TRAINING",
        "SOMETHING_NEW",
    ],
)
def test_other_events_are_acknowledged_only(client: FlaskClient, jobs: Jobs, action: str) -> None:
    assert webhook(client, action, {"id": 1}).status_code == 202
    assert jobs.huey.pending_count() == 0


@pytest.mark.parametrize("sent", [None, {}, {"id": None}])
def test_an_event_without_a_project(client: FlaskClient, jobs: Jobs, sent: Any) -> None:
    assert webhook(client, "TASKS_CREATED", sent).status_code == 202
    assert jobs.huey.pending_count() == 0


# --- what is never told


class BrokenJobs:
    """Jobs whose store fails with a message that holds task text."""

    @property
    def ledger(self) -> Any:
        raise OSError("PRIVATE")


def test_an_unexpected_failure_is_500_without_a_word_of_it() -> None:
    client = create_app(BackendSettings(), BrokenJobs()).test_client()  # type: ignore[arg-type]
    assert refusal(setup(client), 500) == "internal error: OSError"


def test_logs_hold_neither_tokens_nor_task_text(
    client: FlaskClient,
    jobs: Jobs,
    label_studio: FakeLabelStudio,
    project: ProjectSettings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, logger="ml_backend")
    mine = {"labeltune": project.model_dump()}
    secret = conversation("PRIVATE question", context={"name": "PRIVATE name"})
    label_studio.add_task(1, secret)
    setup(client, mine)
    setup(client, mine, schema="<View>")
    setup(client, "{" + TOKEN)
    setup(client, {"labeltune": {"interface": 3, "token": TOKEN}})
    predict(client, (1, secret), (2, {"messages": "PRIVATE"}))
    client.post("/predict", json={"project": UID, "tasks": [{"id": "PRIVATE", "data": secret}]})
    client.post("/predict", json={"project": UID, "tasks": "PRIVATE"})
    client.post("/webhook", json={"action": "TASKS_CREATED", "project": "PRIVATE", "token": TOKEN})
    client.post("/setup", data=f"{{PRIVATE {TOKEN}", content_type="application/json")
    run_jobs(jobs.huey)
    assert "predict: 2 tasks, 0 ready" in caplog.text
    assert "POST /setup answered 400" in caplog.text
    assert "PRIVATE" not in caplog.text
    assert TOKEN not in caplog.text
    assert "access_token" not in caplog.text
