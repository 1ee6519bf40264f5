"""A release record by record, with what was written of each, in flat memory."""

import codecs
import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sync.common.errors import SyncError
from sync.training_files.manifest.lineage import Mixed, Traced, read_lineage
from sync.training_files.manifest.stored_release import StoredRelease


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a release.

    Attributes:
        written: a hash of its lines by format; the same wherever in the release they stand, and
            however often.
        copies: how often balancing wrote it.
    """

    key: str
    task_id: int
    annotation_id: int
    annotator: int | None
    chosen_by: str | None
    review: Mapping[str, Any] | None
    split: str | None
    categories: Mapping[str, str]
    copies: int
    written: Mapping[str, bytes]


def entries(release: StoredRelease, formats: Collection[str]) -> Iterator[Entry]:
    """The records of a release in the order of its lineage; what was mixed in is left out.

    Args:
        formats: whose lines to compare; the files of others are not read.

    Raises:
        SyncError: a file can't be read, or lacks lines that the lineage names.
    """
    wanted = {
        file["file"]: file["format"]
        for file in release.manifest["files"]
        if file["format"] in formats
    }
    with ExitStack() as open_files:
        files = {
            name: open_files.enter_context(_NumberedLines(release.folder / name)) for name in wanted
        }
        for traced in read_lineage(release.folder):
            if not isinstance(traced, Mixed):
                yield _entry(traced, wanted, files)


def _entry(
    traced: Traced, format_of: Mapping[str, str], files: Mapping[str, "_NumberedLines"]
) -> Entry:
    lines: dict[str, list[bytes]] = {}
    for name, numbers in traced.lines.items():
        if name in files:
            lines.setdefault(format_of[name], []).extend(files[name].at(numbers))
    return Entry(
        key=traced.key,
        task_id=traced.task_id,
        annotation_id=traced.annotation_id,
        annotator=traced.annotator,
        chosen_by=traced.chosen_by,
        review=traced.review,
        split=traced.split,
        categories=traced.categories,
        copies=traced.copies,
        written={name: _digest(found) for name, found in lines.items()},
    )


def _digest(lines: Sequence[bytes]) -> bytes:
    # a copy says nothing new
    return hashlib.blake2b(b"".join(dict.fromkeys(lines)), digest_size=16).digest()


class _NumberedLines:
    """The lines of a file by number; quickest when they are asked for in order."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise SyncError(f"{path}: can't be read ({error.strerror or error})") from error
        self._read = 0

    def at(self, numbers: Sequence[int]) -> Iterator[bytes]:
        """The lines of these numbers, from 1, without a byte order mark."""
        for number in numbers:
            if number <= self._read:
                self._file.seek(0)
                self._read = 0
            line = b""
            while self._read < number:
                line = self._file.readline()
                self._read += 1
                if not line:
                    raise SyncError(
                        f"{self._path}: has no line {number}, though the lineage names it; "
                        "export again"
                    )
            yield line.removeprefix(codecs.BOM_UTF8) if number == 1 else line

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
