"""A Label Studio of several projects in memory, for whoever fills queues.

It keeps what the real one would: an import creates all tasks or none, a skipped annotation of an id
that is there already is refused, and what a caller that died had sent before stays.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from rich.progress import Progress

from connectors.errors import LabelStudioError
from connectors.task_pages import TaskPage
from label_configs.review import Review
from sync.queue.asked_texts import TextEmbedding
from sync.queue.review.run import ReviewReport, review
from sync.settings import Config
from sync.settings.review import ReviewSection
from tests.sync.builders import REVIEW, config_in, result
from tests.sync.fakes import PROJECT_ID, FakeLabelStudio, Json

TITLE = "Support answers"


class Killed(BaseException):
    """The end of the process that made a call."""


class ReviewStudio:
    """Projects by id, with a backend each that is always connected.

    Attributes:
        people: e-mails by id.
        writes: calls that changed something.
        dies_at: the number of the write at which the caller dies, before or after it is done.
    """

    url = "http://studio"

    def __init__(self) -> None:
        self.projects_by_id: dict[int, FakeLabelStudio] = {}
        self.settings: dict[int, Json] = {}
        self.views_by_id: dict[int, list[Json]] = {}
        self.backends_by_id: dict[int, list[Json]] = {}
        self.webhooks_by_id: dict[int, list[Json]] = {}
        self.overlaps: dict[int, int] = {}
        self.bars: set[UUID] = set()
        self.people: dict[int, str] = {}
        self.writes = 0
        self.dies_at: tuple[int, bool] | None = None

    # what people do

    def project(self, title: str = TITLE) -> FakeLabelStudio:
        """The oldest project of that title."""
        return next(p for p in self.projects_by_id.values() if p.title == title)

    def answer(self, text: str, by: int = 1, name: str | None = None, **data: Any) -> int:
        """A finished task of the main project; returns its id."""
        if not self.projects_by_id:
            self._new(TITLE)
        studio = self.project()
        task_id = studio.add(labeltune_id=name or f"source-{len(studio.tasks)}", **data)
        studio.annotate(task_id, result(text, verdict="edit"), completed_by=by)
        return task_id

    def queue(self, tier: str = "peer") -> dict[str, Json]:
        """The reviews of a queue, by the id of what they are about; none may stand twice."""
        tasks = self.project(f"{TITLE} review: {tier}").tasks.values()
        found = {task["data"]["reviewed_id"]: task for task in tasks}
        assert len(found) == len(tasks)
        return found

    def decide(self, name: str, by: int = 9, tier: str = "peer", **controls: Any) -> None:
        """Finish the review of a task."""
        task = self.queue(tier)[name]
        items = REVIEW.encode(Review(**controls))
        self.project(f"{TITLE} review: {tier}").annotate(task["id"], items, completed_by=by)

    def stream(self, user: int, tier: str = "peer") -> set[str]:
        """What "Label All Tasks" may give somebody of a queue."""
        given = set()
        for name, task in self.queue(tier).items():
            had = {each["completed_by"] for each in task["annotations"]}
            done = {e["completed_by"] for e in task["annotations"] if not e["was_cancelled"]}
            if user not in had and len(done) < self.overlaps.get(task["id"], 1):
                given.add(name)
        return given

    # what LabelTune asks

    def project_url(self, project_id: int) -> str:
        return f"{self.url}/projects/{project_id}/data"

    def projects(self, **filters: str) -> list[Json]:
        return [self._listed(each) for each in self.projects_by_id]

    def find_project(self, title: str, include: Sequence[str] = ()) -> Json | None:
        same = [i for i, each in self.projects_by_id.items() if each.title == title]
        return self._listed(min(same)) if same else None

    def _listed(self, project_id: int) -> Json:
        studio = self.projects_by_id[project_id]
        counted = studio.find_project(studio.title)
        assert counted is not None
        return {**counted, **self.settings[project_id], "id": project_id, "model_version": "v1"}

    def task_pages(self, project_id: int, *args: Any, **options: Any) -> Iterator[TaskPage]:
        return self.projects_by_id[project_id].task_pages(PROJECT_ID, *args, **options)

    def tasks_by_id(
        self, project_id: int, task_ids: Sequence[int], include: Sequence[str]
    ) -> list[Json]:
        if not task_ids:
            return []
        found = self.projects_by_id[project_id].tasks_by_id(PROJECT_ID, task_ids, ())
        for task in found:
            task |= {"overlap": self.overlaps.get(task["id"], 1), "draft_exists": False}
        return [{k: v for k, v in task.items() if k in include} for task in found]

    def predictions(self, project_id: int) -> Iterator[Json]:
        return self.projects_by_id[project_id].predictions(PROJECT_ID)

    def model_versions(self, project_id: int) -> list[Json]:
        return self.projects_by_id[project_id].model_versions(PROJECT_ID)

    def backends(self, project_id: int) -> list[Json]:
        return self.backends_by_id[project_id]

    def webhooks(self, project_id: int) -> list[Json]:
        return self.webhooks_by_id[project_id]

    def users(self) -> list[Json]:
        return [{"id": number, "email": email} for number, email in self.people.items()]

    def views(self, project_id: int) -> list[Json]:
        return self.views_by_id[project_id]

    # what LabelTune changes

    def create_project(self, fields: Mapping[str, Any]) -> Json:
        with self._write():
            project_id = self._new(str(fields["title"]), fields)
        return self._listed(project_id)

    def _new(self, title: str, fields: Mapping[str, Any] | None = None) -> int:
        project_id = PROJECT_ID + len(self.projects_by_id)
        studio = FakeLabelStudio(title)
        studio._last_id = 1000 * project_id
        self.projects_by_id[project_id] = studio
        self.settings[project_id] = dict(fields or {"label_config": "<View/>"})
        for by_id in (self.views_by_id, self.backends_by_id, self.webhooks_by_id):
            by_id[project_id] = []
        return project_id

    def update_project(self, project_id: int, fields: Mapping[str, Any]) -> Json:
        with self._write():
            self.settings[project_id] |= fields
        return self._listed(project_id)

    def add_backend(self, fields: Mapping[str, Any]) -> Json:
        with self._write():
            made = {**fields, "id": 1, "model_version": "v1", "readable_state": "Connected"}
            self.backends_by_id[fields["project"]].append(made)
        return made

    def update_backend(self, backend_id: int, fields: Mapping[str, Any]) -> Json:
        with self._write():
            (known,) = self.backends_by_id[fields["project"]]
            known |= fields
        return known

    def add_webhook(self, fields: Mapping[str, Any]) -> Json:
        with self._write():
            self.webhooks_by_id[fields["project"]].append({**fields, "id": 1})
        return dict(fields)

    def add_view(self, fields: Mapping[str, Any]) -> Json:
        with self._write():
            self.views_by_id[fields["project"]].append({**fields, "id": 1})
        return dict(fields)

    def import_tasks(self, project_id: int, tasks: bytes) -> int:
        with self._write():
            sent = json.loads(tasks)
            for task in sent:
                self.projects_by_id[project_id].add(**task["data"])
        return len(sent)

    def update_task(self, task_id: int, data: Mapping[str, Any]) -> None:
        with self._write():
            studio = self._of_task(task_id)
            studio.tasks[task_id]["data"] = dict(data)
            studio.touch(task_id)

    def delete_untouched_tasks(
        self, project_id: int, task_ids: Sequence[int], *, skipped: bool = False
    ) -> int:
        with self._write():
            tasks = self.projects_by_id[project_id].tasks
            gone = [i for i in task_ids if i in tasks and not _is_touched(tasks[i], skipped)]
            for task_id in gone:
                del tasks[task_id]
        return len(gone)

    def skip_for(self, task_id: int, user_id: int, unique_id: UUID) -> bool:
        with self._write():
            if unique_id in self.bars:
                return False
            self.bars.add(unique_id)
            self._of_task(task_id).annotate(task_id, completed_by=user_id, was_cancelled=True)
        return True

    def set_ground_truth(self, annotation_id: int, *, to: bool = True) -> None:
        with self._write():
            for studio in self.projects_by_id.values():
                for task_id, task in studio.tasks.items():
                    ids = [each["id"] for each in task["annotations"]]
                    if annotation_id not in ids:
                        continue
                    for each in task["annotations"]:
                        each["ground_truth"] = to and each["id"] == annotation_id
                        if each["id"] == annotation_id:
                            each["updated_at"] = studio._tick()
                    studio.touch(task_id)
                    return
            raise LabelStudioError("no such annotation", 404)

    def set_overlap(self, task_id: int, overlap: int, *, is_labeled: bool) -> None:
        with self._write():
            self._of_task(task_id)
            self.overlaps[task_id] = overlap

    def _of_task(self, task_id: int) -> FakeLabelStudio:
        for studio in self.projects_by_id.values():
            if task_id in studio.tasks:
                return studio
        raise LabelStudioError("no such task", 404)

    def _write(self) -> "_Write":
        return _Write(self)


def _is_touched(task: Json, skipped: bool) -> bool:
    return any(not (skipped and each["was_cancelled"]) for each in task["annotations"])


class _Write:
    """A change that is made, unless its caller is dead by then."""

    def __init__(self, studio: ReviewStudio) -> None:
        self._studio = studio

    def __enter__(self) -> None:
        self._studio.writes += 1
        if self._studio.dies_at == (self._studio.writes, False):
            raise Killed

    def __exit__(self, *error: object) -> None:
        if self._studio.dies_at == (self._studio.writes, True):
            raise Killed


def reviewing(folder: Path, **settings: Any) -> Config:
    """A configuration in which nothing goes to review unless a test asks for it."""
    quiet = {"random": 0.0, "risk": 0.0, "first_tasks": 0}
    return config_in(folder).model_copy(update={"review": ReviewSection(**(quiet | settings))})


def run(
    config: Config,
    studio: ReviewStudio,
    embedding: TextEmbedding | None = None,
    *,
    dry_run: bool = False,
    settled: bool = False,
) -> ReviewReport:
    client: Any = studio
    return review(
        config,
        client,
        Progress(disable=True),
        embedding=embedding or TextEmbedding(load=lambda _: Unlike()),
        dry_run=dry_run,
        settled=settled,
    )


class Unlike:
    """An embedding model by which no text means what another does."""

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """(n, dim) unit rows."""
        vectors = np.zeros((len(texts), 256), np.float32)
        for row, text in enumerate(texts):
            vectors[row, hashlib.sha256(text.encode()).digest()[0]] = 1.0
        return vectors
