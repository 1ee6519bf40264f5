"""How fast each format alone is written, beside the least that any writer must do.

Ours, twice: from examples through encoding, JSON, hash and lineage to closed files; and all of
that with the making of examples from labelled records before it. The limit: a loop of
`file.write(orjson.dumps(…))` over dicts that are ready. All write the same lines, in turn a piece
of the records each, so that what else the machine does falls on all. Who comes first with a text
pays for its UTF-8, which Python keeps; so ours and the limit begin by turns.
"""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import orjson

from benchmarks.exporting.loops import (
    interface_for,
    made_of,
    pieces,
    write_bare,
    write_records,
    writer_of,
)
from benchmarks.exporting.work import Article, records
from sync.dataset.release.data_files import DataFiles, LineNumbers
from sync.records.record import LabelledRecord
from sync.training_files.example import Example
from sync.training_files.formats import FORMATS
from sync.training_files.formats.format import Format
from sync.training_files.manifest.lineage import LineageWriter

# lines that `datasets` writes: at its speed all of them would take minutes
DATASETS_LINES = 5_000


@dataclass
class Timed:
    """One round of one format.

    Attributes:
        bytes: of the data file, without the lineage.
        write_s: from examples to files.
        whole_s: from records to files.
    """

    pieces: int = 0
    lines: int = 0
    bytes: int = 0
    write_s: float = 0.0
    whole_s: float = 0.0
    limit_s: float = 0.0


@dataclass
class Speed:
    """What was measured of a format."""

    rounds: list[Timed] = field(default_factory=list)
    datasets_mb_s: float = 0.0

    def figures(self, count: int) -> dict[str, float]:
        """Medians over the rounds.

        Args:
            count: records of a round.
        """

        def median(of: Callable[[Timed], float], digits: int = 0) -> float:
            return round(statistics.median(map(of, self.rounds)), digits)

        return {
            "lines": self.rounds[0].lines,
            "mb": round(self.rounds[0].bytes / 1e6, 1),
            "mb_s": median(lambda r: r.bytes / r.write_s / 1e6),
            "from_records_mb_s": median(lambda r: r.bytes / r.whole_s / 1e6),
            "limit_mb_s": median(lambda r: r.bytes / r.limit_s / 1e6),
            "datasets_mb_s": round(self.datasets_mb_s),
            "vs_limit": median(lambda r: r.limit_s / r.write_s, 3),
            "from_records_vs_limit": median(lambda r: r.limit_s / r.whole_s, 3),
            "vs_datasets": median(lambda r: r.bytes / r.write_s / 1e6 / self.datasets_mb_s, 1),
            "records_s": median(lambda r: count / r.whole_s),
        }


def speeds(
    found: Sequence[Article],
    count: int,
    rounds: int,
    folder: Path,
    done: Callable[[], None] = lambda: None,
) -> dict[str, dict[str, float]]:
    """Figures by format.

    Args:
        count: records of each format.
        rounds: how often everything is written.
        folder: an empty one.
        done: called after each piece of each format.
    """
    measured = {name: Speed() for name in FORMATS}
    for _ in range(rounds):
        for speed in measured.values():
            speed.rounds.append(Timed())
        for numbers in pieces(count):
            some = {i: records(found, numbers, i) for i in ("chat_response", "reasoning_steps")}
            for name, form in FORMATS.items():
                interface = interface_for(form)
                _time(form, interface, some[interface], folder, measured[name].rounds[-1])
                done()
    for name, form in FORMATS.items():
        interface = interface_for(form)
        some = records(found, range(min(count, DATASETS_LINES)), interface)
        made = made_of(form, writer_of(interface), some)
        lines = [form.encode(example) for of in made for example in of][:DATASETS_LINES]
        measured[name].datasets_mb_s = _datasets_mb_s(lines, folder)
    return {name: speed.figures(count) for name, speed in measured.items()}


def _time(
    form: Format, interface: str, some: Sequence[LabelledRecord], folder: Path, timed: Timed
) -> None:
    writer = writer_of(interface)
    made = made_of(form, writer, some)
    ready = [form.encode(example) for found in made for example in found]
    timed.pieces += 1
    if timed.pieces % 2:
        timed.write_s += _write_examples(form, some, made, folder)
        timed.limit_s += write_bare(ready, folder)
    else:
        timed.limit_s += write_bare(ready, folder)
        timed.write_s += _write_examples(form, some, made, folder)
    del ready, made
    started = perf_counter()
    (written,) = write_records([form], writer, some, folder)
    timed.whole_s += perf_counter() - started
    timed.lines += written.lines
    timed.bytes += written.bytes
    _same_lines(folder / "bare.jsonl", folder / written.file)


def _write_examples(
    form: Format,
    some: Sequence[LabelledRecord],
    made: Sequence[Sequence[Example]],
    folder: Path,
) -> float:
    """Seconds from examples to files."""
    started = perf_counter()
    with DataFiles(folder, [form]) as files, LineageWriter(folder) as lineage:
        for record, found in zip(some, made, strict=True):
            lines: LineNumbers = {}
            for example in found:
                files.add(form.takes, example, None, lines)
            lineage.record(record, lines)
    return perf_counter() - started


def _same_lines(bare: Path, ours: Path) -> None:
    """Both wrote the same, or the comparison says nothing.

    Raises:
        RuntimeError: a line differs.
    """
    with bare.open("rb") as one, ours.open("rb") as other:
        for number, (a, b) in enumerate(zip(one, other, strict=True), start=1):
            if a != b and orjson.loads(a) != orjson.loads(b):
                raise RuntimeError(f"{ours.name}, line {number}: not what the bare loop wrote")


def _datasets_mb_s(lines: Sequence[Mapping[str, Any]], folder: Path) -> float:
    """The speed of `datasets`' own writer of JSON lines, from a table in memory."""
    from datasets import Dataset
    from datasets.utils.logging import disable_progress_bar

    disable_progress_bar()
    table = Dataset.from_list([dict(line) for line in lines])
    path = folder / "datasets.jsonl"
    started = perf_counter()
    table.to_json(path)
    return path.stat().st_size / (perf_counter() - started) / 1e6
