"""The Delta table: what goes in comes out, and only a change makes a version."""

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import write_deltalake
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.table.task_rows import Annotation, Prediction, TaskRow, from_arrow, to_arrow
from sync.table.task_table import TableError, TaskTable
from tests.sync.builders import START, annotation, task_row

DRAFT = Prediction(5, "v1", 0.25, START, "[]")


@pytest.fixture
def table(tmp_path: Path) -> TaskTable:
    return TaskTable(tmp_path / "tasks")


def test_a_missing_table_is_an_empty_one(table: TaskTable) -> None:
    assert table.version is None
    assert table.rows(7) == []
    assert table.stamps(7) == {}
    assert table.project_ids() == []
    table.apply(7, [], deleted=[1])
    assert table.version is None


def test_rows_come_back_as_they_went_in(table: TaskTable) -> None:
    rows = [task_row(2, [annotation(1), annotation(2)], [DRAFT]), task_row(3)]
    table.apply(7, reversed(rows))  # type: ignore[arg-type]
    assert table.rows(7) == rows
    assert table.rows(7, [3]) == rows[1:]
    assert table.rows(7, []) == []
    stamp = table.stamps(7)[2]
    assert (stamp.updated_at, stamp.annotations, stamp.predictions) == (START, 2, 1)


def test_one_apply_inserts_replaces_and_deletes_in_one_version(table: TaskTable) -> None:
    table.apply(7, [task_row(1), task_row(2), task_row(3)])
    changed = task_row(2, [annotation()])
    table.apply(7, [changed, task_row(4)], deleted=[1])
    assert table.version == 1
    assert table.rows(7) == [changed, task_row(3), task_row(4)]
    assert TaskTable(table.path).rows(7) == table.rows(7)


def test_nothing_to_do_makes_no_version(table: TaskTable) -> None:
    table.apply(7, [task_row(1)])
    table.apply(7, [])
    table.apply(7, [], deleted=[99])
    assert TaskTable(table.path).version == 0


def test_projects_do_not_touch_each_other(table: TaskTable) -> None:
    table.apply(7, [task_row(1)])
    table.apply(8, [task_row(1, project_id=8), task_row(2, project_id=8)])
    table.apply(8, [], deleted=[1])
    assert table.project_ids() == [7, 8]
    assert [row.task_id for row in table.rows(7)] == [1]
    assert [row.task_id for row in table.rows(8)] == [2]


def test_a_table_of_other_columns_is_refused(tmp_path: Path) -> None:
    write_deltalake(str(tmp_path / "tasks"), pa.table({"id": [1]}))
    with pytest.raises(TableError, match=r"has the columns id; it can be rebuilt"):
        TaskTable(tmp_path / "tasks").rows(7)


def test_a_damaged_table_says_how_to_rebuild_it(table: TaskTable) -> None:
    table.apply(7, [task_row(1)])
    for file in table.path.glob("*.parquet"):
        file.write_bytes(b"not parquet")
    with pytest.raises(TableError, match=r"can't be read .*run `labeltune pull`"):
        TaskTable(table.path).rows(7)


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "tasks").write_text("a file where the table should be")
    with pytest.raises(TableError, match="can't be"):
        TaskTable(tmp_path / "tasks").apply(7, [task_row(1)])


times = st.datetimes(
    min_value=START.replace(tzinfo=None), max_value=(START + timedelta(9999)).replace(tzinfo=None)
).map(lambda t: t.replace(tzinfo=START.tzinfo))
ids = st.integers(1, 2**63 - 1)
texts = st.text(max_size=20)
annotations = st.builds(
    Annotation,
    id=ids,
    completed_by=st.none() | ids,
    was_cancelled=st.booleans(),
    ground_truth=st.booleans(),
    lead_time=st.none() | st.floats(0, 1e6),
    created_at=times,
    updated_at=times,
    parent_prediction=st.none() | ids,
    result=texts,
)
predictions = st.builds(
    Prediction,
    id=ids,
    model_version=texts,
    score=st.none() | st.floats(0, 1),
    created_at=times,
    result=texts,
)
rows = st.builds(
    TaskRow,
    project_id=ids,
    task_id=ids,
    data=texts,
    annotations=st.lists(annotations, max_size=3).map(tuple),
    predictions=st.lists(predictions, max_size=3).map(tuple),
    created_at=times,
    updated_at=times,
)


@given(st.lists(rows, max_size=5))
@settings(deadline=None)
def test_every_row_survives_arrow(found: list[TaskRow]) -> None:
    assert from_arrow(to_arrow(found)) == found
