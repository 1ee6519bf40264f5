"""`labeltune rank`."""

import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from connectors.embedding import extra_of
from connectors.extras import require
from connectors.label_studio import LabelStudio
from sync.commands.common import common_options, load_several, projects_option, show
from sync.commands.pull import PATIENCE_S
from sync.common.errors import SyncError
from sync.common.terminal import counting
from sync.common.wording import counted
from sync.queue.priority import QueueReason
from sync.queue.rank import RankReport, rank
from sync.queue.rank_plan import TextEmbedding
from sync.settings import Config

_TOLD: dict[QueueReason, str] = {
    "draft": "by how likely their draft is to be right",
    "need": "since their kind is missing",
    "audit": "at random",
    "doubt": "since another answer is in doubt",
    "repeat": "last, since they are much like others",
}


@click.command()
@click.option("--dry-run", is_flag=True, help="Pull, and only say what would be done.")
@projects_option
@common_options
def command(dry_run: bool, projects: tuple[str, ...], config_file: Path, as_json: bool) -> None:
    """Put waiting tasks into the order in which an expert's time is worth most.

    Pulls, learns from what experts did with earlier drafts, judges every waiting draft anew, and
    sends the scores that changed: drafts that are likely to be wrong come first, missing kinds of
    [targets] earlier, near-copies last, and a few tasks at random. Each task says why it comes. Run
    it again as work goes on; what was interrupted goes on where it was.

    \b
    Examples:
      labeltune rank
      labeltune rank --dry-run
    """
    configs = load_several(config_file, projects)
    first = next(iter(configs.values()))
    require(extra_of(first.embedding.model), "labeltune rank")
    url, key = first.label_studio.url, first.api_key
    with LabelStudio(url, key, patience_s=PATIENCE_S) as client:
        if "" in configs:
            report = _rank(configs[""], client, dry_run=dry_run)
            show(asdict(report), "\n".join(sentences(report)), as_json=as_json)
            return
        _rank_each(configs, client, dry_run=dry_run, as_json=as_json)


def _rank_each(
    configs: dict[str, Config], client: LabelStudio, *, dry_run: bool, as_json: bool
) -> None:
    """Rank each project; one that can't be ranked does not keep the next from it."""
    reports: dict[str, object] = {}
    failed = False
    for name, config in configs.items():
        try:
            report = _rank(config, client, dry_run=dry_run)
        except SyncError as error:
            failed = True
            reports[name] = {"error": str(error)}
            click.echo(f"labeltune: {error}", err=True)
            continue
        reports[name] = asdict(report)
        if not as_json:
            click.echo("\n".join([f"{config.label_studio.project!r}:", *sentences(report)]))
    if as_json:
        show(reports, "", as_json=True)
    if failed:
        sys.exit(1)


def _rank(config: Config, client: LabelStudio, *, dry_run: bool) -> RankReport:
    with (
        counting("pulling tasks") as pulling,
        counting("embedding texts") as embedding,
        counting("writing scores") as writing,
    ):
        texts = TextEmbedding(progress=embedding)
        return rank(config, client, pulling, writing, texts, dry_run=dry_run)


def sentences(report: RankReport) -> Iterator[str]:
    """What was done, as people read it."""
    if not report.waiting:
        yield "No task with a draft waits for an annotator."
    else:
        yield f"{counted(report.waiting, 'task waits', 'tasks wait')} with a draft:"
        for reason, told in _TOLD.items():
            if number := report.reasons.get(reason):
                yield f"  {number:>6,} {told}"
    if report.undrafted:
        yield (
            f"{counted(report.undrafted, 'task has', 'tasks have')} no draft yet and so "
            f"{'comes' if report.undrafted == 1 else 'come'} after these."
        )
    how = "what experts did with earlier drafts" if report.learnt else "its signals alone"
    yield f"How likely a draft is to be right is told by {how}: {report.why}."
    if report.without_signals:
        keeps = "keeps its" if report.without_signals == 1 else "keep their"
        yield f"{counted(report.without_signals, 'draft')} without signals {keeps} score."
    yield _sent(report)


def _sent(report: RankReport) -> str:
    scores, tasks = counted(report.written, "score"), counted(report.noted, "task")
    if not report.written and not report.noted:
        return "Label Studio has this order already; nothing to send."
    if report.dry_run:
        return f"Would send {scores}, and tell {tasks} why they come."
    return (
        f"Sent {scores}, and told {tasks} why they come "
        f"({report.seconds:.1f} s, {counted(report.requests, 'request')})."
    )
