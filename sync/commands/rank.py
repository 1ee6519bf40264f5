"""`labeltune rank`."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from connectors.embedding import extra_of
from connectors.extras import require
from connectors.label_studio import LabelStudio
from sync.commands.common import common_options, load_several, projects_option, show
from sync.commands.pull import PATIENCE_S
from sync.common.errors import SyncError
from sync.common.files import write_atomically
from sync.common.json_text import Json
from sync.common.terminal import counting
from sync.common.wording import counted
from sync.intake.services.task_stream import ORDER_SETTINGS, order_faults
from sync.queue.asked_texts import TextEmbedding
from sync.queue.priority import QueueReason
from sync.queue.rank import RankReport, rank
from sync.queue.report import REPORT, RankingReport, page, ranking_report
from sync.settings import Config
from sync.table import last_runs
from sync.table.data_folder import data_folder

_TOLD: dict[QueueReason, str] = {
    "failing": "first, since a tuned model fails at such questions",
    "draft": "by how likely their draft is to be right",
    "category": "since their category teaches most",
    "need": "since their kind is missing",
    "audit": "at random",
    "doubt": "since another answer is in doubt",
    "repeat": "last, since they are much like others",
}
# what data of a task tell of its place
_WRITTEN = "how likely their draft is to be accepted"


@click.command()
@click.option("--dry-run", is_flag=True, help="Pull, and only say what would be done.")
@click.option(
    "--report",
    "page_file",
    is_flag=False,
    flag_value="",
    metavar="[FILE]",
    help="Say, too, what is left to find and how far to rely on the order, and write a page with "
    "pictures; by default ranking.html in the data folder.",
)
@projects_option
@common_options
def command(
    dry_run: bool,
    page_file: str | None,
    projects: tuple[str, ...],
    config_file: Path,
    as_json: bool,
) -> None:
    """Put waiting tasks into the order in which an expert's time is worth most.

    Pulls, learns from what experts did with earlier drafts, estimates anew how likely each waiting
    one is to be right, and sends the scores that changed. Drafts that are likely to be wrong come
    first, kinds that [targets] lacks earlier, near-copies last, and a few tasks at random, which
    tell how good all drafts are. No model is asked, and no draft is changed. Run it again as work
    goes on; what was interrupted goes on where it was.

    \b
    Examples:
      labeltune rank
      labeltune rank --dry-run
      labeltune rank --report
    """
    configs = load_several(config_file, projects)
    if page_file and len(configs) > 1:
        raise click.UsageError(
            "--report FILE is about one project: choose it with --project, or leave FILE out"
        )
    first = next(iter(configs.values()))
    if page_file is not None:
        require("report", "labeltune rank --report")
    require(extra_of(first.embedding.model), "labeltune rank")
    url, key = first.label_studio.url, first.api_key
    with LabelStudio(url, key, patience_s=PATIENCE_S) as client:
        if "" in configs:
            told = _rank(configs[""], client, page_file, dry_run=dry_run)
            show(told.to_json(), "\n".join(told.sentences()), as_json=as_json)
            return
        _rank_each(configs, client, page_file, dry_run=dry_run, as_json=as_json)


def _rank_each(
    configs: dict[str, Config],
    client: LabelStudio,
    page_file: str | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Rank each project; one that can't be ranked does not keep the next from it."""
    reports: dict[str, object] = {}
    failed = False
    for name, config in configs.items():
        try:
            told = _rank(config, client, page_file, dry_run=dry_run)
        except SyncError as error:
            failed = True
            reports[name] = {"error": str(error)}
            click.echo(f"labeltune: {error}", err=True)
            continue
        reports[name] = told.to_json()
        if not as_json:
            click.echo("\n".join([f"{config.label_studio.project!r}:", *told.sentences()]))
    if as_json:
        show(reports, "", as_json=True)
    if failed:
        sys.exit(1)


@dataclass(frozen=True)
class _Told:
    """What is said of one project.

    Attributes:
        ranking: what is left, where that was asked for; `page` is where its page lies.
        order: what keeps the order from annotators, a sentence each.
    """

    report: RankReport
    ranking: RankingReport | None = None
    page: str | None = None
    order: tuple[str, ...] = ()

    def sentences(self) -> Iterator[str]:
        yield from sentences(self.report)
        yield from (f"warning: {fault}" for fault in self.order)
        if self.ranking is not None:
            yield from ("", *self.ranking.sentences(), f"Page: {self.page}")

    def to_json(self) -> Json:
        shown = None if self.ranking is None else {**self.ranking.to_json(), "page": self.page}
        return {**self.report.to_json(), "report": shown, "order": list(self.order)}


def _rank(config: Config, client: LabelStudio, page_file: str | None, *, dry_run: bool) -> _Told:
    with (
        counting("pulling tasks") as pulling,
        counting("embedding texts") as embedding,
        counting("writing scores") as writing,
    ):
        texts = TextEmbedding(progress=embedding)
        done = rank(config, client, pulling, writing, texts, dry_run=dry_run)
    project = client.find_project(config.label_studio.project, ORDER_SETTINGS)
    order = order_faults(project or {})
    ranking = ranking_report(done.project, done.table_version, done.acceptance, done.work)
    # what `labeltune report` shows of it
    said = [f"{sentence}." for sentence in ranking.outlook.sentences()]
    last_runs.note(data_folder(config), "rank", {"sentences": said})
    if page_file is None:
        return _Told(done, order=order)
    return _Told(done, ranking, _written(config, ranking, page_file), order)


def _written(config: Config, ranking: RankingReport, page_file: str) -> str:
    """Write the page; returns where it is."""
    html = page(ranking)
    if page_file:
        write_atomically(Path(page_file), html)
        return page_file
    folder = data_folder(config)
    folder.write(REPORT, html)
    return folder.location(REPORT)


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
        return f"Would send {scores}, and write into {tasks} {_WRITTEN}."
    return (
        f"Sent {scores}, and wrote into {tasks} {_WRITTEN} "
        f"({report.seconds:.1f} s, {counted(report.requests, 'request')})."
    )
