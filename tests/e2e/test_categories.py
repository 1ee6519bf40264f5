"""Categories from the source file to the pulled record, with a real model that assigns some."""

import json
from pathlib import Path
from typing import Any

import pytest

from label_configs.chat_response import ChatResponse
from sync import settings as configuration
from sync.records import read_records
from sync.table.snapshot import open_snapshot
from tests.e2e.test_failures import folder as folder  # the same kind of folder
from tests.e2e.test_loop import wait_for
from tests.running import Up, labeltune

pytestmark = pytest.mark.label_studio

CATEGORIES = """
[categories.query_type]
assign = "model"
[categories.topic]
labels = ["cards", "fees", "other"]
rules = { fees = ["cost"], cards = ["card"] }
otherwise = "other"
[categories.complexity]
"""
TASKS: list[dict[str, Any]] = [
    {"id": "a", "prompt": "What does a new card cost?"},
    {"id": "b", "prompt": "Hello?", "categories": {"query_type": "creative"}},
]


def push(folder: Path) -> dict[str, Any]:
    """A push that succeeds; its report."""
    result = labeltune(folder, "push", "two.jsonl", "--json")
    assert result.returncode == 0, result.stderr
    report: dict[str, Any] = json.loads(result.stdout)
    return report


@pytest.fixture
def project_folder(folder: Path) -> Path:
    """A folder with tasks and categories."""
    config = folder / "labeltune.toml"
    text = config.read_text().replace('"Failures"', '"With categories"')
    config.write_text(text + CATEGORIES)
    (folder / "two.jsonl").write_text("\n".join(map(json.dumps, TASKS)) + "\n")
    return folder


def chosen(prediction: dict[str, Any]) -> dict[str, str]:
    return {
        item["from_name"]: item["value"]["choices"][0]
        for item in prediction["result"]
        if item["type"] == "choices"
    }


def test_from_the_source_to_the_record(project_folder: Path, up: Up) -> None:
    report = push(project_folder)
    client = up.label_studio

    def drafted() -> dict[str, Any] | None:
        tasks = [t for p in client.task_pages(report["project_id"]) for t in p.tasks]
        found = {t["data"]["labeltune_id"]: t for t in tasks if t["predictions"]}
        return found if len(found) == len(TASKS) else None

    tasks = wait_for("drafts of both tasks", drafted, 90)
    assert tasks["a"]["data"]["categories"] == {"topic": "fees"}
    assert tasks["b"]["data"]["categories"] == {"query_type": "creative", "topic": "other"}
    drafts = {name: chosen(task["predictions"][0]) for name, task in tasks.items()}
    labels = configuration.load(project_folder / "labeltune.toml").categories["query_type"].labels
    assert drafts["a"].pop("query_type") in labels
    assert drafts == {"a": {"topic": "fees"}, "b": {"query_type": "creative", "topic": "other"}}

    # what an annotator corrects counts, the rest stays
    result = [
        {**item, "value": {"choices": ["cards"]}} if item["from_name"] == "topic" else item
        for item in tasks["b"]["predictions"][0]["result"]
    ]
    path = f"/api/tasks/{tasks['b']['id']}/annotations/"
    assert up.http.post(path, json={"result": result, "lead_time": 5.0}).status_code == 201
    pulled = labeltune(project_folder, "pull")
    assert pulled.returncode == 0, pulled.stderr
    config = configuration.load(project_folder / "labeltune.toml")
    rows = list(open_snapshot(config).rows())
    (record,) = read_records(rows, config.load_interface(), config.categories).records
    assert record.categories == {"query_type": "creative", "topic": "cards"}


def test_categories_come_and_go(project_folder: Path, up: Up) -> None:
    """The label config changes under a backend that knows the settings of before."""
    file = project_folder / "labeltune.toml"
    text = file.read_text().replace('"With categories"', '"Come and go"')
    versions = []
    for shown in ("", CATEGORIES, CATEGORIES.replace('"other"]', '"other", "more"]'), ""):
        file.write_text(text.replace(CATEGORIES, shown))
        if not shown:
            lines = [json.dumps({k: v for k, v in t.items() if k != "categories"}) for t in TASKS]
            (project_folder / "two.jsonl").write_text("\n".join(lines) + "\n")
        report = push(project_folder)
        versions.append(report["model_version"])
        projects = {p["id"]: p for p in up.label_studio.projects()}
        page = projects[report["project_id"]]["label_config"].split("</Style>")[1]
        assert ("lt-categories" in page) is bool(shown)
    assert versions[0] == versions[3]
    assert len(set(versions)) == 3


def test_the_list_goes_until_an_annotation_has_used_it(project_folder: Path, up: Up) -> None:
    file = project_folder / "labeltune.toml"
    text = file.read_text().replace('"With categories"', '"Without a list"')
    without = text.replace("[label_studio]", "[label_studio]\ncategories = false")

    def page() -> str:
        project = up.label_studio.find_project("Without a list")
        assert project is not None
        return str(project["label_config"])

    file.write_text(without)
    versions = {push(project_folder)["model_version"]}
    assert 'name="category"' not in page()
    file.write_text(text)
    report = push(project_folder)
    assert 'name="category"' in page()
    assert versions == {report["model_version"]}, "the draft is the same"
    (task, *_) = (t for p in up.label_studio.task_pages(report["project_id"]) for t in p.tasks)
    interface = configuration.load(file).load_interface()
    result = interface.encode(ChatResponse("Yes.", verdict="edit", category="billing"))
    up.http.post(f"/api/tasks/{task['id']}/annotations/", json={"result": result})
    file.write_text(without)
    refused = labeltune(project_folder, "push", "two.jsonl")
    assert refused.returncode == 1
    assert "1 annotation of the project chose from its list of categories" in refused.stderr
    assert 'name="category"' in page()
