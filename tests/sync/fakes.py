"""A Label Studio in memory, at the seam of `sync.table.pull.task_listing.TaskSource`."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.task_pages import TaskPage

Json = dict[str, Any]

PROJECT_ID = 7


class FakeLabelStudio:
    """One project; every change and every request moves the clock by a millisecond.

    It lists as Label Studio does: `include` also thins the nested annotations, a bulk import of
    predictions leaves `updated_at` alone, and a deleted task just is not there.

    Attributes:
        history: one entry a request, the filters it was made with or "projects".
        meanwhile: called after each page, as people who work during a pull.
    """

    def __init__(self, title: str = "Support answers") -> None:
        self.title = title
        self.tasks: dict[int, Json] = {}
        self.history: list[Any] = []
        self.meanwhile: Callable[[], object] = lambda: None
        self._now = datetime(2026, 11, 21, 12, tzinfo=UTC)
        self._last_id = 100

    # what people do

    def add(self, **data: Any) -> int:
        """A new task; returns its id."""
        task_id = self._id()
        data = {"messages": [{"role": "user", "content": f"question {task_id}"}]} | data
        stamp = self._tick()
        self.tasks[task_id] = {
            "id": task_id,
            "data": data,
            "annotations": [],
            "predictions": [],
            "created_at": stamp,
            "updated_at": stamp,
        }
        return task_id

    def annotate(self, task_id: int, result: Sequence[Json] = (), **fields: Any) -> int:
        """A new annotation; returns its id."""
        stamp = self._tick()
        annotation_id = self._id()
        annotation: Json = {
            "id": annotation_id,
            "result": list(result),
            "completed_by": 1,
            "was_cancelled": False,
            "ground_truth": False,
            "lead_time": 1.5,
            "parent_prediction": None,
            "created_at": stamp,
            "updated_at": stamp,
        } | fields
        self.tasks[task_id]["annotations"].append(annotation)
        self.touch(task_id)
        return annotation_id

    def edit(self, task_id: int, result: Sequence[Json]) -> None:
        """Change a task's last annotation."""
        annotation = self.tasks[task_id]["annotations"][-1]
        annotation |= {"result": list(result), "updated_at": self._tick()}
        self.touch(task_id)

    def predict(self, task_id: int, in_bulk: bool = False) -> None:
        """A draft; imported in bulk, it leaves `updated_at` as it was."""
        self.tasks[task_id]["predictions"].append(
            {
                "id": self._id(),
                "model_version": "v1",
                "score": 0.25,
                "created_at": self._tick(),
                "result": [],
            }
        )
        if not in_bulk:
            self.touch(task_id)

    def draft_again(self, task_id: int) -> None:
        """Delete a task's drafts and import as many, in bulk: no time and no count tells."""
        number = len(self.tasks[task_id]["predictions"])
        self.tasks[task_id]["predictions"].clear()
        for _ in range(number):
            self.predict(task_id, in_bulk=True)

    def delete(self, task_id: int) -> None:
        del self.tasks[task_id]

    def touch(self, *task_ids: int, at: str | None = None) -> None:
        """Set `updated_at`, of all these tasks to one time, as a bulk action does."""
        stamp = at or self._tick()
        for task_id in task_ids:
            self.tasks[task_id]["updated_at"] = stamp

    def wait(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)

    # what LabelTune asks

    def find_project(self, title: str, include: Sequence[str] = ()) -> Json | None:
        self.history.append("projects")
        if title != self.title:
            return None
        annotations = [a for t in self.tasks.values() for a in t["annotations"]]
        skipped = sum(a["was_cancelled"] for a in annotations)
        return {
            "id": PROJECT_ID,
            "title": title,
            "task_number": len(self.tasks),
            "total_annotations_number": len(annotations) - skipped,
            "skipped_annotations_number": skipped,
            "total_predictions_number": sum(len(t["predictions"]) for t in self.tasks.values()),
        }

    def task_pages(
        self,
        project_id: int,
        filters: Sequence[Mapping[str, Any]] = (),
        ordering: Sequence[str] = ("tasks:id",),
        include: Sequence[str] = (),
        page_size: int = 500,
    ) -> Iterator[TaskPage]:
        assert project_id == PROJECT_ID
        page = 0
        while True:
            self.history.append([(f["filter"], f["operator"], f["value"]) for f in filters])
            order = ordering[0].removeprefix("tasks:")
            listed = [_counted(t) for t in self.tasks.values()]
            found = sorted((t for t in listed if _fits(t, filters)), key=lambda t: t[order])
            shown = found[page * page_size : (page + 1) * page_size]
            total = sum(t["total_annotations"] for t in found)
            answer = json.loads(json.dumps([_thin(t, include) for t in shown]))
            asked_at = self._now.replace(microsecond=0)
            self._tick()
            self.meanwhile()
            drafts = sum(t["total_predictions"] for t in found)
            yield TaskPage(answer, len(found), total, drafts, asked_at)
            page += 1
            if page * page_size >= len(found):
                return

    def tasks_by_id(
        self, project_id: int, task_ids: Sequence[int], include: Sequence[str]
    ) -> list[Json]:
        assert project_id == PROJECT_ID
        assert task_ids
        self.history.append(list(task_ids))
        found = [_counted(self.tasks[i]) for i in sorted(task_ids) if i in self.tasks]
        answer: list[Json] = json.loads(json.dumps([_thin(t, include) for t in found]))
        self._tick()
        self.meanwhile()
        return answer

    def predictions(self, project_id: int) -> Iterator[Json]:
        assert project_id == PROJECT_ID
        self.history.append("predictions")
        found = [
            prediction | {"task": task["id"]}
            for task in self.tasks.values()
            for prediction in task["predictions"]
        ]
        self._tick()
        self.meanwhile()
        yield from json.loads(json.dumps(found))

    def model_versions(self, project_id: int) -> list[Json]:
        assert project_id == PROJECT_ID
        self.history.append("model versions")
        made: dict[str, list[str]] = {}
        for prediction in self.predictions_now():
            made.setdefault(prediction["model_version"], []).append(prediction["created_at"])
        return [
            {"model_version": name, "count": len(times), "latest": max(times)}
            for name, times in made.items()
        ]

    def predictions_now(self) -> list[Json]:
        """Every prediction there is."""
        return [p for task in self.tasks.values() for p in task["predictions"]]

    def _tick(self) -> str:
        self._now += timedelta(milliseconds=1)
        # Django leaves the fraction out when it is zero
        return self._now.isoformat().replace("+00:00", "Z")

    def _id(self) -> int:
        self._last_id += 1
        return self._last_id


def _counted(task: Json) -> Json:
    skipped = sum(a["was_cancelled"] for a in task["annotations"])
    return task | {
        "total_annotations": len(task["annotations"]) - skipped,
        "cancelled_annotations": skipped,
        "total_predictions": len(task["predictions"]),
    }


def _fits(task: Json, filters: Sequence[Mapping[str, Any]]) -> bool:
    for item in filters:
        column = item["filter"].removeprefix("filter:tasks:")
        have, want = task[column], item["value"]
        if item["type"] == "Datetime":
            have, want = datetime.fromisoformat(have), datetime.fromisoformat(want)
        fits = {
            "equal": have == want,
            "greater": have > want,
            "less_or_equal": have <= want,
            "greater_or_equal": have >= want,
        }
        if not fits[item["operator"]]:
            return False
    return True


def _thin(task: Json, include: Sequence[str]) -> Json:
    if not include:
        return task
    thin = {key: value for key, value in task.items() if key in include}
    if "annotations" in thin:
        thin["annotations"] = [
            {key: value for key, value in a.items() if f"annotations.{key}" in include}
            for a in task["annotations"]
        ]
    return thin
