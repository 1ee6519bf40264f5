"""Files of the table: only those with a change are written anew, and they stay few."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.table import merge, parquet_files
from sync.table.task_rows import TaskRow, to_arrow
from sync.table.task_table import TableError, TaskTable
from tests.sync.builders import START, annotation, task_row

ROWS = 10


@pytest.fixture(autouse=True)
def small_blocks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module in (parquet_files, merge):
            patch.setattr(module, "FILE_ROWS", ROWS)
        yield


@pytest.fixture
def table(tmp_path: Path) -> TaskTable:
    found = TaskTable(tmp_path / "tasks")
    found.apply(7, [task_row(i) for i in range(1, 46)])
    return found


def files(table: TaskTable) -> set[str]:
    return set(DeltaTable(str(table.path)).file_uris())


def edited(task_id: int) -> TaskRow:
    return task_row(task_id, [annotation(task_id)], updated_at=START + timedelta(minutes=1))


def test_rows_lie_together_by_id(table: TaskTable) -> None:
    held = [block.task_ids for block in table.stored(7).blocks]
    assert sorted(map(len, held)) == [5, 10, 10, 10, 10]
    assert all(max(ids) - min(ids) == len(ids) - 1 for ids in held)


def test_only_files_with_a_change_are_written_anew(table: TaskTable) -> None:
    before = files(table)
    table.apply(7, [edited(15)], deleted=[38])
    assert len(before & files(table)) == 3
    assert len(table.rows(7)) == 44


def test_new_rows_fill_the_last_file(table: TaskTable) -> None:
    for task_id in range(46, 96):
        table.apply(7, [task_row(task_id)])
    assert len(files(table)) == 10
    assert [row.task_id for row in table.rows(7)] == list(range(1, 96))


def test_rows_that_are_the_same_are_counted_and_leave_the_files(table: TaskTable) -> None:
    before = files(table)
    merged = table.apply(7, [task_row(3), task_row(25)])
    assert (merged.new, merged.changed, merged.deleted, merged.same) == (0, 0, 0, 2)
    assert (files(table), table.version) == (before, 0)
    merged = table.apply(7, [task_row(3), edited(4), task_row(25)])
    assert (merged.changed, merged.same) == (1, 2)
    assert len(before & files(table)) == 4


def test_a_row_that_differs_only_inside_is_changed(table: TaskTable) -> None:
    other = task_row(3, again=True)  # the same time, the same counts
    assert table.apply(7, [other]).changed == 1
    assert table.rows(7, [3]) == [other]


def test_what_is_deleted_is_not_inserted(table: TaskTable) -> None:
    merged = table.apply(7, [task_row(99), edited(5)], deleted=[99, 5])
    assert (merged.new, merged.changed, merged.deleted) == (0, 0, 1)
    assert 99 not in table.stamps(7)


def test_long_tasks_make_smaller_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_files, "FILE_BYTES", 10_000)
    table = TaskTable(tmp_path / "tasks")
    table.apply(7, [task_row(i, text="x" * 3000) for i in range(6)])
    assert 2 <= len(files(table)) <= 3
    assert len(table.rows(7)) == 6


def test_an_old_version_keeps_its_files(table: TaskTable) -> None:
    table.apply(7, [edited(15)], deleted=range(30, 46))
    assert len(TaskTable(table.path, at=0).rows(7)) == 45


def test_of_two_who_write_at_once_one_fails_and_nothing_is_doubled(table: TaskTable) -> None:
    for rows in ([edited(1)], [task_row(50)]):
        late = TaskTable(table.path)
        late.stored(7)
        table.apply(7, rows)
        with pytest.raises(TableError, match="another process wrote the table meanwhile"):
            late.apply(7, rows)
    assert len(table.rows(7)) == 46


def test_of_two_first_pulls_one_fails(tmp_path: Path) -> None:
    first, second = TaskTable(tmp_path / "tasks"), TaskTable(tmp_path / "tasks")
    assert second.stored(7).stamps == {}
    first.apply(7, [task_row(1)])
    with pytest.raises(TableError, match="another process wrote the table meanwhile"):
        second.apply(7, [task_row(1)])
    assert len(TaskTable(tmp_path / "tasks").rows(7)) == 1


def test_a_table_of_one_large_file_of_several_projects_is_taken_over(tmp_path: Path) -> None:
    rows = [task_row(i, project_id=7 + i % 2) for i in range(1, 61)]
    write_deltalake(str(tmp_path / "tasks"), to_arrow(rows))
    table = TaskTable(tmp_path / "tasks")
    assert len(table.stamps(7)) == 30
    table.apply(7, [edited(2)], deleted=[4])
    assert len(table.rows(7)) == 29
    assert table.rows(7, [2]) == [edited(2)]
    assert table.rows(8) == [row for row in rows if row.project_id == 8]


def test_a_file_that_cannot_be_read_leaves_the_table_as_it_was(table: TaskTable) -> None:
    stored = table.stored(7)
    (path,) = (b.path for b in stored.blocks if 15 in b.task_ids)
    whole = (table.path / path).read_bytes()  # type: ignore[operator]
    (table.path / path).write_bytes(b"not parquet")  # type: ignore[operator]
    with pytest.raises(TableError, match="can't be written"):
        table.apply(7, [edited(5), edited(15)])
    (table.path / path).write_bytes(whole)  # type: ignore[operator]
    names = {Path(uri).name for uri in files(table)}
    assert {file.name for file in Path(table.path).glob("*.parquet")} == names
    assert len(TaskTable(table.path).rows(7)) == 45


changes = st.lists(
    st.tuples(st.lists(st.integers(1, 40), unique=True, max_size=25), st.sets(st.integers(1, 40))),
    max_size=6,
)


@given(changes)
@settings(deadline=None, max_examples=30)
def test_it_does_what_a_dictionary_does(found: list[tuple[list[int], set[int]]]) -> None:
    model: dict[int, TaskRow] = {}
    with TemporaryDirectory() as folder:
        table = TaskTable(Path(folder) / "tasks")
        for number, (upserts, deleted) in enumerate(found):
            fresh = {i: task_row(i, round=number // 2) for i in upserts if i not in deleted}
            gone = model.keys() & deleted
            changed = sum(i in model and model[i] != row for i, row in fresh.items())
            new = len(fresh.keys() - model.keys())
            merged = table.apply(7, fresh.values(), deleted)
            assert (merged.new, merged.changed, merged.deleted) == (new, changed, len(gone))
            model = {i: r for i, r in (model | fresh).items() if i not in deleted}
            assert {row.task_id: row for row in table.rows(7)} == model
            assert table.stamps(7).keys() == model.keys()


def test_columns_are_built_as_arrow_builds_them() -> None:
    rows = [task_row(1, [annotation(1), annotation(2)]), task_row(2)]
    plain = [{**vars(r), "annotations": [vars(a) for a in r.annotations]} for r in rows]
    assert to_arrow(rows).equals(pa.Table.from_pylist(plain, schema=to_arrow(rows).schema))
