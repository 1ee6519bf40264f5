"""What `labeltune rank` costs: computing for many waiting tasks, requests by what changed.

A project of made-up tasks lies in a table, its texts are embedded already, and a Label Studio in
memory counts what is written. The seconds are of all processors together, from reading the table to
the finished plan: what learning, comparing and ordering take, without Label Studio.
"""

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

from connectors.reading import Embeddings
from label_configs.chat_response import ChatResponse, ChatResponseInterface
from label_configs.draft_meta import with_acceptance
from sync.queue.rank_plan import RankPlan, TextEmbedding, plan_rank
from sync.queue.send import Sent, send
from sync.queue.waiting_drafts import ProjectQueue
from sync.settings import Config
from sync.table.data_folder import data_folder
from sync.table.task_rows import Annotation, Prediction, TaskRow
from sync.table.task_table import TaskTable

# of the drafts, whose signals are others than before
CHANGED = 0.01
_PROJECT, _VERSION, _SEED = 7, "v1", 17
_START = datetime(2026, 11, 21, 12, tzinfo=UTC)
_TOPICS, _DIM = 300, 384
_INTERFACE = ChatResponseInterface()


def measured(number: int, finished: int) -> dict[str, Any]:
    """Rank a project of so many waiting tasks: at first, again, and when a few drafts changed."""
    with tempfile.TemporaryDirectory() as folder:
        config = Config(folder=Path(folder), api_key="0" * 40)
        rows = _rows(number, finished)
        _store(config, rows)
        _plan(config)  # embeds the texts
        first, cpu_s, wall_s = _timed(config)
        written = _Writer(rows)
        at_first = written.send(config, first)
        _store(config, written.rows)
        again = written.send(config, _plan(config))
        changed = _with_other_signals(written.rows, int(number * CHANGED))
        writer = _Writer(changed)
        _store(config, changed)
        after = writer.send(config, _plan(config))
    return {
        "waiting": number,
        "finished": finished,
        "cpu_s": round(cpu_s, 2),
        "wall_s": round(wall_s, 2),
        "learnt": first.acceptance.calibrator is not None,
        "requests": {
            "at_first": at_first.requests,
            "again": again.requests,
            f"{int(number * CHANGED)}_drafts_changed": after.requests,
        },
    }


def _timed(config: Config) -> tuple[RankPlan, float, float]:
    cpu, wall = process_time(), perf_counter()
    made = _plan(config)
    return made, process_time() - cpu, perf_counter() - wall


def _plan(config: Config) -> RankPlan:
    return plan_rank(config, ProjectQueue(_PROJECT, _VERSION), TextEmbedding(load=_Topics))


def _store(config: Config, rows: Sequence[TaskRow]) -> None:
    TaskTable(config.data_dir / "tasks").apply(_PROJECT, rows)


def _rows(number: int, finished: int) -> list[TaskRow]:
    """Waiting tasks, and finished ones whose drafts were accepted as their signals say."""
    draws = np.random.default_rng(_SEED)
    rows = []
    for task_id in range(1, number + finished + 1):
        signals = {
            name: round(float(draws.beta(3, 2)), 4)
            for name in ("token_confidence", "agreement", "sample_support")
        }
        likely = signals["sample_support"]
        is_done = task_id > number
        kept = bool(draws.random() < likely) if is_done else None
        rows.append(_row(task_id, signals, kept))
    return rows


def _row(task_id: int, signals: Mapping[str, float], kept: bool | None) -> TaskRow:
    """A task with a draft.

    Args:
        kept: the expert accepted the draft; None: nobody has looked at it.
    """
    at = _START + timedelta(seconds=task_id)
    draft = _INTERFACE.encode(ChatResponse(f"The answer to question {task_id} in some words."))
    items = with_acceptance(draft, signals["agreement"], signals)
    prediction = Prediction(10**6 + task_id, _VERSION, signals["agreement"], at, json.dumps(items))
    annotations: tuple[Annotation, ...] = ()
    if kept is not None:
        answer = ChatResponse(
            f"The answer to question {task_id} in some words." if kept else "Something else.",
            verdict="accept" if kept else "rewrite",
        )
        done = json.dumps(_INTERFACE.encode(answer))
        annotations = (Annotation(task_id, 1, False, False, 30.0, at, at, prediction.id, done),)
    words = np.random.default_rng(task_id).integers(97, 123, size=(12, 6), dtype=np.uint8)
    said = " ".join([f"question {task_id}", *(word.tobytes().decode() for word in words)])
    messages = [{"role": "user", "content": said}]
    data = json.dumps({"messages": messages})
    return TaskRow(_PROJECT, task_id, data, annotations, (prediction,), at, at)


def _with_other_signals(rows: Sequence[TaskRow], number: int) -> list[TaskRow]:
    """So many waiting tasks whose drafts have got further samples, which disagree."""
    signals = {"token_confidence": 0.3, "agreement": 0.2, "sample_support": 0.1}
    changed = {row.task_id: row for row in rows}
    for row in list(rows)[:number]:
        fresh = _row(row.task_id, signals, None)
        changed[row.task_id] = replace(fresh, data=row.data)
    return list(changed.values())


class _Topics:
    """Made-up vectors: texts of one topic are near each other, and a few are near-duplicates."""

    def __init__(self, model: str) -> None:
        draws = np.random.default_rng(_SEED)
        self._topics = draws.normal(size=(_TOPICS, _DIM))

    def encode(self, texts: list[str]) -> Embeddings:
        """(n, 384) unit rows."""
        rows = []
        for text in texts:
            number = int(text.split()[1])
            far = 0.2 if number % 20 == 0 else 1.0
            noise = np.random.default_rng(number).normal(size=_DIM)
            rows.append(self._topics[number % _TOPICS] + far * noise)
        found = np.array(rows)
        units: Embeddings = (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(
            np.float32
        )
        return units


class _Writer:
    """A Label Studio in memory; `rows` are its tasks."""

    def __init__(self, rows: Sequence[TaskRow]) -> None:
        self._rows = {row.task_id: row for row in rows}

    @property
    def rows(self) -> list[TaskRow]:
        """As they are now."""
        return list(self._rows.values())

    def send(self, config: Config, made: RankPlan) -> Sent:
        """Write a plan."""
        return send(self, _PROJECT, data_folder(config), made.plan, lambda done, total: None)

    def tasks_by_id(
        self, project_id: int, task_ids: Sequence[int], include: Sequence[str]
    ) -> list[dict[str, Any]]:
        """As Label Studio lists them."""
        return [{"id": each, "data": self._rows[each].data_fields()} for each in task_ids]

    def update_task(self, task_id: int, data: Mapping[str, Any]) -> None:
        """Replace a task's data."""
        self._rows[task_id] = replace(self._rows[task_id], data=json.dumps(dict(data)))

    def update_prediction(self, prediction_id: int, fields: Mapping[str, Any]) -> None:
        """Set a draft's score."""
        row = self._rows[prediction_id - 10**6]
        (draft,) = row.predictions
        scored = (replace(draft, score=float(fields["score"])),)
        self._rows[row.task_id] = replace(row, predictions=scored)
