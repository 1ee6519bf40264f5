"""Tables whose versions seem to be of another day: their log says so."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sync.table.task_rows import TaskRow
from sync.table.task_table import TaskTable
from tests.sync.builders import annotation, task_row


def age(table: Path, *days: float) -> None:
    """Make version 0 look so many days old, version 1 as the next number says, and so on."""
    for version, back in enumerate(days):
        path = table / "_delta_log" / f"{version:020}.json"
        ms = int(timedelta(days=back) / timedelta(milliseconds=1))
        lines = [json.loads(line) for line in path.read_text().splitlines()]
        for line in lines:
            _move(line, ms)
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def _move(action: dict[str, Any], ms: int) -> None:
    for kind, key in (
        ("commitInfo", "timestamp"),
        ("add", "modificationTime"),
        ("remove", "deletionTimestamp"),
    ):
        if kind in action:
            action[kind][key] -= ms


def days_ago(days: float) -> datetime:
    """A time in the past."""
    return datetime.now(UTC) - timedelta(days=days)


def make(path: Path) -> list[list[TaskRow]]:
    """Three versions: two tasks; one of them changed and one more; one deleted."""
    states = [
        [task_row(1), task_row(2)],
        [task_row(1), task_row(2, [annotation()]), task_row(3)],
        [task_row(2, [annotation()]), task_row(3)],
    ]
    TaskTable(path).apply(7, states[0])
    TaskTable(path).apply(7, states[1][1:])
    TaskTable(path).apply(7, [], deleted=[1])
    return states
