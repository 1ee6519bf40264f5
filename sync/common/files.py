"""Files that are whole or absent, and folders that one process writes at a time."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from filelock import FileLock, Timeout

from sync.common.errors import SyncError


class FolderBusyError(SyncError):
    """Another process runs the same verb in this folder; trying again later helps."""


def write_atomically(path: Path, text: str) -> None:
    """Replace a file's content; a reader sees the old or the new, never half of it.

    Raises:
        SyncError: the folder can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(text)
    except OSError as error:
        raise unwritable(path, error) from error


@contextmanager
def replacing(path: Path, mode: int = 0o666) -> Iterator[TextIO]:
    """Open a file that replaces `path` once all is written; after an error nothing has changed.

    Args:
        mode: its permissions, as far as the umask allows.

    Raises:
        OSError: the folder can't be written.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


@contextmanager
def only_one(folder: Path, verb: str) -> Iterator[None]:
    """Hold a folder for one verb; a second process that wants it is told so, not kept waiting.

    Raises:
        FolderBusyError: another process holds it.
        SyncError: the folder can't be written.
    """
    lock = FileLock(folder / f".{verb}.lock", timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise FolderBusyError(
            f"{folder}: another `labeltune {verb}` is writing here; wait until it is done"
        ) from None
    except OSError as error:
        raise unwritable(folder, error) from error
    try:
        yield
    finally:
        lock.release()


def unwritable(path: Path, error: OSError) -> SyncError:
    """The sentence for a path that can't be written."""
    return SyncError(
        f"{path}: can't be written ({error.strerror or error}); make room or set data.dir in "
        "labeltune.toml to a folder that can"
    )
