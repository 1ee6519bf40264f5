"""The service as a whole: plain routes, payloads of another shape, what is never told."""

import io
import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient

from drafting.project_settings import ProjectSettings
from ml_backend.service.app import MOST_WAITING, create_app
from ml_backend.service.auth import Access
from ml_backend.settings import BackendSettings
from ml_backend.store.marks import Marks
from ml_backend.work.jobs import Jobs
from tests.ml_backend.calls import TOKEN, UID, predict, refusal, setup
from tests.ml_backend.fakes import (
    FakeLabelStudio,
    conversation,
    job_for,
    make_ready,
    run_jobs,
    wait_until,
)


@pytest.mark.parametrize("path", ["/", "/health"])
def test_health(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.json["status"]) == (200, "UP")


def test_versions(client: FlaskClient) -> None:
    assert client.get("/versions").json == {"versions": []}


def test_no_such_route(client: FlaskClient) -> None:
    refusal(client.get("/nowhere"), 404)
    refusal(client.get("/predict"), 405)


@pytest.mark.parametrize("path", ["/setup", "/predict", "/webhook"])
@pytest.mark.parametrize("body", ["[]", '"text"', "7", "null", "{}"])
def test_a_payload_of_another_shape(client: FlaskClient, path: str, body: str) -> None:
    answer = client.post(path, data=body, content_type="application/json")
    assert refusal(answer, 400).startswith("payload")


@pytest.mark.parametrize("path", ["/setup", "/predict", "/webhook"])
def test_a_payload_that_is_no_json(client: FlaskClient, path: str) -> None:
    refusal(client.post(path, data="{", content_type="application/json"), 400)
    refusal(client.post(path, data="a=b", content_type="text/plain"), 415)


class BrokenJobs:
    """Jobs whose store fails with a message that holds task text."""

    @property
    def projects(self) -> Any:
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
    run_jobs(jobs)
    assert "predict: 2 tasks, 0 ready" in caplog.text
    assert "POST /setup answered 400" in caplog.text
    assert "PRIVATE" not in caplog.text
    assert TOKEN not in caplog.text
    assert "access_token" not in caplog.text


# --- how much a request may hold


@pytest.mark.parametrize("path", ["/setup", "/predict", "/webhook"])
@pytest.mark.parametrize("is_chunked", [False, True], ids=["length", "chunked"])
def test_a_payload_that_is_too_large(web_jobs: Jobs, path: str, is_chunked: bool) -> None:
    access = Access(max_payload_bytes=1000)
    client = create_app(BackendSettings(), web_jobs, access).test_client()
    body = json.dumps({"project": UID, "schema": "x" * 1000}).encode()
    answer = client.post(
        path,
        input_stream=io.BytesIO(body),
        content_length=None if is_chunked else len(body),
        content_type="application/json",
        headers={"Transfer-Encoding": "chunked"} if is_chunked else {},
        environ_overrides={"wsgi.input_terminated": is_chunked},
    )
    assert "LABELTUNE_MAX_PAYLOAD_MB" in refusal(answer, 413)


def test_a_payload_of_exactly_the_limit(web_jobs: Jobs) -> None:
    body = json.dumps({"action": "OTHER"}).encode()
    access = Access(max_payload_bytes=len(body))
    client = create_app(BackendSettings(), web_jobs, access).test_client()
    sent = client.post("/webhook", data=body, content_type="application/json")
    assert sent.status_code == 202


# --- threads


def test_some_threads_stay_free_while_others_wait(web_jobs: Jobs, project: ProjectSettings) -> None:
    """Whoever comes while enough wait is answered at once."""
    app = create_app(BackendSettings(predict_deadline_s=30, open_deadline_s=30), web_jobs)
    Marks(web_jobs.drafts, "w1").be_alive(time.time(), 4)
    setup(app.test_client(), {"labeltune": project.model_dump()})

    def ask(number: int) -> Any:
        return predict(app.test_client(), (number, conversation(f"Question {number}"))).json

    with ThreadPoolExecutor(MOST_WAITING) as waiting:
        asked = [waiting.submit(ask, number) for number in range(MOST_WAITING)]
        wait_until(lambda: web_jobs.drafts.pending_count() == MOST_WAITING)
        assert ask(MOST_WAITING) == {"results": [[]]}
        assert not any(future.done() for future in asked)
        for number in range(MOST_WAITING):
            make_ready(web_jobs, job_for(number, project))
        assert all(future.result()["results"] != [[]] for future in asked)
    assert web_jobs.drafts.pending_count() == MOST_WAITING + 1  # its draft follows all the same
