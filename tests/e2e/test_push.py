"""`push` against a real Label Studio: what it sets up, and what a second push changes."""

import hashlib
import json
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from drafting.project_settings import OURS, decoded
from sync.intake.services.task_stream import order_faults
from tests.e2e.test_failures import folder as folder  # the same kind of folder
from tests.running import Up, free_port, labeltune
from tests.sync.stack.living import eventually

pytestmark = pytest.mark.label_studio


def push(folder: Path, *options: str) -> dict[str, Any]:
    """A push that succeeds; its report."""
    result = labeltune(folder, "push", "one.jsonl", "--json", *options)
    assert result.returncode == 0, result.stderr
    report: dict[str, Any] = json.loads(result.stdout)
    return report


@pytest.fixture
def project_folder(folder: Path) -> Path:
    """A folder whose project has guidelines."""
    config = folder / "labeltune.toml"
    text = config.read_text().replace('"Failures"', '"Guided"\nguidelines = "g.md"')
    config.write_text(text)
    (folder / "g.md").write_text("Be kind.\n")
    return folder


def rename(folder: Path, title: str) -> None:
    """Another project."""
    config = folder / "labeltune.toml"
    config.write_text(config.read_text().replace('"Guided"', json.dumps(title)))


def annotate(up: Up, task_id: int) -> None:
    """Somebody answers a task."""
    answer = {
        "id": "r",
        "from_name": "response",
        "to_name": "conversation",
        "type": "textarea",
        "value": {"text": ["Yes."]},
    }
    up.http.post(f"/api/tasks/{task_id}/annotations/", json={"result": [answer]})


def test_changed_guidelines_reach_tasks_drafts_and_version(project_folder: Path, up: Up) -> None:
    before = push(project_folder)
    (project_folder / "g.md").write_text("Be brief.\n")
    after = push(project_folder)
    assert (after["created"], after["unchanged"], after["updated"]) == (0, 1, 0)
    assert after["model_version"] != before["model_version"]
    client = up.label_studio
    (page,) = client.task_pages(after["project_id"])
    assert [task["data"]["guidelines"] for task in page.tasks] == ["Be brief."]
    (backend,) = client.backends(after["project_id"])
    assert backend["title"] == after["model_version"]
    assert backend["extra_params"]["labeltune"]["guidelines"] == "Be brief."
    assert push(project_folder)["model_version"] == after["model_version"]


def test_drafts_that_are_made_anew_are_told(project_folder: Path, up: Up) -> None:
    rename(project_folder, "Anew")
    task = the_only(up, push(project_folder))
    assert eventually(lambda: bool(predictions(up, task["id"])), limit_s=60)
    (project_folder / "g.md").write_text("Be brief.\n")
    expected = {"drafts": 1, "because": ["the guidelines"], "cost": None}
    assert push(project_folder, "--dry-run")["redrafting"] == expected
    done = labeltune(project_folder, "push", "one.jsonl")
    assert "1 draft will be made anew, since the guidelines have changed." in done.stdout
    assert push(project_folder)["redrafting"] is None


def test_a_model_that_is_not_served_is_refused(project_folder: Path, up: Up) -> None:
    rename(project_folder, "Another model")
    config = project_folder / "labeltune.toml"
    config.write_text(config.read_text().replace('"smollm2-135m"', '"another"'))
    result = labeltune(project_folder, "push", "one.jsonl")
    assert result.returncode == 1
    assert "llm.model is 'another', but" in result.stderr
    assert "serves 'smollm2-135m';" in result.stderr
    assert up.label_studio.find_project("Another model") is None
    assert "llm.model is 'another'" in labeltune(project_folder, "status").stdout


def test_a_project_is_set_up_for_drafts_and_their_order(project_folder: Path, up: Up) -> None:
    report = push(project_folder)
    client = up.label_studio
    (project,) = (p for p in client.projects() if p["id"] == report["project_id"])
    assert project["sampling"] == "Uncertainty sampling"
    assert project["maximum_annotations"] == 1
    assert project["model_version"] == report["model_version"]
    assert project["show_collab_predictions"] is True
    assert order_faults(project, report["model_version"]) == ()
    assert "<p>" in project["expert_instruction"]
    hooks = [hook["url"] for hook in client.webhooks(report["project_id"])]
    assert hooks == [f"{up.backend_url}/webhook"]
    titles = [view["data"]["title"] for view in client.views(report["project_id"])]
    assert titles == ["Tasks", "Uncertain first", "Accepted as is", "Flagged"]
    push(project_folder)
    assert [view["data"]["title"] for view in client.views(report["project_id"])] == titles


