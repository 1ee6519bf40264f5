"""Where LabelTune keeps its table and files: a folder of this machine, or one in an object store.

All projects of a configuration share one table, since its rows name their project. Findings,
exports and notes of a project that has a name lie under `projects/NAME`.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from sync.config import Config
from sync.errors import SyncError
from sync.releases.folder import RELEASES, FolderRelease, Release, by_version
from sync.releases.manifest import MANIFEST
from sync.store.files import only_one, write_atomically
from sync.store.table import TABLE, TaskTable


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

    def release(self) -> Release:
        """The place of an export, which will be called by what it holds."""

    def releases(self) -> list[str]:
        """The names of the exports that are here, those of the newest table version last.

        Raises:
            SyncError: the folder can't be read.
        """

    def fetched(self, release: str) -> AbstractContextManager[Path]:
        """An export of these as a folder of this machine, for as long as it is needed.

        Raises:
            SyncError: it is not there, or can't be read.
        """


def data_folder(config: Config) -> DataFolder:
    """The data folder of a project, with the credentials of the environment."""
    below = f"projects/{config.project_name}" if config.project_name else ""
    if not config.data.is_url:
        return LocalFolder(config.data_dir, below)
    from sync.store.object_store import ObjectStoreFolder, storage_options

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

    def release(self) -> Release:
        return FolderRelease(self._own / RELEASES, named_by_content=True)

    def releases(self) -> list[str]:
        manifests = (self._own / RELEASES).glob(f"*/{MANIFEST}")
        return by_version((path.parent.name, path.stat().st_mtime) for path in manifests)

    @contextmanager
    def fetched(self, release: str) -> Iterator[Path]:
        yield self._own / RELEASES / release
