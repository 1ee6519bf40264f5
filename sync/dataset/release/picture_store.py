"""The bytes of the pictures that finished work speaks of: kept in the data folder once fetched.

So the same release can be exported again, to the byte, when Label Studio or the web has lost them.
"""

import functools
import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import BinaryIO, Protocol

from connectors.errors import LabelStudioError
from connectors.label_studio import LabelStudio
from connectors.label_studio_files import is_served
from connectors.pictures import PictureError, held_in, is_data_uri, kind_of
from connectors.web_pictures import fetch_web_picture
from sync.common.picture_names import has_content, name_in
from sync.settings import Config
from sync.training_files.formats.format import Unsuitable

# of the data folder
KEPT = "pictures"
# of one picture; more is no example for any trainer
MOST_BYTES = 50_000_000

FetchPicture = Callable[[str], bytes]

GONE = (
    "a picture that Label Studio no longer has; restore its file there, or delete the task and "
    "push its source again"
)


class KeptFiles(Protocol):
    """The part of `sync.table.data_folder.DataFolder` that keeps files."""

    def read(self, name: str) -> bytes | None: ...
    def put(self, name: str, content: BinaryIO) -> None: ...


class PictureStore:
    """Fetches each picture once, whatever the release."""

    def __init__(self, files: KeptFiles, fetch: FetchPicture, most_held: int = 8) -> None:
        """Nothing is fetched yet.

        Args:
            fetch: gives the bytes at an address of Label Studio or of the web.
            most_held: pictures in memory at once, for formats that are written side by side.
        """
        self._files = files
        self._fetch = fetch
        self._most_held = most_held
        self._held: dict[str, bytes] = {}
        self._failed: dict[str, str] = {}

    def content(self, address: str) -> bytes:
        """The bytes of a picture.

        Raises:
            Unsuitable: it is gone, or no picture.
            LabelStudioError: Label Studio can't be asked.
            SyncError: the data folder can't be used.
        """
        if address in self._failed:
            raise Unsuitable(self._failed[address])
        if address not in self._held:
            try:
                found = self._found(address)
            except Unsuitable as reason:
                self._failed[address] = str(reason)
                raise
            while len(self._held) >= self._most_held:
                del self._held[next(iter(self._held))]
            self._held[address] = found
        return self._held[address]

    def _found(self, address: str) -> bytes:
        try:
            if is_data_uri(address):
                return _picture(held_in(address), None)
            name = name_in(address)
            kept = self._files.read(_kept_as(address))
            if kept is not None and kind_of(kept) and (name is None or has_content(name, kept)):
                return kept
            content = _picture(self._fetch(address), name)
        except PictureError as error:
            raise Unsuitable(f"a picture that {error}") from error
        except LabelStudioError as error:
            if error.status in (404, 500):  # it answers so where it doesn't know a file
                raise Unsuitable(GONE) from error
            raise
        self._files.put(_kept_as(address), io.BytesIO(content))
        return content


@contextmanager
def picture_store(config: Config, files: KeptFiles) -> Iterator[PictureStore]:
    """The pictures of a project's finished work; Label Studio is asked where one is not kept yet.

    Args:
        files: the project's data folder.
    """
    with ExitStack() as opened:

        @functools.cache
        def client() -> LabelStudio:
            url = config.label_studio.url
            return opened.enter_context(LabelStudio(url, config.api_key))

        def fetch(address: str) -> bytes:
            if of_the_web(address) and not is_served(address, config.label_studio.url):
                return fetch_web_picture(address, MOST_BYTES)
            return client().fetch_file(address, MOST_BYTES)

        yield PictureStore(files, fetch)


def of_the_web(address: str) -> bool:
    """Whether an address is one that anybody may ask for."""
    return address.startswith(("https://", "http://"))


def _picture(content: bytes, name: str | None) -> bytes:
    if kind_of(content) is None:
        raise PictureError("is no PNG, JPEG, GIF or WebP")
    if name is not None and not has_content(name, content):
        raise PictureError("is no longer the one that was pushed")
    return content


def _kept_as(address: str) -> str:
    """Where a picture is kept: by its name, else by the hash of its address."""
    name = name_in(address) or hashlib.sha256(address.encode()).hexdigest()[:32]
    return f"{KEPT}/{name}"
