"""`labeltune versions`."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import click

from sync import settings as configuration
from sync.commands.common import common_options, project_option, show
from sync.common.wording import counted
from sync.settings import Config
from sync.table import last_runs
from sync.table.data_folder import data_folder
from sync.table.history import TableVersion, history
from sync.table.prune import PruneReport, prune
from sync.table.snapshot import project_id_of


@click.command()
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="At most so many, the newest.",
)
@click.option(
    "--prune",
    "prune_days",
    type=click.IntRange(min=1, max=36500),
    metavar="DAYS",
    help="Delete the files that only versions need which were replaced longer ago than this.",
)
@click.option("--dry-run", is_flag=True, help="With --prune: only say what would be deleted.")
@project_option
@common_options
def command(
    limit: int,
    prune_days: int | None,
    dry_run: bool,
    project: str | None,
    config_file: Path,
    as_json: bool,
) -> None:
    """List the versions of the table of pulled tasks, newest first, with times in UTC.

    Every pull that brought something made one; `--at` of check and export reads any of them. The
    files of old versions stay until --prune takes them away, for all projects, since they share
    the table.

    \b
    Examples:
      labeltune versions
      labeltune versions --prune 90 --dry-run
    """
    if dry_run and prune_days is None:
        raise click.UsageError("--dry-run needs --prune")
    if prune_days is not None and project is not None:
        raise click.UsageError("--prune is for the whole table; leave --project out")
    whole = configuration.load(config_file)
    if prune_days is not None:
        _prune(whole, prune_days, dry_run=dry_run, as_json=as_json)
        return
    folder = data_folder(whole)
    found = history(folder.table())
    if project is not None:
        config = whole.for_project(project)
        wanted = project_id_of(config, data_folder(config), folder.table())
        found = [version for version in found if version.project_id == wanted]
    titles = _titles(whole)
    shown = found[:limit]
    rows = [{**asdict(v), "project": titles.get(v.project_id or 0)} for v in shown]
    for row in rows:
        row["at"] = row["at"].isoformat(timespec="milliseconds")
    more = len(found) - len(shown)
    show({"versions": rows, "more": more}, "\n".join(_lines(shown, titles, more)), as_json=as_json)


def _titles(whole: Config) -> Mapping[int, str]:
    """The titles of the projects that were pulled, by id."""
    titles: dict[int, str] = {}
    for name in whole.projects or [None]:
        pulled = last_runs.recall(data_folder(whole.for_project(name)), "pull")
        if pulled:
            titles[int(pulled["project_id"])] = str(pulled["project"])
    return titles


def _lines(versions: Iterable[TableVersion], titles: Mapping[int, str], more: int) -> list[str]:
    rows: list[tuple[str, ...]] = [
        ("version", "time (UTC)", "did", "project", "new", "changed", "deleted", "tasks")
    ]
    for v in versions:
        project = "" if v.project_id is None else titles.get(v.project_id, f"id {v.project_id}")
        counts = [str(n) if v.project_id else "" for n in (v.new, v.changed, v.deleted)]
        tasks = "" if v.tasks is None else str(v.tasks)
        did = v.operation if v.readable else f"{v.operation} (pruned)"
        at = f"{v.at:%Y-%m-%d %H:%M:%S}"
        rows.append((str(v.version), at, did, project, *counts, tasks))
    if len(rows) == 1:
        return ["Nothing pulled yet; run `labeltune pull`."]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    words = {1, 2, 3}
    lines = [
        "  ".join(
            cell.ljust(width) if place in words else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return [*lines, f"{counted(more, 'older version')} not shown."] if more else lines


def _prune(whole: Config, days: int, *, dry_run: bool, as_json: bool) -> None:
    # the folder of the whole file is the one that all projects share
    report = prune(data_folder(whole), timedelta(days=days), dry_run=dry_run)
    show(asdict(report), _pruned_sentence(report, days), as_json=as_json)


def _pruned_sentence(report: PruneReport, days: int) -> str:
    if report.oldest is None:
        return "Nothing pulled yet; run `labeltune pull`."
    if not report.files:
        kept = f"the last {counted(days, 'day')}"
        return f"Nothing to prune: every file is needed by a version of {kept}."
    what = f"{counted(report.files, 'file')} ({report.bytes / 1e6:.1f} MB)"
    could = "could not be read any more" if report.dry_run else "can't be read any more"
    done = "Would delete" if report.dry_run else "Deleted"
    return (
        f"{done} {what}; {counted(report.versions, 'old version')} {could}, the oldest that can "
        f"be is {report.oldest}."
    )
