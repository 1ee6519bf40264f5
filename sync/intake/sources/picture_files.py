"""The pictures of sources: each is checked as it is read, and from then on known by its content.

A picture beside the source, or one in the row itself as a data URI, becomes `picture:NAME`, which
tells nothing of this machine; where its bytes are, `PictureFiles` knows until the push has uploaded
them. Pictures of the web, and those that Label Studio serves already, stay addresses.
"""

import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import url2pathname

from connectors.pictures import PictureError, checked, held_in, is_data_uri, too_large
from label_configs.task_pictures import NAME, PicturePart, address_of, at_address, with_pictures
from sync.common.errors import SourceError
from sync.common.picture_names import SCHEME, name_in, picture_name
from sync.common.source_task import SourceTask
from sync.intake.sources.compression import STDIN
from sync.intake.sources.discovery import SourceFile
from sync.settings.sources import PicturesSection

_OF_THE_WEB = ("https://", "http://")
# what Label Studio serves to whoever is logged in
_SERVED = ("/data/upload/", "/data/local-files/")
_LONGEST_SHOWN = 80


class PictureFiles:
    """The pictures of one push, by name."""

    def __init__(self, settings: PicturesSection, label_studio: str = "") -> None:
        """Nothing is read yet.

        Args:
            label_studio: its URL; a page may load pictures from there, and nothing else.
        """
        self._settings = settings
        self._own = urlsplit(label_studio.rstrip("/"))
        self._largest_bytes = int(settings.largest_mb * 1_000_000)
        # a nameless file for what stood in rows, gone when it is closed
        self._embedded: IO[bytes] | None = None
        self._places: dict[str, Path | tuple[int, int]] = {}
        self._names: dict[Path, str] = {}
        self._of_the_web = 0

    def close(self) -> None:
        """Give the room on disk back."""
        if self._embedded is not None:
            self._embedded.close()

    def taken(self, task: SourceTask, source: SourceFile) -> SourceTask:
        """A task whose pictures are checked and known by name; the same one without pictures.

        Raises:
            SourceError: a picture that is not there, too large, or no picture.
        """
        number = 0

        def change(part: PicturePart) -> PicturePart:
            nonlocal number
            number += 1
            return self._taken(part, source, f"{task.where}: picture {number}")

        messages = task.data["messages"]
        named = with_pictures(messages, change)
        if named is messages:
            return task
        return replace(task, data={**task.data, "messages": named})

    @property
    def any(self) -> bool:
        """Whether a picture was taken."""
        return bool(self._places)

    def content(self, name: str) -> bytes:
        """The bytes of a picture that was taken.

        Raises:
            SourceError: its file was changed or removed meanwhile.
        """
        place = self._places[name]
        if isinstance(place, tuple):
            assert self._embedded is not None
            start, length = place
            self._embedded.seek(start)
            return self._embedded.read(length)
        try:
            content = place.read_bytes()
            if picture_name(content) == name:
                return content
        except (OSError, PictureError):
            pass
        raise SourceError(f"{place}: changed while it was pushed; push again")

    def notes(self) -> Iterator[str]:
        """What the user should know of them."""
        if self._of_the_web:
            yield (
                f"pictures at addresses of the web: {self._of_the_web:,}; the annotators' browsers "
                "and the model's server fetch them, and nothing looks whether they are there"
            )

    def _taken(self, part: PicturePart, source: SourceFile, where: str) -> PicturePart:
        address = address_of(part)
        if address.startswith(_SERVED) and ".." not in unquote(address):
            return part
        if address.lower().startswith(_OF_THE_WEB):
            if self._is_own_page(_split(address, where)):
                raise SourceError(
                    f"{where} is an address of your Label Studio where no pictures are "
                    f"({' and '.join(_SERVED)} are); correct the row"
                )
            self._of_the_web += 1
            return part
        if is_data_uri(address):
            return at_address(part, SCHEME + self._embed(address, where))
        base = Path.cwd() if source.path == STDIN else source.path
        base = base if base.is_dir() else base.parent
        root = source.given if source.given.is_dir() else base
        path = base / _path(address, where)
        name = self._file(path, root, f"{where}, {_shown(_relative(path, base))!r},")
        shown = _name_within(path, root)
        return {**at_address(part, SCHEME + name), NAME: shown}

    def _is_own_page(self, asked: SplitResult) -> bool:
        """Whether an address is one of Label Studio's, and not of a file that it serves.

        The browser asks there in its user's name: to log out, for one.
        """
        if not self._own.netloc or asked.netloc.lower() != self._own.netloc.lower():
            return False
        path = unquote(asked.path)
        return ".." in path or not path.removeprefix(self._own.path).startswith(_SERVED)

    def _embed(self, address: str, where: str) -> str:
        """Keep what a data URI holds."""
        try:
            content = held_in(address)
            checked(content, self._largest_bytes, self._settings.longest_side)
        except PictureError as error:
            raise SourceError(f"{where} {error}; {_REMEDY}") from error
        name = picture_name(content)
        if name not in self._places:
            if self._embedded is None:
                self._embedded = tempfile.TemporaryFile()  # noqa: SIM115 - see the next line
                weakref.finalize(self, self._embedded.close)
            start = self._embedded.seek(0, 2)
            self._embedded.write(content)
            self._places[name] = (start, len(content))
        return name

    def _file(self, path: Path, root: Path, where: str) -> str:
        """The name of a picture in a file, which is read once however often it is named."""
        try:
            real = path.resolve(strict=True)
            top = root.resolve()
            if not self._settings.outside and not real.is_relative_to(top):
                raise SourceError(
                    f"{where} lies outside of the source's folder {top}; copy it there, or set "
                    "sources.pictures.outside = true in labeltune.toml"
                )
            if not real.is_file():
                raise SourceError(f"{where} is no file; correct the row")
            if real not in self._names:
                content = self._read(real)
                checked(content, self._largest_bytes, self._settings.longest_side)
                self._names[real] = picture_name(content)
                self._places.setdefault(self._names[real], real)
        except FileNotFoundError as error:
            raise SourceError(
                f"{where} is not there; put it beside the source, or correct the row"
            ) from error
        except (OSError, ValueError, RuntimeError) as error:
            said = error.strerror if isinstance(error, OSError) else error
            raise SourceError(f"{where} can't be read ({said}); correct the row") from error
        except PictureError as error:
            raise SourceError(f"{where} {error}; {_REMEDY}") from error
        return self._names[real]

    def _read(self, path: Path) -> bytes:
        """A file's content; one that is far too large is not read."""
        if (size := path.stat().st_size) > self._largest_bytes:
            raise PictureError(too_large(size, self._largest_bytes))
        return path.read_bytes()