def test_the_page_asks_the_backend_while_it_has_an_instruction_box(
    project_folder: Path, up: Up
) -> None:
    rename(project_folder, "With a box")
    client = up.label_studio
    project_id = push(project_folder)["project_id"]
    (backend,) = client.backends(project_id)
    assert backend["is_interactive"] is True
    (project,) = (p for p in client.projects() if p["id"] == project_id)
    box = re.compile(r'<View className="lt-instruct">.*?</Collapse>\s*</View>', re.DOTALL)
    boxless = box.sub("", project["label_config"])
    assert boxless != project["label_config"]
    client.update_project(project_id, {"label_config": boxless})
    assert push(project_folder)["own_label_config"]
    (backend,) = client.backends(project_id)
    assert backend["is_interactive"] is False


@pytest.mark.thorough
def test_the_page_of_an_older_push_gets_the_place_for_a_note(project_folder: Path, up: Up) -> None:
    """Its tasks lack the field, and some are annotated; nothing is asked of them."""
    rename(project_folder, "Of an older push")
    client, report = up.label_studio, push(project_folder)
    task = the_only(up, report)
    annotate(up, task["id"])
    newest = client.find_project("Of an older push")
    assert newest is not None
    older = re.sub(r'<View className="lt-why">.*?</View>', "", newest["label_config"])
    assert older != newest["label_config"]
    stored = client.update_project(newest["id"], {"label_config": older})["label_config"]
    (backend,) = client.backends(newest["id"])
    told = dict(decoded(backend["extra_params"]))
    told[OURS] = {**told[OURS], "label_config_sha256": hashlib.sha256(stored.encode()).hexdigest()}
    kept = {name: backend[name] for name in ("project", "url", "title", "is_interactive")}
    client.update_backend(backend["id"], {**kept, "extra_params": json.dumps(told)})
    again = push(project_folder)
    assert (again["own_label_config"], again["updated"], again["completed"]) == (False, 0, 0)
    (shown,) = (p["label_config"] for p in client.projects() if p["id"] == newest["id"])
    assert shown == newest["label_config"]
    assert again["model_version"] == report["model_version"], "no draft is made anew"


def put(folder: Path, text: str, identity: str = "a") -> None:
    """The source says this now."""
    (folder / "one.jsonl").write_text(json.dumps({"id": identity, "prompt": text}) + "\n")


def counts(report: dict[str, Any]) -> tuple[int, int, int, int]:
    """Created, updated, unchanged, annotated."""
    names = ("created", "updated", "unchanged", "annotated")
    return tuple(report[name] for name in names)  # type: ignore[return-value]


def the_only(up: Up, report: dict[str, Any]) -> dict[str, Any]:
    """The project's only task."""
    (task,) = (t for p in up.label_studio.task_pages(report["project_id"]) for t in p.tasks)
    return task


def asked(task: dict[str, Any]) -> str:
    return str(task["data"]["messages"][0]["content"])


def predictions(up: Up, task_id: int) -> list[int]:
    """The ids of a task's drafts."""
    found = up.http.get("/api/predictions/", params={"task": task_id}).json()
    return [each["id"] for each in found]


def test_a_changed_source_updates_its_task(project_folder: Path, up: Up) -> None:
    rename(project_folder, "Updated")
    put(project_folder, "First?")
    before = the_only(up, push(project_folder))
    put(project_folder, "Second?")
    again = push(project_folder)
    assert counts(again) == (0, 1, 0, 0)
    after = the_only(up, again)
    assert (after["id"], asked(after)) == (before["id"], "Second?")
    assert "Second?" in after["data"]["conversation_html"]
    assert counts(push(project_folder)) == (0, 0, 1, 0)


def test_what_somebody_annotated_is_left_unless_told_otherwise(
    project_folder: Path, up: Up
) -> None:
    rename(project_folder, "Annotated")
    put(project_folder, "First?")
    task = the_only(up, push(project_folder))
    assert eventually(lambda: bool(predictions(up, task["id"])), limit_s=60)
    annotate(up, task["id"])
    put(project_folder, "Second?")
    again = push(project_folder)
    assert counts(again) == (0, 0, 0, 1)
    assert asked(the_only(up, again)) == "First?"
    overwritten = push(project_folder, "--overwrite-annotated")
    assert (counts(overwritten), overwritten["overwritten"]) == ((0, 1, 0, 0), [task["id"]])
    after = the_only(up, again)
    assert asked(after) == "Second?"
    (annotation,) = after["annotations"]
    # what the push says to do next: without its annotation the task is drafted anew
    before = predictions(up, task["id"])
    up.http.delete(f"/api/annotations/{annotation['id']}/")
    assert eventually(lambda: predictions(up, task["id"]) not in ([], before), limit_s=60)


