"""What holds a file's examples: lines of JSON, one JSON array, or Parquet; told by its first bytes.

A file that is something else is said to be that, in one sentence, and none of it counts as read.
"""

import io
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Literal, Protocol

from sync.common.json_text import Json
from sync.training_files.formats.format import Fault
from sync.training_files.trainers.provider import Provider
from sync.training_files.validation.json_array import ArrayElements
from sync.training_files.validation.lines import BOM, ByteLines
from sync.training_files.validation.parquet_rows import ParquetRows

_BEGINNING = 64 * 1024
_LINES_ONLY = ("openai", "gemini", "bedrock")  # how formats begin whose readers take no array


class ExampleStream(Protocol):
    """A file's examples, one after the other.

    Attributes:
        unit: what one of them is called, before its number.
        size: bytes read so far.
        bom: whether the file began with UTF-8's byte order mark.
        cut: why it was not read to its end; known after the last example.
    """

    @property
    def unit(self) -> Literal["line", "example"]: ...

    @property
    def size(self) -> int: ...

    @property
    def bom(self) -> bool: ...

    @property
    def cut(self) -> Fault | None: ...

    def __iter__(self) -> Iterator[Any]:
        """Each as it stands in the file; None for one that is too long to be one."""

    @property
    def parse(self) -> Callable[[Any], Json | Fault]:
        """Makes an object of an example as it stands in the file, or tells why there is none."""

    @property
    def doubled(self) -> Callable[[Any, int], Fault | None]:
        """Tells the fault of a key that an object of an example has twice.

        It gets the example as it stands in the file, and how many keys and texts were parsed.
        """

    @property
    def none_doubled(self) -> Callable[[Sequence[Any], int], bool]:
        """Tells whether it is certain that there is none in some examples together."""


def examples_in(
    file: IO[bytes], progress: Callable[[int], None] | None = None
) -> ExampleStream | Fault:
    """A file's examples, or what the file is instead.

    Args:
        file: opened for reading bytes.
        progress: told the bytes read so far, now and then.
    """
    beginning, file = _looked_at(file)
    start = beginning.removeprefix(BOM).lstrip()
    if (other := _not_read(start)) is not None:
        return other
    if start.startswith(b"PAR1"):
        if not file.seekable() or not _is_on_disk(file):
            return Fault("parquet", "Parquet can't be read from a pipe; name the file")
        return ParquetRows(file, progress)
    if start.startswith(b"["):
        return ArrayElements(file, progress)
    return ByteLines(file, progress)


def begins_as_examples(path: Path) -> bool:
    """Whether a .json file is an array, or has a whole object on its first line."""
    with path.open("rb") as file:
        start = file.read(_BEGINNING).removeprefix(BOM).lstrip()
    first, _, rest = start.partition(b"\n")
    return start.startswith(b"[") or (bool(rest) and first.startswith(b"{") and not _goes_on(first))


def container_fault(examples: ExampleStream, form: str, provider: Provider | None) -> Fault | None:
    """That what holds the examples is not what their reader takes, or None.

    Args:
        form: the name of their format.
    """
    if examples.unit == "line" or (provider and provider.takes_datasets):
        return None
    if provider is None and not form.startswith(_LINES_ONLY):
        return None
    kind = "one JSON array" if isinstance(examples, ArrayElements) else "Parquet"
    who = f"{provider.name} reads" if provider else "providers that take uploads read"
    return Fault(
        "json-lines",
        f"the file is {kind}, and {who} JSON lines only; write each example on a line of its own"
        + (", without the brackets and the commas between them" * (kind != "Parquet")),
        "error" if provider else "warning",
    )


def nothing_in(examples: ExampleStream) -> str:
    """Why a file that was read to its end holds no example."""
    if isinstance(examples, ByteLines):
        bare = examples.size - len(BOM) * examples.bom
        return "the file holds blank lines alone" if bare else "the file is empty"
    kind = "array" if isinstance(examples, ArrayElements) else "table"
    return f"the file's {kind} is empty"


def _looked_at(file: IO[bytes]) -> tuple[bytes, IO[bytes]]:
    """A file's first bytes, and the file with them still to be read."""
    if file.seekable():
        at = file.tell()
        beginning = file.read(_BEGINNING)
        file.seek(at)
        return beginning, file
    beginning = b""
    while len(beginning) < _BEGINNING and not beginning.strip():
        more = file.read1(_BEGINNING)  # type: ignore[attr-defined]
        if not more:
            break
        beginning += more
    return beginning, io.BufferedReader(_WithBeginning(beginning, file))


class _WithBeginning(io.RawIOBase):
    """A pipe of which the first bytes were read already."""

    def __init__(self, beginning: bytes, rest: IO[bytes]) -> None:
        self._beginning = beginning
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        """As much as is there at once."""
        some = self._beginning[: len(into)] or self._rest.read1(len(into))  # type: ignore[attr-defined]
        self._beginning = self._beginning[len(some) :]
        into[: len(some)] = some
        return len(some)


def _is_on_disk(file: IO[bytes]) -> bool:
    try:
        file.fileno()
    except OSError:
        return False
    return True


def _not_read(start: bytes) -> Fault | None:
    """What the start of a file shows it to be that is not read here, or None.

    Args:
        start: its first bytes that are not blank.
    """
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Fault("utf-8", "the file is UTF-16, not UTF-8; save it as UTF-8")
    for magic, kind in _OTHER_FILES.items():
        if start.startswith(magic):
            return Fault("json-lines", f"the file is {kind}; unpack or convert it to JSON lines")
    line = start.split(b"\n", 1)[0].rstrip() if b"\n" in start else b""
    if line.startswith(b"{") and _goes_on(line):
        return Fault(
            "json-lines",
            "the file's objects go over several lines, and no reader takes those for examples; "
            "write each on one line, or all of them as one array",
        )
    return None


# how files begin that are taken for examples now and then
_OTHER_FILES = {
    b"\x1f\x8b": "compressed (gzip)",
    b"\x28\xb5\x2f\xfd": "compressed (zstd)",
    b"BZh": "compressed (bzip2)",
    b"\xfd7zXZ\x00": "compressed (xz)",
    b"PK\x03\x04": "a zip archive",
    b"ARROW1": "an Arrow file",
    b"version https://git-lfs": "the name of a file in Git LFS, which `git lfs pull` fetches",
}


def _goes_on(line: bytes) -> bool:
    """Whether a line is JSON as far as it goes, and ends before its object does."""
    try:
        json.loads(line)
    except json.JSONDecodeError as error:
        return error.pos >= len(error.doc)
    except (ValueError, RecursionError):
        return False
    return False
