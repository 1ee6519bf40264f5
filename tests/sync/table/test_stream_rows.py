"""Tasks one after the other are the tasks all at once."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import write_deltalake
from hypothesis import given
from hypothesis import strategies as st

from sync.common.errors import SyncError
from sync.table import snapshot
from sync.table.snapshot import RANGE_ROWS, ranges, stream_rows
from sync.table.task_rows import SCHEMA, TaskRow, from_arrow, to_arrow
from sync.table.task_table import TaskTable
from tests.sync.builders import annotation, drafted, task_row


def full(task_id: int, project_id: int = 7) -> TaskRow:
    """A row of which every third has no annotation, and every second no draft."""
    annotations = [annotation(task_id * 10 + i, minutes=i) for i in range(task_id % 3)]
    drafts = [drafted(task_id)] * (task_id % 2)
    return task_row(task_id, annotations, drafts, project_id=project_id)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two projects whose files overlap, in several versions."""
    path = tmp_path_factory.mktemp("table") / "tasks"
    table = TaskTable(path)
    table.apply(7, [full(i) for i in range(1, 2400, 2)])
    table.apply(8, [full(i, 8) for i in range(100, 400)])
    table.apply(7, [full(i) for i in range(2, 1200, 2)], deleted=[5, 7])
    return path


@pytest.mark.parametrize("project_id", [7, 8, 9])
@pytest.mark.parametrize("at", [None, 0, 1])
def test_streamed_rows_are_all_rows(path: Path, project_id: int, at: int | None) -> None:
    table = TaskTable(path, at=at)
    streamed = list(stream_rows(table, project_id))
    assert streamed == table.rows(project_id)
    assert [row.task_id for row in streamed] == sorted(row.task_id for row in streamed)
    expected = {7: 1200 if at in (0, 1) else 1797, 8: 0 if at == 0 else 300, 9: 0}
    assert len(streamed) == expected[project_id]


def test_rows_come_a_range_at_a_time(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def counting(found: pa.Table) -> list[TaskRow]:
        read.append(len(found))
        return from_arrow(found)

    monkeypatch.setattr(snapshot, "from_arrow", counting)
    rows: Iterator[TaskRow] = stream_rows(TaskTable(path), 7)
    assert read == []
    next(rows)
    assert len(read) == 1
    assert sum(1 for _ in rows) == sum(read) - 1 == 1796
    assert max(read) <= RANGE_ROWS


def test_a_table_that_another_program_wrote_in_any_order(tmp_path: Path) -> None:
    rows = [full(i) for i in (5, 3, 900, 2, 40, 1)]
    for part in (rows[:3], rows[3:]):
        write_deltalake(str(tmp_path / "tasks"), to_arrow(part), mode="append")
    found = list(stream_rows(TaskTable(tmp_path / "tasks"), 7))
    assert found == sorted(rows, key=lambda row: row.task_id)


def test_no_table_has_no_rows(tmp_path: Path) -> None:
    table = TaskTable(tmp_path / "tasks")
    assert list(stream_rows(table, 7)) == []
    with pytest.raises(SyncError, match="is not there yet"):
        table.committed()


def test_a_file_that_is_gone_is_said_in_a_sentence(tmp_path: Path) -> None:
    table = TaskTable(tmp_path / "tasks")
    table.apply(7, [full(1)])
    for file in (tmp_path / "tasks").glob("*.parquet"):
        file.unlink()
    with pytest.raises(SyncError, match=r"can't be read .*labeltune pull"):
        list(stream_rows(TaskTable(tmp_path / "tasks"), 7))


def test_empty_lists_and_columns_come_back(tmp_path: Path) -> None:
    assert from_arrow(pa.Table.from_batches([], SCHEMA)) == []
    rows = [task_row(1), full(5), task_row(2)]
    assert from_arrow(to_arrow(rows)) == rows
    assert from_arrow(pa.concat_tables([to_arrow(rows[:1]), to_arrow(rows[1:])])) == rows
    assert from_arrow(to_arrow(rows).slice(1)) == rows[1:]


@given(
    st.lists(st.integers(1, 30_000), unique=True, max_size=3000).map(sorted),
    st.lists(st.integers(1, 30_000), max_size=30),
)
def test_ranges_hold_every_id_once(task_ids: list[int], starts: list[int]) -> None:
    found = list(ranges(task_ids, starts))
    held = [[i for i in task_ids if first <= i <= last] for first, last in found]
    assert [i for each in held for i in each] == task_ids
    assert all(0 < len(each) <= RANGE_ROWS for each in held)


def test_a_range_ends_where_a_file_begins() -> None:
    ids = range(1, 1501)
    assert list(ranges(ids, [1, 501, 520, 1001])) == [(1, 500), (501, 1000), (1001, 1500)]
    assert list(ranges(ids, [])) == [(1, 1000), (1001, 1500)]
    assert list(ranges([], [1])) == []
