"""`labeltune check`."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Literal

import click

from sync import config as configuration
from sync.check import CheckReport, check
from sync.commands.common import common_options, show
from sync.commands.counting import counted, counting


@click.command()
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    help="Exit with status 3 when there are findings this severe, or more.",
)
@common_options
def command(fail_on: Literal["error", "warning"] | None, config_file: Path, as_json: bool) -> None:
    """Find label errors and contradictory answers in the pulled work.

    Writes findings.jsonl into the data folder, what to look at first on top. What can't be
    judged yet is said, never guessed. Says what experts made of the drafts as well.

    \b
    Example:
      labeltune check --fail-on error
    """
    config = configuration.load(config_file)
    with counting("embedding texts") as progress:
        report = check(config, progress)
    show(asdict(report), _sentence(report), as_json=as_json)
    if fail_on and report.at_least(fail_on):
        # not ctx.exit: outside click's standalone mode that is a return value, not a status
        sys.exit(3)


def _sentence(report: CheckReport) -> str:
    kinds = ", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in report.by_kind.items() if n)
    found = f"{counted(report.findings, 'finding')} ({kinds})" if kinds else "No findings"
    lines = [f"{found} in {counted(report.records, 'finished task')}; written to {report.path}."]
    lines += [f"Not judged: {skip}." for skip in report.skips]
    return "\n".join(line for line in (*lines, report.drafts.sentence()) if line)
