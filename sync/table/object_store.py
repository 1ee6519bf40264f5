"""A data folder in an object store, reached as the table library reaches its tables."""

import io
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import pyarrow as pa
from pyarrow.fs import FileSelector

from sync.table.object_store_errors import store_error
from sync.table.parquet_files import storage
from sync.table.task_table import TABLE, TaskTable

if TYPE_CHECKING:
    from deltalake.fs import DeltaStorageHandler

# of the environment: keys, endpoints and regions, as each store's own tools name them
_VARIABLES = ("AWS_", "AZURE_", "GOOGLE_")
# of an upload, in bytes
_CHUNK = 4 * 1024**2
# a store that does not answer is told in half a minute, not in three
_PATIENCE = {"max_retries": "5", "retry_timeout": "30s", "connect_timeout": "5s"}


def storage_options(
    url: str, from_file: Mapping[str, str], env: Mapping[str, str]
) -> dict[str, str]:
    """What the table library needs to know of a store: the environment comes before the file.

    Args:
        url: of the data folder.
        from_file: `[data.storage_options]`.
        env: of the process, with `.env`.
    """
    known = {key: env[key] for key in env if key.startswith(_VARIABLES) and env[key]}
    taken = {_plain(key) for key in known}
    options = _PATIENCE | {k: v for k, v in from_file.items() if _plain(k) not in taken} | known
    endpoints = [value for key, value in options.items() if "endpoint" in key.lower()]
    if url.startswith("s3") and any(value.startswith("http://") for value in endpoints):
        options.setdefault("AWS_ALLOW_HTTP", "true")
    return options


def _plain(key: str) -> str:
    """`region` of `AWS_REGION`, `endpoint` of `aws_endpoint_url`."""
    plain = key.lower()
    for prefix in _VARIABLES:
        plain = plain.removeprefix(prefix.lower())
    return plain.removesuffix("_url")


class ObjectStoreFolder:
    """A folder in an object store: a file is put whole, and nothing there can be locked.

    Two who write the table at the same time are told apart by the table's own log: one of them
    fails with a sentence and has written nothing.
    """

    def __init__(self, url: str, options: Mapping[str, str], below: str = "") -> None:
        """Nothing is asked of the store yet.

        Args:
            options: see `storage_options`.
            below: where in it this project's files are; empty for a project without a name.
        """
        self._url = url
        self._options = dict(options)
        self._below = below

    def location(self, name: str = "") -> str:
        return f"{self._url}/{self._path(name)}" if name else self._url

    def table(self, at: int | None = None) -> TaskTable:
        return TaskTable(f"{self._url}/{TABLE}", self._options, at)

    def read(self, name: str) -> bytes | None:
        try:
            with self._files().open_input_file(self._path(name)) as file:
                content: bytes = file.read()
                return content
        except FileNotFoundError:
            return None
        except OSError as error:
            raise store_error(self.location(name), error) from error

    def write(self, name: str, text: str) -> None:
        self.put(name, io.BytesIO(text.encode()))

    def put(self, name: str, content: BinaryIO) -> None:
        """Replace a file's content; until all of it is there, the old is.

        Raises:
            SyncError: the store refuses.
        """
        try:
            stream = self._files().open_output_stream(self._path(name))
            # the handler takes bytes, and Arrow hands it what is written in one go as a buffer of
            # its own; what goes through a larger buffer comes to it as bytes
            with pa.BufferedOutputStream(stream, 2 * _CHUNK) as file:
                shutil.copyfileobj(content, file, _CHUNK)
        except OSError as error:
            raise store_error(self.location(name), error) from error

    def table_sizes(self, names: Iterable[str]) -> dict[str, int]:
        paths = {f"{TABLE}/{name}": name for name in names}
        try:
            found = self._files().get_file_info(list(paths)) if paths else []
        except OSError as error:
            raise store_error(self._url, error) from error
        return {paths[file.path]: file.size for file in found if file.size is not None}

    @contextmanager
    def only_one(self, verb: str) -> Iterator[None]:
        yield

    def written(self, below: str) -> list[tuple[str, float]]:
        selector = FileSelector(self._path(below), allow_not_found=True, recursive=True)
        try:
            found = self._files().get_file_info_selector(selector)
        except OSError as error:
            raise store_error(self.location(below), error) from error
        # the store tells paths as they were asked for
        start = len(self._path(below)) + 1
        return [(file.path[start:], file.mtime_ns or 0) for file in found if file.is_file]

    def on_this_machine(self, name: str) -> Path | None:
        return None

    def download(self, name: str, target: Path) -> None:
        try:
            with (
                self._files().open_input_file(self._path(name)) as content,
                target.open("wb") as file,
            ):
                shutil.copyfileobj(content, file, _CHUNK)
        except OSError as error:
            raise store_error(self.location(name), error) from error

    def _path(self, name: str) -> str:
        return f"{self._below}/{name}" if self._below else name

    def _files(self) -> "DeltaStorageHandler":
        try:
            return storage(self._url, self._options)
        except OSError as error:
            raise store_error(self._url, error) from error
