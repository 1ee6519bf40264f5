"""`push --onboarding`: whoever is new answers a finished task, then sees what the team answered."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.backend_processes import BackendProcesses
from tests.e2e.opened import SETTLED, choose
from tests.e2e.test_push_survives import in_label_studio, project_folder, write
from tests.running import Up, labeltune
from tests.sync.builders import result

pytestmark = [pytest.mark.label_studio, pytest.mark.browser]

TITLE = "Practised"


@pytest.mark.thorough
def test_the_teams_answer_is_shown_once_it_is_asked_for(
    tmp_path: Path, up: Up, backend: BackendProcesses, page: Page
) -> None:
    project_folder(tmp_path, up, backend, TITLE)
    write(tmp_path, {"t0": "What does a new card cost?", "t1": "And how long does it take?"})
    assert labeltune(tmp_path, "push", "tasks.jsonl").returncode == 0
    star(up, {t["data"]["labeltune_id"]: int(t["id"]) for t in in_label_studio(up, TITLE)}["t0"])
    assert labeltune(tmp_path, "pull").returncode == 0
    first = practise(tmp_path)
    assert (first["approved"], first["new"]) == (1, 1)
    (task,) = in_label_studio(up, f"{TITLE} practice")

    page.goto(f"{first['url']}?task={task['id']}", wait_until="commit")
    page.wait_for_function(SETTLED, timeout=60_000)
    told = page.get_by_text("The team's answer")
    expect(page.locator(".lt-answer textarea")).to_have_value("A draft.")
    expect(told).to_be_hidden()
    expect(page.get_by_text("practice_html")).to_be_hidden()
    choose(page.locator(".lt-practice"), "compare")
    expect(told).to_be_visible()
    expect(page.locator(".lt-practice")).to_contain_text("It costs GBP 5.")

    again = practise(tmp_path)
    assert (again["new"], again["changed"], again["removed"]) == (0, 0, 0)


def practise(folder: Path) -> dict[str, Any]:
    done = labeltune(folder, "push", "--onboarding", "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def star(up: Up, task_id: int) -> None:
    """An answer that was made of a draft, with a star."""
    draft = up.label_studio.create_prediction(
        {"task": task_id, "result": result("A draft."), "score": 0.5, "model_version": "v1"}
    )
    up.http.post(
        f"/api/tasks/{task_id}/annotations/",
        json={
            "result": result("It costs GBP 5.", verdict="edit"),
            "parent_prediction": draft["id"],
            "ground_truth": True,
        },
    )
