"""A stand-in for Label Studio: the calls that the worker makes, and what came of them.

`python -m benchmarks.standin.label_studio` prints its URL and serves until SIGTERM;
`label_studio_running()` does the same in a process of its own. It holds one project, whose tasks
come by `POST /api/projects/1/import` as in the real one.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from benchmarks.standin.process import started
from benchmarks.standin.serving import serve

PROJECT = 1
BACKEND_URL = "http://127.0.0.1:9090"
Json = dict[str, Any]


@dataclass
class _Task:
    id: int
    data: Json
    updated_at: str = ""
    predictions: list[Json] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.touched()

    def touched(self) -> None:
        self.updated_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Project:
    """The tasks and predictions of the one project, and when predictions came.

    Attributes:
        batches: one [monotonic time, predictions stored] for each call that stored some.
        drafted: tasks that got a first prediction, the last at `drafted_at`; changed: `refined_at`.
    """

    def __init__(self) -> None:
        self.tasks: dict[int, _Task] = {}
        self.title = ""
        self.extra_params: Json = {"labeltune": {}}
        self.batches: list[tuple[float, int]] = []
        self.stored = 0
        self.drafted = 0
        self.drafted_at = self.refined_at = 0.0
        self._last_id = 0

    def add_task(self, data: Json) -> None:
        """A task without predictions."""
        self._last_id += 1
        self.tasks[self._last_id] = _Task(self._last_id, data)

    def store(self, predictions: list[Json]) -> int:
        """Predictions of known tasks; returns how many were stored."""
        stored, first = 0, 0
        for fields in predictions:
            task = self.tasks.get(int(fields["task"]))
            if task is None:
                continue
            self._last_id += 1
            first += not task.predictions
            task.predictions.append({**fields, "id": self._last_id})
            task.touched()
            stored += 1
        now = time.monotonic()
        self.batches.append((now, stored))
        self.stored += stored
        self.drafted += first
        self.drafted_at = now if first else self.drafted_at
        self.refined_at = now if first < stored else self.refined_at
        return stored

    def change(self, prediction_id: int, fields: Json) -> bool:
        """Whether there was such a prediction."""
        for task in self.tasks.values():
            for prediction in (p for p in task.predictions if p["id"] == prediction_id):
                prediction.update(fields)
                self.refined_at = time.monotonic()
                return True
        return False

    def delete(self, prediction_id: int) -> bool:
        """Whether there was such a prediction."""
        for task in self.tasks.values():
            kept = [p for p in task.predictions if p["id"] != prediction_id]
            if len(kept) < len(task.predictions):
                task.predictions = kept
                return True
        return False

    def counts(self) -> Json:
        """Everything that a benchmark asks about."""
        held = Counter(
            sum("~" not in p["model_version"] for p in task.predictions)  # not replaced
            for task in self.tasks.values()
        )
        return {
            "tasks": len(self.tasks),
            "stored": self.stored,
            "tasks_by_predictions": {str(number): held[number] for number in sorted(held)},
            "batches": self.batches,
            "drafted_at": self.drafted_at,
            "refined_at": self.refined_at,
        }


def _holds(task: _Task, condition: Mapping[str, Any]) -> bool:
    """Whether a Data Manager filter holds; those that the worker uses.

    Raises:
        ValueError: another filter.
    """
    column, operator = condition["filter"].removeprefix("filter:tasks:"), condition["operator"]
    value = condition["value"]
    if column == "total_annotations":  # nobody annotates here
        return operator == "equal" and int(value) == 0
    if column == "predictions_model_versions":
        there = any(p["model_version"] in value for p in task.predictions)
        return there == (operator == "contains")
    if column == "meta" or column.startswith("data."):
        return False  # asked of finished tasks: of a split there are none either
    found = {"id": task.id, "total_predictions": len(task.predictions)}.get(column)
    if column == "updated_at" and operator == "greater":
        return task.updated_at > value
    if found is not None and operator == "greater":
        return found > int(value)
    if found is not None and operator == "in":
        return int(value["min"]) <= found <= int(value["max"])
    raise ValueError(f"no filter {condition['filter']} {operator} here")


class Server:
    """The routes."""

    def __init__(self) -> None:
        self._project = Project()

    def app(self) -> web.Application:
        """Label Studio's, and below /_ the benchmark's."""
        app = web.Application(client_max_size=256 * 2**20)
        route = app.router.add_route
        route("GET", "/api/projects/", self._projects)
        route("PATCH", "/api/projects/{id}/", self._accept)
        route("POST", "/api/projects/{id}/import", self._import)
        route("POST", "/api/projects/{id}/import/predictions", self._import_predictions)
        route("GET", "/api/ml/", self._backends)
        route("PATCH", "/api/ml/{id}", self._change_backend)
        route("GET", "/api/tasks/", self._list)
        route("PATCH", "/api/tasks/{id}/", self._change_task)
        route("POST", "/api/predictions/", self._create_prediction)
        route("PATCH", "/api/predictions/{id}/", self._change_prediction)
        route("DELETE", "/api/predictions/{id}/", self._delete_prediction)
        route("GET", "/_stats", self._stats)
        route("GET", "/_count", self._count)
        route("POST", "/_reset", self._reset)
        return app

    async def _projects(self, _: web.Request) -> web.Response:
        return web.json_response({"results": [{"id": PROJECT, "title": "p"}], "next": None})

    async def _accept(self, _: web.Request) -> web.Response:
        return web.json_response({})

    async def _import(self, request: web.Request) -> web.Response:
        tasks = await request.json()
        for task in tasks:
            self._project.add_task(task["data"])
        return web.json_response({"task_count": len(tasks)}, status=201)

    async def _import_predictions(self, request: web.Request) -> web.Response:
        created = self._project.store(await request.json())
        return web.json_response({"created": created}, status=201)

    async def _backends(self, _: web.Request) -> web.Response:
        known = self._project
        backend = {"id": 1, "url": BACKEND_URL, "project": PROJECT, "title": known.title}
        return web.json_response([{**backend, "extra_params": known.extra_params}])

    async def _change_backend(self, request: web.Request) -> web.Response:
        fields = await request.json()
        self._project.title = fields.get("title", self._project.title)
        self._project.extra_params = fields.get("extra_params", self._project.extra_params)
        return web.json_response(fields)

    async def _list(self, request: web.Request) -> web.Response:
        size, page = int(request.query["page_size"]), int(request.query.get("page", 1))
        query = json.loads(request.query["query"])
        conditions = query.get("filters", {}).get("items", ())
        known = self._project.tasks  # in the order of their ids
        selected = query.get("selectedItems", {}).get("included", known)
        tasks = (task for task in known.values() if task.id in selected)
        found = [task for task in tasks if all(_holds(task, one) for one in conditions)]
        listed = [
            {"id": task.id, "data": task.data, "predictions": task.predictions}
            for task in found[(page - 1) * size : page * size]
        ]
        return web.json_response({"tasks": listed, "total": len(found), "total_annotations": 0})

    async def _change_task(self, request: web.Request) -> web.Response:
        task = self._project.tasks[int(request.match_info["id"])]
        task.data = (await request.json())["data"]
        task.touched()
        return web.json_response({"id": task.id})

    async def _create_prediction(self, request: web.Request) -> web.Response:
        fields = await request.json()
        if not self._project.store([fields]):
            return web.json_response({"detail": "no such task"}, status=400)
        return web.json_response(fields, status=201)

    async def _change_prediction(self, request: web.Request) -> web.Response:
        found = self._project.change(int(request.match_info["id"]), await request.json())
        return web.json_response({}, status=200 if found else 404)

    async def _delete_prediction(self, request: web.Request) -> web.Response:
        found = self._project.delete(int(request.match_info["id"]))
        return web.Response(status=204 if found else 404)

    async def _stats(self, _: web.Request) -> web.Response:
        return web.json_response(self._project.counts())

    async def _count(self, _: web.Request) -> web.Response:
        return web.json_response({"drafted": self._project.drafted})

    async def _reset(self, _: web.Request) -> web.Response:
        self._project = Project()
        return web.json_response({})


@contextmanager
def label_studio_running() -> Iterator[str]:
    """Start one, and end it with the block; gives its URL."""
    with started("benchmarks.standin.label_studio") as (url, _):
        yield url


if __name__ == "__main__":
    asyncio.run(serve(Server().app()))
