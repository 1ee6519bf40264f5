"""Where LabelTune keeps its table and files: a folder of this machine, or one in an object store.

All projects of a configuration share one table, since its rows name their project. Findings,
releases and notes of a project that has a name lie under `projects/NAME`.
"""

import os
import shutil
from collections.abc import Iterable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import BinaryIO, Protocol

from sync.common.errors import SyncError
from sync.common.files import only_one, replacing, unwritable, write_atomically
from sync.settings import Config
from sync.table.task_table import TABLE, TaskTable


class DataFolder(Protocol):
    """One project's view of the data folder; names are relative, with `/` between parts."""

    def location(self, name: str = "") -> str:
        """Where a file is, as people read it; of the shared folder without a name."""

    def table(self, at: int | None = None) -> TaskTable:
        """The table of all projects, at its newest version or at this one."""

    def read(self, name: str) -> bytes | None:
        """A file's content, or None where there is none.

        Raises:
            SyncError: the folder can't be read.
        """

    def write(self, name: str, text: str) -> None:
        """Replace a file's content; a reader sees the old or the new, never half of it.

        Raises:
            SyncError: the folder can't be written.
        """

    def table_sizes(self, names: Iterable[str]) -> dict[str, int]:
        """Those of these files of the table that are there, with what they hold in bytes.

        Raises:
            SyncError: the folder can't be read.
        """

    def only_one(self, verb: str) -> AbstractContextManager[None]:
        """Let nobody else do the same here meanwhile, where that can be known beforehand.

        Raises:
            SyncError: another process is at it, or the folder can't be written.
        """

    def put(self, name: str, content: BinaryIO) -> None:
        """Replace a file's content by a stream's; until all of it is there, the old is.

        Raises:
            SyncError: the folder can't be written.
        """

    def written(self, below: str) -> list[tuple[str, float]]:
        """Every file below a folder: its name in there, and when it was written, the older less.

        Raises:
            SyncError: the folder can't be read.
        """

    def on_this_machine(self, name: str) -> Path | None:
        """The path of a file or folder; None where it is in an object store."""

    def download(self, name: str, target: Path) -> None:
        """Copy a file to a path of this machine.

        Raises:
            SyncError: the file can't be read.
        """


def data_folder(config: Config) -> DataFolder:
    """The data folder of a project, with the credentials of the environment."""
    below = f"projects/{config.project_name}" if config.project_name else ""
    if not config.data.is_url:
        return LocalFolder(config.data_dir, below)
    from sync.table.object_store import ObjectStoreFolder, storage_options

    options = storage_options(config.data.dir, config.data.storage_options, config.env)
    return ObjectStoreFolder(config.data.dir, options, below)


class LocalFolder:
    """A folder of this machine."""

    def __init__(self, root: Path, below: str = "") -> None:
        """Nothing is made yet.

        Args:
            below: where in it this project's files are; empty for a project without a name.
        """
        self._root = root
        self._own = root / below

    def location(self, name: str = "") -> str:
        return str(self._own / name if name else self._root)

    def table(self, at: int | None = None) -> TaskTable:
        return TaskTable(self._root / TABLE, at=at)

    def read(self, name: str) -> bytes | None:
        path = self._own / name
        try:
            return path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise SyncError(f"{path}: can't be read ({error.strerror or error})") from error

    def write(self, name: str, text: str) -> None:
        write_atomically(self._own / name, text)

    def table_sizes(self, names: Iterable[str]) -> dict[str, int]:
        paths = {name: self._root / TABLE / name for name in names}
        return {name: path.stat().st_size for name, path in paths.items() if path.is_file()}

    def only_one(self, verb: str) -> AbstractContextManager[None]:
        return only_one(self._root, verb)

    def put(self, name: str, content: BinaryIO) -> None:
        path = self._own / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as file:
                shutil.copyfileobj(content, file.buffer)
        except OSError as error:
            raise unwritable(path, error) from error

    def written(self, below: str) -> list[tuple[str, float]]:
        top = self._own / below
        found = []
        # what another process takes away meanwhile, such as an unfinished release, is passed over
        for folder, _, names in os.walk(top):
            for path in (Path(folder, name) for name in names):
                with suppress(FileNotFoundError):
                    found.append((path.relative_to(top).as_posix(), path.stat().st_mtime))
        return found

    def on_this_machine(self, name: str) -> Path | None:
        return self._own / name

    def download(self, name: str, target: Path) -> None:
        path = self._own / name
        try:
            shutil.copyfile(path, target)
        except OSError as error:
            raise SyncError(f"{path}: can't be read ({error.strerror or error})") from error
