"""Fakes at our own seams: each is a small class with a queue of answers and a history."""

import copy
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from huey.api import Huey
from huey.signals import SIGNAL_ERROR

from connectors.embedding import Embeddings
from connectors.errors import LabelStudioError
from connectors.label_studio import TaskPage
from connectors.llm import Sample
from label_configs.chat_response import ChatResponse
from label_configs.reasoning_steps import ReasoningSteps, Step
from ml_backend.settings import ProjectSettings
from ml_backend.tasks import DraftJob, FinishedDraft

OWN_URL = "http://127.0.0.1:9090"


def conversation(text: str = "My card was declined.", **more: Any) -> dict[str, Any]:
    """Task data with one question."""
    return {"messages": [{"role": "user", "content": text}], **more}


class FakeSampler:
    """A model that answers from a queue: lists of samples, or exceptions to raise."""

    def __init__(self, *answers: list[Sample] | Exception) -> None:
        self.answers = list(answers)
        self.history: list[dict[str, Any]] = []

    def sample(self, messages: Sequence[Mapping[str, str]], **options: Any) -> list[Sample]:
        self.history.append({"messages": list(messages), **options})
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class FakeEncoder:
    """An embedding model that knows the vectors of a few texts."""

    def __init__(self, vectors: Mapping[str, Sequence[float]]) -> None:
        self.vectors = vectors
        self.history: list[list[str]] = []

    def encode(self, texts: list[str]) -> Embeddings:
        self.history.append(texts)
        return np.array([self.vectors[text] for text in texts], dtype=np.float32)


class FakeDrafting:
    """Drafting without a model.

    Attributes:
        failures: task id -> exceptions to raise, one a draft, before it succeeds.
        slow: task ids that wait for `gate`.
        history: the jobs drafted, in the order of their start.
    """

    def __init__(self) -> None:
        self.failures: dict[int, list[Exception]] = {}
        self.slow: set[int] = set()
        self.gate = threading.Event()
        self.history: list[DraftJob] = []

    def __call__(self, job: DraftJob) -> tuple[FinishedDraft, dict[str, Any]]:
        self.history.append(job)
        if job.task_id in self.slow:
            assert self.gate.wait(20)
        if self.failures.get(job.task_id):
            raise self.failures[job.task_id].pop(0)
        return finished(job), job.settings.load_interface().task_patch(record_for(job))

    def tasks(self) -> list[int]:
        """Ids of the tasks drafted, in order."""
        return [job.task_id for job in self.history]


def record_for(job: DraftJob) -> Any:
    """A draft of the job's interface that tells its task."""
    text = f"Answer to task {job.task_id}."
    if job.settings.interface == "chat_response":
        return ChatResponse(response=text)
    return ReasoningSteps(steps=(Step("Declined.", "observation"),), answer=text)


def finished(job: DraftJob, score: float = 0.25) -> FinishedDraft:
    """The draft that `FakeDrafting` makes of a job."""
    return FinishedDraft(
        project_id=job.project_id,
        task_id=job.task_id,
        result=job.settings.load_interface().encode(record_for(job)),
        score=score,
        model_version=job.model_version,
        stale=job.stale,
    )


