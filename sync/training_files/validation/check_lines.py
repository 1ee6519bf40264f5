"""Every example of a file against the rules of its format, and of who is to read it."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from sync.common.json_text import Json
from sync.training_files.formats.example_texts import count_quoted
from sync.training_files.formats.format import Fault, Format
from sync.training_files.trainers.provider import Provider
from sync.training_files.validation.checked_file import CheckedFile, CheckSettings
from sync.training_files.validation.containers import ExampleStream
from sync.training_files.validation.example_batch import ExampleBatch
from sync.training_files.validation.line_shapes import LineShape, line_shapes, shape_of
from sync.training_files.validation.problems import Problems

_TOO_LONG = Fault("line-length", "the line is longer than 64 MB, which is no example; split it")


def check_lines(
    raws: Iterable[Any],
    examples: ExampleStream,
    passed: CheckedFile,
    asked: CheckSettings,
    problems: Problems,
) -> None:
    """Note what is wrong with each example, and count it.

    Args:
        raws: as they stand in the file, from its first.
        examples: where they come from.
        passed: gets the numbers.
    """
    name, task_of, unit = passed.source.name, passed.source.task_of, passed.unit
    form = asked.formats[passed.form]
    provider, reading = asked.provider, passed.reading
    reader = provider if provider and passed.form in provider.formats else None
    check: Callable[[Json], Iterable[Fault]] = form.check
    if reader is not None and reading is not None and reading.reader == reader.name:
        check = partial(_judged, form, reader)  # a row that it maps is in its own form already
    elif reader is not None:
        check = partial(reader.faults, form)
    shapes = line_shapes(asked.formats)
    keys, content_rules, read = {*form.keys, *form.plain_keys}, form.content_rules, form.read
    quick, plain = reader is None and reading is None, form.plain
    parse, doubled = examples.parse, examples.doubled
    number = 0

    def tell(number: int, fault: Fault) -> None:
        problems.add(name, number, fault, task_of, unit)

    batch = ExampleBatch(passed, asked, examples, tell)
    put, put_plain, put_faulty = batch.put, batch.put_plain, batch.put_faulty
    unread = 0
    for number, raw in enumerate(raws, 1):  # noqa: B007  (the last is told)
        line = parse(raw) if raw is not None else _TOO_LONG
        if isinstance(line, Fault):
            unread += 1
            put_faulty(None, 0, [reader.judged(line) if reader else line], False)
            continue
        found = plain(line) if quick else None
        if found is not None:
            put_plain(found, raw)
            continue
        twice = doubled(raw, count_quoted(line))
        faults = [] if twice is None else [reader.judged(twice) if reader else twice]
        if reading is not None:
            row, line = line, line if reading.line is None else reading.line(line)
            faults += reading.faults(row, line)
        if keys.isdisjoint(line) and keys and (other := _of_another(line, shapes, form.name)):
            put_faulty(None, len(raw), [*faults, other], False)
            continue
        malformed = False
        for fault in check(line):
            faults.append(fault)
            malformed = malformed or (fault.severity == "error" and fault.rule in content_rules)
        if faults:
            put_faulty(read(line), len(raw), faults, malformed)
        else:
            put(read(line), len(raw))
    batch.close()
    passed.lines = number
    passed.examples = number - unread


def _of_another(line: Json, shapes: Sequence[LineShape], own: str) -> Fault | None:
    """The fault of a line whose keys are another format's than the file's."""
    shape = shape_of(line, shapes)
    if shape is None or own in shape.formats:
        return None
    key = next(key for key in shape.keys if key in line)
    return Fault(
        "one-format",
        f"the line has '{key}', which is {shape.formats[0]}'s; a file holds one format: put the "
        "line into a file of its own",
    )


def _judged(form: Format, reader: Provider, line: Json) -> Iterable[Fault]:
    """The rules of a format that a line breaks, as bad as they are to who reads it."""
    return map(reader.judged, form.check(line))
