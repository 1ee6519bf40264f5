"""`labeltune gaps`."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from connectors.label_studio import LabelStudio
from sync.commands.common import at_option, common_options, load_one, project_option, show
from sync.common.files import write_atomically
from sync.common.terminal import counting
from sync.common.wording import counted
from sync.coverage.gaps import Gap, Gaps
from sync.coverage.heat_map import page
from sync.coverage.measure import Measured, measure
from sync.queue.missing_first import QueueReport, reorder
from sync.settings import Config
from sync.table.data_folder import data_folder

# rows and sentences that people read on a terminal; the page and --json have all
_ROWS = 20
_SENTENCES = 8


@click.command()
@click.option(
    "--by",
    metavar="KIND,KIND…",
    help="Kinds of category to combine; by default targets.dimensions.",
)
@click.option(
    "--report",
    "report_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the page with the heat map goes; by default gaps.html in the data folder.",
)
@click.option(
    "--queue", is_flag=True, help="Pull, then have Label Studio hand out missing kinds first."
)
@click.option("--dry-run", is_flag=True, help="With --queue: only say what would be done.")
@at_option
@project_option
@common_options
def command(
    by: str | None,
    report_file: Path | None,
    queue: bool,
    dry_run: bool,
    at: int | datetime | None,
    project: str | None,
    config_file: Path,
    as_json: bool,
) -> None:
    """Count the pulled work by category, beside what [targets] of labeltune.toml wants.

    Says what is missing and what to do next, and writes a page with a heat map. --queue lowers the
    scores of waiting drafts of missing kinds, so that experts get them first; their own scores are
    kept and come back as the gaps are filled. Run it again as work goes on.

    \b
    Examples:
      labeltune gaps
      labeltune gaps --by topic,complexity
      labeltune gaps --queue
    """
    if dry_run and not queue:
        raise click.UsageError("--dry-run needs --queue")
    if queue and (at is not None or by is not None):
        raise click.UsageError("--queue is about now and targets.dimensions; leave --at, --by out")
    config = load_one(config_file, project)
    queued = None
    if queue:
        measured, queued = _reorder(config, dry_run=dry_run)
    else:
        kinds = [part.strip() for part in (by or "").split(",") if part.strip()]
        measured = measure(config, kinds, at)
    advice = list(measured.gaps.advice())
    path = _write(config, measured, advice, report_file, past=at is not None)
    if as_json:
        result = {
            **measured.gaps.to_json(),
            "advice": advice,
            "report": path,
            "queue": asdict(queued) if queued else None,
        }
        show(result, "", as_json=True)
        return
    if measured.gaps.cells:
        Console(highlight=False).print(_table(measured.gaps))
    click.echo("\n".join(_said(measured.gaps, advice, queued, path)))


def _reorder(config: Config, *, dry_run: bool) -> tuple[Measured, QueueReport]:
    with (
        LabelStudio(config.label_studio.url, config.api_key) as client,
        counting("pulling tasks") as pulling,
        counting("writing scores") as writing,
    ):
        return reorder(config, client, pulling, writing, dry_run=dry_run)


def _write(
    config: Config,
    measured: Measured,
    advice: Sequence[str],
    file: Path | None,
    *,
    past: bool,
) -> str:
    """Write the page; returns where it is."""
    gaps = measured.gaps
    html = page(gaps, advice)
    if file is not None:
        write_atomically(file, html)
        return str(file)
    folder = data_folder(config)
    name = f"gaps-v{gaps.table_version}.html" if past else "gaps.html"
    folder.write(name, html)
    return folder.location(name)


def _table(gaps: Gaps) -> Table:
    """A table of the cells that lack most, or of the largest without targets."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in gaps.dimensions:
        table.add_column(name)
    numbers = ("accepted", "wanted", "missing", "waiting") if gaps.is_target else _COUNTED
    for name in numbers:
        table.add_column(name, justify="right")
    for gap in _first(gaps):
        values = {
            "accepted": gap.have,
            "wanted": gap.wanted,
            "missing": gap.missing,
            "waiting": gap.waiting,
            "tasks": gap.arrived,
        }
        style = "bold" if gap.missing else None
        cells = ["" if values[name] is None else str(values[name]) for name in numbers]
        table.add_row(*gap.labels.values(), *cells, style=style)
    return table


_COUNTED = ("accepted", "waiting", "tasks")


def _first(gaps: Gaps) -> list[Gap]:
    by_size = sorted(gaps.cells, key=lambda gap: (-(gap.missing or 0), -gap.arrived))
    return by_size[:_ROWS]


def _said(
    gaps: Gaps, advice: Sequence[str], queued: QueueReport | None, path: str
) -> Iterator[str]:
    if len(gaps.cells) > _ROWS:
        yield f"{counted(len(gaps.cells) - _ROWS, 'more cell')} in the page."
    yield ""
    if not gaps.work.is_plain:
        yield gaps.work.sentence()
    for sentence in advice[:_SENTENCES]:
        yield f"{sentence}."
    if len(advice) > _SENTENCES:
        yield f"{counted(len(advice) - _SENTENCES, 'more sentence')} in the page."
    if queued is not None:
        yield _queue_sentence(queued)
    elif any(gap.missing and gap.waiting for gap in gaps.cells):
        yield "`labeltune gaps --queue` has them labelled first."
    yield f"Heat map: {path}"


def _queue_sentence(queued: QueueReport) -> str:
    would = "would come" if queued.dry_run else "come"
    sentences = [f"{counted(queued.first, 'waiting task')} of missing kinds {would} earlier."]
    if queued.restored:
        have = "would get its" if queued.dry_run else "has its"
        sentences.append(f"{counted(queued.restored, 'draft')} {have} own score again.")
    if queued.undrafted:
        sentences.append(
            f"{counted(queued.undrafted, 'such task')} without a draft can't be brought forward "
            "yet."
        )
    return " ".join(sentences)
