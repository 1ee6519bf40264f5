"""`labeltune push`."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from sync.commands.common import common_options, engine_option, load_one, project_option, show
from sync.common.errors import BrokenRowsError, SourceError
from sync.common.terminal import progress, stderr
from sync.common.wording import counted
from sync.intake.push import BROKEN, PushReport, push
from sync.intake.push.practice import PracticeReport, push_practice
from sync.intake.push.redrafts import Redrafting
from sync.table.data_folder import data_folder
from sync.tuning.models.drafting_model import learnt_prompt

# tasks that are named in a sentence
_NAMED = 5


@click.command()
@click.argument("sources", nargs=-1, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would be done; send nothing.")
@click.option(
    "--preview",
    type=click.IntRange(min=1),
    metavar="N",
    help="Show N tasks as they would be sent, cleaned and redacted; send nothing.",
)
@click.option(
    "--overwrite-annotated",
    is_flag=True,
    help="Give annotated tasks their changed data, too; their annotations stay, to be checked.",
)
@click.option(
    "--onboarding",
    is_flag=True,
    help="Make a practice project for new people, of finished work that was approved; no SOURCES.",
)
@engine_option("Where cleaning runs.")
@project_option
@common_options
def command(
    sources: tuple[Path, ...],
    dry_run: bool,
    preview: int | None,
    overwrite_annotated: bool,
    onboarding: bool,
    engine: str,
    project: str | None,
    config_file: Path,
    as_json: bool,
) -> None:
    """Create or update the project in Label Studio and import tasks from SOURCES.

    SOURCES are files and folders: conversations as JSONL, JSON, CSV, TSV or Parquet, in OpenAI's,
    ShareGPT's or Alpaca's form, data sets of Hugging Face's, and documents, of which each section
    becomes a task; `-` is JSONL on standard input. They are cleaned first, as [cleaning] in
    labeltune.toml says.

    What the project holds already is not imported again: where its source has changed it is
    updated, unless somebody has annotated it.

    \b
    Examples:
      labeltune push conversations.jsonl
      labeltune push --dry-run conversations.jsonl
      labeltune push --preview 3 conversations.jsonl
      labeltune push --onboarding
    """
    if onboarding == bool(sources):
        raise click.UsageError(
            "--onboarding takes its tasks from finished work; leave SOURCES out"
            if onboarding
            else "Missing argument 'SOURCES...'."
        )
    config = load_one(config_file, project)
    if onboarding:
        with progress() as bars:
            practice = push_practice(config, bars, dry_run=dry_run)
        show(practice.to_json(), practised(practice), as_json=as_json)
        return
    try:
        with progress() as bars:
            report = push(
                config,
                sources,
                bars,
                engine=engine,
                dry_run=dry_run or preview is not None,
                preview=preview or 0,
                overwrite_annotated=overwrite_annotated,
                learnt=learnt_prompt(config),
            )
    except BrokenRowsError as error:
        raise _told(error, data_folder(config).location(BROKEN)) from error
    for note in report.notes:
        stderr.print(note, markup=False, soft_wrap=True)
    if report.own_label_config:
        stderr.print("The label config was changed in Label Studio; it is kept as it is there.")
    show(report.to_json(), "\n".join(_said(report)), as_json=as_json)


def practised(report: PracticeReport) -> str:
    """What there is to practise on."""
    done = {"new": report.new, "changed": report.changed, "removed": report.removed}
    told = ", ".join(f"{number} {what}" for what, number in done.items() if number)
    would = "would be " if report.dry_run and told else ""
    where = f": {report.url}" if report.url else ""
    return (
        f"{report.project!r}: {counted(report.tasks, 'task')} of "
        f"{counted(report.approved, 'approved one')}; {would}{told or 'nothing new'}{where}"
    )


def _told(error: BrokenRowsError, file: str) -> SourceError:
    """The first broken rows, a line each, and one sentence on all of them."""
    for sentence in error.listed:
        click.echo(sentence, err=True)
    more = error.count - len(error.listed)
    if more:
        click.echo(f"and {counted(more, 'more row')} like these", err=True)
    return SourceError(
        f"{error.count} of {counted(error.read, 'row')} can't be used, and nothing was sent; all "
        f"are listed in {file}: correct them, or have such rows left out and counted by "
        'cleaning.unusable = "drop" in labeltune.toml'
    )


def _said(report: PushReport) -> Iterator[str]:
    """The tasks that were asked for, what cleaning left out, and a line on the rest."""
    cleaning = report.cleaning
    for task in report.preview:
        yield from (*task.lines(), "")
    if report.dry_run:
        yield from map(str, report.sources)
    if report.dry_run or cleaning.dropped:
        yield from cleaning.lines()
    if contents := report.contents.sentence(cleaning.kept):
        yield contents
    where = f": {report.url}" if report.url else ""
    if not cleaning.read:
        yield f"The sources hold no tasks, so there is nothing to import{where}"
    elif not cleaning.kept:
        dropped = "The only task was" if cleaning.read == 1 else f"All {cleaning.read} tasks were"
        yield f"{dropped} dropped: nothing to import{where}"
    elif report.not_compared:
        yield (
            f"{counted(cleaning.kept, 'task')} to import; which of them the project holds "
            f"already can't be told: {report.not_compared}"
        )
    elif report.dry_run:
        yield f"Would be: {_counts(report)}. Nothing was sent{where}"
    else:
        drafts = "; drafts follow by themselves" if report.created or report.updated else ""
        yield f"{report.project!r}: {_counts(report)} ({report.seconds:.1f} s){drafts}{where}"
    yield from afterwards(report)


def _counts(report: PushReport) -> str:
    """How many tasks were created, updated …, as `3 created, 1 dropped`; no zeros but the first."""
    counts = {
        "updated": report.updated,
        "unchanged": report.unchanged,
        f"changed but annotated and left as {_they(report.annotated)}": report.annotated,
        "dropped": report.cleaning.dropped,
        "pictures uploaded": report.pictures,
        "of the project completed with what its page shows": report.completed,
        "that had come twice deleted": report.doubled,
    }
    rest = "".join(f", {count} {what}" for what, count in counts.items() if count)
    return f"{report.created} created{rest}"


def _they(number: int) -> str:
    return "it is" if number == 1 else "they are"


def afterwards(report: PushReport) -> Iterator[str]:
    """A sentence on each thing that the user should know or do next."""
    if report.redrafting:
        yield _redrafted(report.redrafting, dry_run=report.dry_run)
    if report.overwritten:
        yield _overwritten(report.overwritten)


def _redrafted(anew: Redrafting, *, dry_run: bool) -> str:
    *others, last = anew.because
    changed = f"{', '.join(others)} and {last}" if others else last
    verb = "have" if others or last.endswith("guidelines") else "has"
    would = "would be" if dry_run else "will be"
    cost = "" if anew.cost is None else f", for about {anew.cost:,.2f} by [llm.prices]"
    drafts = counted(anew.drafts, "draft")
    return f"{drafts} {would} made anew, since {changed} {verb} changed{cost}."


def _overwritten(tasks: Sequence[int]) -> str:
    named = ", ".join(map(str, tasks[:_NAMED]))
    more = len(tasks) - _NAMED
    rest = f" and {more} more, listed in last-push.json of the data folder" if more > 0 else ""
    one = len(tasks) == 1
    has, its, it = ("holds", "its", "task") if one else ("hold", "their", "tasks")
    return (
        f"{counted(len(tasks), 'annotated task')} {has} new data, but {its} annotations and drafts "
        f"still answer the old: open {it} {named}{rest} in Label Studio, correct the annotation or "
        "delete it, after which a new draft follows by itself, and then run `labeltune pull`."
    )
