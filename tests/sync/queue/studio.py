"""A project in memory whose drafts have scores and signals, and words that can be told apart."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from connectors.errors import LabelStudioError
from connectors.reading import Embeddings
from label_configs.draft_meta import with_acceptance
from sync.queue.asked_texts import TextEmbedding
from sync.queue.rank import RankReport, rank
from sync.settings import Config
from tests.sync.builders import result
from tests.sync.fakes import FakeLabelStudio, Json

VERSION = "v1"
WORDS = ("alpha", "bravo", "delta", "echo", "fox", "golf", "hotel", "india", "kilo", "lima")


class WordVectors:
    """Texts that share words are alike."""

    def encode(self, texts: list[str]) -> Embeddings:
        """(n, 64) unit rows."""
        rows = []
        for text in texts:
            words = text.casefold().split()
            seeds = [int.from_bytes(word.encode()[:8], "big") + len(word) for word in words]
            some = [np.random.default_rng(seed).normal(size=64) for seed in seeds]
            rows.append(np.sum(some, axis=0) if some else np.ones(64))
        found = np.array(rows, dtype=np.float32)
        return found / np.linalg.norm(found, axis=1, keepdims=True)


def load_words(model: str) -> WordVectors:
    """The encoder of any name."""
    return WordVectors()


class QueuedStudio(FakeLabelStudio):
    """A Label Studio whose scores and task data are written, too.

    Attributes:
        written: every request that changed something: what, its id, what it was given.
        lasts: so many of them succeed, the next one fails.
    """

    def __init__(self, lasts: int = 10**6) -> None:
        super().__init__()
        self.written: list[tuple[str, int, Any]] = []
        self.lasts = lasts

    def draft(
        self,
        question: str,
        score: float,
        signals: Mapping[str, float] | None = None,
        **data: Any,
    ) -> int:
        """A task with a draft; returns its id. Without signals an older LabelTune made it."""
        task_id = self.add(messages=[{"role": "user", "content": question}], **data)
        self.predict(task_id)
        items = result(f"An answer to {question}")
        if signals is not None:
            items = with_acceptance(items, score, signals)
        self.tasks[task_id]["predictions"][-1] |= {"score": score, "result": items}
        return task_id

    def finish(self, task_id: int, *, changed: bool = False, **fields: Any) -> None:
        """Accept a task's draft, or change it."""
        draft = self.tasks[task_id]["predictions"][-1]
        items = result("Something else altogether, at length", verdict="rewrite")
        if not changed:
            verdict = result("", verdict="accept")[-1]
            items = [*draft["result"], verdict]
        self.annotate(task_id, items, parent_prediction=draft["id"], **fields)

    def find_project(self, title: str, include: Any = ()) -> Json | None:
        found = super().find_project(title, include)
        return None if found is None else found | {"model_version": VERSION}

    def update_prediction(self, prediction_id: int, fields: Mapping[str, Any]) -> None:
        self._write("score", prediction_id, fields["score"])
        for task in self.tasks.values():
            for prediction in task["predictions"]:
                if prediction["id"] == prediction_id:
                    prediction |= fields
                    self.touch(task["id"])
                    return
        raise LabelStudioError("gone", 404)

    def update_task(self, task_id: int, data: Mapping[str, Any]) -> None:
        self._write("data", task_id, dict(data))
        self.tasks[task_id]["data"] = dict(data)
        self.touch(task_id)

    def _write(self, what: str, number: int, given: Any) -> None:
        if len(self.written) >= self.lasts:
            raise LabelStudioError("Label Studio can't be reached")
        self.written.append((what, number, given))

    def score(self, task_id: int) -> float:
        """Of a task's draft."""
        score: float = self.tasks[task_id]["predictions"][-1]["score"]
        return score

    def order(self) -> list[int]:
        """Waiting tasks as Label Studio hands them out."""
        waiting = [i for i, task in self.tasks.items() if not task["annotations"]]
        return sorted(waiting, key=lambda task_id: (self.score(task_id), task_id))


def planted_studio(*scores: float) -> QueuedStudio:
    """A waiting task of each score, all about something else."""
    studio = QueuedStudio()
    for number, score in enumerate(scores):
        word = f"{WORDS[number % 10]}{number}"
        studio.draft(f"{word} about {word}", score, {"agreement": score})
    return studio


def silent(done: int, total: int) -> None:
    """Shows nothing."""


def ranked(studio: QueuedStudio, config: Config, *, dry_run: bool = False) -> RankReport:
    """Run `labeltune rank`."""
    texts = TextEmbedding(load=load_words)
    return rank(config, studio, silent, silent, texts, dry_run=dry_run)


def settings_of(folder: Path, **queue: Any) -> Config:
    """A project with these settings of its queue; without audits unless they are asked for."""
    given = {"queue": {"audit": 0.0, **queue}, "folder": folder, "api_key": "0" * 40}
    return Config.model_validate(given)
