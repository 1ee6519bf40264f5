"""What `pip install labeltune` holds pushes, pulls and tells beside a real Label Studio."""

import json
from pathlib import Path

import pytest

from tests.base_install import linked
from tests.e2e.test_failures import PROJECT
from tests.e2e.test_failures import folder as folder  # the same kind of folder
from tests.running import Up

pytestmark = pytest.mark.label_studio


def test_tasks_go_there_and_back_without_any_extra(folder: Path, up: Up, tmp_path: Path) -> None:
    (tmp_path / "packages").mkdir()
    base = linked(tmp_path / "packages")
    config = folder / "labeltune.toml"
    of_its_own = config.read_text().replace(f'"{PROJECT}"', '"Base install"')
    config.write_text(of_its_own + "[cleaning.redaction]\non = true\n")
    asked = [{"id": f"q{i}", "prompt": f"No {i}: I am n{i}@example.com."} for i in range(3)]
    (folder / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in asked))
    said = []
    for line in (["push", "questions.jsonl"], ["push", "questions.jsonl"], ["pull"], ["status"]):
        done = base.run(folder, "-m", "sync", *line, "--json")
        assert done.returncode == 0, done.stderr
        said.append(json.loads(done.stdout))
    pushed, again, pulled, status = said
    assert (pushed["created"], again["created"], again["unchanged"]) == (3, 0, 3)
    assert pulled["tasks"] == 3
    assert status["project"]["tasks"] == 3
    tasks = [
        task for page in up.label_studio.task_pages(pushed["project_id"]) for task in page.tasks
    ]
    asks = {task["data"]["messages"][0]["content"] for task in tasks}
    assert asks == {f"No {i}: I am <EMAIL_1>." for i in range(3)}
