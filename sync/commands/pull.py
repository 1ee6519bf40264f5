"""`labeltune pull`."""

from dataclasses import asdict
from pathlib import Path

import click

from connectors.label_studio import LabelStudio
from sync import config as configuration
from sync.commands.common import common_options, show
from sync.commands.counting import counting
from sync.pull import PullReport, pull


@click.command()
@common_options
def command(config_file: Path, as_json: bool) -> None:
    """Fetch what changed in Label Studio into the table in the data folder.

    Only what changed since the last pull is fetched; a pull that is interrupted leaves the table
    as it was.

    \b
    Example:
      labeltune pull
    """
    config = configuration.load(config_file)
    with (
        LabelStudio(config.label_studio.url, config.api_key) as client,
        counting("pulling tasks") as progress,
    ):
        report = pull(config, client, progress)
    show(asdict(report), _sentence(report), as_json=as_json)


def _sentence(report: PullReport) -> str:
    if not report.tasks and not report.deleted:
        return f"{report.project!r} has no tasks yet; add some with `labeltune push`."
    return (
        f"{report.project!r}: {report.new} new, {report.changed} changed, {report.deleted} "
        f"deleted, {report.unchanged} unchanged; table version {report.table_version} "
        f"({report.seconds:.1f} s)."
    )
