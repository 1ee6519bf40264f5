"""What is kept on disk while cleaning runs, in files without a name.

Nobody else can open them, and the system takes them away with the process, however it ends.
"""

import io
import os
import tempfile
from collections.abc import Iterator
from typing import IO

import numpy as np
import pyarrow as pa

from connectors.embedding import Embeddings
from sync.common.errors import SyncError

_SCHEMA = pa.schema([("id", pa.string()), ("data", pa.string()), ("where", pa.string())])


class Spool:
    """Tasks in the order in which they were added, read as often as asked for."""

    def __init__(self) -> None:
        self._file = _unnamed_file()
        options = pa.ipc.IpcWriteOptions(compression="zstd")
        self._writer = pa.ipc.new_stream(self._file, _SCHEMA, options=options)

    def add(self, table: pa.Table) -> None:
        """Add tasks, of whose columns `id`, `data` and `where` are kept.

        Raises:
            SyncError: the disk is full.
        """
        try:
            self._writer.write_table(table.select(_SCHEMA.names))
        except OSError as error:
            raise _no_room(error) from error

    def finish(self) -> None:
        """Nothing is added from here on.

        Raises:
            SyncError: the disk is full.
        """
        try:
            self._writer.close()
            self._file.flush()
        except OSError as error:
            raise _no_room(error) from error

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The tasks, some at a time; call after `finish`."""
        with pa.ipc.open_stream(io.BufferedReader(_FromStart(self._file))) as reader:
            yield from reader

    def close(self) -> None:
        """Give the room back."""
        self._file.close()


class Vectors:
    """Vectors of one length, in the order in which they were added."""

    def __init__(self) -> None:
        self._file = _unnamed_file()
        self._dim = 0
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, vectors: Embeddings) -> None:
        """Add rows of (n, dim).

        Raises:
            SyncError: the disk is full.
        """
        try:
            self._file.write(np.ascontiguousarray(vectors, dtype=np.float32).data)
        except OSError as error:
            raise _no_room(error) from error
        self._count += len(vectors)
        self._dim = vectors.shape[1] if len(vectors) else self._dim

    def rows(self) -> Embeddings:
        """(n, dim), read from the disk as they are used."""
        if not self._count:
            return np.empty((0, self._dim), dtype=np.float32)
        self._file.flush()
        shape = (self._count, self._dim)
        mapped = np.memmap(self._file, dtype=np.float32, mode="r", shape=shape)
        return mapped.view(np.ndarray)

    def close(self) -> None:
        """Give the room back."""
        self._file.close()


class Lines:
    """Lines of text in the order in which they were added."""

    def __init__(self) -> None:
        self._file = _unnamed_file()

    def add(self, line: str) -> None:
        """Add a line.

        Raises:
            SyncError: the disk is full.
        """
        try:
            self._file.write(f"{line}\n".encode())
        except OSError as error:
            raise _no_room(error) from error

    def text(self) -> str:
        """All lines, each with its end.

        Raises:
            SyncError: the disk is full.
        """
        try:
            self._file.flush()
            return _FromStart(self._file).readall().decode()
        except OSError as error:
            raise _no_room(error) from error

    def close(self) -> None:
        """Give the room back."""
        self._file.close()


class _FromStart(io.RawIOBase):
    """A file from its start, whoever else is reading it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._number = file.fileno()
        self._offset = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        count = os.preadv(self._number, [buffer], self._offset)
        self._offset += count
        return count


def _unnamed_file() -> IO[bytes]:
    try:
        return tempfile.TemporaryFile(prefix="labeltune-")
    except OSError as error:
        raise _no_room(error) from error


def _no_room(error: OSError) -> SyncError:
    return SyncError(
        f"{tempfile.gettempdir()}: can't be written ({error.strerror or error}); cleaning needs "
        "room for a copy of the sources: make some, or set TMPDIR to a folder that has it"
    )
