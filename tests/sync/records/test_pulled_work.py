"""A project's finished work, opened once and read as often as it is needed."""

from pathlib import Path

import pytest

from sync.common.errors import SyncError
from sync.records import LabelledRecord, Unfinished
from sync.records.pulled_work import open_pulled_work
from sync.table.task_table import TaskTable
from tests.sync.builders import annotation, config_in, result, task_row


def test_each_pass_gives_the_outcomes_of_the_version_that_was_opened(tmp_path: Path) -> None:
    table = TaskTable(tmp_path / "labeltune-data" / "tasks")
    table.apply(7, [task_row(1, [annotation(items=result("First."))]), task_row(2)])
    opened = open_pulled_work(config_in(tmp_path))
    table.apply(7, [task_row(1, [annotation(items=result("Second."), minutes=1)])])
    for _ in range(2):
        first, second = opened.outcomes()
        assert isinstance(first, LabelledRecord)
        assert first.record.response == "First."
        assert second == Unfinished(2, "unlabeled")
    (newest, _) = open_pulled_work(config_in(tmp_path)).outcomes()
    assert isinstance(newest, LabelledRecord)
    assert newest.record.response == "Second."


def test_rows_on_their_way_are_read_likewise(tmp_path: Path) -> None:
    TaskTable(tmp_path / "labeltune-data" / "tasks").apply(7, [task_row(1)])
    opened = open_pulled_work(config_in(tmp_path))
    assert list(opened.outcomes([task_row(5)])) == [Unfinished(5, "unlabeled")]


def test_before_the_first_pull_there_is_no_work_to_open(tmp_path: Path) -> None:
    with pytest.raises(SyncError, match="nothing pulled yet"):
        open_pulled_work(config_in(tmp_path))
