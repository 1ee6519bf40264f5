"""How fast all formats are written in one pass, beside the least that any writer must do.

Ours, as `export --format all` does it: from labelled records through making examples, encoding,
JSON, hash and lineage to closed files. The limit: a loop of `file.write(orjson.dumps(…))` over
dicts that are ready, file after file. Both write the same lines, by turns, a piece of the records
at a time.
"""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.exporting.loops import (
    interface_for,
    made_of,
    pieces,
    write_bare,
    write_records,
    writer_of,
)
from benchmarks.exporting.work import Article, records
from sync.records.record import LabelledRecord
from sync.training_files.formats import FORMATS
from sync.training_files.formats.format import Format


@dataclass
class Timed:
    """One round; `bytes` are those of the data files, without the lineage."""

    pieces: int = 0
    bytes: int = 0
    whole_s: float = 0.0
    limit_s: float = 0.0


def together(
    found: Sequence[Article],
    count: int,
    rounds: int,
    folder: Path,
    done: Callable[[], None] = lambda: None,
) -> dict[str, float]:
    """Figures of all formats in one pass over the records, as an export of all of them does it.

    Examples and lineage are made once a record. The limit is that of all files, one after another.
    The format that only reasoning steps feed is a pass of its own.

    Args:
        count: records of each format; further arguments are as for `speeds`.
    """
    fed: dict[str, list[Format]] = {}
    for form in FORMATS.values():
        fed.setdefault(interface_for(form), []).append(form)
    each: list[Timed] = []
    for _ in range(rounds):
        timed = Timed()
        for numbers in pieces(count):
            for interface, forms in fed.items():
                _time_together(forms, interface, records(found, numbers, interface), folder, timed)
            done()
        each.append(timed)
    return {
        "formats": len(FORMATS),
        "mb": round(each[0].bytes / 1e6, 1),
        "mb_s": round(statistics.median(t.bytes / t.whole_s / 1e6 for t in each)),
        "limit_mb_s": round(statistics.median(t.bytes / t.limit_s / 1e6 for t in each)),
        "vs_limit": round(statistics.median(t.limit_s / t.whole_s for t in each), 3),
    }


def _time_together(
    forms: Sequence[Format],
    interface: str,
    some: Sequence[LabelledRecord],
    folder: Path,
    timed: Timed,
) -> None:
    writer = writer_of(interface)
    ready = [
        [form.encode(example) for found in made_of(form, writer, some) for example in found]
        for form in forms
    ]

    def ours() -> None:
        started = perf_counter()
        timed.bytes += sum(file.bytes for file in write_records(forms, writer, some, folder))
        timed.whole_s += perf_counter() - started

    def limit() -> None:
        timed.limit_s += sum(write_bare(lines, folder) for lines in ready)

    timed.pieces += 1
    for turn in (ours, limit) if timed.pieces % 2 else (limit, ours):
        turn()
