"""A release before it is published: every line against the rules of its readers."""

from pathlib import Path

from sync.errors import ExportError
from sync.providers.provider import Provider
from sync.validating.problem import Tally
from sync.validating.report import FileReport
from sync.validating.validation import Options, validate

# repeated on purpose
_OF_COPIES = "duplicate"


def check_release(
    folder: Path, provider: Provider | None = None, *, repeated: bool = False
) -> list[str]:
    """What the readers of a release would accept, but its owner should know.

    Rules about a file as a whole, such as how many examples it takes, hold for the provider that
    is named; without one they are told as warnings, since other readers may not have them.

    Args:
        folder: with all its files and its manifest.
        repeated: whether lines were repeated to balance them.

    Raises:
        ExportError: a line that a reader would refuse, or a file that the provider would.
    """
    report = validate([folder], Options(provider=provider), keep=1)
    warnings: list[str] = []
    for file in report.files:
        for tally in file.rules:
            whole = tally.first[0].line == 0
            if tally.severity == "error" and (not whole or provider):
                raise ExportError(_refusal(file, tally))
            if not (repeated and tally.rule == _OF_COPIES):
                warnings.append(_said(file, tally))
    return warnings


def _refusal(file: FileReport, tally: Tally) -> str:
    first = tally.first[0]
    task = f"task {first.task_id}: " if first.task_id is not None else ""
    more = f" ({tally.count - 1} more)" if tally.count > 1 else ""
    then = "; once it is right in Label Studio, run `labeltune pull`" if task else ""
    return f"{file.format}: {task}{first.message}{more}; nothing was written{then}"


def _said(file: FileReport, tally: Tally) -> str:
    first = tally.first[0]
    more = f" ({tally.count - 1} lines more)" if tally.count > 1 else ""
    where = f", line {first.line}" if first.line else ""
    return f"{Path(file.file).name}{where}: {first.message}{more}"
