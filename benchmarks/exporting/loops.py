"""The loops that are timed: ours from records to closed files, and the bare one."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import orjson

import label_configs
from benchmarks.exporting.work import Article, records
from sync.dataset.examples.from_record import examples
from sync.dataset.examples.prompt_layout import PromptLayout
from sync.dataset.release.data_files import DataFiles
from sync.dataset.release.write_examples import ExampleWriter
from sync.records.record import LabelledRecord
from sync.settings import Config
from sync.training_files.example import Example, Steps
from sync.training_files.formats.format import Format
from sync.training_files.manifest.contents import WrittenFile
from sync.training_files.manifest.lineage import LineageWriter

# records at a time
PIECE = 5_000


def interface_for(form: Format) -> str:
    """Whose records feed a format."""
    return "reasoning_steps" if form.takes is Steps else "chat_response"


def write(form: Format, found: Sequence[Article], count: int, folder: Path) -> Path:
    """A format's file of so many records."""
    interface = interface_for(form)
    some = records(found, range(count), interface)
    (written,) = write_records([form], writer_of(interface), some, folder)
    return folder / written.file


def pieces(count: int) -> Iterator[range]:
    """Numbers of records, a piece at a time."""
    for start in range(0, count, PIECE):
        yield range(start, min(start + PIECE, count))


def writer_of(interface: str) -> ExampleWriter:
    """How records of an interface become lines, as an export does it."""
    config = Config()
    loaded = label_configs.load(interface)
    return ExampleWriter(loaded, PromptLayout.of(config, loaded))


def made_of(
    form: Format, writer: ExampleWriter, some: Sequence[LabelledRecord]
) -> list[list[Example]]:
    """The examples of each record, for the loops that begin there."""
    interface, layout = writer.interface, writer.layout
    return [list(examples(form.takes, record, interface, layout)) for record in some]


def write_bare(ready: Sequence[Mapping[str, Any]], folder: Path) -> float:
    """Seconds of the limit."""
    started = perf_counter()
    with (folder / "bare.jsonl").open("wb") as file:
        for line in ready:
            file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
    return perf_counter() - started


def write_records(
    forms: Sequence[Format], writer: ExampleWriter, some: Sequence[LabelledRecord], folder: Path
) -> tuple[WrittenFile, ...]:
    """Ours, from records to closed files."""
    with DataFiles(folder, forms) as files, LineageWriter(folder) as lineage:
        writer.write(some, files, lineage)
        return files.written()
