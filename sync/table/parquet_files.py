"""The table's files: each holds up to a thousand tasks that lie together.

They are read and written one at a time, so that memory stays flat however many tasks there are;
the table library's own merge holds tens of thousands of rows at once. Which files make up a
version, the table's log says; only `sync.table.merge` adds to it.
"""

import json
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from deltalake.transaction import AddAction, RemoveAction
from pyarrow import parquet

from sync.table.arrow_columns import array
from sync.table.task_rows import SCHEMA

if TYPE_CHECKING:
    from deltalake.fs import DeltaStorageHandler

FILE_ROWS = 1000
# of long documents, fewer tasks make a block
FILE_BYTES = 16 * 2**20
_KEYS = ("project_id", "task_id")


@dataclass(frozen=True)
class TableFile:
    """One file of the table.

    Attributes:
        path: below the table's folder.
        rows: of all projects.
        task_ids: of the project that was asked for.
    """

    path: str
    rows: int
    task_ids: tuple[int, ...]


class TableFiles:
    """The files below a table's folder, on this machine or in an object store."""

    def __init__(self, uri: str, storage_options: Mapping[str, str]) -> None:
        self._uri = uri
        self._options = dict(storage_options)

    @cached_property
    def _files(self) -> "DeltaStorageHandler":
        return storage(self._uri, self._options)

    def columns(self, path: str, project_id: int, names: Sequence[str]) -> tuple[int, pa.Table]:
        """How many rows a file has, and some columns of those of a project.

        Args:
            names: of columns; a field of a list's parts as `annotations.was_cancelled`.
        """
        with self._files.open_input_file(path) as file:
            opened = parquet.ParquetFile(file)
            rows = opened.metadata.num_rows
            projects = _projects(opened.metadata)
            if projects is not None and not projects[0] <= project_id <= projects[1]:
                return rows, pa.Table.from_batches([], opened.schema_arrow)
            found = opened.read(_leaves(opened.schema, names), use_threads=False)
        if projects == (project_id, project_id):
            return rows, found
        return rows, found.filter(is_of(found, project_id))

    def read(self, path: str) -> bytes:
        """The whole of a file, such as an entry of the table's log."""
        with self._files.open_input_file(path) as file:
            content: bytes = file.read()
        return content

    def batches(self, path: str) -> Iterator[pa.Table]:
        """A file's rows, at most `FILE_ROWS` at a time."""
        with self._files.open_input_file(path) as file:
            opened = parquet.ParquetFile(file)
            for batch in opened.iter_batches(FILE_ROWS, use_threads=False):
                yield pa.Table.from_batches([batch]).select(SCHEMA.names).cast(SCHEMA)

    def write(self, rows: pa.Table) -> AddAction:
        """Write one file, which is in no version yet."""
        path = f"part-{uuid.uuid4()}.zstd.parquet"
        with self._files.open_output_stream(path) as file:
            parquet.write_table(rows, file, compression="zstd")
            size = int(file.tell())
        return AddAction(
            path=path,
            size=size,
            partition_values={},
            modification_time=int(time.time() * 1000),
            data_change=True,
            stats=_statistics(rows),
        )

    def forget(self, path: str) -> None:
        """Delete a file that came into no version; one that can't be deleted stays."""
        try:
            self._files.delete_file(path)
        except OSError:
            return


def storage(uri: str, options: Mapping[str, str]) -> "DeltaStorageHandler":
    """The files of a folder of this machine, or of one in an object store.

    Call its methods directly: wrapped in a `PyFileSystem` they would run in threads of Arrow's,
    which may outlive the interpreter.

    Raises:
        OSError: the store can't be used.
    """
    from deltalake.fs import DeltaStorageHandler

    return DeltaStorageHandler(uri, dict(options))


def is_of(rows: pa.Table, project_id: int) -> pa.ChunkedArray:
    """Which rows are of a project."""
    return pc.is_in(rows["project_id"], value_set=array([project_id], pa.int64()))


def removal(block: TableFile) -> RemoveAction:
    """Take a block out of the next version; older ones keep it."""
    return RemoveAction(block.path, True, int(time.time() * 1000))


def _leaves(schema: parquet.ParquetSchema, names: Sequence[str]) -> list[str]:
    """Columns as the file calls them: what lies between a list and its parts has any name."""
    paths = [schema.column(place).path for place in range(len(schema))]
    plain = {path: path.split(".") for path in paths}
    wanted = {"project_id", *names}
    return [
        path
        for path, parts in plain.items()
        if ".".join(dict.fromkeys((parts[0], parts[-1]))) in wanted
    ]


def _projects(metadata: parquet.FileMetaData) -> tuple[int, int] | None:
    """The lowest and the highest project of a file, where its own statistics tell."""
    place = metadata.schema.to_arrow_schema().get_field_index("project_id")
    groups = (metadata.row_group(i) for i in range(metadata.num_row_groups))
    known = [group.column(place).statistics for group in groups]
    if not known or not all(s is not None and s.has_min_max for s in known):
        return None
    return min(s.min for s in known), max(s.max for s in known)


def _statistics(rows: pa.Table) -> str:
    """What lets readers pass over a file: how the table's log wants to be told."""
    limits = {name: pc.min_max(rows[name]).as_py() for name in _KEYS}
    return json.dumps(
        {
            "numRecords": len(rows),
            "minValues": {name: found["min"] for name, found in limits.items()},
            "maxValues": {name: found["max"] for name, found in limits.items()},
            "nullCount": dict.fromkeys(_KEYS, 0),
        }
    )


class TableFileWriter:
    """Packs rows into files of `FILE_ROWS`, or of `FILE_BYTES` where tasks are long."""

    def __init__(self, files: TableFiles) -> None:
        self._files = files
        self._waiting: list[pa.Table] = []
        self.added: list[AddAction] = []

    def add(self, rows: pa.Table) -> None:
        """Rows that follow the last ones."""
        if len(rows):
            self._waiting.append(rows)
            self._write(at_least=FILE_ROWS)

    def finish(self) -> None:
        """Write what is left."""
        self._write(at_least=1)

    def abandon(self) -> None:
        """Delete what was written."""
        for action in self.added:
            self._files.forget(action.path)

    def _write(self, at_least: int) -> None:
        rows = pa.concat_tables(self._waiting or [pa.Table.from_batches([], SCHEMA)])
        start = 0
        while len(rows) - start >= at_least or rows.slice(start).nbytes >= FILE_BYTES:
            if start == len(rows):
                break
            left = rows.slice(start)
            fitting = max(1, FILE_BYTES * len(left) // max(left.nbytes, 1))
            block = left.slice(0, min(FILE_ROWS, fitting))
            self.added.append(self._files.write(block))
            start += len(block)
        self._waiting = [rows.slice(start)] if start < len(rows) else []
