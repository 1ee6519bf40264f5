"""A project with finished work, and embedding models for which likeness is easy to see."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from connectors.reading import Embeddings
from connectors.task_pages import TaskPage
from label_configs import load
from label_configs.chat_response import ChatResponse
from ml_backend.drafts.similar_examples import ENCODE_S

CHAT = load("chat_response")


class WordEncoder:
    """An embedding model for which texts are alike by the words that they share."""

    def __init__(self) -> None:
        self.history: list[list[str]] = []
        self._places: dict[str, int] = {}

    def encode(self, texts: list[str]) -> Embeddings:
        self.history.append(texts)
        vectors = np.zeros((len(texts), 400), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in text.lower().replace("?", "").split():
                row[self._places.setdefault(word, len(self._places))] += 1
            row /= np.linalg.norm(row) or 1
        return vectors


class SlowEncoder(WordEncoder):
    """An embedding model that takes as long as a refresh may embed."""

    def __init__(self, clock: "Clock") -> None:
        super().__init__()
        self._clock = clock

    def encode(self, texts: list[str]) -> Embeddings:
        self._clock.now += ENCODE_S
        return super().encode(texts)


class FinishedFake:
    """A project's tasks, as Label Studio lists them.

    Attributes:
        failures: exceptions to raise, one a listing.
        listed: ids of the tasks in each listing, looks for one task aside.
        gate: a listing waits for it.
    """

    def __init__(self) -> None:
        self.tasks: dict[int, dict[str, Any]] = {}
        self.failures: list[Exception] = []
        self.listed: list[list[int]] = []
        self.requests = 0
        self.gate = threading.Event()
        self.gate.set()
        self._now = datetime(2026, 11, 20, 9, tzinfo=UTC)

    def add(self, number: int, question: str, *replies: str, **more: Any) -> None:
        """A task with an annotation for every reply; `split` and `meta` as given."""
        meta = more.pop("meta", {})
        data = {"messages": [{"role": "user", "content": question}], **more}
        self.tasks[number] = {"id": number, "data": data, "meta": meta, "annotations": []}
        self.touch(number)
        for reply in replies:
            self.annotate(number, reply)

    def annotate(self, number: int, reply: str, verdict: str = "accept") -> None:
        """One more annotation."""
        self.touch(number)
        annotations = self.tasks[number]["annotations"]
        annotations.append(
            {
                "id": 100 * number + len(annotations),
                "was_cancelled": False,
                "ground_truth": False,
                "updated_at": self.tasks[number]["updated_at"],
                "result": CHAT.encode(ChatResponse(reply, verdict)),
            }
        )

    def touch(self, number: int) -> None:
        """Something in the task changes, a minute after the last change."""
        self._now += timedelta(minutes=1)
        stamp = self._now.isoformat().replace("+00:00", "Z")
        self.tasks[number]["updated_at"] = stamp

    def task_pages(
        self,
        project_id: int,
        filters: Sequence[Mapping[str, Any]] = (),
        ordering: Sequence[str] = (),
        include: Sequence[str] = (),
        page_size: int = 500,
    ) -> Iterator[TaskPage]:
        assert project_id == 1
        self.requests += 1
        if self.failures:
            raise self.failures.pop(0)
        found = [t for t in self.tasks.values() if all(_holds(f, t) for f in filters)]
        if ordering:
            assert list(ordering) == ["-tasks:updated_at"]
            found.sort(key=lambda t: t["updated_at"], reverse=True)
        if page_size != 1:
            self.listed.append([t["id"] for t in found])
            assert self.gate.wait(20)
        count = sum(len(t["annotations"]) for t in found)
        for start in range(0, max(len(found), 1), page_size):
            some = [{k: t[k] for k in include if k in t} for t in found[start : start + page_size]]
            yield TaskPage(some, len(found), count)


def _holds(condition: Mapping[str, Any], task: Mapping[str, Any]) -> bool:
    """The Data Manager filters that the examples use."""
    column = condition["filter"].removeprefix("filter:tasks:")
    value = condition["value"]
    return {
        ("total_annotations", "greater"): lambda: len(task["annotations"]) > value,
        ("updated_at", "greater"): lambda: task["updated_at"] > value,
        ("data.split", "empty"): lambda: task["data"].get("split") is not None,
        ("meta", "contains"): lambda: value in str(task["meta"]).replace("'", '"'),
    }[column, condition["operator"]]()


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now