class FakeLabelStudio:
    """Projects, backends, tasks and predictions in memory.

    Attributes:
        calls: every call that changes something, as (name, id or fields …), in order.
        failures: call name -> exceptions to raise, one a call, before it succeeds.
        after_listing: called once a listing is made and before it is handed out.
    """

    def __init__(self) -> None:
        self.tasks: dict[int, dict[str, Any]] = {}
        self.calls: list[tuple[Any, ...]] = []
        self.failures: dict[str, list[Exception]] = {}
        self.after_listing: Callable[[], None] = lambda: None
        self._projects: dict[int, dict[str, Any]] = {}
        self._backends: dict[int, list[dict[str, Any]]] = {}
        self._last_id = 1000
        self._lock = threading.RLock()

    # what tests prepare and look at

    def add_project(self, project_id: int, *backends: dict[str, Any]) -> None:
        """A project with these backends, the first one being in use."""
        self._projects[project_id] = {"id": project_id, "model_version": ""}
        self._backends[project_id] = [
            {"id": self._new_id(), "url": OWN_URL, "title": "LabelTune", **fields}
            for fields in backends
        ]

    def add_task(
        self,
        task_id: int,
        data: dict[str, Any] | None = None,
        *,
        project: int = 1,
        annotations: int = 0,
        versions: Sequence[str] = (),
    ) -> None:
        """A task with predictions of these versions."""
        self.tasks[task_id] = {
            "id": task_id,
            "project": project,
            "data": data if data is not None else conversation(f"Question {task_id}"),
            "total_annotations": annotations,
            "predictions": [{"id": self._new_id(), "model_version": v} for v in versions],
        }

    def versions(self, task_id: int) -> list[str]:
        """Versions of the predictions that a task holds."""
        return [p["model_version"] for p in self.tasks[task_id]["predictions"]]

    def called(self, name: str) -> list[tuple[Any, ...]]:
        """The calls of that name."""
        return [call for call in self.calls if call[0] == name]

    # what the jobs call

    def projects(self) -> list[dict[str, Any]]:
        self._may_fail("projects")
        return copy.deepcopy(list(self._projects.values()))

    def backends(self, project_id: int) -> list[dict[str, Any]]:
        self._may_fail("backends")
        return copy.deepcopy(self._backends[project_id])

    def update_backend(self, backend_id: int, fields: dict[str, Any]) -> dict[str, Any]:
        self._change("update_backend", backend_id, fields)
        every = [backend for group in self._backends.values() for backend in group]
        found = next(backend for backend in every if backend["id"] == backend_id)
        found.update(fields)
        return found

    def update_project(self, project_id: int, fields: dict[str, Any]) -> dict[str, Any]:
        self._change("update_project", project_id, fields)
        self._projects[project_id].update(fields)
        return self._projects[project_id]

    def task_pages(
        self,
        project_id: int,
        filters: Sequence[Mapping[str, Any]] = (),
        ordering: Sequence[str] = (),
        include: Sequence[str] = (),
    ) -> Iterator[TaskPage]:
        self._may_fail("task_pages")
        with self._lock:
            found = [
                _included(copy.deepcopy(task), include)
                for task in self.tasks.values()
                if task["project"] == project_id and all(_holds(f, task) for f in filters)
            ]
        self.after_listing()
        half = len(found) // 2
        for page in (found[:half], found[half:]):
            yield TaskPage(page, len(found), 0)

    def update_task(self, task_id: int, data: dict[str, Any]) -> None:
        self._change("update_task", task_id, data)
        self.tasks[task_id]["data"] = data

    def create_prediction(self, fields: dict[str, Any]) -> dict[str, Any]:
        if fields["task"] not in self.tasks:
            raise LabelStudioError("no such task", 400)
        self._change("create_prediction", fields["task"])
        with self._lock:
            stored = {**fields, "id": self._new_id()}
            self.tasks[fields["task"]]["predictions"].append(stored)
        return stored

    def delete_prediction(self, prediction_id: int) -> None:
        self._change("delete_prediction", prediction_id)
        for task in self.tasks.values():
            kept = [p for p in task["predictions"] if p["id"] != prediction_id]
            task["predictions"] = kept

    def _change(self, name: str, *arguments: Any) -> None:
        self._may_fail(name)
        self.calls.append((name, *arguments))

    def _may_fail(self, name: str) -> None:
        if self.failures.get(name):
            raise self.failures[name].pop(0)

    def _new_id(self) -> int:
        self._last_id += 1
        return self._last_id


def _included(task: dict[str, Any], include: Sequence[str]) -> dict[str, Any]:
    """The named fields; as in Label Studio, of the predictions in it, too."""
    shown = {name: task[name] for name in include if name in task}
    if "predictions" in shown:
        shown["predictions"] = [
            {name: p[name] for name in include if name in p} for p in task["predictions"]
        ]
    return shown


def _holds(condition: Mapping[str, Any], task: Mapping[str, Any]) -> bool:
    """The Data Manager filters that the sweep uses."""
    versions = {p["model_version"] for p in task["predictions"]}
    column, operator = condition["filter"].removeprefix("filter:tasks:"), condition["operator"]
    return {
        ("total_annotations", "equal"): lambda value: task["total_annotations"] == value,
        ("total_predictions", "greater"): lambda value: len(task["predictions"]) > value,
        ("predictions_model_versions", "contains"): lambda value: bool(versions & set(value)),
        ("predictions_model_versions", "not_contains"): lambda value: not versions & set(value),
    }[column, operator](condition["value"])


def backend_of(settings: ProjectSettings, **fields: Any) -> dict[str, Any]:
    """A backend as `labeltune push` registers it."""
    return {"extra_params": {"labeltune": settings.model_dump()}, **fields}


def run_jobs(huey: Huey, ahead_s: float = 3600.0) -> int:
    """Run what is queued, and what is scheduled within `ahead_s`, until nothing is left.

    Returns:
        How many jobs ran. An exception that leaves a job is raised here.
    """
    errors: list[Exception] = []

    def remember(_signal: str, _task: Any, error: Exception) -> None:
        errors.append(error)

    huey.signal(SIGNAL_ERROR)(remember)
    later = datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=ahead_s)
    ran = 0
    try:
        while True:
            for task in huey.read_schedule(later):
                huey.enqueue(task)
            task = huey.dequeue()
            if task is None:
                return ran
            ran += 1
            huey.execute(task, later)
            if errors:
                raise errors[0]
    finally:
        huey.disconnect_signal(remember)


@contextmanager
def consumer(huey: Huey, workers: int) -> Iterator[None]:
    """A real consumer of the queue, on threads, without the sweep of every minute."""
    running = huey.create_consumer(
        workers=workers,
        worker_type="thread",
        periodic=False,
        initial_delay=0.01,
        max_delay=0.02,
        scheduler_interval=1,
    )
    running.start()
    try:
        yield
    finally:
        running.stop(graceful=True)


def wait_until(condition: Callable[[], bool], timeout_s: float = 10.0) -> None:
    """Wait for other threads.

    Raises:
        AssertionError: it did not come true in time.
    """
    until = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.01)
