"""Files against every rule of their readers, and against each other."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO

from sync.common.wording import counted
from sync.settings.redaction import RedactionSection
from sync.settings.training import TrainingSection
from sync.training_files.formats import FORMATS
from sync.training_files.formats.format import Fault
from sync.training_files.trainers.jobs import JobSettings
from sync.training_files.trainers.provider import Provider
from sync.training_files.validation.check_file import check_file
from sync.training_files.validation.checked_file import CheckedFile, CheckSettings
from sync.training_files.validation.files_to_check import STDIN, FileToCheck
from sync.training_files.validation.find_files import find
from sync.training_files.validation.how_read import how_read
from sync.training_files.validation.problems import Problems, Sink
from sync.training_files.validation.report import Cost, FileReport, Report
from sync.training_files.validation.same_examples import same_examples
from sync.training_files.validation.tokens import TokenCounter, counter_for
from sync.training_files.validation.unwanted_texts import PersonalLines

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Options:
    """How files are validated.

    Attributes:
        form: the format of every file; None: by its manifest, else guessed.
        tokenizer: a path, or `estimate`; None: by the model.
        max_tokens: of one example; None: what the provider says of the model.
        job: the settings of the job that is to come.
        personal: what personal data is; None: it is not looked for.
    """

    form: str | None = None
    provider: Provider | None = None
    model: str | None = None
    tokenizer: str | None = None
    max_tokens: int | None = None
    job: JobSettings = field(default_factory=JobSettings)
    training: TrainingSection = field(default_factory=TrainingSection)
    personal: RedactionSection | None = None


def validate(
    files: Sequence[Path],
    options: Options,
    *,
    validation: Sequence[Path] = (),
    keep: int = 5,
    log: IO[str] | None = None,
    sink: Sink | None = None,
    progress: Progress = lambda done, total: None,
) -> Report:
    """Check files, or all files of a folder; of a release also the splits that were not named.

    Args:
        files: of training unless their name or manifest says otherwise; `-` is stdin.
        validation: of validation.
        keep: problems of a rule and file in the report.
        log: gets every problem as a line of JSON.
        sink: gets every problem.
        progress: told bytes done and bytes in all.

    Raises:
        SyncError: a file can't be read, or its format is neither told nor guessed.
    """
    found = find(files, validation)
    sources, unread = _readable(found.files, files, options.provider)
    counter, hint = counter_for(options.tokenizer, options.model)
    personal = PersonalLines(options.personal) if options.personal is not None else None
    asked = CheckSettings(
        FORMATS, options.form, options.provider, counter, _limit(options), personal
    )
    name = options.provider.name if options.provider else None
    problems = Problems(keep, log, name, sink)
    passed: list[CheckedFile] = []
    total = sum(_size(source) for source in sources)
    for source in sources:
        before = sum(file.size for file in passed)
        passed.append(check_file(source, asked, problems, partial(_tell, progress, before, total)))
    for file, line, fault in same_examples(passed):
        problems.add(file.source.name, line, fault, file.source.task_of, file.unit)
    _check_job(passed, options, problems)
    return Report(
        files=[_report(file, options, problems) for file in passed],
        provider=name,
        model=options.model,
        errors=problems.count("error"),
        warnings=problems.count("warning"),
        notes=[*unread, *found.notes, *_notes(passed, options, counter, hint)],
    )


def _tell(progress: Progress, before: int, total: int, size: int) -> None:
    progress(before + size, total)


def _readable(
    sources: list[FileToCheck], files: Sequence[Path], provider: Provider | None
) -> tuple[list[FileToCheck], list[str]]:
    """Of releases that were named as a whole, what the provider reads; and what was left out."""
    if provider is None:
        return sources, []

    def is_read(source: FileToCheck) -> bool:
        form = source.format_in(FORMATS) if source.path.parent in files else None
        return form is None or form in provider.formats

    kept = [source for source in sources if is_read(source)]
    left = len(sources) - len(kept)
    if not kept or not left:
        return sources, []
    return kept, [
        f"{counted(left, 'file')} not checked: {provider.name} does not read such formats"
    ]


def _size(source: FileToCheck) -> int:
    return source.path.stat().st_size if source.path != STDIN and source.path.is_file() else 0


def _limit(options: Options) -> int | None:
    if options.max_tokens is not None:
        return options.max_tokens
    if options.provider is None or options.model is None:
        return None
    return options.provider.token_limit(options.model)


def _check_job(passed: list[CheckedFile], options: Options, problems: Problems) -> None:
    """The settings of the job, and the files that it needs."""
    provider = options.provider
    training = [file for file in passed if file.source.role == "training"]
    for file in training[:1]:
        for fault in provider.job.check(options.job) if provider else ():
            problems.add(file.source.name, 0, fault)
    held_out = {file.form for file in passed if file.source.role == "validation"}
    for file in training:
        if not file.form:
            continue
        who = FORMATS[file.form].needs_validation
        if provider:
            who = provider.name if file.form in provider.needs_validation else ""
        if who and file.form not in held_out:
            message = (
                f"{who} trains {file.form} with a validation file only; name it with --validation"
            )
            fault = Fault("validation-file", message, "error" if provider else "warning")
            problems.add(file.source.name, 0, fault)


def _report(file: CheckedFile, options: Options, problems: Problems) -> FileReport:
    name = file.source.name
    tokens = file.tokens.report()
    price = options.training.prices.get(options.model or "")
    cost = None
    if tokens and price and file.source.role == "training":
        epochs = options.job.epochs or options.training.epochs
        each = epochs * price.per_million / 1_000_000
        cost = Cost(
            options.model or "",
            epochs,
            about=round(tokens.kept.about * each, 4),
            at_most=round(tokens.kept.at_most * each, 4),
            currency=price.currency,
        )
    return FileReport(
        file=name,
        role=file.source.role,
        format=file.form or "unknown",
        format_by=file.format_by,
        lines=file.lines,
        examples=file.examples,
        bytes=file.size,
        errors=problems.count("error", name),
        warnings=problems.count("warning", name),
        tokens=tokens,
        cost=cost,
        rules=problems.of(name),
        unit=file.unit,
        complete=file.complete,
        entry=file.reading.entry if file.reading else None,
        told_by=file.reading.told_by if file.reading else None,
    )


def _notes(
    passed: list[CheckedFile], options: Options, counter: TokenCounter, hint: str | None
) -> Iterator[str]:
    """What was not checked or only estimated, and what to do about it."""
    if options.provider and options.provider.note:
        yield options.provider.note
    for file in passed:
        yield from how_read(file)
    if hint:
        yield hint
    model, provider = options.model, options.provider
    if model and provider and _limit(options) is None:
        yield (
            f"how many tokens of an example {provider.name} trains {model} on is not known here; "
            "--max-tokens N sets it"
        )
    if model and model not in options.training.prices:
        yield (
            f'no price of {model}; add [training.prices."{model}"] with per_million = … to '
            "labeltune.toml for an estimate of the cost"
        )
