"""One pass over one file: what holds its examples, each of them, and the file as a whole."""

import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, Any

from sync.common.errors import SyncError
from sync.common.json_text import Json
from sync.training_files.formats.example_texts import Said
from sync.training_files.formats.format import Fault
from sync.training_files.validation.check_lines import check_lines
from sync.training_files.validation.checked_file import CheckedFile, CheckSettings, FormatBy
from sync.training_files.validation.containers import ExampleStream, examples_in
from sync.training_files.validation.files_to_check import STDIN, FileToCheck
from sync.training_files.validation.line_shapes import guess, line_shapes
from sync.training_files.validation.lists.llama_factory_v1 import sampled
from sync.training_files.validation.problems import Problems
from sync.training_files.validation.reading import RowReading
from sync.training_files.validation.repeated_examples import Fingerprints
from sync.training_files.validation.token_statistics import TokenStatistics
from sync.training_files.validation.whole_file import whole_faults

_LOOKED_AT = 20  # examples by which a format is guessed


def check_file(
    source: FileToCheck, asked: CheckSettings, problems: Problems, progress: Callable[[int], None]
) -> CheckedFile:
    """Read a file and note what is wrong with it.

    Raises:
        SyncError: it can't be read, or its format is neither told nor guessed.
    """
    if source.refused is not None:
        return _unread(source, asked, problems, source.refused)
    try:
        with _opened(source.path) as file:
            found = examples_in(file, progress)
            if isinstance(found, Fault):
                return _unread(source, asked, problems, found)
            return _check_examples(source, asked, problems, found)
    except OSError as error:
        raise SyncError(f"{source.name}: can't be read ({error.strerror})") from error


def _opened(path: Path) -> AbstractContextManager[IO[bytes]]:
    return nullcontext(sys.stdin.buffer) if path == STDIN else path.open("rb")


def _unread(
    source: FileToCheck, asked: CheckSettings, problems: Problems, why: Fault
) -> CheckedFile:
    """A file of which nothing was read."""
    problems.add(source.name, 0, why)
    passed = _passed(source, asked, asked.form or "", "option", None)
    passed.size = source.path.stat().st_size if source.path.is_file() else 0
    passed.complete = False
    return passed


def _check_examples(
    source: FileToCheck, asked: CheckSettings, problems: Problems, examples: ExampleStream
) -> CheckedFile:
    stream = iter(examples)
    head: list[Any] = []
    rows: list[Json] = []
    for raw in stream:
        head.append(raw)
        row = examples.parse(raw) if raw is not None else None
        rows += (row,) if isinstance(row, dict) else ()
        if len(head) == _LOOKED_AT:
            break
    try:
        passed = _begin(source, asked, rows)
    except SyncError as error:
        if source.named:
            raise
        why = Fault("format", str(error).removeprefix(f"{source.name}: "))
        return _unread(source, asked, problems, why)
    passed.unit = examples.unit
    if source.path == STDIN:
        passed.fingerprints = Fingerprints()
    else:
        passed.read_again = partial(_read_again, passed, asked)
    check_lines(chain(head, stream), examples, passed, asked, problems)
    passed.size = examples.size
    if examples.cut is not None:
        passed.complete = False
        problems.add(source.name, 0, examples.cut)
    told = passed.examples == 0 and problems.count("error", source.name) > 0
    for fault in whole_faults(passed, asked, examples, told=told):
        problems.add(source.name, 0, fault)
    return passed


def _read_again(
    passed: CheckedFile, asked: CheckSettings, numbers: Collection[int]
) -> Iterator[tuple[int, Said]]:
    """What some examples of a file say, (number, texts), which was read to its end before."""
    read, reading = asked.formats[passed.form].read, passed.reading
    with _opened(passed.source.path) as file:
        examples = examples_in(file)
        if isinstance(examples, Fault):
            return
        for number, raw in enumerate(examples, 1):
            if number in numbers and isinstance(row := examples.parse(raw), dict):
                line = reading.line(row) if reading and reading.line else row
                yield number, read(line)


def _begin(source: FileToCheck, asked: CheckSettings, rows: Sequence[Json]) -> CheckedFile:
    """A file of which the first rows are known.

    Raises:
        SyncError: nobody says its format, and its rows do not show it.
    """
    if asked.form is not None:
        return _passed(source, asked, asked.form, "option", None)
    reading = source.reading
    if reading is not None and reading.form is not None:
        return _passed(source, asked, reading.form, "entry", reading)
    if (form := source.format_in(asked.formats)) is not None:
        return _passed(source, asked, form, "manifest", None)
    if (found := sampled(rows)) is not None and found.form is not None:
        told = replace(found, told_by=reading.told_by, entry=reading.entry) if reading else found
        return _passed(source, asked, found.form, "guess", told)
    # where no line can be read, the reasons are told whatever the format
    form = guess(rows, asked.formats, asked.provider) if rows else next(iter(asked.formats))
    if form is not None:
        return _passed(source, asked, form, "guess", reading)
    keys = ", ".join(shape.keys[0] for shape in line_shapes(asked.formats))
    raise SyncError(
        f"{source.name}: can't tell its format: its first examples have none of {keys}; name it "
        f"with --format {' | '.join(asked.formats)}"
    )


def _passed(
    source: FileToCheck, asked: CheckSettings, form: str, by: FormatBy, reading: RowReading | None
) -> CheckedFile:
    cuts = asked.provider.cuts if asked.provider else "is cut off"
    tokens = TokenStatistics(asked.counter, asked.limit, cuts)
    return CheckedFile(source, form, by, tokens, reading=reading)
