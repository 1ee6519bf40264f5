"""Pulling from a real Label Studio after any history: the table equals the full export."""

import tempfile
import time
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from connectors.label_studio import LabelStudio
from sync.config import Config, LabelStudioSection
from sync.pull import pull
from sync.store.rows import TaskRow
from sync.store.table import TaskTable
from tests.running import Up
from tests.sync.builders import INTERFACE, result
from tests.sync.pull.truth import exported

pytestmark = pytest.mark.label_studio

EXAMPLES = 8
STEPS = 20
# until a bulk action has taken effect
PATIENCE_S = 5.0

picks = st.integers(0, 1_000_000)


class Work(RuleBasedStateMachine):
    """People, a backend and a cron job, in any order; `up` is set by the test."""

    up: Up

    def __init__(self) -> None:
        super().__init__()
        self.client: LabelStudio = self.up.label_studio
        key = self.up.env["LABEL_STUDIO_API_KEY"]
        self.http = httpx.Client(
            base_url=self.up.label_studio_url,
            headers={"Authorization": f"Token {key}"},
            timeout=60.0,
            event_hooks={"response": [httpx.Response.raise_for_status]},
        )
        self.folder = tempfile.TemporaryDirectory()
        section = LabelStudioSection(url=self.up.label_studio_url, project="Any history")
        self.config = Config(folder=Path(self.folder.name), api_key=key, label_studio=section)
        fields = {"title": "Any history", "label_config": INTERFACE.label_config()}
        self.project_id = int(self.client.create_project(fields)["id"])
        self.number = 0
        self.pulled = False

    def teardown(self) -> None:
        self.pulls()
        self.client.delete_project(self.project_id)
        self.http.close()
        self.folder.cleanup()

    # what there is to pick from

    def tasks(self) -> list[dict[str, Any]]:
        pages = self.client.task_pages(self.project_id)
        return [task for page in pages for task in page.tasks]

    def a_task(self, pick: int) -> dict[str, Any] | None:
        tasks = self.tasks()
        return tasks[pick % len(tasks)] if tasks else None

    def an_annotation(self, pick: int) -> dict[str, Any] | None:
        found = [annotation for task in self.tasks() for annotation in task["annotations"]]
        return found[pick % len(found)] if found else None

    def text(self) -> str:
        self.number += 1
        return f"Text {self.number}."

    def draft(self, task: dict[str, Any], version: str = "v1") -> dict[str, Any]:
        drafted = result(self.text())
        return {"task": task["id"], "model_version": version, "score": 0.5, "result": drafted}

    def in_bulk(self, action: str, *task_ids: int) -> None:
        self.http.post(
            "/api/dm/actions",
            params={"id": action, "project": self.project_id},
            json={"selectedItems": {"all": False, "included": list(task_ids)}},
        )

    # what happens

    @initialize(count=st.integers(2, 6))
    def begins(self, count: int) -> None:
        self.arrive(count)

    @rule(count=st.integers(1, 3))
    def arrive(self, count: int) -> None:
        tasks = [
            {"data": INTERFACE.complete_task({"messages": [{"role": "user", "content": text}]})}
            for text in (self.text() for _ in range(count))
        ]
        self.client.import_tasks(self.project_id, tasks)

    @rule(pick=picks, skipped=st.booleans(), truth=st.booleans())
    def annotate(self, pick: int, skipped: bool, truth: bool) -> None:
        if task := self.a_task(pick):
            fields = {"was_cancelled": skipped, "ground_truth": truth, "lead_time": 3.25}
            path = f"/api/tasks/{task['id']}/annotations/"
            self.http.post(path, json={"result": result(self.text())} | fields)

    @rule(pick=picks)
    def edit(self, pick: int) -> None:
        if annotation := self.an_annotation(pick):
            path = f"/api/annotations/{annotation['id']}/"
            self.http.patch(path, json={"result": result(self.text())})

    @rule(pick=picks)
    def change_ground_truth(self, pick: int) -> None:
        if annotation := self.an_annotation(pick):
            path = f"/api/annotations/{annotation['id']}/"
            self.http.patch(path, json={"ground_truth": not annotation["ground_truth"]})

    @rule(pick=picks)
    def skip_or_take_up_again(self, pick: int) -> None:
        if annotation := self.an_annotation(pick):
            path = f"/api/annotations/{annotation['id']}/"
            self.http.patch(path, json={"was_cancelled": not annotation["was_cancelled"]})

    @rule(pick=picks)
    def delete_annotation(self, pick: int) -> None:
        if annotation := self.an_annotation(pick):
            self.http.delete(f"/api/annotations/{annotation['id']}/")

    @rule(pick=picks)
    def delete_task(self, pick: int) -> None:
        if task := self.a_task(pick):
            self.http.delete(f"/api/tasks/{task['id']}/")

    @rule(pick=picks)
    def change_data(self, pick: int) -> None:
        if task := self.a_task(pick):
            messages = [{"role": "user", "content": self.text()}]
            self.client.update_task(task["id"], INTERFACE.complete_task({"messages": messages}))

    @rule(pick=picks)
    def predict(self, pick: int) -> None:
        if task := self.a_task(pick):
            self.client.create_prediction(self.draft(task))

    @rule(version=st.sampled_from(["v1", "v2"]))
    def predict_in_bulk(self, version: str) -> None:
        if tasks := self.tasks():
            drafts = [self.draft(task, version) for task in tasks[::2]]
            assert self.client.import_predictions(self.project_id, drafts) == len(drafts)

    @rule(pick=picks)
    def draft_again_in_bulk(self, pick: int) -> None:
        """As many predictions as before, and nothing in `updated_at` tells."""
        task = self.a_task(pick)
        if task and task["predictions"]:
            self.in_bulk("delete_tasks_predictions", task["id"])
            drafts = [self.draft(task, str(old["model_version"])) for old in task["predictions"]]
            self.client.import_predictions(self.project_id, drafts)

    @rule(pick=picks)
    def forget_in_bulk(self, pick: int) -> None:
        if task := self.a_task(pick):
            self.in_bulk("delete_tasks_predictions", task["id"])
            self.in_bulk("delete_tasks_annotations", task["id"])

    @rule()
    def pulls(self) -> None:
        """Until a bulk action has taken effect, its first half may be all there is to see."""
        until = time.monotonic() + PATIENCE_S
        while True:
            pull(self.config, self.client)
            truth, rows = exported(self.http, self.project_id), self.rows()
            if rows == truth or time.monotonic() > until:
                break
            time.sleep(0.5)
        assert rows == truth
        self.pulled = True

    def rows(self) -> list[TaskRow]:
        return TaskTable(self.config.data_dir / "tasks").rows(self.project_id)

    @precondition(lambda self: self.pulled)
    @invariant()
    def no_task_is_stored_twice(self) -> None:
        ids = [row.task_id for row in self.rows()]
        assert len(ids) == len(set(ids))


def test_after_any_history_the_table_equals_the_full_export(up: Up) -> None:
    machine = cast("type[Work]", type("WorkHere", (Work,), {"up": up}))
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            # each example takes seconds, and a smaller one would take minutes to find
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
