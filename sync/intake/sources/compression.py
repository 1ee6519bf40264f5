"""Files as bytes, whether compressed or not; and one sentence for each way that this fails."""

import bz2
import gzip
import lzma
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from sync.common.errors import SourceError

STDIN = Path("-")
COMPRESSED: dict[str, Callable[..., Any]] = {
    ".gz": gzip.open,
    ".bz2": bz2.open,
    ".xz": lzma.open,
}


# how files begin that are no text, whatever their name says
_NO_TEXT = (
    (b"\x1f\x8b", "gzip; let its name end in .gz"),
    (b"BZh", "bzip2; let its name end in .bz2"),
    (b"\xfd7zXZ\x00", "xz; let its name end in .xz"),
    (b"PK\x03\x04", "a ZIP archive or an Excel file; unpack it, or save the table as CSV"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; unpack it"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file; save the table as CSV"),
    (b"PAR1", "Parquet; let its name end in .parquet"),
    (b"SQLite format 3\x00", "an SQLite database; save its table as CSV"),
    (b"%PDF-", "a PDF; let its name end in .pdf"),
    (b"version https://git-lfs", "the name of a file in Git LFS; fetch it with `git lfs pull`"),
)


def no_text(beginning: bytes) -> str | None:
    """What a file is by its first bytes, where that is no text, and what to do; else None."""
    return next((what for magic, what in _NO_TEXT if beginning.startswith(magic)), None)


def shown(path: Path) -> str:
    """A source's name in errors."""
    return "standard input" if path == STDIN else str(path)


@contextmanager
def open_bytes(path: Path) -> Iterator[IO[bytes]]:
    """A file's bytes, decompressed where its suffix says so; `-` is standard input."""
    if path == STDIN:
        yield sys.stdin.buffer
        return
    opener = COMPRESSED.get(path.suffix.lower(), open)
    with opener(path, "rb") as file:
        yield file


@contextmanager
def one_sentence(path: Path) -> Iterator[None]:
    """Turn what the operating system or a decompressor says into a SourceError.

    Raises:
        SourceError: names the file and what is wrong with it.
    """
    try:
        yield
    except FileNotFoundError:
        raise SourceError(f"{shown(path)}: no such file") from None
    except UnicodeDecodeError as error:
        raise SourceError(f"{shown(path)}: not UTF-8 ({error.reason}); convert it first") from error
    except (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile) as error:
        raise SourceError(
            f"{shown(path)}: can't be decompressed ({error}); fetch or compress it again"
        ) from error
    except OSError as error:
        raise SourceError(f"{shown(path)}: can't be read ({error.strerror or error})") from error
