"""One version of the table gives the same bytes: elsewhere, in another process, another day."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.dataset.splits.split import split
from sync.settings import load
from sync.table.task_rows import Prediction, TaskRow
from sync.table.task_table import TaskTable
from tests.running import labeltune
from tests.sync.builders import START, annotation, result, task_row

CONFIG = """
[label_studio]
categories = ["cards", "fees", "app"]
[split]
near_duplicates = false
[export]
distractors = 2
teach = "both"
[mix]
files = ["general.jsonl"]
"""
DAY_S = 24 * 3600


def rows() -> Iterator[TaskRow]:
    for n in range(1, 41):
        draft = Prediction(n, "v1", 0.5, START, json.dumps(result(f"A draft {n}.")))
        verdict = ("edit", "accept", "rewrite", "reject")[n % 4]
        text = f"A draft {n}." if verdict == "accept" else f"Ä better\u2028one {n}."
        items = result(text, verdict=verdict, category=("cards", "fees", "app")[n % 3])
        made = annotation(
            n * 10, items, parent_prediction=n, was_cancelled=n == 13, ground_truth=n == 7
        )
        documents = [{"title": "Fees", "text": f"Fee {n % 5}."}]
        yield task_row(n, [made], [draft], documents=documents, labeltune_id=f"row-{n}")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A split project of everything that an export knows."""
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "labeltune.toml").write_text(CONFIG)
    reply = {"role": "assistant", "content": "Hello."}
    general = [{"messages": [{"role": "user", "content": f"Hi {n}"}, reply]} for n in range(20)]
    (folder / "general.jsonl").write_text("\n".join(map(json.dumps, general)))
    config = load(folder / "labeltune.toml")
    TaskTable(config.data_dir / "tasks").apply(7, rows())
    split(config)
    return folder


def exported(folder: Path) -> Path:
    done = labeltune(folder, "export", "--format", "all", "--json")
    assert done.returncode == 0, done.stderr
    return folder / str(json.loads(done.stdout)["path"])


def test_an_export_is_rebuilt_byte_by_byte(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "elsewhere" / "copy"
    shutil.copytree(project, copy)
    for path in copy.rglob("*"):
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 400 * DAY_S))
    releases = []
    for folder, seed, zone in ((project, "1", "Asia/Tokyo"), (copy, "2", "America/Lima")):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        monkeypatch.setenv("TZ", zone)
        releases.append(exported(folder))
    first, second = releases
    assert first.name == second.name
    names = sorted(path.name for path in first.iterdir())
    assert names == sorted(path.name for path in second.iterdir())
    assert {"README.md", "dataset_info.json", "openai-chat.test.jsonl"} <= set(names)
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_nothing_says_when_or_where_it_was_made(project: Path) -> None:
    release = exported(project)
    manifest = json.loads((release / "manifest.json").read_text())
    known = manifest["table_committed_at"]
    for path in release.iterdir():
        text = path.read_text(encoding="utf-8")
        assert str(project) not in text, path.name
        times = set(re.findall(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d[^\s\"]*", text))
        assert times <= {known}, path.name
