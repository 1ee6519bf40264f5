import json
from dataclasses import replace
from pathlib import Path

from sync.stack.console import Ready

READY = Ready(
    url="http://127.0.0.1:8080",
    username="admin@labeltune.local",
    password="pass-word",
    project_id=1,
    project_url="http://127.0.0.1:8080/projects/1/data",
    tasks=64,
    model="small",
    model_url="http://127.0.0.1:9091/v1",
    logs=Path("/f/.labeltune/logs"),
    next_steps=("labeltune status",),
)


def test_people_see_where_to_go_and_how_to_stop() -> None:
    text = READY.as_text()
    for shown in ("8080/projects/1/data (64 tasks)", "admin@", "pass-word", "labeltune status"):
        assert shown in text
    assert text.splitlines()[-1].startswith("Ctrl-C stops everything")


def test_no_line_for_a_project_that_is_not_there() -> None:
    text = replace(READY, project_id=None, project_url=None, tasks=None).as_text()
    assert "project" not in text


def test_json_holds_the_same_on_one_line() -> None:
    line = READY.as_json()
    assert "\n" not in line
    assert json.loads(line)["logs"] == "/f/.labeltune/logs"
    assert json.loads(line)["password"] == "pass-word"
