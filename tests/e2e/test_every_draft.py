"""Every interface pushed and drafted by the real model: what the page needs is in the task."""

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


# replies of these are long: the small model writes at each of them for a minute or two
LONG = ("multi_intent", "reasoning_steps")
EVERY = [
    pytest.param(name, marks=pytest.mark.thorough if name in LONG else ())
    for name in label_configs.INTERFACES
]


@pytest.mark.parametrize("name", EVERY)
def test_the_example_is_pushed_and_drafted(folder: Path, up: Up, name: str) -> None:
    interface = label_configs.load(name)
    config = folder / "labeltune.toml"
    text = config.read_text().replace(f'"{PROJECT}"', f'"Drafts {name}"\ninterface = "{name}"')
    config.write_text(text.replace("max_tokens = 40", "max_tokens = 700"))
    (folder / "one.jsonl").write_text(json.dumps(interface.example) + "\n")
    pushed = labeltune(folder, "push", "one.jsonl", "--json")
    assert pushed.returncode == 0, pushed.stderr
    project_id = json.loads(pushed.stdout)["project_id"]
    client = up.label_studio

    def drafted() -> dict[str, Any] | None:
        (task,) = (t for p in client.task_pages(project_id) for t in p.tasks)
        return task if task["predictions"] else None

    task = wait_for(f"a draft of {name}", drafted, 400)
    (prediction,) = task["predictions"]
    record = interface.decode(prediction["result"])
    assert interface.answer(record).strip()
    assert interface.complete_task(interface.example).keys() - {"id"} <= task["data"].keys()
    if name == "reasoning_steps":
        assert task["data"]["steps"] == [{"text": step.text} for step in record.steps]
    assert 0.0 <= prediction["score"] <= 1.0
    label_config = interface.check_config(interface.label_config())
    validation.check_results(label_config, task["data"], prediction["result"])
    own = interface.own_draft(interface.complete_task(interface.example))
    assert own is None or record == own
    again = json.loads(labeltune(folder, "push", "one.jsonl", "--json").stdout)
    assert (again["created"], again["unchanged"], again["updated"]) == (0, 1, 0)
