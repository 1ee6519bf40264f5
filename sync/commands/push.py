"""`labeltune push`."""

from pathlib import Path

import click

from sync import config as configuration
from sync.commands.common import common_options, progress, show, stderr
from sync.push import push


@click.command()
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@common_options
def command(sources: tuple[Path, ...], config_file: Path, as_json: bool) -> None:
    """Create or update the project in Label Studio and import tasks from SOURCES.

    JSONL: an object a line with "messages" (a list of role and content, the user's turn last) or
    "prompt"; optional "context" (a mapping) and "id". CSV: a column "prompt"; optional "id" and
    columns "context.NAME". Pushing the same file again adds nothing.

    \b
    Example:
      labeltune push conversations.jsonl
    """
    config = configuration.load(config_file)
    with progress() as bars:
        report = push(config, sources, bars)
    kept = f", {report.unchanged} already there" if report.unchanged else ""
    differing = (
        f", {report.changed} there with other data and left as they are" if report.changed else ""
    )
    if report.own_label_config:
        stderr.print("The label config was changed in Label Studio; it is kept as it is there.")
    brought = f", {report.completed} completed with what the page shows" if report.completed else ""
    show(
        report.to_json(),
        f"{report.created} tasks imported{kept}{differing}{brought}; drafts follow by themselves: "
        f"{report.url}",
        as_json=as_json,
    )
