"""`labeltune split`."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from connectors.embedding import extra_of
from connectors.errors import ConnectorError
from connectors.extras import require
from connectors.label_studio import LabelStudio
from sync.commands.common import at_option, common_options, load_one, project_option, show
from sync.common.terminal import counting, stderr
from sync.common.wording import counted
from sync.dataset.splits.mark_tasks import Marked, mark
from sync.dataset.splits.split import Made, split
from sync.dataset.splits.split_items import DROPPED
from sync.dataset.splits.split_summary import proven, table, warnings
from sync.dataset.splits.verify import Verification, verify
from sync.settings import Config
from sync.table.data_folder import data_folder


@click.command()
@click.option("--dry-run", is_flag=True, help="Show the split; write nothing, mark nothing.")
@click.option("--no-mark", is_flag=True, help="Leave the tasks in Label Studio as they are.")
@click.option(
    "--verify",
    "verifying",
    is_flag=True,
    help="Compute the proof of the newest split again; exit with status 3 if it does not hold.",
)
@click.option(
    "--anew",
    is_flag=True,
    help="Share everything out again; earlier splits count no more, so test items may have been "
    "trained on. The manifest says so.",
)
@at_option
@project_option
@common_options
def command(
    dry_run: bool,
    no_mark: bool,
    verifying: bool,
    anew: bool,
    at: int | datetime | None,
    project: str | None,
    config_file: Path,
    as_json: bool,
) -> None:
    """Share finished tasks out to train, validation and test, so that nothing leaks.

    What is tied stays together: near-duplicates, one conversation, one document, one user. An item
    keeps its split for ever; new ones join the others. The split and its proof go to splits/ in
    the data folder, and each task's split into its meta in Label Studio, since only tasks of train
    are shown as examples when others are drafted. With --at nothing is marked.

    \b
    Examples:
      labeltune split
      labeltune split --verify
    """
    if verifying and (dry_run or no_mark or anew):
        raise click.UsageError("--verify writes and marks nothing; leave the other option out")
    if anew and at is not None:
        raise click.UsageError("--anew is for the newest version; leave --at out")
    config = load_one(config_file, project)
    require(extra_of(config.embedding.model), "labeltune split")
    if verifying:
        _verify(config, at, as_json=as_json)
        return
    with counting("embedding texts") as progress:
        made = split(config, progress, at=at, dry_run=dry_run, anew=anew)
    marked, failure = None, None
    if not (dry_run or no_mark or made.past):
        try:
            marked = _mark(config, made)
        except ConnectorError as error:
            failure = str(error)
    report: dict[str, Any] = {
        "path": data_folder(config).location(f"splits/{made.split.name}.jsonl"),
        "written": made.is_new and not dry_run,
        "marked": marked and asdict(marked),
        "not_marked": failure,
        "dropped": [line.key for line in made.split.lines if line.split == DROPPED],
        "warnings": warnings(made.split.manifest()),
        "work": asdict(made.work),
        "manifest": made.split.manifest(),
    }
    for warning in report["warnings"]:
        stderr.print(f"warning: {warning}", markup=False, soft_wrap=True)
    show(report, _told(made, report, marked, dry_run=dry_run), as_json=as_json)


def _mark(config: Config, made: Made) -> Marked:
    project_id = int(made.split.manifest()["project_id"])
    with (
        LabelStudio(config.label_studio.url, config.api_key) as client,
        counting("marking tasks") as progress,
    ):
        return mark(client, project_id, made.split.lines, progress)


def _told(made: Made, report: dict[str, Any], marked: Marked | None, *, dry_run: bool) -> str:
    manifest = made.split.manifest()
    sizes = manifest["sizes"]
    total = counted(sum(sizes.values()), "finished task")
    done = "to be split" if dry_run else "split" if made.is_new else "were split already"
    where = "nothing was written" if dry_run else f"{'written to' if made.is_new else 'see'} "
    lines = [*table(manifest), "", proven(manifest)]
    lines.append(f"{total} {done}; {where}{'' if dry_run else report['path']}.")
    if not made.work.is_plain:
        lines.append(made.work.sentence())
    if marked is not None:
        gone = f", {marked.gone} are gone" if marked.gone else ""
        lines.append(f"{counted(marked.changed, 'task')} marked in Label Studio{gone}.")
    elif report["not_marked"]:
        lines.append(
            f"The tasks are not marked yet, so drafting goes by their old marks: "
            f"{report['not_marked']}; run `labeltune split` again then."
        )
    return "\n".join(lines)


def _verify(config: Config, at: int | datetime | None, *, as_json: bool) -> None:
    with counting("embedding texts") as progress:
        verdict = verify(config, progress, at=at)
    show(asdict(verdict), "\n".join(_sentences(verdict)), as_json=as_json)
    if verdict.failures:
        # not ctx.exit: outside click's standalone mode that is a return value, not a status
        sys.exit(3)


def _sentences(verdict: Verification) -> Sequence[str]:
    if verdict.failures:
        return [
            f"{verdict.name} does not hold:",
            *(f"- {sentence}" for sentence in verdict.failures),
        ]
    pairs = sum(found.comparisons for found in verdict.closest)
    worst = max((found.similarity for found in verdict.closest), default=None)
    compared = (
        f"; the closest of {pairs:,} pairs is {worst:.4f} similar" if worst is not None else ""
    )
    return [
        f"{verdict.name} holds: {counted(verdict.items, 'item')}, no tie and no near-duplicate "
        f"across splits{compared}.",
        *([f"Note: {verdict.told}."] if verdict.told else []),
    ]
