"""Projects with known numbers of tasks of each kind."""

from pathlib import Path
from typing import Any

from sync import settings as configuration
from sync.settings import Config
from sync.table.task_rows import Prediction, TaskRow, to_arrow
from sync.table.task_table import TaskTable
from tests.sync.builders import START, annotation, result, task_row

CATEGORIES = """
[label_studio]
project = "Bank support"
[categories.topic]
labels = ["cards", "fees", "lending"]
[categories.complexity]
"""


def configured(folder: Path, text: str = "", categories: str = CATEGORIES) -> Config:
    """A configuration with two kinds of category and what `text` adds."""
    file = folder / "labeltune.toml"
    file.write_text(categories + text, encoding="utf-8")
    return configuration.load(file)


class Planted:
    """Rows of a project, added kind by kind."""

    def __init__(self) -> None:
        self.rows: list[TaskRow] = []

    def accepted(self, number: int, *labels: str, words: int = 10, edited: int = 0) -> "Planted":
        """Finished tasks with an answer of so many words; so many of them edited their draft."""
        for place in range(number):
            task_id = len(self.rows) + 1
            answer = " ".join(["word"] * words)
            before = f"{answer} too" if place < edited else answer
            draft = _draft(task_id, before, 0.5)
            done = annotation(task_id, result(answer), parent_prediction=draft.id)
            self._add(labels, [done], [draft])
        return self

    def rejected(self, number: int, *labels: str) -> "Planted":
        """Finished tasks whose draft was good for nothing."""
        for _ in range(number):
            items = result("word", verdict="reject")
            self._add(labels, [annotation(len(self.rows) + 1, items)])
        return self

    def skipped(self, number: int, *labels: str) -> "Planted":
        for _ in range(number):
            self._add(labels, [annotation(len(self.rows) + 1, was_cancelled=True)])
        return self

    def waiting(
        self, number: int, *labels: str, score: float | None = None, version: str = "v1"
    ) -> "Planted":
        """Tasks that nobody has looked at; drafted where there is a score."""
        for _ in range(number):
            task_id = len(self.rows) + 1
            drafts = [] if score is None else [_draft(task_id, "a b c", score, version)]
            self._add(labels, [], drafts)
        return self

    def store(self, config: Config) -> Config:
        """Put the rows into the project's table."""
        assert to_arrow(self.rows).num_rows == len(self.rows)
        TaskTable(config.data_dir / "tasks").apply(7, self.rows)
        return config

    def _add(self, labels: tuple[str, ...], annotations: Any, predictions: Any = ()) -> None:
        named = dict(zip(("topic", "complexity"), labels, strict=False))
        data = {"categories": named} if named else {}
        self.rows.append(task_row(len(self.rows) + 1, annotations, predictions, **data))


def _draft(task_id: int, text: str, score: float, version: str = "v1") -> Prediction:
    import json

    return Prediction(
        id=5000 + task_id,
        model_version=version,
        score=score,
        created_at=START,
        result=json.dumps(result(text)),
    )
