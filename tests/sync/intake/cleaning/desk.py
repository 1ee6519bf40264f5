"""A cleaning run with everything around it, and an embedding model for which likeness is plain."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import Progress

import label_configs
import sync.settings  # noqa: F401  (before the settings, which it imports)
from connectors.reading import Embeddings
from sync.common.source_task import SourceTask
from sync.compute import Engine, LocalEngine
from sync.intake.cleaning.pipeline import Cleaned, OpenEncoder, SecretStore, clean
from sync.settings.cleaning import CleaningSection

Json = dict[str, Any]


class WordEncoder:
    """Texts are alike by the words that they share; keeps what it was asked."""

    def __init__(self) -> None:
        self.history: list[list[str]] = []
        self._places: dict[str, int] = {}

    def encode(self, texts: list[str]) -> Embeddings:
        self.history.append(texts)
        vectors = np.zeros((len(texts), 400), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in text.lower().split():
                row[self._places.setdefault(word, len(self._places))] += 1
            row /= np.linalg.norm(row) or 1
        return vectors


class KeyFake:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.history: list[tuple[str, Json]] = []

    def add(self, id: str, secrets: Any) -> None:
        self.history.append((id, dict(secrets)))


def ask(*said: str, **fields: Any) -> Json:
    """Task data: what the user said, the assistant in between."""
    turns = [{"role": "user", "content": text} for text in said]
    between = {"role": "assistant", "content": "I see."}
    messages = [turn for user in turns for turn in (user, between)][:-1]
    return {"messages": messages, **fields}


def source(*rows: Json | str, **ids: Json | str) -> list[SourceTask]:
    """Tasks of a source, a line each; those given by name have that id."""
    named: list[tuple[str | None, Json | str]] = [*((None, row) for row in rows), *ids.items()]
    return [
        SourceTask(own_id, ask(row) if isinstance(row, str) else row, f"faq.jsonl, line {line}")
        for line, (own_id, row) in enumerate(named, start=1)
    ]


def project(**held: Json | str) -> list[SourceTask]:
    """Tasks that the project holds, by id."""
    return [
        SourceTask(task_id, ask(row) if isinstance(row, str) else row, f"the project's {task_id}")
        for task_id, row in held.items()
    ]


def settings(**sections: Any) -> CleaningSection:
    """`[cleaning]`, every step off but for those named: a mapping of settings, or a value."""
    off = {name: {"on": False} for name in ("normalisation", "length", "duplicates")}
    given = {
        name: {"on": True, **value} if isinstance(value, dict) else value
        for name, value in sections.items()
    }
    return CleaningSection.model_validate(off | given)


@contextmanager
def cleaned(
    tasks: Iterable[SourceTask],
    section: CleaningSection,
    *,
    held: Sequence[SourceTask] = (),
    interface: str = "chat_response",
    load_encoder: OpenEncoder | None = None,
    engine: Engine | None = None,
    folder: Path = Path(),
    key_file: SecretStore | None = None,
) -> Iterator[Cleaned]:
    """What `clean` gives."""
    encoder = WordEncoder()
    with (
        Progress(disable=True) as progress,
        clean(
            tasks,
            section,
            interface=label_configs.load(interface),
            load_encoder=load_encoder or (lambda: encoder),
            engine=engine or LocalEngine(),
            held=lambda: iter(held),
            progress=progress,
            folder=folder,
            key_file=key_file,
        ) as done,
    ):
        yield done


def kept(tasks: Iterable[SourceTask], section: CleaningSection, **around: Any) -> list[str]:
    """What the users of the kept tasks said last."""
    with cleaned(tasks, section, **around) as done:
        return [task.data["messages"][-1]["content"] for task in done.tasks()]
