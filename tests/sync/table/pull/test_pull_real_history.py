"""Pulling from a real Label Studio after any history: the table equals the full export."""

import tempfile
import time
from pathlib import Path
from typing import Any, cast

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

from tests.running import Up
from tests.sync.builders import result
from tests.sync.table.pull.project import PulledProject, draft

pytestmark = pytest.mark.label_studio

EXAMPLES = 8
STEPS = 20
# until a bulk action has taken effect
PATIENCE_S = 20.0

picks = st.integers(0, 1_000_000)


class Work(RuleBasedStateMachine):
    """People, a backend and a cron job, in any order; `up` is set by the test."""

    up: Up

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.project = PulledProject(self.up, Path(self.folder.name), "Any history")
        self.number = 0
        self.pulled = False

    def teardown(self) -> None:
        try:
            self.pulls()
        finally:  # or the next example would pull this one's project, which has its title
            self.project.close()
            self.folder.cleanup()

    # what there is to pick from

    def a_task(self, pick: int) -> dict[str, Any] | None:
        tasks = self.project.tasks()
        return tasks[pick % len(tasks)] if tasks else None

    def an_annotation(self, pick: int) -> dict[str, Any] | None:
        found = [item for task in self.project.tasks() for item in task["annotations"]]
        return found[pick % len(found)] if found else None

    def text(self) -> str:
        self.number += 1
        return f"Text {self.number}."

    def draft(self, task: dict[str, Any], version: str = "v1") -> dict[str, Any]:
        return draft(task["id"], self.text(), version)

    # what happens

    @initialize(count=st.integers(2, 6))
    def begins(self, count: int) -> None:
        self.arrive(count)

    @rule(count=st.integers(1, 3))
    def arrive(self, count: int) -> None:
        self.project.arrive([self.text() for _ in range(count)])

    @rule(pick=picks, skipped=st.booleans(), truth=st.booleans())
    def annotate(self, pick: int, skipped: bool, truth: bool) -> None:
        if task := self.a_task(pick):
            fields = {"was_cancelled": skipped, "ground_truth": truth}
            self.project.annotate(task["id"], self.text(), **fields)

    @rule(pick=picks)
    def edit(self, pick: int) -> None:
        if annotation := self.an_annotation(pick):
            self.project.change_annotation(annotation["id"], result=result(self.text()))

    @rule(pick=picks)
    def change_ground_truth(self, pick: int) -> None:
        self.turn(pick, "ground_truth")

    @rule(pick=picks)
    def skip_or_take_up_again(self, pick: int) -> None:
        self.turn(pick, "was_cancelled")

    def turn(self, pick: int, field: str) -> None:
        if annotation := self.an_annotation(pick):
            self.project.change_annotation(annotation["id"], **{field: not annotation[field]})

    @rule(pick=picks)
    def delete_annotation(self, pick: int) -> None:
        if annotation := self.an_annotation(pick):
            self.project.delete_annotation(annotation["id"])

    @rule(pick=picks)
    def delete_task(self, pick: int) -> None:
        if task := self.a_task(pick):
            self.project.delete(task["id"])

    @rule(pick=picks)
    def change_data(self, pick: int) -> None:
        if task := self.a_task(pick):
            self.project.client.update_task(task["id"], self.project.data(self.text()))

    @rule(pick=picks)
    def predict(self, pick: int) -> None:
        if task := self.a_task(pick):
            self.project.client.create_prediction(self.draft(task))

    @rule(version=st.sampled_from(["v1", "v2"]))
    def predict_in_bulk(self, version: str) -> None:
        if tasks := self.project.tasks():
            drafts = [self.draft(task, version) for task in tasks[::2]]
            stored = self.project.client.import_predictions(self.project.id, drafts)
            assert stored == len(drafts)

    @rule(pick=picks)
    def draft_again_in_bulk(self, pick: int) -> None:
        """As many predictions as before, and nothing in `updated_at` tells."""
        task = self.a_task(pick)
        if task and task["predictions"]:
            self.project.in_bulk("delete_tasks_predictions", task["id"])
            drafts = [self.draft(task, str(old["model_version"])) for old in task["predictions"]]
            self.project.client.import_predictions(self.project.id, drafts)

    @rule(pick=picks)
    def forget_in_bulk(self, pick: int) -> None:
        if task := self.a_task(pick):
            self.project.in_bulk("delete_tasks_predictions", task["id"])
            self.project.in_bulk("delete_tasks_annotations", task["id"])

    @rule()
    def pulls(self) -> None:
        """Until a bulk action has taken effect, its first half may be all there is to see."""
        until = time.monotonic() + PATIENCE_S
        while True:
            self.project.pull()
            truth, rows = self.project.exported(), self.project.rows()
            if rows == truth or time.monotonic() > until:
                break
            time.sleep(0.5)
        assert rows == truth
        self.pulled = True

    @precondition(lambda self: self.pulled)
    @invariant()
    def no_task_is_stored_twice(self) -> None:
        ids = [row.task_id for row in self.project.rows()]
        assert len(ids) == len(set(ids))


@pytest.mark.thorough
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
