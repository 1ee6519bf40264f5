"""Files as text: which encoding a file has, and where a byte does not fit it."""

import codecs
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sync.common.errors import SourceError
from sync.intake.sources.compression import STDIN, no_text, open_bytes, shown

# UTF-32 first: its mark begins with that of UTF-16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
UTF_8 = "utf-8-sig"
# encodings whose order of bytes only a mark tells
_NEEDS_MARK = ("utf-16", "utf-32")
_BEGINNING = 4096
_CHUNK = 1 << 16
_SAMPLE = 1 << 20
# what Windows-1252 has there is rare in texts, and Japanese encodings begin characters with it
_SELDOM = frozenset((*range(0x81, 0x85), *range(0x86, 0x91), *range(0x98, 0xA0)))
# ours: of ASCII in UTF-16 every second byte is 0
_LEAST_ZEROS = 0.4


@contextmanager
def open_text(
    path: Path, wanted: str | None, notes: list[str], newline: str | None = None
) -> Iterator[io.TextIOWrapper]:
    """A file's text, without its byte order mark.

    Args:
        wanted: the encoding that the settings name; None for UTF-8, or what a mark says.
        notes: gets what was found out about the encoding; added to.
        newline: as `io.TextIOWrapper` takes it.

    Raises:
        SourceError: a byte that the encoding has no character for, and where it is.
    """
    with open_bytes(path) as file:
        encoding = encoding_of(path, _beginning(file), wanted, notes)
        text = io.TextIOWrapper(file, encoding=encoding, newline=newline)
        try:
            yield text
        except UnicodeDecodeError as error:
            raise misfit(path, encoding, error) from error
        finally:
            # who opened the bytes closes them: standard input must survive
            text.detach()


class Utf8Bytes:
    """A text as bytes of UTF-8, for a reader that takes nothing else.

    Attributes:
        misfit: why the text can't be read any further; the reader may say something else of it.
    """

    def __init__(self, text: IO[str]) -> None:
        self._text = text
        self.misfit: UnicodeDecodeError | None = None

    def read(self, size: int = -1) -> bytes:
        """At least so many bytes, as long as there are any."""
        try:
            return self._text.read(size).encode()
        except UnicodeDecodeError as error:
            self.misfit = error
            raise


def read_text(path: Path, wanted: str | None, notes: list[str]) -> str:
    """A whole file as text, with line breaks as they are.

    Raises:
        SourceError: as `open_text`.
    """
    with open_text(path, wanted, notes, newline="") as text:
        return text.read()


def encoding_of(path: Path, beginning: bytes, wanted: str | None, notes: list[str]) -> str:
    """The encoding of a file, by its mark, else by the settings, else UTF-8.

    Raises:
        SourceError: it is no text, or UTF-16 or UTF-32 without a mark, which would only be a
            guess.
    """
    if (found := no_text(beginning)) is not None:
        raise SourceError(f"{shown(path)}: holds no text but {found}")
    for mark, encoding, name in _MARKS:
        if beginning.startswith(mark):
            if wanted is not None and not _agree(wanted, encoding):
                notes.append(
                    f"{shown(path)}: read as {name}, which its byte order mark says, and not as "
                    f"{wanted}, which sources.encoding says"
                )
            elif encoding != UTF_8:
                notes.append(f"{shown(path)}: read as {name}, which its byte order mark says")
            return encoding
    if wanted is not None:
        name = codecs.lookup(wanted).name
        if name in _NEEDS_MARK and beginning:
            raise SourceError(
                f"{shown(path)}: sources.encoding is {wanted!r}, which needs a byte order mark, "
                f'and the file has none; set sources.encoding = "{name}-le" or "{name}-be" in '
                "labeltune.toml, or to what the file was saved in"
            )
        return wanted
    zeros = [beginning[at::2].count(0) for at in (0, 1)]
    if max(zeros) >= _LEAST_ZEROS * len(beginning) / 2 > 0 and min(zeros) == 0:
        likely = "utf-16-be" if zeros[0] else "utf-16-le"
        raise SourceError(
            f"{shown(path)}: UTF-8 is expected, and this looks like UTF-16 without a byte order "
            f'mark; set sources.encoding = "{likely}" in labeltune.toml'
        )
    return UTF_8


