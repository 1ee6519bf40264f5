"""A file's lines as bytes, in flat memory, whatever the file holds."""

from collections.abc import Callable, Iterator
from typing import IO

BOM = b"\xef\xbb\xbf"
LONGEST_LINE = 64 * 1024 * 1024  # bytes, a ceiling of ours: a longer line is no example
_TELL_EVERY = 1024 * 1024  # bytes between two reports of progress


class ByteLines:
    """Lines without what comes before them: the byte order mark.

    Attributes:
        size: bytes read so far.
        bom: whether the file began with UTF-8's byte order mark.
        start: how its first line begins that is not blank.
    """

    def __init__(self, file: IO[bytes], progress: Callable[[int], None] | None = None) -> None:
        """
        Args:
            file: opened for reading bytes.
            progress: told the bytes read so far, now and then.
        """
        self._file = file
        self._progress = progress
        self.size = 0
        self.bom = False
        self.start = b""

    def __iter__(self) -> Iterator[bytes | None]:
        """Each line with its line break, or None for one that is longer than `LONGEST_LINE`."""
        readline, told = self._file.readline, 0
        raw = readline(LONGEST_LINE)
        if raw.startswith(BOM):
            self.bom, self.size = True, len(BOM)
            raw = raw[len(BOM) :]
        while raw:
            self.size += len(raw)
            if not self.start:
                self.start = raw[:1024].strip()
            if len(raw) < LONGEST_LINE - len(BOM) or raw.endswith(b"\n"):
                yield raw
            else:
                self._skip_rest()
                yield None
            if self._progress and self.size - told >= _TELL_EVERY:
                told = self.size
                self._progress(told)
            raw = readline(LONGEST_LINE)

    def _skip_rest(self) -> None:
        while raw := self._file.readline(LONGEST_LINE):
            self.size += len(raw)
            if raw.endswith(b"\n"):
                return
