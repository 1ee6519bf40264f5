"""The backend's routes, called as Label Studio calls them."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from label_configs import load

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


def refusal(answer: TestResponse, status: int) -> str:
    """The one sentence of a refusal."""
    assert answer.status_code == status
    assert answer.json.keys() == {"error"}
    said: str = answer.json["error"]
    assert "\n" not in said
    assert "Traceback" not in said
    return said


def webhook(client: FlaskClient, action: str, project: Any) -> TestResponse:
    return client.post("/webhook", json={"action": action, "project": project, "tasks": [{}]})
