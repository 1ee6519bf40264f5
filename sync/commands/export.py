"""`labeltune export`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Literal

import click

from sync.commands.common import at_option, common_options, load_one, project_option, show
from sync.common.terminal import progress, stderr
from sync.common.wording import counted
from sync.dataset.release.balancing import MODES
from sync.dataset.release.export import OnExported, export
from sync.dataset.release.export_report import ALL, ExportReport, ExportRequest
from sync.records.states import told_counts
from sync.training_files.formats import FORMATS
from sync.training_files.trainers import for_name, names


@click.command()
@click.option(
    "--format",
    "formats",
    type=click.Choice([*FORMATS, ALL]),
    multiple=True,
    help="Format to write; may be given more than once. `all`: every one that the finished work "
    "has examples for.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write; by default exports/<version>-<hash> in the data folder.",
)
@click.option(
    "--balance",
    type=click.Choice(MODES),
    help="Leave out or repeat training examples, so that they hold what [targets] wants.",
)
@click.option(
    "--provider",
    type=click.Choice(names()),
    help="Who is to train on the files: its rules must be kept, too.",
)
@click.option("--list-formats", is_flag=True, help="Show the formats and exit.")
@at_option
@project_option
@common_options
def command(
    formats: tuple[str, ...],
    out: Path | None,
    balance: Literal["sample", "repeat"] | None,
    provider: str | None,
    list_formats: bool,
    at: int | datetime | None,
    project: str | None,
    config_file: Path,
    as_json: bool,
) -> None:
    """Write the finished work as fine-tuning files, with a manifest.

    Once the project is split (`labeltune split`), each format has a file for train, validation
    and test. Every line is held to its readers' rules first; one that would be refused is
    left out and counted. The same table and settings give the same bytes.

    \b
    Examples:
      labeltune export --format openai-chat --out release
      labeltune export --format all --balance sample
    """
    if list_formats:
        listed = {name: form.summary for name, form in FORMATS.items()}
        width = max(map(len, listed))
        show(listed, "\n".join(f"{n:<{width}}  {s}" for n, s in listed.items()), as_json=as_json)
        return
    if not formats:
        raise click.UsageError(
            f"name a format: --format {' | '.join(FORMATS)} | {ALL} (see --list-formats)"
        )
    request = ExportRequest(formats, out, at, balance, for_name(provider) if provider else None)
    with _counting() as written:
        report = export(load_one(config_file, project), request, written)
    for warning in report.warnings:
        stderr.print(f"warning: {warning}", markup=False, soft_wrap=True)
    show(asdict(report), "\n".join(_sentences(report)), as_json=as_json)


@contextmanager
def _counting() -> Iterator[OnExported]:
    """A count of finished tasks on stderr while they are written."""
    with progress() as bars:
        bar = bars.add_task("writing finished tasks", total=None)
        yield lambda done: bars.update(bar, completed=done)


def _sentences(report: ExportReport) -> Iterator[str]:
    rest = told_counts({**asdict(report.counts), "exported": 0})
    left = f" ({', '.join(rest)} left out)" if rest else ""
    done = "written to" if report.written else "already in"
    yield f"{counted(report.counts.exported, 'example')} {done} {report.path}{left}."
    if len(report.files) > 1:
        width = max(len(file.file) for file in report.files)
        yield from (f"  {f.file:<{width}}  {counted(f.lines, 'line')}" for f in report.files)
    yield from report.notes
