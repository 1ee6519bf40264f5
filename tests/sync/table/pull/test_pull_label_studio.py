"""Pulling from a real Label Studio, through what a task lives through."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.running import Up
from tests.sync.builders import result
from tests.sync.desk import tally
from tests.sync.table.pull.project import PulledProject, draft

pytestmark = pytest.mark.label_studio


@pytest.fixture
def project(up: Up, tmp_path: Path) -> Iterator[PulledProject]:
    """Of twelve tasks."""
    found = PulledProject(up, tmp_path, "Pulled")
    found.arrive(["?"] * 12)
    yield found
    found.close()


@pytest.fixture
def ids(project: PulledProject) -> list[int]:
    return sorted(row.task_id for row in project.listed())


def pull(project: PulledProject) -> tuple[int, int, int, int]:
    return tally(project.pull())


def test_each_change_is_one_changed_row_and_the_table_is_the_truth(
    project: PulledProject, ids: list[int]
) -> None:
    client = project.client
    assert pull(project) == (12, 0, 0, 0)
    assert pull(project) == (0, 0, 0, 12)
    annotation = project.annotate(ids[0], "Hello.")
    prediction = client.create_prediction(draft(ids[5]))["id"]
    assert pull(project) == (0, 2, 0, 10)
    changes: list[Callable[[], Any]] = [
        lambda: project.change_annotation(annotation, result=result("Edited.")),
        lambda: project.annotate(ids[1], "Hello.", was_cancelled=True),
        lambda: project.delete_annotation(annotation),
        lambda: client.update_task(ids[2], project.data("New?")),
        lambda: client.create_prediction(draft(ids[3])),
        lambda: client.import_predictions(project.id, [draft(ids[4])]),
        lambda: client.delete_prediction(prediction),
        lambda: project.in_bulk("predictions_to_annotations", ids[3]),
        lambda: project.in_bulk("delete_tasks_predictions", ids[4]),
        lambda: project.in_bulk("delete_tasks_annotations", ids[3]),
    ]
    for number, change in enumerate(changes):
        before = project.listed()
        change()
        until = time.monotonic() + 20
        while project.listed() == before:  # a bulk action may take effect after its answer
            assert time.monotonic() < until, f"Label Studio did not make change {number}"
            time.sleep(0.2)
        assert pull(project) == (0, 1, 0, 11), f"change {number}"
        assert project.rows() == project.listed()


def test_deleted_tasks_leave_the_table(project: PulledProject, ids: list[int]) -> None:
    project.pull()
    project.delete(ids[6])
    assert pull(project) == (0, 0, 1, 11)
    project.delete(ids[7])
    project.arrive(["?"])
    assert pull(project) == (1, 0, 1, 10)
    project.in_bulk("delete_tasks", *ids[:4])
    assert pull(project) == (0, 0, 4, 7)
    assert project.rows() == project.listed()


def test_a_skipped_and_a_finished_annotation_come_whole(
    project: PulledProject, ids: list[int]
) -> None:
    project.annotate(ids[0], "Hello.", ground_truth=True)
    project.annotate(ids[0], "Hello.", was_cancelled=True)
    project.pull()
    finished, skipped = sorted(project.rows()[0].annotations, key=lambda a: a.id)
    assert finished.items() == result("Hello.")
    assert (finished.ground_truth, finished.was_cancelled, finished.lead_time) == (True, False, 3.5)
    assert finished.completed_by is not None
    assert skipped.was_cancelled
