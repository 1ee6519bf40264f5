"""Pulling from a real Label Studio, through what a task lives through."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.label_studio import LabelStudio
from sync.config import Config, LabelStudioSection
from sync.pull import pull
from sync.store.rows import TaskRow, from_label_studio
from sync.store.table import TaskTable
from tests.running import Up
from tests.sync.builders import INTERFACE, result

pytestmark = pytest.mark.label_studio

TITLE = "Pulled"


class Desk:
    """A project of twelve tasks, and the folder that it is pulled into."""

    def __init__(self, up: Up, folder: Path) -> None:
        self.client: LabelStudio = up.label_studio
        key = up.env["LABEL_STUDIO_API_KEY"]
        self.http = httpx.Client(
            base_url=up.label_studio_url,
            headers={"Authorization": f"Token {key}"},
            timeout=60.0,
            event_hooks={"response": [httpx.Response.raise_for_status]},
        )
        section = LabelStudioSection(url=up.label_studio_url, project=TITLE)
        self.config = Config(folder=folder, api_key=key, label_studio=section)
        fields = {"title": TITLE, "label_config": INTERFACE.label_config()}
        self.project_id = int(self.client.create_project(fields)["id"])
        self.import_tasks(12)
        self.ids = sorted(row.task_id for row in self.truth())

    def import_tasks(self, number: int) -> None:
        task = {"data": INTERFACE.complete_task({"messages": [{"role": "user", "content": "?"}]})}
        self.client.import_tasks(self.project_id, [task] * number)

    def post(self, path: str, body: Any) -> Any:
        answer = self.http.post(path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    def annotate(self, task_id: int, **fields: Any) -> int:
        path = f"/api/tasks/{task_id}/annotations/"
        return int(self.post(path, {"result": result("Hello."), "lead_time": 3.5} | fields)["id"])

    def pull(self) -> tuple[int, int, int, int]:
        report = pull(self.config, self.client)
        return report.new, report.changed, report.deleted, report.unchanged

    def truth(self) -> list[TaskRow]:
        pages = self.client.task_pages(self.project_id)
        return [from_label_studio(self.project_id, task) for page in pages for task in page.tasks]

    def rows(self) -> list[TaskRow]:
        return TaskTable(self.config.data_dir / "tasks").rows(self.project_id)


@pytest.fixture
def desk(up: Up, tmp_path: Path) -> Iterator[Desk]:
    found = Desk(up, tmp_path)
    yield found
    found.http.close()
    found.client.delete_project(found.project_id)


def bulk(desk: Desk, action: str, *ids: int) -> None:
    """A Data Manager action on these tasks."""
    selected = {"selectedItems": {"all": False, "included": list(ids)}}
    desk.post(f"/api/dm/actions?id={action}&project={desk.project_id}", selected)


def draft(desk: Desk, task_id: int) -> dict[str, Any]:
    return {"task": task_id, "model_version": "v", "score": 0.5, "result": result("A draft.")}


def test_each_change_is_one_changed_row_and_the_table_is_the_truth(desk: Desk) -> None:
    assert desk.pull() == (12, 0, 0, 0)
    assert desk.pull() == (0, 0, 0, 12)
    ids = desk.ids
    annotation = desk.annotate(ids[0])
    prediction = desk.client.create_prediction(draft(desk, ids[5]))["id"]
    assert desk.pull() == (0, 2, 0, 10)
    changes: list[Callable[[], Any]] = [
        lambda: desk.http.patch(
            f"/api/annotations/{annotation}/", json={"result": result("Edited.")}
        ),
        lambda: desk.annotate(ids[1], was_cancelled=True),
        lambda: desk.http.delete(f"/api/annotations/{annotation}/"),
        lambda: desk.client.update_task(
            ids[2], INTERFACE.complete_task({"messages": [{"role": "user", "content": "New?"}]})
        ),
        lambda: desk.client.create_prediction(draft(desk, ids[3])),
        lambda: desk.post(
            f"/api/projects/{desk.project_id}/import/predictions", [draft(desk, ids[4])]
        ),
        lambda: desk.client.delete_prediction(prediction),
        lambda: bulk(desk, "predictions_to_annotations", ids[3]),
        lambda: bulk(desk, "delete_tasks_predictions", ids[4]),
        lambda: bulk(desk, "delete_tasks_annotations", ids[3]),
    ]
    for number, change in enumerate(changes):
        before = desk.truth()
        change()
        until = time.monotonic() + 20
        while desk.truth() == before:  # a bulk action may take effect after its answer
            assert time.monotonic() < until, f"Label Studio did not make change {number}"
            time.sleep(0.2)
        assert desk.pull() == (0, 1, 0, 11), f"change {number}"
        assert desk.rows() == desk.truth()


def test_deleted_tasks_leave_the_table(desk: Desk) -> None:
    desk.pull()
    desk.http.delete(f"/api/tasks/{desk.ids[6]}/")
    assert desk.pull() == (0, 0, 1, 11)
    desk.http.delete(f"/api/tasks/{desk.ids[7]}/")
    desk.import_tasks(1)
    assert desk.pull() == (1, 0, 1, 10)
    bulk(desk, "delete_tasks", *desk.ids[:4])
    assert desk.pull() == (0, 0, 4, 7)
    assert desk.rows() == desk.truth()


def test_a_skipped_and_a_finished_annotation_come_whole(desk: Desk) -> None:
    desk.annotate(desk.ids[0], ground_truth=True)
    desk.annotate(desk.ids[0], was_cancelled=True)
    desk.pull()
    finished, skipped = sorted(desk.rows()[0].annotations, key=lambda a: a.id)
    assert finished.items() == result("Hello.")
    assert (finished.ground_truth, finished.was_cancelled, finished.lead_time) == (True, False, 3.5)
    assert finished.completed_by is not None
    assert skipped.was_cancelled
