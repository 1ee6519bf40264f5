"""A reasoning chain drafted by the real model: its rows are in the task, its draft fills them."""

import json
from pathlib import Path
from typing import Any

import pytest

import label_configs
from label_configs import validation
from tests.e2e.test_failures import PROJECT
from tests.e2e.test_failures import folder as folder  # the same kind of folder
from tests.e2e.test_loop import wait_for
from tests.running import Up, labeltune

pytestmark = pytest.mark.label_studio


def test_steps_are_drafted_into_task_and_prediction(folder: Path, up: Up) -> None:
    interface = label_configs.load("reasoning_steps")
    config = folder / "labeltune.toml"
    text = config.read_text().replace(f'"{PROJECT}"', '"Steps"\ninterface = "reasoning_steps"')
    config.write_text(text.replace("max_tokens = 40", "max_tokens = 500"))
    (folder / "one.jsonl").write_text(json.dumps(interface.example) + "\n")
    pushed = labeltune(folder, "push", "one.jsonl", "--json")
    assert pushed.returncode == 0, pushed.stderr
    project_id = json.loads(pushed.stdout)["project_id"]
    client = up.label_studio

    def drafted() -> dict[str, Any] | None:
        (task,) = (t for p in client.task_pages(project_id) for t in p.tasks)
        return task if task["predictions"] else None

    task = wait_for("a drafted chain", drafted, 400)
    (prediction,) = task["predictions"]
    record = interface.decode(prediction["result"])
    assert 1 <= len(record.steps) <= 30
    assert task["data"]["steps"] == [{"text": step.text} for step in record.steps]
    assert record.answer
    assert 0.0 <= prediction["score"] <= 1.0
    label_config = interface.check_config(interface.label_config())
    validation.check_results(label_config, task["data"], prediction["result"])
