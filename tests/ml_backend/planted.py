"""Secrets and task text planted into every call of the backend, to be looked for in its logs."""

from typing import Any

from connectors.backend_secrets import SECRET_HEADER, Credentials, webhook_secret
from drafting.project_settings import ProjectSettings
from tests.ml_backend.calls import CHAT, UID
from tests.ml_backend.fakes import conversation

# whatever must never be told, by where it comes from
TOKEN = "0123456789abcdef0123456789abcdef01234567"
TEXT = "PRIVATE-TASK-TEXT"
ENV = {
    "LABEL_STUDIO_API_KEY": "feedbeefcafe0123456789abcdef0123456789ab",
    "OPENAI_API_KEY": "sk-planted-0123456789",
    "LABELTUNE_BACKEND_USER": "labeltune",
    "LABELTUNE_BACKEND_PASSWORD": "planted-password",
    "LABELTUNE_WEBHOOK_SECRET": "planted-webhook-secret",
}
BASIC = Credentials(ENV["LABELTUNE_BACKEND_USER"], ENV["LABELTUNE_BACKEND_PASSWORD"])
PLANTED = [
    TOKEN,
    TEXT,
    *(value for name, value in ENV.items() if not name.endswith("USER")),
    webhook_secret({"LABEL_STUDIO_API_KEY": ENV["LABEL_STUDIO_API_KEY"]}) or "",
    "bGFiZWx0dW5lOnBsYW50ZWQtcGFzc3dvcmQ",  # user and password as HTTP sends them
]


def assert_nothing_told(said: str) -> None:
    assert [secret for secret in PLANTED if secret in said] == []


SETUP = {
    "project": UID,
    "schema": CHAT,
    "hostname": "http://localhost:8080",
    "access_token": TOKEN,
    "extra_params": {"labeltune": ProjectSettings(guidelines=TEXT).model_dump()},
}
PREDICT: dict[str, Any] = {
    "tasks": [{"id": 1, "data": conversation(TEXT, context={"name": TEXT}, guidelines=TEXT)}],
    "project": UID,
    "label_config": CHAT,
    "params": {"login": TEXT, "password": TEXT, "context": {"result": [{"value": TEXT}]}},
}
EVENT = {
    "action": "TASKS_CREATED",
    "project": {"id": 1, "title": TEXT},
    "tasks": [{"data": TEXT, "token": TOKEN}],
}
BROKEN: list[tuple[str, Any]] = [
    ("/setup", SETUP),
    ("/setup", {**SETUP, "schema": f"<View><Text value='{TEXT}'"}),
    ("/setup", {**SETUP, "extra_params": "{" + TOKEN}),
    ("/setup", {**SETUP, "extra_params": {"labeltune": {"llm": {"samples": TOKEN}}}}),
    ("/setup", {**SETUP, "project": 7}),
    ("/predict", PREDICT),
    ("/predict", {**PREDICT, "params": {**PREDICT["params"], "context": None}}),
    ("/predict", {**PREDICT, "tasks": [{"id": TEXT, "data": {TEXT: TEXT}}]}),
    ("/predict", {**PREDICT, "tasks": TEXT}),
    ("/predict", {**PREDICT, "tasks": [{"id": 2, "data": {"messages": TEXT}}]}),
    ("/predict", {**PREDICT, "tasks": [{"id": 3, "data": {"messages": [{"role": TEXT}]}}]}),
    ("/webhook", EVENT),
    ("/webhook", {**EVENT, "project": TEXT}),
    ("/webhook", {**EVENT, "action": [TEXT]}),
]


def headers(secret: str, basic: str) -> dict[str, str]:
    return {SECRET_HEADER: secret, "Authorization": basic, "Cookie": f"session={TOKEN}"}


def call_everything(call: Any) -> None:
    """Every route, with credentials that are right, wrong and missing."""
    sent = [
        {},
        headers("wrong" + ENV["LABELTUNE_WEBHOOK_SECRET"], f"Bearer {ENV['OPENAI_API_KEY']}"),
        headers(ENV["LABELTUNE_WEBHOOK_SECRET"], f"Basic {PLANTED[-1]}="),
    ]
    for known in sent:
        for path, payload in BROKEN:
            call("POST", path, headers=known, json=payload)
        for path in ("/setup", "/predict", "/webhook"):
            raw = f'{{"{TOKEN}": "{TEXT}'.encode()
            call("POST", path, headers={**known, "Content-Type": "application/json"}, data=raw)
            call("POST", path, headers={**known, "Content-Type": "text/plain"}, data=raw)
        for path in ("/", "/health", "/status", "/versions", "/metrics", "/openapi.json"):
            call("GET", path, headers=known)
            call("DELETE", path, headers=known)
