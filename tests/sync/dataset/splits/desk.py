"""A table of finished tasks in a folder, split with an encoder of planted likeness."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from connectors.reading import Embeddings
from sync.dataset.splits.split import Made, split
from sync.dataset.splits.verify import Verification, verify
from sync.settings import Config
from sync.settings.split import SplitSection
from sync.table.task_rows import TaskRow
from sync.table.task_table import TaskTable
from tests.sync.builders import annotation, config_in, result, task_row
from tests.sync.dataset.splits.planted import THRESHOLD, vector_of


@dataclass
class PlantedEncoder:
    """Vectors of `tests.sync.dataset.splits.planted`; keeps what it was asked."""

    history: list[str] = field(default_factory=list)

    def encode(self, texts: list[str]) -> Embeddings:
        self.history += texts
        return np.array([vector_of(text) for text in texts], dtype=np.float32)


class Desk:
    """A project's data folder."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        fields = {"near_duplicates": THRESHOLD} | settings
        section = SplitSection.model_validate(fields)
        self.config: Config = config_in(folder).model_copy(update={"split": section})
        self.encoder = PlantedEncoder()

    def with_settings(self, **settings: Any) -> "Desk":
        """The same folder with other settings."""
        return Desk(self.config.folder, **settings)

    def pull(self, rows: Sequence[TaskRow], deleted: Sequence[int] = ()) -> None:
        """One version of the table more."""
        self.table.apply(7, rows, deleted)

    @property
    def table(self) -> TaskTable:
        return TaskTable(self.config.data_dir / "tasks")

    def split(self, **options: Any) -> Made:
        return split(self.config, load=lambda name: self.encoder, **options)

    def verify(self, **options: Any) -> Verification:
        return verify(self.config, load=lambda name: self.encoder, **options)

    def files(self) -> dict[str, bytes]:
        """What is in the folder of splits, by name."""
        folder = self.config.data_dir / "splits"
        return {path.name: path.read_bytes() for path in folder.glob("*")}

    def manifest(self, name: str) -> dict[str, Any]:
        path = self.config.data_dir / "splits" / f"{name}.manifest.json"
        found: dict[str, Any] = json.loads(path.read_text())
        return found


def asked(task_id: int, text: str, **data: Any) -> TaskRow:
    """A finished task in which the user said this, with an id from its source."""
    fields = {"messages": [{"role": "user", "content": text}], "labeltune_id": f"q{task_id}"}
    return task_row(task_id, [annotation(task_id * 10)], **(fields | data))


def rejected(task_id: int, text: str, **data: Any) -> TaskRow:
    """A finished task whose draft the expert rejected."""
    items = result("", verdict="reject")
    row = asked(task_id, text, **data)
    return task_row(task_id, [annotation(task_id * 10, items)], **row.data_fields())
