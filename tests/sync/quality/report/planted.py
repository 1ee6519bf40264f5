"""Projects that were checked: rows of a table, and the findings of a check that was never run."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sync import settings as configuration
from sync.quality.report.last_check import FINDINGS
from sync.settings import Config
from sync.table import last_runs
from sync.table.data_folder import data_folder
from sync.table.task_rows import Annotation, TaskRow
from sync.table.task_table import TaskTable
from tests.sync.builders import annotation, drafted, result, task_row

CONFIG = """
[label_studio]
url = "http://127.0.0.1:8080"
project = "Bank support"
"""
AT = datetime(2026, 11, 21, 15, tzinfo=UTC)


def configured(folder: Path, text: str = "") -> Config:
    """A project in a folder."""
    file = folder / "labeltune.toml"
    file.write_text(CONFIG + text, encoding="utf-8")
    return configuration.load(file)


def answered(
    task_id: int,
    answer: str = "It costs five pounds.",
    *others: Annotation,
    by: int | None = 1,
    question: str = "What does a card cost?",
    days: int = 0,
    **controls: Any,
) -> TaskRow:
    """A finished task whose draft was kept, with the id of its annotation ten times its own."""
    controls = {"verdict": "accept", "category": "cards"} | controls
    done = annotation(
        task_id * 10,
        result(answer, **controls),
        minutes=days * 24 * 60,
        completed_by=by,
        parent_prediction=task_id,
    )
    messages = [{"role": "user", "content": question}]
    return task_row(task_id, [done, *others], [drafted(task_id, answer)], messages=messages)


def stored(config: Config, rows: Sequence[TaskRow]) -> Config:
    """Put rows into the project's table, as one version."""
    TaskTable(config.data_dir / "tasks").apply(7, list(rows))
    return config


def finding(task_id: int, /, kind: str = "contradiction", **fields: Any) -> dict[str, Any]:
    """A line of findings.jsonl."""
    return {
        "kind": kind,
        "severity": "warning",
        "task_id": task_id,
        "annotation_id": task_id * 10,
        "score": 0.5,
        "message": "the same is answered differently in task 9; make them agree",
        "url": f"http://127.0.0.1:8080/projects/7/data?task={task_id}",
        "control": None,
        "given": None,
        "suggested": None,
        "related_task_id": None,
    } | fields


def checked(
    config: Config,
    findings: Sequence[dict[str, Any]] = (),
    version: int = 0,
    skips: Sequence[str] = (),
    hours: int = 0,
) -> Config:
    """Leave behind what a check of a version does."""
    folder = data_folder(config)
    folder.write(FINDINGS, "".join(json.dumps(each) + "\n" for each in findings))
    at = (AT + timedelta(hours=hours)).isoformat()
    last_runs.note(folder, "check", {"table_version": version, "skips": list(skips), "at": at})
    return config
