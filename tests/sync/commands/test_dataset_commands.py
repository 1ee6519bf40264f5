"""From the table to a release and the next one, by commands as a data engineer types them."""

import json
from pathlib import Path
from typing import Any

import pytest

from sync import settings as configuration
from sync.table.task_rows import TaskRow
from sync.table.task_table import TaskTable
from sync.training_files.manifest.stored_release import read_release
from tests.running import labeltune
from tests.sync.builders import annotation, drafted, result, task_row

CONFIG = """
[split]
near_duplicates = false
[categories.topic]
labels = ["cards", "fees"]
rules = { fees = ["fee"] }
otherwise = "cards"
[targets]
total = 100
dimensions = ["topic"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "labeltune.toml").write_text(CONFIG)
    return tmp_path


def finish(folder: Path, first: int, last: int) -> None:
    """Store finished tasks with edited drafts, every third of them about fees."""
    config = configuration.load(folder / "labeltune.toml")
    TaskTable(config.data_dir / "tasks").apply(7, [_finished(i) for i in range(first, last)])


def _finished(number: int) -> TaskRow:
    about = "fee" if number % 3 == 0 else "card"
    asked = [{"role": "user", "content": f"What about {about} {number}?"}]
    answer = annotation(number, result(f"It is {number}."), parent_prediction=number)
    return task_row(number, [answer], [drafted(number, f"Is it {number}?")], messages=asked)


def said(folder: Path, *arguments: str) -> dict[str, Any]:
    done = labeltune(folder, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_data_set_is_split_written_checked_and_compared(folder: Path) -> None:
    finish(folder, 1, 91)
    gaps = {cell["labels"]["topic"]: cell for cell in said(folder, "gaps")["cells"]}
    assert {topic: cell["have"] for topic, cell in gaps.items()} == {"cards": 60, "fees": 30}

    sizes = said(folder, "split", "--no-mark")["manifest"]["sizes"]
    assert (sizes["train"], sizes["validation"], sizes["test"]) == (72, 9, 9)
    first = said(folder, "export", "--format", "all")
    assert first["counts"]["exported"] == 90
    formats = {file["format"] for file in first["files"]}
    assert formats >= {"openai-chat", "trl-preference", "sharegpt-preference", "alpaca", "gemini"}
    assert read_release(folder / first["path"]).intact
    again = said(folder, "export", "--format", "all")
    assert (again["written"], again["path"]) == (False, first["path"])

    checked = said(folder, "validate", first["path"])
    assert checked["errors"] == 0
    assert len(checked["files"]) == len(first["files"])

    finish(folder, 91, 101)
    said(folder, "split", "--no-mark")
    second = said(folder, "export", "--format", "all")
    assert second["counts"]["exported"] == 100
    changed = labeltune(folder, "diff", "latest~1", "latest", "--exit-code")
    assert changed.returncode == 3
    assert "10 added." in changed.stdout
    assert labeltune(folder, "diff", "latest", "latest", "--exit-code").returncode == 0


def test_a_file_that_was_spoilt_is_found_with_its_task(folder: Path) -> None:
    finish(folder, 1, 61)
    release = folder / said(folder, "export", "--format", "openai-chat")["path"]
    file = release / "openai-chat.jsonl"
    lines = file.read_text().splitlines()
    lines[4] = lines[4].replace('"assistant"', '"robot"')
    file.write_text("\n".join(lines) + "\n")
    done = labeltune(folder, "validate", str(file))
    assert done.returncode == 3
    assert "line 5: message 2: role must be system, user, assistant or tool" in done.stdout
    assert "(task 5, http://127.0.0.1:8080/projects/7/data?task=5)" in done.stdout
    assert "It is 5." not in done.stdout + done.stderr
