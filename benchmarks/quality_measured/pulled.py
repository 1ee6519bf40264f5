"""Made-up finished work as `labeltune pull` would leave it, and `labeltune check` of it."""

import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from connectors.embedding import Encoder
from label_configs.chat_response import ChatResponse, ChatResponseInterface
from sync.compute.vector_cache import VECTORS
from sync.quality.check import CheckReport, check
from sync.quality.text_checks.checked_text import CheckedText
from sync.settings import Config
from sync.table.data_folder import data_folder
from sync.table.task_rows import Annotation, Prediction, TaskRow
from sync.table.task_table import TaskTable

PROJECT = 7
START = datetime(2026, 6, 1, 8, tzinfo=UTC)
_INTERFACE = ChatResponseInterface()


@dataclass(frozen=True)
class Finished:
    """One finished task.

    Attributes:
        minutes: after the first one.
    """

    task_id: int
    text: CheckedText
    category: str | None = None
    annotator: int = 1
    minutes: int = 0

    def row(self) -> TaskRow:
        """As the table holds it."""
        text, at = self.text, START + timedelta(minutes=self.minutes)
        data = {
            "messages": [{"role": "user", "content": text.question}],
            "context": dict(text.context),
            "documents": [{"title": one.title, "text": one.text} for one in text.documents],
        }
        draft = text.answer if text.draft is None else text.draft
        prediction = Prediction(
            10**7 + self.task_id, "v1", 0.5, at, json.dumps(_INTERFACE.encode(ChatResponse(draft)))
        )
        verdict = "accept" if draft == text.answer else "edit"
        answer = ChatResponse(text.answer, verdict=verdict, category=self.category)
        done = Annotation(
            id=self.task_id,
            completed_by=self.annotator,
            was_cancelled=False,
            ground_truth=False,
            lead_time=text.lead_time_s or 120.0,
            created_at=at,
            updated_at=at,
            parent_prediction=prediction.id,
            result=json.dumps(_INTERFACE.encode(answer)),
        )
        return TaskRow(PROJECT, self.task_id, json.dumps(data), (done,), (prediction,), at, at)


def store(folder: Path, finished: Iterable[Finished], **settings: Any) -> Config:
    """Write tasks into the table below a folder; those that are there already are replaced."""
    config = Config(folder=folder, api_key="0" * 40, **settings)
    TaskTable(config.data_dir / "tasks").apply(PROJECT, [one.row() for one in finished])
    return config


def with_vectors_alone(config: Config, other: Path) -> Config:
    """The same project in another folder, which knows the embeddings and nothing else of a run."""
    made = config.model_copy(update={"folder": other})
    shutil.copytree(config.data_dir / "tasks", made.data_dir / "tasks")
    known = data_folder(config).on_this_machine(VECTORS)
    if known is not None:
        place = made.data_dir / known.relative_to(config.data_dir)
        shutil.copyfile(known, place)
    return made


def found(
    config: Config, load: Callable[[str], Encoder], only: Sequence[str] = ()
) -> tuple[CheckReport, Sequence[dict[str, Any]]]:
    """What `labeltune check` says.

    Args:
        only: checks to run; all that are on by default.
    """
    report = check(config, load=load, only=only)
    lines = Path(report.path).read_text(encoding="utf-8").splitlines()
    return report, [json.loads(line) for line in lines]
