"""Merge changed rows into the table's files: only those are written anew that hold a change."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc
from deltalake.transaction import AddAction, RemoveAction

from sync.table.arrow_columns import array
from sync.table.parquet_files import (
    FILE_ROWS,
    TableFile,
    TableFiles,
    TableFileWriter,
    is_of,
    removal,
)
from sync.table.task_rows import TaskRow, from_arrow, to_arrow
from sync.table.task_stamps import Stamp, StoredTasks, stamp_of


class Upserts(Protocol):
    """Rows to insert or to replace, on disk if they are many."""

    @property
    def stamps(self) -> Mapping[int, Stamp]:
        """Of every row, by task id."""

    def rows(self, task_ids: Sequence[int]) -> list[TaskRow]:
        """Some of them, by task id."""


class RowsInMemory:
    """Few rows, as `Upserts`."""

    def __init__(self, rows: Iterable[TaskRow]) -> None:
        self._rows = {row.task_id: row for row in rows}
        self.stamps = {i: stamp_of(row) for i, row in self._rows.items()}

    def rows(self, task_ids: Sequence[int]) -> list[TaskRow]:
        return [self._rows[i] for i in sorted(task_ids)]


@dataclass(frozen=True)
class Merged:
    """What the next version is to have, and what it changes, in rows.

    Attributes:
        same: rows that were to be replaced and are as they were.
    """

    added: list[AddAction]
    removed: list[RemoveAction]
    new: int = 0
    changed: int = 0
    deleted: int = 0
    same: int = 0

    @property
    def changes(self) -> int:
        """Rows that differ from the last version."""
        return self.new + self.changed + self.deleted


def merge(
    files: TableFiles,
    project_id: int,
    stored: StoredTasks,
    upserts: Upserts,
    deleted: Collection[int],
) -> Merged:
    """Write the files of the next version; until they are committed they count for nothing.

    Raises:
        OSError: a file can't be read or written; those that were written are deleted.
    """
    gone = stored.stamps.keys() & set(deleted)
    wanted = upserts.stamps.keys() - set(deleted)
    new = sorted(wanted - stored.stamps.keys())
    twins = {i for i in wanted if stored.stamps.get(i) == upserts.stamps[i]}
    writer = TableFileWriter(files)
    removed: list[RemoveAction] = []
    done = Merged(writer.added, removed, new=len(new), deleted=len(gone))
    try:
        for block in _touched(stored.blocks, wanted | gone, bool(new)):
            hits = sorted(wanted.intersection(block.task_ids))
            away = gone.intersection(block.task_ids)
            only_twins = hits and not away and twins.issuperset(hits)
            if only_twins and _all_the_same(files, block, project_id, upserts, hits):
                done = replace(done, same=done.same + len(hits))
                continue
            removed.append(removal(block))
            for batch in files.batches(block.path):
                rows, same = _replaced(batch, project_id, upserts, hits, away, twins)
                done = replace(done, same=done.same + same)
                writer.add(rows)
        for start in range(0, len(new), FILE_ROWS):
            writer.add(to_arrow(upserts.rows(new[start : start + FILE_ROWS])))
        writer.finish()
    except BaseException:
        writer.abandon()
        raise
    done = replace(done, changed=len(wanted) - len(new) - done.same)
    if not done.changes:
        writer.abandon()
    return done


def _touched(
    blocks: Sequence[TableFile], task_ids: Collection[int], anything_new: bool
) -> Iterator[TableFile]:
    """Blocks that hold one of these tasks, and one that new rows fit into; by id."""
    ours = sorted((b for b in blocks if b.task_ids), key=lambda b: max(b.task_ids))
    room = next((b for b in reversed(ours) if _has_room(b)), None) if anything_new else None
    for block in ours:
        if block is room or any(i in task_ids for i in block.task_ids):
            yield block


def _has_room(block: TableFile) -> bool:
    return block.rows < FILE_ROWS


def _all_the_same(
    files: TableFiles, block: TableFile, project_id: int, upserts: Upserts, hits: Sequence[int]
) -> bool:
    fresh = {row.task_id: row for row in upserts.rows(hits)}
    for batch in files.batches(block.path):
        stored = batch.filter(_is_one_of(batch, project_id, hits))
        if any(row != fresh[row.task_id] for row in from_arrow(stored)):
            return False
    return True


def _replaced(
    batch: pa.Table,
    project_id: int,
    upserts: Upserts,
    hits: Sequence[int],
    away: Collection[int],
    twins: Collection[int],
) -> tuple[pa.Table, int]:
    """A batch with its rows replaced and deleted, and how many were replaced by the same."""
    hit = _is_one_of(batch, project_id, hits)
    stored = batch.filter(hit)
    kept = batch.filter(pc.invert(pc.or_(hit, _is_one_of(batch, project_id, sorted(away)))))
    if not len(stored):
        return kept, 0
    fresh = {row.task_id: row for row in upserts.rows(stored["task_id"].to_pylist())}
    named = array(sorted(twins), pa.int64())
    maybe = stored.filter(pc.is_in(stored["task_id"], value_set=named))
    same = sum(row == fresh[row.task_id] for row in from_arrow(maybe))
    rows = pa.concat_tables([kept, to_arrow(fresh.values())])
    order = [("project_id", "ascending"), ("task_id", "ascending")]
    return rows.take(pc.sort_indices(rows, sort_keys=order)), same


def _is_one_of(batch: pa.Table, project_id: int, task_ids: Sequence[int]) -> pa.ChunkedArray:
    """Which rows are of these tasks of a project."""
    named = pc.is_in(batch["task_id"], value_set=array(task_ids, pa.int64()))
    return pc.and_(named, is_of(batch, project_id))