def _agree(wanted: str, by_mark: str) -> bool:
    family = by_mark.removesuffix("-sig")
    return codecs.lookup(wanted).name.startswith(family)


def _beginning(file: IO[bytes]) -> bytes:
    """The first bytes, still to be read."""
    if file.seekable():
        at = file.tell()
        beginning = file.read(_BEGINNING)
        file.seek(at)
        return beginning
    peek = getattr(file, "peek", None)  # a pipe is buffered
    return b"" if peek is None else bytes(peek(_BEGINNING)[:_BEGINNING])


def misfit(path: Path, encoding: str, error: UnicodeDecodeError) -> SourceError:
    """The sentence on a byte that an encoding has no character for, and which one may fit."""
    name = "UTF-8" if encoding == UTF_8 else encoding
    place = None if path == STDIN else _place_of(path, encoding)  # what was piped is gone by
    where = f"byte 0x{error.object[error.start]:02X}" if place is None else str(place)
    what = f"{shown(path)}: not {name} ({where})"
    if encoding != UTF_8:
        return SourceError(f"{what}; correct sources.encoding in labeltune.toml, or the file")
    if place is None:
        return SourceError(
            f"{what}; convert it first, or set sources.encoding to what it is written in"
        )
    return SourceError(f"{what}; {_damaged() if place.others_fit else _remedy(path)}")


@dataclass(frozen=True)
class _Place:
    """Where a byte is that does not fit.

    Attributes:
        line, column, at: of the byte, from 1; `at` is in bytes from the file's beginning.
        others_fit: there are characters beyond ASCII before it, and they do fit.
    """

    byte: int
    line: int
    column: int
    at: int
    others_fit: bool

    def __str__(self) -> str:
        return (
            f"byte 0x{self.byte:02X} in line {self.line}, column {self.column}, byte {self.at:,} "
            "of the file"
        )


def _place_of(path: Path, encoding: str) -> _Place | None:
    """The first byte that does not fit; None where all do after all."""
    decoder = codecs.getincrementaldecoder(encoding)()
    before, line, column, others = 0, 1, 1, False

    def read(text: str) -> None:
        nonlocal line, column, others
        others = others or not text.isascii()
        line += text.count("\n")
        last = text.rfind("\n")
        column = column + len(text) if last < 0 else len(text) - last

    with open_bytes(path) as file:
        while True:
            chunk, state = file.read(_CHUNK), decoder.getstate()
            try:
                read(decoder.decode(chunk, final=not chunk))
            except UnicodeDecodeError:
                decoder.setstate(state)
                break
            if not chunk:
                return None
            before += len(chunk)
    # the last piece is empty: it ends the file, in the middle of a character
    for number, piece in enumerate([*(chunk[at : at + 1] for at in range(len(chunk))), b""]):
        try:
            read(decoder.decode(piece, final=not piece))
        except UnicodeDecodeError as error:
            start = before + number + len(piece) - len(error.object) + error.start
            return _Place(error.object[error.start], line, column, start + 1, others)
    return None


def _damaged() -> str:
    return "what is before it is UTF-8, so the file is damaged there: correct it, or save it anew"


def _remedy(path: Path) -> str:
    """What helps with a file that is not UTF-8 anywhere."""
    with open_bytes(path) as file:
        runs = re.findall(rb"[\x80-\xff]+", file.read(_SAMPLE))
    western = sum(len(run) <= 2 and not _SELDOM.intersection(run) for run in runs)
    # ours: letters with accents stand alone between letters without; other scripts do not
    if western >= 0.8 * len(runs):
        return (
            "it looks like Windows-1252, as spreadsheets of western Europe write it: set "
            'sources.encoding = "cp1252" in labeltune.toml, or save the file as UTF-8'
        )
    return (
        "set sources.encoding in labeltune.toml to what it was saved in (such as "
        '"cp1251", "gb18030", "shift_jis" or "cp1252"), or save the file as UTF-8'
    )
