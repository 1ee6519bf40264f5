"""Label Studio in memory, as far as drafting uses it."""

import copy
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.errors import LabelStudioError
from connectors.task_pages import TaskPage

OWN_URL = "http://127.0.0.1:9090"
# older than whatever a sweep takes for recent
LONG_AGO = timedelta(days=1)


DOWN = LabelStudioError("Label Studio can't be reached")


def conversation(text: str = "My card was declined.", **more: Any) -> dict[str, Any]:
    """Task data with one question."""
    return {"messages": [{"role": "user", "content": text}], **more}


class FakeLabelStudio:
    """Projects, backends, tasks and predictions in memory.

    Attributes:
        calls: every call that changes something, as (name, id or fields …), in order.
        failures: call name -> exceptions to raise, one a call, before it succeeds.
        lost_answers: likewise, but raised after the call did its work.
        drops: ids of tasks whose predictions an import leaves out without a word.
        listings: the filters of every page that was asked for, as {"id greater": 7, …}.
        after_listing: called once a page is made and before it is handed out.
        page_size: tasks on a page.
    """

    def __init__(self) -> None:
        self.tasks: dict[int, dict[str, Any]] = {}
        self.calls: list[tuple[Any, ...]] = []
        self.failures: dict[str, list[Exception]] = {}
        self.lost_answers: dict[str, list[Exception]] = {}
        self.drops: set[int] = set()
        self.listings: list[dict[str, Any]] = []
        self.after_listing: Callable[[], None] = lambda: None
        self.page_size = 3
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
        """A task with predictions of these versions, made long ago."""
        self.tasks[task_id] = {
            "id": task_id,
            "project": project,
            "data": data if data is not None else conversation(f"Question {task_id}"),
            "total_annotations": annotations,
            "cancelled_annotations": 0,
            "draft_exists": False,
            "predictions": [{"id": self._new_id(), "model_version": v} for v in versions],
            "updated_at": datetime.now(UTC) - LONG_AGO,
        }

    def add_tasks(self, task_ids: Iterable[int]) -> None:
        """Tasks that nobody has drafted."""
        for task_id in task_ids:
            self.add_task(task_id)

    def edit(self, task_id: int, data: dict[str, Any]) -> None:
        """Somebody changes a task's data."""
        with self._lock:
            self.tasks[task_id]["data"] = data
            self._touch(task_id)

    def versions(self, task_id: int) -> list[str]:
        """Versions of the predictions that a task holds."""
        return [p["model_version"] for p in self.tasks[task_id]["predictions"]]

    def called(self, name: str) -> list[tuple[Any, ...]]:
        """The calls of that name."""
        return [call for call in self.calls if call[0] == name]

    def stored(self) -> list[int]:
        """Ids of the tasks whose predictions were stored, in order, by whichever call."""
        found: list[int] = []
        for name, *arguments in self.calls:
            if name == "create_prediction":
                found.append(arguments[0])
            elif name == "import_predictions":
                found += [task_id for task_id in arguments[1] if task_id not in self.drops]
        return found

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
        """Each page is made when it is asked for, of what matches by then."""
        assert list(ordering) == ["tasks:id"], "pages of an unordered listing overlap"
        start = 0
        while True:
            self._may_fail("task_pages")
            self.listings.append({" ".join(_asked(f)): f["value"] for f in filters})
            with self._lock:
                found = [
                    _included(copy.deepcopy(task), include)
                    for _, task in sorted(self.tasks.items())
                    if task["project"] == project_id and all(_holds(f, task) for f in filters)
                ]
            self.after_listing()
            yield TaskPage(found[start : start + self.page_size], len(found), 0)
            start += self.page_size
            if start >= len(found):
                return

    def tasks_by_id(
        self, project_id: int, task_ids: Sequence[int], include: Sequence[str]
    ) -> list[dict[str, Any]]:
        self._may_fail("tasks_by_id")
        with self._lock:
            found = [self.tasks[i] for i in sorted(task_ids) if i in self.tasks]
            of_project = [task for task in found if task["project"] == project_id]
            return [_included(copy.deepcopy(task), include) for task in of_project]

    def update_task(self, task_id: int, data: dict[str, Any]) -> None:
        self._change("update_task", task_id, data)
        self.edit(task_id, data)
        self._may_lose("update_task")

    def create_prediction(self, fields: dict[str, Any]) -> dict[str, Any]:
        if fields["task"] not in self.tasks:
            raise LabelStudioError("no such task", 400)
        self._change("create_prediction", fields["task"])
        stored = self._store(fields)
        self._may_lose("create_prediction")
        return stored

    def import_predictions(self, project_id: int, predictions: Sequence[Mapping[str, Any]]) -> int:
        """As Label Studio: all or none for a missing task, some in silence for a misfit."""
        sent = [prediction["task"] for prediction in predictions]
        if any(self.tasks.get(task, {}).get("project") != project_id for task in sent):
            raise LabelStudioError("no such task", 400)
        self._change("import_predictions", project_id, sent)
        kept = [dict(p, project=project_id) for p in predictions if p["task"] not in self.drops]
        for prediction in kept:
            self._store(prediction)
        self._may_lose("import_predictions")
        return len(kept)

    def update_prediction(self, prediction_id: int, fields: dict[str, Any]) -> None:
        self._change("update_prediction", prediction_id, fields)
        with self._lock:
            for task in self.tasks.values():
                for prediction in task["predictions"]:
                    if prediction["id"] == prediction_id:
                        prediction.update(fields)
                        self._touch(task["id"])
        self._may_lose("update_prediction")

    def delete_prediction(self, prediction_id: int) -> None:
        self._change("delete_prediction", prediction_id)
        with self._lock:
            for task in self.tasks.values():
                kept = [p for p in task["predictions"] if p["id"] != prediction_id]
                task["predictions"] = kept

    def _store(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        with self._lock:
            stored = {**fields, "id": self._new_id()}
            self.tasks[fields["task"]]["predictions"].append(stored)
            self._touch(fields["task"])
        return stored

    def _touch(self, task_id: int) -> None:
        self.tasks[task_id]["updated_at"] = datetime.now(UTC)

    def _change(self, name: str, *arguments: Any) -> None:
        self._may_fail(name)
        self.calls.append((name, *arguments))

    def _may_fail(self, name: str) -> None:
        with self._lock:
            if self.failures.get(name):
                raise self.failures[name].pop(0)

    def _may_lose(self, name: str) -> None:
        if self.lost_answers.get(name):
            raise self.lost_answers[name].pop(0)

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


def _asked(condition: Mapping[str, Any]) -> tuple[str, str]:
    return condition["filter"].removeprefix("filter:tasks:"), condition["operator"]


def _holds(condition: Mapping[str, Any], task: Mapping[str, Any]) -> bool:
    """The Data Manager filters that the jobs use."""
    versions = {p["model_version"] for p in task["predictions"]}
    return {
        ("id", "greater"): lambda value: task["id"] > value,
        ("id", "in"): lambda value: value["min"] <= task["id"] <= value["max"],
        ("total_annotations", "equal"): lambda value: task["total_annotations"] == value,
        ("total_predictions", "greater"): lambda value: len(task["predictions"]) > value,
        ("predictions_model_versions", "contains"): lambda value: bool(versions & set(value)),
        ("predictions_model_versions", "not_contains"): lambda value: not versions & set(value),
        ("updated_at", "less"): lambda value: task["updated_at"] < datetime.fromisoformat(value),
        ("updated_at", "greater"): lambda value: task["updated_at"] > datetime.fromisoformat(value),
    }[_asked(condition)](condition["value"])
