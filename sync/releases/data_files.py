"""The data files of a release while they are written: one of each format and split."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from sync.examples.example import Completion, Conversation, Example, Kind
from sync.formats.format import Format, Json, Unsuitable
from sync.releases.companions.llama_factory import is_plain
from sync.releases.summary import WrittenFile
from sync.releases.writing import LineWriter

# in the order in which people name them
_SPLITS = (None, "train", "validation", "test")
# what learns an answer, and so takes general examples, too
SUPERVISED: tuple[Kind, ...] = (Conversation, Completion)

Lines = dict[str, list[int]]
_Place = tuple[str, str | None]


class DataFiles:
    """Files of one folder; each is made when its first line comes.

    Attributes:
        kinds: of example that the formats take.
    """

    def __init__(self, folder: Path, formats: Sequence[Format], *, bom: bool = False) -> None:
        """Nothing is made yet.

        Args:
            bom: files begin with the byte order mark that some readers ask for.
        """
        self._folder = folder
        self._bom = bom
        self._names = [form.name for form in formats]
        self._formats: dict[Kind, list[Format]] = {}
        for form in formats:
            self._formats.setdefault(form.takes, []).append(form)
        self.kinds: tuple[Kind, ...] = tuple(self._formats)
        self._writers: dict[_Place, LineWriter] = {}
        self._left_out: dict[_Place, Counter[str]] = {}
        self._first: dict[_Place, Json] = {}
        # files of chat messages of which every line is plain so far
        self._plain: set[_Place] = set()

    def add(self, kind: Kind, example: Example, split: str | None, lines: Lines) -> None:
        """Write an example in every format that takes its kind.

        Args:
            lines: gets the number of every line that it became, by file name.

        Raises:
            SyncError: a file can't be written.
        """
        for form in self._formats[kind]:
            place = form.name, split
            try:
                encoded = form.encode(example)
            except Unsuitable as reason:
                self._left_out.setdefault(place, Counter())[str(reason)] += 1
                continue
            writer = self._writers.get(place) or self._open(place, encoded)
            lines.setdefault(writer.path.name, []).append(writer.write(encoded))
            if place in self._plain and not is_plain(encoded):
                self._plain.remove(place)

    def most_lines(self, kinds: Sequence[Kind], split: str | None) -> int:
        """Of the files of one split that take these kinds, the lines of the longest."""
        places = ((form.name, split) for kind in kinds for form in self._formats.get(kind, ()))
        return max((self._writers[p].lines for p in places if p in self._writers), default=0)

    def written(self) -> tuple[WrittenFile, ...]:
        """Every file, closed, by format and split."""
        places = [(name, split) for name in self._names for split in _SPLITS]
        return tuple(self._closed(place) for place in places if place in self._writers)

    def first_lines(self) -> dict[str, Json]:
        """The first line of every file, by file name."""
        return {self._writers[place].path.name: line for place, line in self._first.items()}

    def left_out(self) -> dict[str, dict[str, int]]:
        """Examples that a format can't say, by format and reason."""
        found: dict[str, Counter[str]] = {}
        for (name, _), reasons in self._left_out.items():
            found.setdefault(name, Counter()).update(reasons)
        return {name: dict(sorted(reasons.items())) for name, reasons in found.items()}

    def _open(self, place: _Place, first: Json) -> LineWriter:
        name = ".".join(part for part in (*place, "jsonl") if part)
        writer = LineWriter(self._folder / name, bom=self._bom)
        self._writers[place] = writer
        self._first[place] = first
        if "messages" in first:
            self._plain.add(place)
        return writer

    def _closed(self, place: _Place) -> WrittenFile:
        writer = self._writers[place]
        writer.close()
        return WrittenFile(
            format=place[0],
            split=place[1],
            file=writer.path.name,
            lines=writer.lines,
            bytes=writer.bytes,
            sha256=writer.sha256,
            left_out=dict(sorted(self._left_out.get(place, {}).items())),
            plain=place in self._plain if "messages" in self._first[place] else None,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for writer in self._writers.values():
            writer.__exit__(kind, error, trace)
