"""A project of any size, filled as a busy team would have it, and what people change in it."""

from collections.abc import Iterator
from typing import Any

import httpx

import label_configs
from benchmarks.pulling.server import Server
from label_configs.chat_response import ChatResponse

INTERFACE = label_configs.load("chat_response")
BATCH = 1000
# about 3.5 KB of JSON a task with its annotations, as Label Studio exports it
QUESTION = "My card was charged twice for the same purchase last week. What can I do now? " * 3
ANSWER = "We are sorry to hear that. We look at both charges and refund the second one. " * 6


class Project:
    """A project in a real Label Studio."""

    def __init__(self, server: Server, tasks: int) -> None:
        """Create it and fill it: two annotations and a prediction for each task."""
        self.http = httpx.Client(
            base_url=server.url,
            headers={"Authorization": f"Token {server.key}"},
            timeout=1800.0,
            event_hooks={"response": [httpx.Response.raise_for_status]},
        )
        self.title = f"{tasks} tasks"
        fields = {"title": self.title, "label_config": INTERFACE.label_config()}
        self.id = int(self.http.post("/api/projects/", json=fields).json()["id"])
        for start in range(0, tasks, BATCH):
            batch = [_task(i) for i in range(start, min(start + BATCH, tasks))]
            self.http.post(f"/api/projects/{self.id}/import", json=batch)

    def export(self) -> int:
        """Label Studio's own full JSON export, read to its end; returns its bytes."""
        params = {"exportType": "JSON", "download_all_tasks": "true"}
        path = f"/api/projects/{self.id}/export"
        with self.http.stream("GET", path, params=params, timeout=1800.0) as answer:
            return sum(len(part) for part in answer.iter_bytes())

    def edit(self, tasks: int, first: int) -> None:
        """Change one annotation of so many tasks, spread over the whole project.

        Args:
            first: place of the first of them, so that each round may change other ones.
        """
        ids = list(self._annotations())
        step = max(len(ids) // tasks, 1)
        for number, annotation_id in enumerate(ids[first::step][:tasks]):
            result = INTERFACE.encode(ChatResponse(f"Edited {number}. {ANSWER}"))
            self.http.patch(f"/api/annotations/{annotation_id}/", json={"result": result})

    def delete_a_task(self) -> None:
        """Delete one task in the middle."""
        params: dict[str, str | int] = {"project": self.id, "page_size": 1, "fields": "task_only"}
        total = self.http.get("/api/tasks/", params=params).json()["total"]
        (task,) = self.http.get("/api/tasks/", params=params | {"page": total // 2}).json()["tasks"]
        self.http.delete(f"/api/tasks/{task['id']}/")

    def _annotations(self) -> Iterator[int]:
        """The id of each task's first annotation."""
        params: dict[str, str | int] = {
            "project": self.id,
            "page_size": 2000,
            "fields": "all",
            "include": "annotations_ids,id",
        }
        page = 1
        while True:
            answer = self.http.get("/api/tasks/", params=params | {"page": page}).json()
            for task in answer["tasks"]:
                yield int(str(task["annotations_ids"]).split(",")[0])
            if page * 2000 >= answer["total"]:
                return
            page += 1


def _task(number: int) -> dict[str, Any]:
    messages = [{"role": "user", "content": f"Question {number}. {QUESTION}"}]
    data = INTERFACE.complete_task(
        {"messages": messages, "context": {"tier": "gold"}, "labeltune_id": f"task-{number}"},
        "Be kind and exact.",
    )
    drafted = INTERFACE.encode(ChatResponse(f"Draft {number}. {ANSWER}"))
    answered = INTERFACE.encode(ChatResponse(f"Answer {number}. {ANSWER}", verdict="edit"))
    return {
        "data": data,
        "annotations": [
            {"result": answered, "lead_time": 12.5},
            {"result": answered, "was_cancelled": number % 50 == 0},
        ],
        "predictions": [{"result": drafted, "score": 0.5, "model_version": "v1"}],
    }