def test_tasks_that_came_twice_are_one_again(project_folder: Path, up: Up) -> None:
    rename(project_folder, "Twice")
    put(project_folder, "First?")
    report = push(project_folder)
    task = the_only(up, report)
    up.label_studio.import_tasks(report["project_id"], [{"data": task["data"]}] * 3)
    (page,) = up.label_studio.task_pages(report["project_id"])
    worked_on = page.tasks[2]["id"]
    annotate(up, worked_on)
    again = push(project_folder)
    assert again["doubled"] == 3
    assert the_only(up, again)["id"] == worked_on


def test_a_dry_run_shows_and_sends_nothing(project_folder: Path, up: Up) -> None:
    rename(project_folder, "Rehearsed")
    put(project_folder, "First?")
    first = push(project_folder, "--dry-run")
    assert (first["new_project"], counts(first)) == (True, (1, 0, 0, 0))
    assert up.label_studio.find_project("Rehearsed") is None
    report = push(project_folder)
    put(project_folder, "Second?")
    with (project_folder / "one.jsonl").open("a") as file:
        file.write('{"id": "b", "prompt": "Third?"}\n{"id": "c", "prompt": "Third?"}\n')
    second = push(project_folder, "--dry-run")
    assert (second["new_project"], counts(second)) == (False, (1, 1, 0, 0))
    assert second["cleaning"]["dropped"] == 1
    assert asked(the_only(up, report)) == "First?"
    said = labeltune(project_folder, "push", "--dry-run", "one.jsonl").stdout
    assert "one.jsonl: JSONL, 3 rows (prompt)" in said
    assert "one.jsonl, line 3" in said
    assert "Would be: 1 created, 1 updated, 1 dropped. Nothing was sent" in said
    (dropped,) = (project_folder / "labeltune-data" / "dropped.jsonl").read_text().splitlines()
    assert json.loads(dropped)["where"] == "one.jsonl, line 3"


def test_a_dry_run_without_label_studio(project_folder: Path) -> None:
    with (project_folder / ".env").open("a") as file:
        file.write(f"\nLABEL_STUDIO_URL=http://127.0.0.1:{free_port()}\n")
    result = labeltune(project_folder, "push", "--dry-run", "one.jsonl")
    assert result.returncode == 0, result.stderr
    assert (
        "1 task to import; which of them the project holds already can't be told" in result.stdout
    )
    assert "can't be reached" in result.stdout


def test_a_pull_that_runs_here_is_waited_for(project_folder: Path) -> None:
    rename(project_folder, "Pulled meanwhile")
    push(project_folder)
    lock = FileLock(project_folder / "labeltune-data" / ".pull.lock", thread_local=False)
    lock.acquire()
    threading.Timer(5, lock.release).start()
    assert counts(push(project_folder)) == (0, 0, 1, 0)


def test_nothing_to_import_is_said(project_folder: Path) -> None:
    (project_folder / "one.jsonl").write_text("")
    result = labeltune(project_folder, "push", "one.jsonl")
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("The sources hold no tasks, so there is nothing to import: ")


def test_tasks_without_what_the_page_shows_are_completed(project_folder: Path, up: Up) -> None:
    rename(project_folder, "Completed")
    report = push(project_folder)
    task = the_only(up, report)
    bare = {k: v for k, v in task["data"].items() if not k.endswith("_html")}
    up.label_studio.update_task(task["id"], bare)
    again = push(project_folder)
    assert (again["completed"], again["unchanged"], again["created"]) == (1, 1, 0)
    assert the_only(up, report)["data"] == task["data"]
    assert push(project_folder)["completed"] == 0


def test_csv(project_folder: Path, up: Up) -> None:
    (project_folder / "two.csv").write_text("id,prompt,context.tier\nx,Where?,Plus\ny,When?,\n")
    result = labeltune(project_folder, "push", "two.csv", "--json")
    assert json.loads(result.stdout)["created"] == 2
    tasks = [t for p in up.label_studio.task_pages(json.loads(result.stdout)["project_id"])
             for t in p.tasks]  # fmt: skip
    contexts = {t["data"]["labeltune_id"]: t["data"]["context"] for t in tasks}
    assert (contexts["x"], contexts["y"]) == ({"tier": "Plus"}, {})
