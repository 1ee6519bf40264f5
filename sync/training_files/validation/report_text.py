"""A validation's report as the text that `labeltune validate` prints."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sync.common.wording import counted
from sync.training_files.validation.problems import Problem, RuleCount
from sync.training_files.validation.report import Cost, FileReport, Report
from sync.training_files.validation.token_statistics import Spread, TokenReport, Total

# more files than that are told in a table, which fits a screen
_FEW = 3
_HEAD = ("", "format", "for", "examples", "errors", "warnings", "tokens", "longest")


def of_each_provider(reports: Sequence[Report]) -> Iterator[str]:
    """The lines that people read of several reports, each under its provider's name."""
    for number, report in enumerate(reports):
        if number:
            yield ""
        if len(reports) > 1:
            yield f"For {report.provider}:"
        yield from sentences(report)


def sentences(report: Report) -> Iterator[str]:
    """The lines that people read of one report."""
    if len(report.files) > _FEW:
        yield from _table(report.files)
    else:
        for number, file in enumerate(report.files):
            if number:
                yield ""
            yield from _file(file)
    if len(report.files) > 1:
        errors, warnings = counted(report.errors, "error"), counted(report.warnings, "warning")
        yield ""
        yield f"{errors} and {warnings} in {counted(len(report.files), 'file')}."


def _table(files: Sequence[FileReport]) -> Iterator[str]:
    """One row a file, then the problems and the cost of each file that has any."""
    folders = {Path(file.file).parent for file in files}
    if len(folders) == 1:
        yield f"{folders.pop()}:"
    names = [file.file if folders else Path(file.file).name for file in files]
    rows = [_HEAD, *(_row(file, name) for file, name in zip(files, names, strict=True))]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = zip(row, widths, range(len(widths)), strict=True)
        line = "  ".join(f"{t:>{w}}" if at > 2 else f"{t:<{w}}" for t, w, at in cells)
        yield f"  {line}".rstrip()
    if any(file.tokens and not file.tokens.exact for file in files):
        yield "  tokens estimated by length; `--json` has upper bounds, and what is learnt"
    for file, name in zip(files, names, strict=True):
        if file.rules or file.cost:
            yield ""
            yield f"{name}:"
            for tally in file.rules:
                yield from _rule(tally)
            if file.cost:
                yield f"  {cost_sentence(file.cost)}"


def _row(file: FileReport, name: str) -> tuple[str, ...]:
    numbers = [file.errors, file.warnings]
    if file.tokens:
        numbers += [file.tokens.about.total, file.tokens.about.most]
    cells = [f"{number:,}" for number in numbers] + [""] * (4 - len(numbers))
    examples = f"{file.examples:,}" if file.examples or file.complete else "not read"
    return name, file.format, file.role, examples, *cells


def _file(file: FileReport) -> Iterator[str]:
    size = f"{file.bytes / 1e6:,.1f} MB" if file.bytes >= 100_000 else f"{file.bytes:,} bytes"
    found = (
        f"{counted(file.errors, 'error')}, {counted(file.warnings, 'warning')}"
        if file.rules
        else "no errors"
    )
    yield f"{file.file}: {_what(file)}, {size}: {found}"
    for tally in file.rules:
        yield from _rule(tally)
    if file.tokens:
        yield from _tokens(file.tokens)
    if file.cost:
        yield f"  {cost_sentence(file.cost)}"


def _what(file: FileReport) -> str:
    """The format, what the file is for, and how many examples were read."""
    if not file.complete and not file.examples:
        return "not read"
    count = "1 example" if file.examples == 1 else f"{file.examples:,} examples"
    if not file.examples and file.lines:
        count = f"no example in {counted(file.lines, file.unit)}"
    rest = "" if file.complete else ", the rest not read"
    return f"{file.format}, {file.role}, {count}{rest}"


def _rule(tally: RuleCount) -> Iterator[str]:
    yield f"  {tally.severity}: {tally.rule} ({tally.count:,})"
    for problem in tally.first:
        yield f"    {_problem(problem)}"
    more = tally.count - len(tally.first)
    if more and tally.first:
        yield f"    and {more:,} more; --limit shows more of them, --report FILE writes all"


def _problem(problem: Problem) -> str:
    where = f"{problem.unit} {problem.line}: " if problem.line else ""
    task = ""
    if problem.task_id is not None:
        page = f", {problem.task_url}" if problem.task_url else ""
        task = f" (task {problem.task_id}{page})"
    return f"{where}{problem.message}{task}"


def _tokens(tokens: TokenReport) -> Iterator[str]:
    yield f"  {token_sentence(tokens)}"
    yield f"  {_total(tokens.trained)} of them in what is learnt"
    yield f"  an example: {_spread(tokens.about)}"
    if tokens.limit is not None:
        over = f"{tokens.over_limit:,} longer than {tokens.limit:,} tokens"
        maybe = f", {tokens.maybe_over_limit:,} may be" if tokens.maybe_over_limit else ""
        yield f"  {over}{maybe}"


def token_sentence(tokens: TokenReport) -> str:
    """How many tokens a file has, and how they were counted."""
    how = f"counted with {tokens.tokenizer}" if tokens.exact else "estimated by length"
    return f"{_total(Total(tokens.about.total, tokens.at_most.total))} tokens, {how}"


def _total(total: Total) -> str:
    if total.at_most == total.about:
        return f"{total.about:,}"
    return f"about {total.about:,} (at most {total.at_most:,})"


def _spread(spread: Spread) -> str:
    return (
        f"{spread.least:,} to {spread.most:,} tokens, median {spread.median:,}, "
        f"95% have {spread.p95:,} or fewer"
    )


def cost_sentence(cost: Cost) -> str:
    """What training on a file costs."""
    unit = f" {cost.currency}" if cost.currency else ""
    if cost.about == cost.at_most:
        price = f"{cost.about:,.2f}{unit}"
    else:
        price = f"about {cost.about:,.2f}{unit} (at most {cost.at_most:,.2f})"
    return f"training {cost.model} costs {price} for {counted(cost.epochs, 'epoch')}"
