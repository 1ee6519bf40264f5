"""Versions: what each did, and which one a number or a time means."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from deltalake import write_deltalake
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.common.errors import SyncError
from sync.table.history import history, version_at
from sync.table.task_rows import to_arrow
from sync.table.task_table import TaskTable
from tests.sync.builders import annotation, task_row
from tests.sync.table.aged import age, days_ago, make


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "tasks"


def test_no_table_has_no_versions(path: Path) -> None:
    assert history(TaskTable(path)) == []
    with pytest.raises(SyncError, match="nothing pulled yet"):
        version_at(TaskTable(path), 0)


def test_each_version_says_what_it_did(path: Path) -> None:
    make(path)
    found = [
        (v.version, v.operation, v.project_id, v.new, v.changed, v.deleted, v.tasks, v.readable)
        for v in history(TaskTable(path))
    ]
    assert found == [
        (2, "pull", 7, 0, 0, 1, 2, True),
        (1, "pull", 7, 1, 1, 0, 3, True),
        (0, "pull", 7, 2, 0, 0, 2, True),
    ]
    times = [v.at for v in history(TaskTable(path))]
    assert times == sorted(times, reverse=True)
    assert abs(times[0] - datetime.now(UTC)) < timedelta(minutes=5)


def test_projects_are_counted_apart(path: Path) -> None:
    make(path)
    TaskTable(path).apply(8, [task_row(1, project_id=8)])
    TaskTable(path).apply(7, [task_row(9)])
    found = [(v.project_id, v.tasks) for v in history(TaskTable(path))]
    assert found == [(7, 3), (8, 1), (7, 2), (7, 3), (7, 2)]


def test_what_another_program_wrote_leaves_earlier_counts_unknown(path: Path) -> None:
    make(path)
    write_deltalake(str(path), to_arrow([task_row(50)]), mode="append")
    TaskTable(path).apply(7, [task_row(9)])
    found = [(v.operation, v.project_id, v.new, v.tasks) for v in history(TaskTable(path))]
    assert found[:3] == [("pull", 7, 1, 4), ("write", None, 1, None), ("pull", 7, 0, None)]


@settings(max_examples=10, deadline=None)
@given(st.data())
def test_counts_are_those_of_the_rows(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("any") / "tasks"
    steps = data.draw(
        st.lists(
            st.tuples(
                st.sampled_from([7, 8]),
                st.sets(st.integers(1, 4)),
                st.sets(st.integers(1, 4)),
            ),
            min_size=1,
            max_size=5,
        )
    )
    for minute, (project, upserts, deleted) in enumerate(steps):
        rows = [task_row(i, [annotation(minutes=minute)], project_id=project) for i in upserts]
        TaskTable(path).apply(project, rows, deleted - upserts)
    for version in history(TaskTable(path)):
        assert version.project_id is not None
        then = TaskTable(path, at=version.version)
        assert version.tasks == len(then.rows(version.project_id))


# --- which version is meant


def test_a_past_version_is_read_exactly(path: Path) -> None:
    states = make(path)
    for version, rows in enumerate(states):
        assert version_at(TaskTable(path), version) == version
        assert TaskTable(path, at=version).rows(7) == rows
    assert TaskTable(path).rows(7) == states[-1]


def test_a_time_means_the_version_that_was_newest_then(path: Path) -> None:
    make(path)
    age(path, 10, 5, 1)
    table = TaskTable(path)
    for days, version in ((9, 0), (5.5, 0), (4, 1), (1.5, 1), (0.5, 2), (-300, 2)):
        assert version_at(table, days_ago(days)) == version
    exact = {v.version: v.at for v in history(table)}
    assert [version_at(table, exact[v]) for v in (0, 1, 2)] == [0, 1, 2]
    assert version_at(table, exact[1] - timedelta(milliseconds=1)) == 0


def test_what_there_is_not_is_one_sentence_with_what_there_is(path: Path) -> None:
    make(path)
    age(path, 10, 5, 1)
    table = TaskTable(path)
    for asked, said in ((3, "no version 3"), (days_ago(11), "no version at 20")):
        with pytest.raises(SyncError, match=said) as caught:
            version_at(table, asked)
        assert "there are versions 0 (20" in str(caught.value)
        assert str(caught.value).endswith("see `labeltune versions`")


def test_no_version_is_forgotten_by_itself(path: Path) -> None:
    """The table library's own habit is to drop log entries of 30 days ago at a checkpoint."""
    TaskTable(path).apply(7, [task_row(1)])
    for _ in range(2):
        for _ in range(100):  # after so many comes a checkpoint
            write_deltalake(str(path), to_arrow([]), mode="append")
        then = time.time() - 40 * 86400
        for file in (path / "_delta_log").iterdir():
            os.utime(file, (then, then))
    assert len(list((path / "_delta_log").glob("*.checkpoint.parquet"))) == 2
    assert [v.version for v in history(TaskTable(path))] == list(range(200, -1, -1))
    assert version_at(TaskTable(path), 0) == 0
