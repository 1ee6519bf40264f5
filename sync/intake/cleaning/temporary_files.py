"""What is kept on disk while cleaning runs, in files without a name.

Nobody else can open them, and the system takes them away with the process, however it ends.
"""

import io
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO

import numpy as np
import orjson

from connectors.reading import Embeddings
from sync.common.errors import SyncError
from sync.common.json_text import to_json
from sync.common.source_task import SourceTask

# how a line begins that orjson has written; others need the reader that takes any JSON
_LIST = ord("[")


class TaskFile:
    """Tasks in the order in which they were added, a line of JSON each; read as often as asked."""

    def __init__(self) -> None:
        self._file = _unnamed_file()

    def add(self, tasks: Iterable[SourceTask]) -> None:
        """Add tasks.

        Raises:
            SyncError: the disk is full.
        """
        try:
            self._file.writelines(_line(task) for task in tasks)
        except OSError as error:
            raise _no_room(error) from error

    def finish(self) -> None:
        """Nothing is added from here on.

        Raises:
            SyncError: the disk is full.
        """
        try:
            self._file.flush()
        except OSError as error:
            raise _no_room(error) from error

    def tasks(self) -> Iterator[SourceTask]:
        """The tasks, read one at a time; call after `finish`."""
        for line in io.BufferedReader(_FromStart(self._file)):
            row = (orjson.loads if line[0] == _LIST else json.loads)(line)
            own_id, data, where, *beside = row
            yield SourceTask(own_id, data, where, *map(tuple, beside))

    def close(self) -> None:
        """Give the room back."""
        self._file.close()


class VectorFile:
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


class LineFile:
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


def _line(task: SourceTask) -> bytes:
    value = (task.id, task.data, task.where, *task.beside.values())
    try:
        return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # half of a surrogate pair, or a number above 64 bits
        return f" {to_json(value)}\n".encode()


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
