"""The whole `labeltune export`: from a table of finished tasks to a release, as a process."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import label_configs
from benchmarks.exporting.work import START, Article, answer, draft, task_data
from benchmarks.pulling.watch import Watch
from sync.common.json_text import to_json
from sync.table.task_rows import Annotation, Prediction, TaskRow
from sync.table.task_table import TABLE, TaskTable

_PROJECT_ID = 1
# rows of one version of the table
_PULLED = 10_000


@dataclass(frozen=True)
class Exported:
    """One `labeltune export`.

    Attributes:
        seconds: of the whole process, from its start to its end.
        peak_rss_mb: the most memory that the process held.
        report: what it said with --json.
    """

    seconds: float
    peak_rss_mb: float
    report: dict[str, Any]


def fill(folder: Path, found: Sequence[Article], count: int) -> None:
    """Make a project folder whose table holds so many finished tasks."""
    folder.mkdir(parents=True)
    (folder / "labeltune.toml").write_text("[label_studio]\n", encoding="utf-8")
    table = TaskTable(folder / "labeltune-data" / TABLE)
    for start in range(0, count, _PULLED):
        numbers = range(start, min(start + _PULLED, count))
        table.apply(_PROJECT_ID, list(_rows(found, numbers)))


def _rows(found: Sequence[Article], numbers: range) -> Iterator[TaskRow]:
    interface = label_configs.load("chat_response")
    for number in numbers:
        article = found[number % len(found)]
        drafted = Prediction(
            id=number + 1,
            model_version="chat_response-1a2b3c4d",
            score=0.5,
            created_at=START,
            result=to_json(interface.encode(draft(article, number))),
        )
        made = Annotation(
            id=number + 1,
            completed_by=number % 7,
            was_cancelled=False,
            ground_truth=False,
            lead_time=60.0,
            created_at=START,
            updated_at=START,
            parent_prediction=drafted.id,
            result=to_json(interface.encode(answer(article, number))),
        )
        data = to_json(task_data(article, number))
        yield TaskRow(_PROJECT_ID, number + 1, data, (made,), (drafted,), START, START)


def export(folder: Path, form: str) -> Exported:
    """Run `labeltune export` in a project folder.

    Raises:
        RuntimeError: it failed; with what it said.
    """
    started = perf_counter()
    with (folder / "stderr.txt").open("w+") as complaint:
        process = subprocess.Popen(
            [sys.executable, "-m", "sync", "export", "--format", form, "--json"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            stdout=subprocess.PIPE,
            stderr=complaint,
        )
        watch = Watch(process.pid)
        content, _ = process.communicate()
        taken = perf_counter() - started
        complaint.seek(0)
        if process.returncode:
            raise RuntimeError(f"export ended with {process.returncode}: {complaint.read()[-500:]}")
    return Exported(taken, watch.peak_mb(), json.loads(content))
