"""Files of JSON lines, written in blocks and known by their hash."""

import codecs
import hashlib
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sync.common.files import unwritable
from sync.common.json_text import to_json_line

# what is hashed and written at once, in bytes; what fits the processor's cache is quickest
_BLOCK = 256 * 1024
_Line = bytes  # which `LineWriter.bytes` hides


class LineWriter:
    """A new file of JSON lines: counted, hashed, and whole once the `with` block has ended.

    Attributes:
        lines: how many were written.
    """

    def __init__(self, path: Path, *, bom: bool = False) -> None:
        """Make the file.

        Args:
            bom: begin with the byte order mark that some readers ask for.

        Raises:
            SyncError: it can't be written.
        """
        self.path = path
        self.lines = 0
        self._bom = bom
        self._hash = hashlib.sha256()
        self._written = 0
        self._held: list[bytes] = [codecs.BOM_UTF8] if bom else []
        self._held_bytes = len(codecs.BOM_UTF8) if bom else 0
        try:
            self._file = path.open("wb", buffering=0)
        except OSError as error:
            raise unwritable(path, error) from error

    @property
    def bytes(self) -> int:
        """The size of the file, with what is still held back."""
        return self._written + self._held_bytes

    @property
    def sha256(self) -> str:
        """The hash of the file's bytes, in hex; of all of them once the file is closed."""
        return self._hash.hexdigest()

    def write(self, value: Any) -> int:
        """Add a line.

        Returns:
            Its number, from 1.

        Raises:
            SyncError: the file can't be written.
        """
        return self._add(to_json_line(value))

    def rewritten(self, change: Callable[[_Line], _Line]) -> "LineWriter":
        """A writer of the same file, in which the lines that there are already are changed.

        Args:
            change: a line, as it was and as it should be.

        Raises:
            SyncError: the file can't be read or written.
        """
        self.close()
        before = self.path.with_name(f"{self.path.name}.before")
        try:
            self.path.replace(before)
            changed = LineWriter(self.path, bom=self._bom)
            with before.open("rb") as lines:
                lines.seek(len(codecs.BOM_UTF8) if self._bom else 0)
                for line in lines:
                    changed._add(change(line))
            before.unlink()
        except OSError as error:
            raise unwritable(self.path, error) from error
        return changed

    def _add(self, line: _Line) -> int:
        self._held.append(line)
        self._held_bytes += len(line)
        if self._held_bytes >= _BLOCK:
            self._flush()
        self.lines += 1
        return self.lines

    def close(self) -> None:
        """Write what is held back.

        Raises:
            SyncError: the file can't be written.
        """
        if self._file.closed:
            return
        try:
            self._flush()
        finally:
            self._file.close()

    def _flush(self) -> None:
        block = b"".join(self._held)
        self._held.clear()
        self._held_bytes = 0
        self._hash.update(block)
        try:
            # a raw file may take less than all of it
            left = memoryview(block)
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            raise unwritable(self.path, error) from error
        self._written += len(block)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.close()
        else:
            self._file.close()
