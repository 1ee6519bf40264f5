"""A release before it is published: every line against the rules of its readers."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from sync.common.errors import ExportError
from sync.common.wording import counted
from sync.dataset.release.data_files import Refused, RefusedLine
from sync.training_files.trainers.provider import Provider
from sync.training_files.validation.problems import Problem, RuleCount
from sync.training_files.validation.report import FileReport
from sync.training_files.validation.validate import Options, validate

# repeated on purpose
_OF_COPIES = "duplicate"
# where in a line or a file a fault is, which differs from line to line
_PLACE = re.compile(r"(^(?:\w+ )?message|^turn|^tool|^step|^label|^history|\bline) \d+")


@dataclass(frozen=True)
class Checked:
    """What the readers of a release would say of it.

    Attributes:
        warnings: what they would accept, but its owner should know.
        refused: lines that one of them would not take, by file and number.
    """

    warnings: list[str] = field(default_factory=list)
    refused: Refused = field(default_factory=dict)


def check_release(
    folder: Path, provider: Provider | None = None, *, repeated: bool = False
) -> Checked:
    """Hold a release to the rules of its readers.

    Rules about a file as a whole, such as how many examples it takes, hold for the provider that
    is named; without one they are told as warnings, since other readers may not have them. They
    are looked at once no line is refused any more, for such lines are to be left out.

    Args:
        folder: with all its files and its manifest.
        repeated: whether lines were repeated to balance them.

    Raises:
        ExportError: the provider would refuse a file.
    """
    options = Options(provider=provider)
    report = validate([folder], options, keep=1)
    tallies = [(file, tally) for file in report.files for tally in file.rules]
    if any(_is_of_a_line(tally) for _, tally in tallies):
        found = _RefusedLines()
        validate([folder], options, keep=0, sink=found.add)
        return Checked(refused=found.lines)
    warnings: list[str] = []
    for file, tally in tallies:
        if tally.severity == "error" and provider:
            raise ExportError(_refusal(file, tally))
        if not (repeated and tally.rule == _OF_COPIES):
            warnings.append(_said(file, tally))
    return Checked(warnings)


def refusal(refused: Refused) -> ExportError:
    """The error of lines that no reader would take, though such lines were left out before."""
    file, lines = next(iter(refused.items()))
    first = next(iter(lines.values()))
    return ExportError(f"{file}: {first.reason}; nothing was written")


class _RefusedLines:
    """The first reason of every line that is refused."""

    def __init__(self) -> None:
        self.lines: dict[str, dict[int, RefusedLine]] = {}

    def add(self, problem: Problem) -> None:
        if problem.severity == "error" and problem.line:
            reason = _PLACE.sub(_any_place, problem.message)
            lines = self.lines.setdefault(Path(problem.file).name, {})
            lines.setdefault(problem.line, RefusedLine(reason, problem.task_id))


def _any_place(found: re.Match[str]) -> str:
    place = found[1]
    return f"{'an' if place[0] in 'aeiou' else 'a'} {place}"


def _is_of_a_line(tally: RuleCount) -> bool:
    return tally.severity == "error" and tally.first[0].line > 0


def _refusal(file: FileReport, tally: RuleCount) -> str:
    return f"{file.format}: {tally.first[0].message}; nothing was written"


def _said(file: FileReport, tally: RuleCount) -> str:
    first = tally.first[0]
    more = f" ({counted(tally.count - 1, 'line')} more)" if tally.count > 1 else ""
    where = f", line {first.line}" if first.line else ""
    return f"{Path(file.file).name}{where}: {first.message}{more}"
