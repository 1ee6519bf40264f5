"""A Label Studio in memory that imports as the real one does, however its answers get lost."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.errors import LabelStudioError
from sync.common.source_task import ID_FIELD
from sync.intake.push.project_tasks import ProjectTask, ProjectTasks

PROJECT = 7
Json = dict[str, Any]


@dataclass
class FakeClock:
    """Time that passes only when somebody sleeps."""

    now: float = 1_000_000.0

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float, /) -> None:
        self.now += seconds


class FakeFiles:
    """A data folder in memory."""

    def __init__(self) -> None:
        self.files: dict[str, str] = {}

    def read(self, name: str) -> bytes | None:
        return self.files[name].encode() if name in self.files else None

    def write(self, name: str, text: str) -> None:
        self.files[name] = text


@dataclass
class Import:
    """How one import goes: when its tasks are there, and what is answered.

    Attributes:
        after_s: seconds until they are stored; None: never.
        error: what the caller gets instead of a count.
        answer_s: seconds until then.
    """

    after_s: float | None = 0.0
    error: LabelStudioError | None = None
    answer_s: float = 0.0


@dataclass
class FakeLabelStudio:
    """One project's tasks.

    Attributes:
        imports: how the next ones go; those after them go well.
        down_until: nothing can be asked before this time.
        history: sizes of imports, in order.
    """

    clock: FakeClock
    imports: list[Import] = field(default_factory=list)
    down_until: float = 0.0
    history: list[int] = field(default_factory=list)
    tasks: dict[int, Json] = field(default_factory=dict)
    changed: list[int] = field(default_factory=list)
    _arriving: list[tuple[float, Sequence[Mapping[str, Any]]]] = field(default_factory=list)

    def add(
        self, data: Mapping[str, Any], annotations: int = 0, skipped: int = 0, begun: int = 0
    ) -> int:
        task_id = 100 + len(self.tasks)
        self.tasks[task_id] = {
            "id": task_id,
            "data": dict(data),
            "total_annotations": annotations,
            "cancelled_annotations": skipped,
            "draft_exists": bool(begun),
        }
        return task_id

    def import_tasks(self, project_id: int, tasks: bytes) -> int:
        assert project_id == PROJECT
        sent: list[Json] = json.loads(tasks)
        self.history.append(len(sent))
        going = self.imports.pop(0) if self.imports else Import()
        if going.after_s is not None:
            self._arriving.append((self.clock.now + going.after_s, sent))
        self.clock.sleep(going.answer_s)
        if going.error is not None:
            raise going.error
        return len(sent)

    def look(self) -> ProjectTasks:
        if self.clock.now < self.down_until:
            raise LabelStudioError("can't be reached")
        self.land()
        held = ProjectTasks()
        for task_id, task in self.tasks.items():
            held.add(task["data"][ID_FIELD], ProjectTask(task_id, b"", False))
        return held

    def land(self) -> None:
        """Store what has arrived by now."""
        landed = [each for each in self._arriving if each[0] <= self.clock.now]
        self._arriving = [each for each in self._arriving if each[0] > self.clock.now]
        for _, tasks in landed:
            for task in tasks:
                self.add(task["data"])

    def identities(self) -> list[str]:
        return [task["data"][ID_FIELD] for task in self.tasks.values()]

    def tasks_by_id(
        self, project_id: int, task_ids: Sequence[int], include: Sequence[str]
    ) -> list[Json]:
        assert project_id == PROJECT
        return [
            {name: self.tasks[i][name] for name in include} for i in task_ids if i in self.tasks
        ]

    def update_task(self, task_id: int, data: Mapping[str, Any]) -> None:
        self.changed.append(task_id)
        self.tasks[task_id]["data"] = dict(data)
