"""Fuzzed payloads: never a 500, never a traceback, always short JSON."""

import base64
import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from werkzeug.test import TestResponse

from connectors.backend_secrets import Credentials
from drafting.project_settings import ProjectSettings
from ml_backend.service.app import create_app
from ml_backend.service.auth import Access
from ml_backend.service.openapi import description
from ml_backend.settings import BackendSettings
from ml_backend.store.queues import open_queue
from ml_backend.work.jobs import Jobs
from tests.ml_backend.calls import CHAT, UID
from tests.ml_backend.fakes import conversation

KNOWN = Credentials("labeltune", "correct horse")
BASIC = "Basic " + base64.b64encode(f"{KNOWN.user}:{KNOWN.password}".encode()).decode()

bounded = settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def service(queue: Path, access: Access) -> Flask:
    return create_app(BackendSettings(predict_deadline_s=0.001), Jobs(open_queue(queue)), access)


# --- what the OpenAPI description allows and forbids


config = schemathesis.Config.from_dict({"seed": 4, "generation": {"database": "none"}})
described = schemathesis.openapi.from_dict(description("0"), config=config)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return service(tmp_path_factory.mktemp("fuzz") / "queue.db", Access(KNOWN))


@described.parametrize()
@settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_route_answers_as_described(case: Any, guarded: Flask) -> None:
    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
        response_headers_conformance,
        unsupported_method,
    ]
    if case.method == "POST":  # a query that nobody reads is no fault
        checks.append(negative_data_rejection)
    case.call_and_validate(
        headers={"Authorization": BASIC},
        app=guarded,
        checks=checks,
    )


# --- almost what Label Studio sends

SETUP = {
    "project": UID,
    "schema": CHAT,
    "hostname": "http://localhost:8080",
    "access_token": "0" * 40,
    "extra_params": {"labeltune": ProjectSettings(guidelines="Be brief.").model_dump()},
}
PREDICT = {
    "tasks": [
        {"id": 1, "data": conversation(), "meta": {}, "annotations": [], "predictions": []},
        {"id": 2, "data": conversation("Two", context={"a": "b"}, documents=[{"text": "t"}])},
    ],
    "project": UID,
    "label_config": CHAT,
    "params": {"login": None, "password": None, "context": {"result": []}},
}
WEBHOOK = {"action": "TASKS_CREATED", "project": {"id": 1, "title": "t"}, "tasks": [{"id": 1}]}

text = st.text(st.characters(), max_size=20) | st.sampled_from(["\x00", "\ud800", "1", "🙂" * 50])
numbers = st.integers() | st.floats() | st.sampled_from([0, -1, 2**63, 10**400, 1e308])
values = st.recursive(
    st.none() | st.booleans() | numbers | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place inside a payload."""
    if path:
        yield path
    inside = value.items() if isinstance(value, dict) else ()
    for key, child in enumerate(value) if isinstance(value, list) else inside:
        yield from places(child, (*path, key))


@st.composite
def almost(draw: st.DrawFn, payload: dict[str, Any]) -> dict[str, Any]:
    """The payload with one to three places changed or taken away."""
    changed = copy.deepcopy(payload)
    for path in draw(
        st.lists(st.sampled_from(sorted(places(payload), key=str)), min_size=1, max_size=3)
    ):
        parent: Any = changed
        try:
            for key in path[:-1]:
                parent = parent[key]
            if draw(st.booleans()):
                parent[path[-1]] = draw(values)
            else:
                del parent[path[-1]]
        except (KeyError, IndexError, TypeError):  # an earlier change took it away
            continue
    return changed


def short_json(answer: TestResponse) -> None:
    assert answer.status_code < 500, answer.text
    assert answer.mimetype == "application/json"
    if answer.status_code >= 400:
        assert answer.json.keys() == {"error"}
        assert len(answer.data) < 2000
        assert "Traceback" not in answer.text
        assert "\n" not in answer.json["error"]


@pytest.fixture(scope="module")
def open_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return service(tmp_path_factory.mktemp("fuzz") / "queue.db", Access())


@given(payload=almost(SETUP))
@bounded
def test_almost_a_setup(open_app: Flask, payload: dict[str, Any]) -> None:
    answer = open_app.test_client().post("/setup", json=payload)
    short_json(answer)
    if answer.status_code == 200:
        assert isinstance(answer.json["model_version"], str)


@given(payload=almost(PREDICT))
@bounded
def test_almost_a_predict(open_app: Flask, payload: dict[str, Any]) -> None:
    answer = open_app.test_client().post("/predict", json=payload)
    short_json(answer)
    if answer.status_code == 200:
        assert len(answer.json["results"]) == len(payload["tasks"])


@given(payload=almost(WEBHOOK))
@bounded
def test_almost_a_webhook(open_app: Flask, payload: dict[str, Any]) -> None:
    short_json(open_app.test_client().post("/webhook", json=payload))


@given(setup=almost(SETUP), predict=almost(PREDICT))
@bounded
def test_a_predict_after_any_setup(
    open_app: Flask, setup: dict[str, Any], predict: dict[str, Any]
) -> None:
    """Settings that were let in must not break what uses them."""
    client = open_app.test_client()
    client.post("/setup", json={**setup, "project": UID})
    short_json(client.post("/predict", json={**predict, "project": UID}))
    for path in ("/status?format=json", "/versions"):
        short_json(client.get(path))


bodies = st.binary(max_size=200) | st.sampled_from(
    [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000, b"1" * 10_000, b"NaN", b'"\\ud800"']
)


@given(
    path=st.sampled_from(["/setup", "/predict", "/webhook"]),
    body=bodies,
    kind=st.sampled_from(["application/json", "application/x+json", "text/plain", "", "json;;"]),
)
@bounded
def test_any_body(open_app: Flask, path: str, body: bytes, kind: str) -> None:
    answer = open_app.test_client().post(path, data=body, content_type=kind)
    short_json(answer)
    assert answer.status_code in (400, 415)


def deep(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


@pytest.mark.parametrize("levels", [50, 500, 900, 2000, 100_000])
@pytest.mark.parametrize("place", ["extra_params", "data"])
def test_deep_payloads(open_app: Flask, place: str, levels: int) -> None:
    """Wherever the interpreter's limit is met: reading, digesting or queueing."""
    holder: dict[str, Any] = copy.deepcopy(SETUP if place == "extra_params" else PREDICT)
    if place == "data":
        holder["tasks"][0]["data"]["context"] = "DEEP"
    else:
        holder["extra_params"]["labeltune"]["llm"] = "DEEP"
    body = json.dumps(holder).replace('"DEEP"', deep(levels))
    path = "/predict" if place == "data" else "/setup"
    short_json(open_app.test_client().post(path, data=body, content_type="application/json"))


@pytest.mark.parametrize("place", ["interface", "guidelines", "model", "task"])
def test_half_a_character(open_app: Flask, place: str) -> None:
    """A lone surrogate is valid in JSON and has no UTF-8 form."""
    client = open_app.test_client()
    setup, predict = copy.deepcopy(SETUP), copy.deepcopy(PREDICT)
    ours = setup["extra_params"]["labeltune"]
    if place == "task":
        predict["tasks"][0]["data"] = conversation("\ud800", context={"\ud800": "\ud800"})
    else:
        (ours["llm"] if place == "model" else ours)[place] = "\ud800"
    short_json(client.post("/setup", json=setup))
    short_json(client.post("/predict", json=predict))
