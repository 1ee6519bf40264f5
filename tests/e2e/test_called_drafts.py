"""Tasks with tools and pictures, from a source to the drafts in a real Label Studio."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

import label_configs
from benchmarks.standin import running
from connectors.backend_secrets import credentials
from connectors.pictures import data_uri
from tests.drafting.calling import FEE, WEATHER
from tests.e2e.backend_processes import backend_processes
from tests.e2e.test_failures import PROJECT
from tests.e2e.test_failures import folder as folder  # the same kind of folder
from tests.e2e.test_loop import wait_for
from tests.running import Up, labeltune
from tests.small_pictures import png

pytestmark = pytest.mark.label_studio

CHAT = label_configs.load("chat_response")
ASKED = {"role": "user", "content": "What does a gold card cost?"}
LOOK = [
    {"type": "text", "text": "Which card is it?"},
    {"type": "image_url", "image_url": {"url": data_uri(png())}},
]


def test_a_stand_in_calls_a_tool_and_sees_a_picture(tmp_path: Path, up: Up) -> None:
    rows = [
        {"id": "call", "messages": [ASKED], "tools": [FEE, WEATHER]},
        {"id": "picture", "messages": [{"role": "user", "content": LOOK}]},
    ]
    with (
        running(latency_ms=0, tools="call") as model,
        backend_processes(tmp_path, up, model) as backend,
    ):
        backend.start("web")
        backend.start("worker")
        project = backend.push(rows, samples=1, tool_choice="required")
        project.wait_until_drafted(60)
        drafts = {
            task["data"]["labeltune_id"]: CHAT.decode(task["predictions"][0]["result"])
            for task in project.tasks()
        }
        assert model.stats()["pictures"] == 1
    (called,) = drafts["call"].calls
    assert called.name == "get_fee"
    assert isinstance(json.loads(called.arguments)["card"], str)
    assert drafts["picture"].response
    assert drafts["picture"].calls == ()


@pytest.mark.thorough
def test_the_local_model_drafts_a_task_with_tools(folder: Path, up: Up) -> None:
    """Its template shows it no tools, so that they stand in the prompt."""
    config = folder / "labeltune.toml"
    config.write_text(config.read_text().replace(f'"{PROJECT}"', '"Drafts with tools"'))
    row = {"id": "a", "messages": [ASKED], "tools": [FEE]}
    (folder / "tools.jsonl").write_text(json.dumps(row) + "\n")
    pushed = labeltune(folder, "push", "tools.jsonl", "--json")
    assert pushed.returncode == 0, pushed.stderr
    project_id = json.loads(pushed.stdout)["project_id"]

    def drafted() -> list[dict[str, Any]]:
        tasks = (t for p in up.label_studio.task_pages(project_id) for t in p.tasks)
        return [found for task in tasks for found in task["predictions"]]

    (prediction, *_) = wait_for("a draft of a task with tools", drafted, 300)
    record = CHAT.decode(prediction["result"])
    assert record.response.strip() or record.calls
    known = credentials(up.env)
    auth = (known.user, known.password) if known else None
    status = httpx.get(f"{up.backend_url}/status?format=json", auth=auth).json()
    (server,) = status["model_servers"]
    assert "no tools: they are described in the prompt" in server["lacks"]