_REMEDY = "correct it, or see [sources.pictures] in labeltune.toml"


def _path(address: str, where: str) -> str:
    """The path in a `file:` URL, or one that is written as it is."""
    parts = _split(address, where)
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        return url2pathname(parts.path)
    is_address = len(parts.scheme) > 1 or address.startswith("//")
    if is_address or not address.strip() or name_in(address):
        raise _no_address(address, where)
    return address


def _split(address: str, where: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError as error:  # brackets that are not closed, for one
        raise _no_address(address, where) from error


def _no_address(address: str, where: str) -> SourceError:
    begun = address if len(address) <= _LONGEST_SHOWN else f"{address[:_LONGEST_SHOWN]}…"
    return SourceError(
        f"{where} must be a file, https://…, or data:image/…;base64,…, found {begun!r}; "
        "correct the row"
    )


def _relative(path: Path, base: Path) -> str:
    """A path as the row could have it, for people."""
    return str(path.relative_to(base.resolve()) if path.is_relative_to(base.resolve()) else path)


def _name_within(path: Path, root: Path) -> str:
    """A picture's path within the folder that was pushed; of one outside, its own name alone."""
    real, top = path.resolve(), root.resolve()
    return real.relative_to(top).as_posix() if real.is_relative_to(top) else real.name


def _shown(path: str) -> str:
    """A path for people, or its end where it is long."""
    return path if len(path) <= _LONGEST_SHOWN else f"…{path[-_LONGEST_SHOWN:]}"
