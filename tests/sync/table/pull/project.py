"""A project in a real Label Studio, which people work on, and the folder that it is pulled into."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sync.settings import Config, LabelStudioSection
from sync.table.pull import PullReport, pull
from sync.table.task_rows import TaskRow, from_label_studio
from sync.table.task_table import TaskTable
from tests.running import Up
from tests.sync.builders import INTERFACE, result


class PulledProject:
    """An empty project at first; `close` deletes it."""

    def __init__(self, up: Up, folder: Path, title: str) -> None:
        self.client, self.http = up.label_studio, up.http
        self.config = Config(
            folder=folder,
            api_key=up.env["LABEL_STUDIO_API_KEY"],
            label_studio=LabelStudioSection(url=up.label_studio_url, project=title),
        )
        fields = {"title": title, "label_config": INTERFACE.label_config()}
        self.id = int(self.client.create_project(fields)["id"])

    def close(self) -> None:
        self.client.delete_project(self.id)

    # what people do

    def arrive(self, questions: Sequence[str], **more: Any) -> None:
        """New tasks; `more` is beside the data of each."""
        tasks = [{"data": self.data(question), **more} for question in questions]
        self.client.import_tasks(self.id, tasks)

    def data(self, question: str) -> dict[str, Any]:
        return INTERFACE.complete_task({"messages": [{"role": "user", "content": question}]})

    def annotate(self, task_id: int, answer: str, **fields: Any) -> int:
        """Returns the annotation's id."""
        body = {"result": result(answer), "lead_time": 3.5} | fields
        return int(self.http.post(f"/api/tasks/{task_id}/annotations/", json=body).json()["id"])

    def change_annotation(self, annotation_id: int, **fields: Any) -> None:
        self.http.patch(f"/api/annotations/{annotation_id}/", json=fields)

    def delete_annotation(self, annotation_id: int) -> None:
        self.http.delete(f"/api/annotations/{annotation_id}/")

    def delete(self, task_id: int) -> None:
        self.http.delete(f"/api/tasks/{task_id}/")

    def in_bulk(self, action: str, *task_ids: int) -> None:
        """A Data Manager action on these tasks."""
        self.http.post(
            "/api/dm/actions",
            params={"id": action, "project": self.id},
            json={"selectedItems": {"all": False, "included": list(task_ids)}},
        )

    # what there is

    def tasks(self, include: Sequence[str] = ()) -> list[dict[str, Any]]:
        pages = self.client.task_pages(self.id, include=include)
        return [task for page in pages for task in page.tasks]

    def listed(self) -> list[TaskRow]:
        """What a plain listing holds."""
        return [from_label_studio(self.id, task) for task in self.tasks()]

    def exported(self) -> list[TaskRow]:
        """What the full JSON export holds, by id.

        It has predictions by id only; what is in them comes from a plain listing.
        """
        path = f"/api/projects/{self.id}/export"
        options = {"exportType": "JSON", "download_all_tasks": "true"}
        tasks = {task["id"]: task for task in self.http.get(path, params=options).json()}
        listing: dict[str, str | int] = {"project": self.id, "fields": "all", "page_size": 100_000}
        listed = self.http.get("/api/tasks/", params=listing).json()["tasks"] if tasks else []
        drafts = {draft["id"]: draft for task in listed for draft in task["predictions"]}
        return [
            from_label_studio(
                self.id, task | {"predictions": [drafts[i] for i in task["predictions"]]}
            )
            for _, task in sorted(tasks.items())
        ]

    # what LabelTune has of it

    def pull(self) -> PullReport:
        return pull(self.config, self.client)

    def rows(self) -> list[TaskRow]:
        return TaskTable(self.config.data_dir / "tasks").rows(self.id)


def draft(task_id: int, answer: str = "A draft.", version: str = "v1") -> dict[str, Any]:
    """A prediction to be stored."""
    return {"task": task_id, "model_version": version, "score": 0.5, "result": result(answer)}
