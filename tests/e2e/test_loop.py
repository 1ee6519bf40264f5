"""The whole loop, once, on real parts: Label Studio, the model, the browser, the command line."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from datasets import load_dataset
from playwright.sync_api import Page, expect

from connectors.backend_secrets import credentials
from connectors.label_studio import LabelStudio
from tests.running import Up, labeltune

pytestmark = [pytest.mark.label_studio, pytest.mark.browser]

QUESTIONS = [
    "How do I freeze my card while I look for it?",
    "What does a replacement debit card cost, and how long does it take to arrive?",
    "I was charged twice for the same coffee. What happens now?",
    "Can I raise my daily transfer limit for a house deposit?",
]
EDIT = "You can freeze the card yourself: Cards > Freeze. It takes effect at once.\n\nZażółć 你好!"


def wait_for(what: str, check: Callable[[], Any], seconds: float) -> Any:
    """The first true value of `check`, asked every half second."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = check()
        if found:
            return found
        time.sleep(0.5)
    pytest.fail(f"not within {seconds:.0f} s: {what}")


@pytest.fixture(scope="module")
def project(up: Up) -> dict[str, Any]:
    """A project that was pushed from a folder, drafts on their way."""
    config = labeltune(up.folder, "init")
    assert config.returncode == 0, config.stderr
    settings = (up.folder / "labeltune.toml").read_text()
    settings = settings.replace("max_tokens = 400", "max_tokens = 40")
    (up.folder / "labeltune.toml").write_text(settings)
    lines = [
        json.dumps({"prompt": q, "id": f"q{i}", "context": {"customer_tier": "Plus"}})
        for i, q in enumerate(QUESTIONS)
    ]
    (up.folder / "questions.jsonl").write_text("\n".join(lines) + "\n")
    pushed = labeltune(up.folder, "push", "questions.jsonl", "--json")
    assert pushed.returncode == 0, pushed.stderr
    report: dict[str, Any] = json.loads(pushed.stdout)
    assert report["created"] == len(QUESTIONS)
    return report


def tasks(client: LabelStudio, project_id: int) -> list[dict[str, Any]]:
    return [task for page in client.task_pages(project_id) for task in page.tasks]


def drafted(up: Up, project: dict[str, Any]) -> list[dict[str, Any]] | None:
    """The tasks with the drafts that pages show, once the second pass has settled their order.

    They are listed anew then: in a list of before, a draft may stand beside the one that it
    replaces.
    """
    if not all(task["predictions"] for task in shown(up, project)) or not is_refined(up, project):
        return None
    return shown(up, project)


def shown(up: Up, project: dict[str, Any]) -> list[dict[str, Any]]:
    """The tasks, each with the drafts of the project's version alone."""
    version = project["model_version"]
    found = tasks(up.label_studio, project["project_id"])
    for task in found:
        task["predictions"] = [p for p in task["predictions"] if p["model_version"] == version]
    return found


def is_refined(up: Up, project: dict[str, Any]) -> bool:
    """Whether no draft waits for further samples, as the backend says."""
    known = credentials(up.env)
    auth = (known.user, known.password) if known else None
    status = httpx.get(f"{up.backend_url}/status?format=json", auth=auth).json()
    waiting = {each["id"]: each["refining"] for each in status["projects"]}
    return waiting[project["project_id"]] == 0


def test_the_same_file_again_adds_nothing(up: Up, project: dict[str, Any]) -> None:
    again = labeltune(up.folder, "push", "questions.jsonl", "--json")
    report = json.loads(again.stdout)
    assert (report["created"], report["unchanged"]) == (0, len(QUESTIONS))
    assert report["project_id"] == project["project_id"]


def test_every_task_gets_one_scored_draft_without_anyone_asking(
    up: Up, project: dict[str, Any]
) -> None:
    found = wait_for("a draft for every task", lambda: drafted(up, project), 300)
    predictions = [p for task in found for p in task["predictions"]]
    assert len(predictions) == len(QUESTIONS), "one draft a task, none twice"
    scores = [p["score"] for p in predictions]
    assert all(0.0 <= score <= 1.0 for score in scores)
    assert len(set(scores)) == len(scores)
    assert {p["model_version"] for p in predictions} == {project["model_version"]}


def test_the_label_stream_begins_with_the_least_certain_draft(
    up: Up, project: dict[str, Any]
) -> None:
    project_id = project["project_id"]
    found = wait_for("a draft for every task", lambda: drafted(up, project), 300)

    def ask(path: str) -> dict[str, Any]:
        answer: dict[str, Any] = up.http.get(f"/api/projects/{project_id}/{path}").json()
        return answer

    settings = ask("")
    assert settings["sampling"] == "Uncertainty sampling"
    assert settings["model_version"] == project["model_version"]
    following = ask("next/")
    least = min(found, key=lambda task: float(task["predictions"][0]["score"]))
    assert following["id"] == least["id"]


def test_an_edit_in_the_page_comes_out_as_a_fine_tuning_file(
    up: Up, project: dict[str, Any], page: Page, tmp_path: Path
) -> None:
    client, project_id = up.label_studio, project["project_id"]
    found = wait_for("a draft for every task", lambda: drafted(up, project), 300)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))

    page.goto(f"{up.label_studio_url}/projects/{project_id}/data")
    page.get_by_role("button", name="Label All Tasks").click()
    editor = page.locator(".lt-answer textarea")
    expect(editor).to_be_visible(timeout=60_000)
    draft = editor.input_value()
    edited_task = next(
        task for task in found if task["predictions"][0]["result"][0]["value"]["text"] == [draft]
    )
    least = min(found, key=lambda task: float(task["predictions"][0]["score"]))
    assert edited_task["id"] == least["id"], "annotators get the least certain draft first"
    editor.fill(EDIT)
    page.get_by_text("edit[2]").click()
    page.get_by_text("how-to[").click()
    page.get_by_test_id("bottombar-submit-button").click()
    wait_for(
        "the annotation to arrive",
        lambda: any(task["annotations"] for task in tasks(client, project_id)),
        30,
    )
    assert problems == []

    pulled = labeltune(up.folder, "pull", "--json")
    assert pulled.returncode == 0, pulled.stderr
    assert json.loads(pulled.stdout)["tasks"] == len(QUESTIONS)

    checked = labeltune(up.folder, "check", "--json")
    assert checked.returncode == 0, checked.stderr
    assert "too few" in checked.stdout
    outcomes = json.loads(checked.stdout)["drafts"]["outcomes"]
    assert {what: n for what, n in outcomes.items() if n} == {"edited": 1}, "the verdict decides"

    out = tmp_path / "release"
    exported = labeltune(
        up.folder, "export", "--format", "openai-chat", "--out", str(out), "--json"
    )
    assert exported.returncode == 0, exported.stderr
    lines = (out / "openai-chat.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1
    messages = json.loads(lines[0])["messages"]
    assert messages[-1] == {"role": "assistant", "content": EDIT}
    assert messages[-2]["content"] == edited_task["data"]["messages"][-1]["content"]
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["counts"]["exported"] == 1

    rows = load_dataset(
        "json",
        data_files=str(out / "openai-chat.jsonl"),
        split="train",
        cache_dir=str(tmp_path / "datasets"),
    )
    assert rows[0]["messages"][-1]["content"] == EDIT

    again = json.loads(labeltune(up.folder, "pull", "--json").stdout)
    assert (again["new"], again["changed"], again["deleted"]) == (0, 0, 0)
    assert again["table_version"] == json.loads(pulled.stdout)["table_version"]
