"""`labeltune export`."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from sync.commands.choosing import at_option, load_one, project_option
from sync.commands.common import common_options, show, stderr
from sync.commands.counting import counted
from sync.export import ExportReport, export
from sync.formats import FORMATS


@click.command()
@click.option(
    "--format",
    "formats",
    type=click.Choice(list(FORMATS)),
    multiple=True,
    help="Format to write; may be given more than once.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write; by default exports/<version> in the data folder.",
)
@click.option("--list-formats", is_flag=True, help="Show the formats and exit.")
@at_option
@project_option
@common_options
def command(
    formats: tuple[str, ...],
    out: Path | None,
    list_formats: bool,
    at: int | datetime | None,
    project: str | None,
    config_file: Path,
    as_json: bool,
) -> None:
    """Write the accepted answers as fine-tuning files, with a manifest.

    Each file is checked against its consumer's rules first; one that would be refused is not
    written.

    \b
    Example:
      labeltune export --format openai-chat --out release
    """
    if list_formats:
        listed = {name: form.summary for name, form in FORMATS.items()}
        width = max(map(len, listed))
        show(listed, "\n".join(f"{n:<{width}}  {s}" for n, s in listed.items()), as_json=as_json)
        return
    if not formats:
        raise click.UsageError(
            f"name a format: --format {' | '.join(FORMATS)} (see --list-formats)"
        )
    report = export(load_one(config_file, project), formats, out, at)
    for warning in report.warnings:
        stderr.print(f"warning: {warning}", markup=False, soft_wrap=True)
    show(asdict(report), _sentence(report), as_json=as_json)


def _sentence(report: ExportReport) -> str:
    counts = asdict(report.counts)
    rest = [f"{n} {what}" for what, n in counts.items() if n and what != "exported"]
    left = f" ({', '.join(rest)} left out)" if rest else ""
    done = "written to" if report.written else "already in"
    return f"{counted(report.counts.exported, 'example')} {done} {report.path}{left}."
