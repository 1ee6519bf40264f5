"""`POST /setup`: a project's settings arrive, and its version is answered."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from drafting.draft_version import model_version
from drafting.project_settings import ProjectSettings
from tests.ml_backend.calls import CHAT, UID, refusal, setup


def test_setup_answers_the_version(client: FlaskClient, project: ProjectSettings) -> None:
    mine = {"labeltune": project.model_dump()}
    expected = {"model_version": model_version(project)}
    assert setup(client, mine).json == expected
    assert setup(client, json.dumps(mine)).json == expected


@pytest.mark.parametrize("extra_params", [None, "", {}, {"other": 1}])
def test_setup_without_our_settings(client: FlaskClient, extra_params: Any) -> None:
    answer = setup(client, extra_params)
    assert answer.status_code == 200
    assert answer.json == {"model_version": model_version(ProjectSettings())}


def test_setup_without_the_key_at_all(client: FlaskClient) -> None:
    answer = client.post("/setup", json={"project": UID, "schema": CHAT})
    assert answer.json == {"model_version": model_version(ProjectSettings())}


def test_a_change_of_the_title_alone_keeps_the_settings(
    client: FlaskClient, project: ProjectSettings
) -> None:
    """Label Studio then sends no extra_params."""
    setup(client, {"labeltune": project.model_dump()})
    assert setup(client, None).json == {"model_version": model_version(project)}


BAD_CONFIGS = {
    "not XML": ("<View>", "the project's label config, line 1: not well-formed XML"),
    "no response": (
        CHAT.replace('name="response"', 'name="reply"'),
        "the project's label config: no TextArea named 'response' (found 'reasoning', 'reply', ",
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
    newer = {"labeltune": {"format": 99}}
    assert "upgrade the backend" in refusal(setup(client, newer), 400)


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


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "billion laughs": f'<!DOCTYPE v [<!ENTITY l0 "lol">{LAUGHS}]><View>&l9;</View>',
    "laughs in an attribute": f'<!DOCTYPE v [<!ENTITY l0 "lol">{LAUGHS}]><View a="&l9;"/>',
    "external entity": '<!DOCTYPE v [<!ENTITY x SYSTEM "file:///etc/hostname">]><View>&x;</View>',
    "external DTD": '<!DOCTYPE v SYSTEM "http://127.0.0.1:1/v.dtd"><View/>',
    "parameter entity": '<!DOCTYPE v [<!ENTITY % x SYSTEM "file:///etc/hostname">%x;]><View/>',
    "an entity nobody knows": "<View>&whatever;</View>",
    "very deep": "<View>" * 100_000,
    "very deep and closed": "<View>" * 10_000 + "</View>" * 10_000,
    "a huge attribute": f'<View a="{"x" * 11_000_000}"/>',
}


@pytest.mark.parametrize("xml", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_config_is_refused_and_expands_nothing(client: FlaskClient, xml: str) -> None:
    said = refusal(setup(client, schema=xml), 400)
    assert said.startswith("the project's label config")
    assert len(said) < 300
    assert Path("/etc/hostname").read_text().strip() not in said
    assert "lollol" not in said
