"""One pass over one file: every line against its format's rules and its provider's."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import IO, Literal

from sync.common.errors import SyncError
from sync.common.json_text import Json
from sync.training_files.formats.format import Fault, FileRules, Format
from sync.training_files.trainers.provider import Provider
from sync.training_files.validation.files_to_check import STDIN, FileToCheck, Role
from sync.training_files.validation.line_shapes import LineShape, guess, line_shapes, shape_of
from sync.training_files.validation.lines import ByteLines, decode, not_json_lines
from sync.training_files.validation.problems import Problems
from sync.training_files.validation.repeated_examples import Fingerprints
from sync.training_files.validation.token_statistics import TokenStatistics
from sync.training_files.validation.tokens import TokenCounter
from sync.training_files.validation.unwanted_texts import Leftovers, PersonalLines

_LOOKED_AT = 20  # lines by which a format is guessed
_TOO_LONG = Fault("line-length", "the line is longer than 64 MB, which is no example; split it")


@dataclass(frozen=True)
class CheckSettings:
    """What every file is validated against.

    Attributes:
        formats: all that there are, by name.
        form: the one that every file is of, or None to find it out.
        limit: tokens of one example, or None.
        personal: looks for personal data; None: nobody does.
    """

    formats: dict[str, Format]
    form: str | None
    provider: Provider | None
    counter: TokenCounter
    limit: int | None
    personal: PersonalLines | None = None


@dataclass
class CheckedFile:
    """A file that was read to its end."""

    source: FileToCheck
    form: str
    format_by: Literal["option", "manifest", "guess"]
    tokens: TokenStatistics
    fingerprints: Fingerprints
    lines: int = 0
    examples: int = 0
    size: int = 0


def check_file(
    source: FileToCheck, asked: CheckSettings, problems: Problems, progress: Callable[[int], None]
) -> CheckedFile:
    """Read a file and note what is wrong with it.

    Raises:
        SyncError: it can't be read, or its format is neither told nor guessed.
    """
    try:
        with _opened(source.path) as file:
            lines = ByteLines(file, progress)
            stream = iter(lines)
            head = list(islice(stream, _LOOKED_AT))
            whole = not_json_lines(lines.start)
            passed = _begin(source, asked, head)
            if whole is not None:
                problems.add(source.name, 0, whole)
            else:
                _check_lines(chain(head, stream), passed, asked, problems)
    except OSError as error:
        raise SyncError(f"{source.name}: can't be read ({error.strerror})") from error
    passed.size = lines.size
    _check_whole(passed, asked, problems, lines.bom)
    return passed


def _opened(path: Path) -> AbstractContextManager[IO[bytes]]:
    return nullcontext(sys.stdin.buffer) if path == STDIN else path.open("rb")


def _begin(source: FileToCheck, asked: CheckSettings, head: list[bytes | None]) -> CheckedFile:
    """A file of which its first lines are known."""
    form, by = asked.form, "option"
    if form is None:
        form, by = source.format_in(asked.formats), "manifest"
    if form is None:
        objects = [value for raw in head if raw and (value := decode(raw)[0]) is not None]
        by = "guess"
        # where no line can be read, the reasons are told whatever the format
        form = guess(objects, asked.formats) if objects else next(iter(asked.formats))
    if form is None:
        keys = ", ".join(shape.keys[0] for shape in line_shapes(asked.formats))
        raise SyncError(
            f"{source.name}: can't tell its format: its first lines have none of {keys}; name it "
            f"with --format {' | '.join(asked.formats)}"
        )
    cuts = asked.provider.cuts if asked.provider else "is cut off"
    tokens = TokenStatistics(asked.counter, asked.limit, cuts)
    return CheckedFile(source, form, by, tokens, Fingerprints())  # type: ignore[arg-type]


def _check_lines(
    lines: Iterator[bytes | None], passed: CheckedFile, asked: CheckSettings, problems: Problems
) -> None:
    name, task_of = passed.source.name, passed.source.task_of
    form = asked.formats[passed.form]
    provider = asked.provider
    reader = provider if provider and passed.form in provider.formats else None
    check = partial(reader.faults, form) if reader else form.check
    shapes = line_shapes(asked.formats)
    keys, content_rules, read = (*form.keys, *form.plain_keys), form.content_rules, form.read
    leftovers = Leftovers()
    add_print, add_tokens = passed.fingerprints.add, passed.tokens.add
    number = 0
    for number, raw in enumerate(lines, 1):
        line, fault = decode(raw) if raw is not None else (None, _TOO_LONG)
        if fault is not None:
            problems.add(name, number, reader.judged(fault) if reader else fault, task_of)
        if line is None:
            add_print(None)
            continue
        passed.examples += 1
        if keys and not any(key in line for key in keys) and (other := _of_another(line, shapes)):
            problems.add(name, number, other, task_of)
            add_print(None)
            continue
        malformed = False
        for fault in check(line):
            problems.add(name, number, fault, task_of)
            malformed = malformed or (fault.severity == "error" and fault.rule in content_rules)
        said = read(line)
        add_print(None if malformed else said)
        if (left := leftovers.add(said, number)) is not None:
            problems.add(name, number, left, task_of)
        if (long := add_tokens(said)) is not None:
            problems.add(name, number, long, task_of)
        if asked.personal is not None and (found := asked.personal.fault(said)) is not None:
            problems.add(name, number, found, task_of)
    for at, left in leftovers.of_the_whole():
        problems.add(name, at, left, task_of)
    passed.lines = number


def _of_another(line: Json, shapes: Sequence[LineShape]) -> Fault | None:
    """The fault of a line whose keys are another format's than the file's."""
    shape = shape_of(line, shapes)
    if shape is None:
        return None
    key = next(key for key in shape.keys if key in line)
    return Fault(
        "one-format",
        f"the line has '{key}', which is {shape.formats[0]}'s; a file holds one format: put the "
        "line into a file of its own",
    )


def _check_whole(passed: CheckedFile, asked: CheckSettings, problems: Problems, bom: bool) -> None:
    name, provider = passed.source.name, asked.provider
    rules = asked.formats[passed.form].rules
    if provider and passed.form in provider.formats:
        rules = provider.formats[passed.form]
    elif provider:
        fault = Fault(
            "provider-format",
            f"{provider.name} does not read {passed.form}; export one of "
            f"{', '.join(provider.formats)}",
        )
        problems.add(name, 0, fault)
    number = check_number(rules, passed.examples, passed.source.role, provider)
    told = passed.examples == 0 and problems.count("error", name)  # why there is none
    for fault in chain(
        check_bom(bom, provider), check_size(rules, passed.size), () if told else number
    ):
        problems.add(name, 0, fault)


def check_size(rules: FileRules, size: int) -> Iterator[Fault]:
    """Every rule that a file of so many bytes breaks."""
    most = rules.max_bytes
    if most is not None and (size > most or (rules.below and size == most)):
        limit = f"less than {most:,}" if rules.below else f"at most {most:,}"
        yield Fault("size", f"the file has {size:,} bytes and may have {limit}; split it")


def check_number(
    rules: FileRules, number: int, role: Role, provider: Provider | None
) -> Iterator[Fault]:
    """Every rule that a file of so many examples breaks.

    Least numbers are of training files: a validation file may be small.
    """
    who, asks = (provider.name, "s") if provider else ("its readers", "")
    found = "1 example" if number == 1 else f"{number:,} examples"
    if number == 0:
        yield Fault("examples", "the file holds no example")
    elif role == "training" and number < rules.least_examples:
        yield Fault("examples", f"{found}; {who} ask{asks} for {rules.least_examples:,} at least")
    elif role == "training" and number < rules.recommended_examples:
        message = f"{found}; {who} recommend{asks} {rules.recommended_examples:,} or more"
        yield Fault("recommended-examples", message, "warning")
    most = rules.most_examples
    if role == "validation" and provider and provider.most_validation is not None:
        most = provider.most_validation
    if most is not None and number > most:
        yield Fault("most-examples", f"{found}; {who} take{asks} {most:,} at most")


def check_bom(bom: bool, provider: Provider | None) -> Iterator[Fault]:
    """A byte order mark stands where it is wanted, and nowhere else."""
    wanted = provider.bom if provider else False
    if bom and not wanted:
        yield Fault(
            "bom",
            "the file begins with a byte order mark, which most readers refuse; save it as UTF-8 "
            "without one",
        )
    elif wanted and not bom and provider:
        yield Fault(
            "bom",
            f"{provider.name} reads UTF-8 with a byte order mark, and the file begins with none; "
            "save it as UTF-8 with BOM",
        )
