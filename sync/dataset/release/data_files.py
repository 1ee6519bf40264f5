"""The data files of a release while they are written: one of each format and split."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from sync.common.json_text import Json
from sync.dataset.release.pictures import ReleasePictures
from sync.training_files.example import Completion, Conversation, Example, ExampleKind
from sync.training_files.formats.columns import IMAGES
from sync.training_files.formats.format import Format, Unsuitable
from sync.training_files.manifest.contents import WrittenFile, is_plain
from sync.training_files.manifest.line_writer import LineWriter

# in the order in which people name them
_SPLITS = (None, "train", "validation", "test")
# what learns an answer, and so takes general examples, too
SUPERVISED: tuple[ExampleKind, ...] = (Conversation, Completion)

LineNumbers = dict[str, list[int]]


class RefusedLine(NamedTuple):
    """Why a reader would not take a line, and the task that it comes from, where one is known."""

    reason: str
    task_id: int | None = None


# by file and by number, as the lines stand where none was left out
Refused = Mapping[str, Mapping[int, RefusedLine]]


class DataFiles:
    """Files of one folder; each is made when its first line comes.

    Attributes:
        kinds: of example that the formats take.
    """

    def __init__(
        self,
        folder: Path,
        formats: Sequence[Format],
        *,
        bom: bool = False,
        refused: Refused | None = None,
        pictures: ReleasePictures | None = None,
    ) -> None:
        """Nothing is made yet.

        Args:
            bom: files begin with the byte order mark that some readers ask for.
            refused: lines to leave out.
            pictures: of the release; None: their addresses stay as tasks have them.
        """
        self._files = {
            (form.name, split): _DataFile(form, split, folder, bom, refused or {}, pictures)
            for form in formats
            for split in _SPLITS
        }
        self._by_kind: dict[tuple[ExampleKind, str | None], list[_DataFile]] = {}
        for file in self._files.values():
            self._by_kind.setdefault((file.form.takes, file.split), []).append(file)
        self.kinds: tuple[ExampleKind, ...] = tuple(dict.fromkeys(form.takes for form in formats))

    def add(
        self,
        kind: ExampleKind,
        example: Example,
        split: str | None,
        lines: LineNumbers,
        copies: int = 1,
    ) -> None:
        """Write an example in every format that takes its kind.

        Args:
            lines: gets the number of every line that it became, by file name.
            copies: lines that it becomes in each file, at least one.

        Raises:
            SyncError: a file can't be written.
        """
        for file in self._by_kind[kind, split]:
            last = file.add(example, copies)
            if last is None:
                continue
            numbers = range(last - copies + 1, last + 1)
            if file.name in lines:
                lines[file.name].extend(numbers)
            else:
                lines[file.name] = [*numbers]

    def most_lines(self, kinds: Sequence[ExampleKind], split: str | None) -> int:
        """Of the files of one split that take these kinds, the lines of the longest.

        Lines that are refused count, so that as much is mixed in as before anybody knew of them.
        """
        files = (file for kind in kinds for file in self._by_kind.get((kind, split), ()))
        return max((file.offered for file in files), default=0)

    def written(self) -> tuple[WrittenFile, ...]:
        """Every file, closed, by format and split."""
        return tuple(file.close() for file in self._files.values() if file.lines)

    def first_lines(self) -> dict[str, Json]:
        """The first line of every file, by file name."""
        return {file.name: file.first for file in self._files.values() if file.lines}

    def left_out(self) -> dict[str, dict[str, int]]:
        """Examples that a format can't say or its readers refuse, by format and reason."""
        found: dict[str, Counter[str]] = {}
        for file in self._files.values():
            if file.left_out:
                found.setdefault(file.form.name, Counter()).update(file.left_out)
        return {name: dict(sorted(reasons.items())) for name, reasons in found.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for file in self._files.values():
            if file.writer is not None:
                file.writer.__exit__(kind, error, trace)


class _DataFile:
    """One file, which is made with its first line.

    Attributes:
        writer: None as long as there is no line.
        left_out: examples that the format can't say or its readers refuse, by reason.
    """

    def __init__(
        self,
        form: Format,
        split: str | None,
        folder: Path,
        bom: bool,
        refused: Refused,
        pictures: ReleasePictures | None,
    ) -> None:
        self.form = form
        self.split = split
        self.name = ".".join(part for part in (form.name, split, "jsonl") if part)
        self.writer: LineWriter | None = None
        self.first: Json = {}
        self.left_out: Counter[str] = Counter()
        self._path = folder / self.name
        self._bom = bom
        self._refused = refused.get(self.name, {})
        self._pictures = pictures
        self._passed_over = 0  # lines that were refused
        # of chat messages: whether every line is plain so far
        self._plain: bool | None = None
        self._wide = False

    @property
    def lines(self) -> int:
        """How many there are."""
        return 0 if self.writer is None else self.writer.lines

    @property
    def offered(self) -> int:
        """How many there are, with those that are refused."""
        return self.lines + self._passed_over

    def add(self, example: Example, copies: int) -> int | None:
        """Write an example; the number of its last line, or None where the format can't say it."""
        try:
            if self._pictures is not None:
                example = self._pictures.placed(example, self.form.pictures)
            line = self.form.encode(example)
        except Unsuitable as reason:
            self.left_out[str(reason)] += 1
            return None
        if self._refused:
            known = self._refused.get(self.offered + 1)
            if known is not None:
                self._passed_over += copies
                self.left_out[known.reason] += 1
                return None
        line = self._as_wide(line)
        writer = self.writer or self._open(line)
        if self._plain and not is_plain(line):
            self._plain = False
        for _ in range(copies - 1):
            writer.write(line)
        return writer.write(line)

    def _as_wide(self, line: Json) -> Json:
        """A line with the columns of the others; with the first of a kind, these get its own."""
        if self._wide or not self.form.is_wide(line):
            listed = self._wide and self.form.pictures == "file" and IMAGES not in line
            return {**line, IMAGES: []} if listed else line
        self._wide = True
        if self.form.pictures == "file" and self.writer is not None:
            self.writer = self.writer.rewritten(_with_list)
            self.first = {**self.first, IMAGES: []}
        return line

    def _open(self, first: Json) -> LineWriter:
        self.writer = LineWriter(self._path, bom=self._bom)
        self.first = first
        self._plain = True if "messages" in first else None
        return self.writer

    def close(self) -> WrittenFile:
        """Close a file that has lines."""
        writer = self.writer
        assert writer is not None
        writer.close()
        return WrittenFile(
            format=self.form.name,
            split=self.split,
            file=self.name,
            lines=writer.lines,
            bytes=writer.bytes,
            sha256=writer.sha256,
            left_out=dict(sorted(self.left_out.items())),
            plain=self._plain,
            wide=self._wide,
        )


def _with_list(line: bytes) -> bytes:
    """A line of a file whose other lines have pictures: readers want the column in each."""
    return line.removesuffix(b"}\n") + f',"{IMAGES}":[]}}\n'.encode()
