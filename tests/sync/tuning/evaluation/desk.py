"""A project with finished tasks, a split, a release and a tuned model, and an endpoint."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from connectors.reading import Embeddings
from sync.dataset.release.export import export
from sync.dataset.release.export_report import ExportRequest
from sync.dataset.splits.split import split
from sync.settings import Config, LLMSection
from sync.settings.evaluate import EvaluateSection
from sync.settings.split import SplitSection
from sync.table.data_folder import data_folder
from sync.table.task_rows import TaskRow
from sync.table.task_table import TaskTable
from sync.training_files.manifest.stored_release import StoredRelease, read_release
from sync.tuning.evaluation.evaluate import WantedEvaluation, evaluate
from sync.tuning.evaluation.results import Evaluation
from sync.tuning.models.learnt_release import learnt_release
from sync.tuning.models.model_entry import ModelEntry, ModelPlace
from sync.tuning.models.model_folder import write_entry
from tests.connectors.chat_server import choice, completion
from tests.ml_backend.http_double import HTTPDouble, Reply, Request, http_double
from tests.sync.builders import annotation, config_in, result, task_row

BASE, TUNED = "base-1", "tuned-1"
DISCLOSURE = "This is no advice"
GUIDELINES = "Guidelines: say what it costs."
TASKS = 60


class WordEncoder:
    """A vector a text: its words, each in a place of its own hash."""

    def encode(self, texts: list[str]) -> Embeddings:
        vectors = np.zeros((len(texts), 4096), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in [*text.lower().split(), "-"]:
                place = int.from_bytes(hashlib.sha256(word.encode()).digest()[:2]) % 4096
                vectors[row, place] += 1.0
        norms: Embeddings = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / norms


def asked(task_id: int) -> TaskRow:
    """A finished task whose answer ends with the disclosure."""
    topic = ("loans", "cards")[task_id % 2]
    items = result(f"Number {task_id} of {topic} costs {task_id} pounds. {DISCLOSURE}.")
    return task_row(
        task_id,
        [annotation(task_id * 10, items)],
        labeltune_id=f"q{task_id:03}",
        messages=[{"role": "user", "content": f"What does number {task_id} of {topic} cost?"}],
        category=topic,
        guidelines=GUIDELINES,
    )


def says(model: str, messages: Sequence[dict[str, Any]]) -> str:
    """What a model answers: the tuned one always discloses, the base for half of the questions,
    and only with the full prompt.
    """
    question = messages[-1]["content"]
    number = int("".join(c for c in question.partition("of")[0] if c.isdigit()) or 0)
    if model == TUNED:
        return f"Number {number} costs {number} pounds. {DISCLOSURE}."
    if any("Guidelines" in m["content"] for m in messages) and number % 2:
        return f"It costs {number} pounds. {DISCLOSURE}."
    return "It is on our page."


@dataclass
class EvaluationDesk:
    """The project, and its endpoint."""

    config: Config
    double: HTTPDouble
    release: StoredRelease
    where: str

    def tuned(self, name: str = "bank-1", release: StoredRelease | None = None) -> ModelEntry:
        """A model that learned a release, by default the project's."""
        learnt = learnt_release(release or self.release, self.where, "openai-chat")
        entry = ModelEntry(
            name=name,
            base=BASE,
            way="endpoint",
            method="supervised",
            place=ModelPlace(model=TUNED, base_url=f"{self.double.url}/v1"),
            release=learnt,
            settings={"epochs": 3},
            losses=(),
            seed=0,
            created="2026-11-30T08:00:00+00:00",
        )
        write_entry(data_folder(self.config), entry)
        return entry

    def evaluated(self, *models: str, config: Config | None = None, **wanted: Any) -> Evaluation:
        """An evaluation with words in place of an embedding model."""
        return evaluate(
            config or self.config,
            WantedEvaluation(models, **wanted),
            load=lambda name: WordEncoder(),
        )

    def chats(self) -> list[Any]:
        """The bodies of all that was asked."""
        return [r.body for r in self.double.requests if r.path.endswith("/chat/completions")]


def pulled(config: Config, rows: Sequence[TaskRow]) -> None:
    """One version of the table more."""
    TaskTable(config.data_dir / "tasks").apply(7, rows)


def split_and_exported(config: Config, *formats: str, anew: bool = False) -> StoredRelease:
    """The release of the newest version."""
    split(config, load=lambda name: WordEncoder(), anew=anew)
    report = export(config, ExportRequest(list(formats) or ["openai-chat"], None))
    return read_release(Path(report.path))


def project_config(folder: Path, url: str) -> Config:
    """A project of which 40 % is held out; every answer must disclose."""
    return config_in(folder).model_copy(
        update={
            "llm": LLMSection(base_url=f"{url}/v1", model=BASE),
            "split": SplitSection(train=0.5, validation=0.1, test=0.4, near_duplicates=False),
            "checks": {"required_phrase": {"phrases": [DISCLOSURE]}},
            "evaluate": EvaluateSection(general=False),
        }
    )


@contextmanager
def evaluation_desk(
    folder: Path,
    answer: Callable[[str, Sequence[dict[str, Any]]], str | Reply] = says,
    rows: Sequence[TaskRow] | None = None,
) -> Iterator[EvaluationDesk]:
    """A project with its endpoint, which lists no models and so is none of llama.cpp's."""

    def reply(request: Request) -> Reply:
        if request.path != "/v1/chat/completions":
            return Reply({"error": {"message": "no such path"}}, 404)
        said = answer(request.body["model"], request.body["messages"])
        return completion(choice(said)) if isinstance(said, str) else said

    with http_double(reply) as double:
        config = project_config(folder, double.url)
        pulled(config, [asked(n) for n in range(1, TASKS + 1)] if rows is None else rows)
        release = split_and_exported(config)
        yield EvaluationDesk(config, double, release, str(release.folder))
