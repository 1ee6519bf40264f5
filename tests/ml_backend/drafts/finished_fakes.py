"""A project with finished work, and embedding models for which likeness is easy to see."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from connectors.errors import LabelStudioError
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

    def __init__(self, project_id: int = 1) -> None:
        self.project_id = project_id
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

    def annotate(self, number: int, reply: str, verdict: str = "accept", **fields: Any) -> None:
        """One more annotation, of a chat response unless another `result` is given."""
        self.touch(number)
        annotations = self.tasks[number]["annotations"]
        annotations.append(
            {
                "id": 100 * number + len(annotations),
                "completed_by": None,
                "was_cancelled": False,
                "ground_truth": False,
                "updated_at": self.tasks[number]["updated_at"],
                "result": CHAT.encode(ChatResponse(reply, verdict)),
                **fields,
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
        assert project_id == self.project_id
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

    def tasks_by_id(
        self, project_id: int, task_ids: Sequence[int], include: Sequence[str]
    ) -> list[dict[str, Any]]:
        assert project_id == self.project_id
        self.requests += 1
        if self.failures:
            raise self.failures.pop(0)
        found = [self.tasks[number] for number in task_ids if number in self.tasks]
        self.listed.append([task["id"] for task in found])
        return [{k: t[k] for k in include if k in t} for t in found]

    def projects(self, **_filters: str) -> list[dict[str, Any]]:
        raise AssertionError("nobody needs it where no project reviews another")


class ProjectsFake:
    """Several projects of one Label Studio, by their ids; a title is `Project 1`."""

    def __init__(self, *projects: FinishedFake) -> None:
        self.by_id = {project.project_id: project for project in projects}
        self.requests = 0

    def projects(self, **_filters: str) -> list[dict[str, Any]]:
        self.requests += 1
        return [{"id": each, "title": f"Project {each}"} for each in self.by_id]

    def task_pages(self, project_id: int, *args: Any, **kwargs: Any) -> Iterator[TaskPage]:
        return self._project(project_id).task_pages(project_id, *args, **kwargs)

    def tasks_by_id(self, project_id: int, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        return self._project(project_id).tasks_by_id(project_id, *args, **kwargs)

    def _project(self, project_id: int) -> FinishedFake:
        if project_id not in self.by_id:
            raise LabelStudioError("no such project", 404)
        return self.by_id[project_id]


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
