"""`labeltune evaluate`."""

import json
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Literal

import click

from connectors.embedding import extra_of, load_encoder
from connectors.extras import require
from sync.commands.common import common_options, load_one, project_option, show
from sync.common.errors import SyncError
from sync.common.files import write_atomically
from sync.common.json_text import Json, to_json
from sync.common.terminal import ShowProgress, counting, stderr
from sync.common.wording import counted
from sync.quality.checks.judge import KIND as JUDGE
from sync.quality.chosen_checks import chosen_checks
from sync.quality.judge.connect import JudgeOptions, ProjectJudge, connect
from sync.settings import Config
from sync.table import last_runs
from sync.table.data_folder import data_folder
from sync.tuning.evaluation.arms.arm import FULL
from sync.tuning.evaluation.ask_arms import Showing
from sync.tuning.evaluation.evaluate import WantedEvaluation, evaluate, vectors_by
from sync.tuning.evaluation.next_tasks.failing_kinds import FailingWork
from sync.tuning.evaluation.next_tasks.push_tasks import push_next
from sync.tuning.evaluation.next_tasks.told_tasks import next_tasks_json, next_tasks_said
from sync.tuning.evaluation.page import PAGE, RESULTS, page
from sync.tuning.evaluation.results import Evaluation
from sync.tuning.evaluation.rounds.evaluation_round import record_round
from sync.tuning.evaluation.traces import queue_sample, read_traces

_NEEDS = "labeltune evaluate"


@click.command()
@click.argument("models", metavar="[MODEL]...", nargs=-1)
@click.option(
    "--release",
    metavar="NAME",
    help="Whose test split is asked: a name, latest or a folder; by default the release that the "
    "first model learned.",
)
@click.option(
    "--arm",
    "arms",
    metavar="NAME",
    multiple=True,
    help="Ask this arm and no other: base, base+prompt, tuned:MODEL, or one of evaluate.others.",
)
@click.option(
    "--against",
    metavar="NAME",
    default=FULL,
    show_default=True,
    help="The arm that the others are held against.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["worse", "not-better"]),
    help="Exit with status 3 when the model is shown to be worse in something, or is not shown to "
    "be better.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the page to this file."
)
@click.option(
    "--pairs",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write what experts can compare blind to this JSONL file, for `labeltune push`.",
)
@click.option(
    "--push",
    "pushing",
    is_flag=True,
    help="Make tasks like those that fail, first in the queue: of what waits, of --from, or new.",
)
@click.option(
    "--from",
    "files",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    help="With --push: files that push reads, of which tasks like those that fail are taken.",
)
@click.option("--dry-run", is_flag=True, help="With --push: say what would be pushed and why.")
@click.option(
    "--traces",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    help="Instead: what a deployed model said, in files that push reads; its answers are checked.",
)
@click.option(
    "--sample",
    type=click.Path(path_type=Path, dir_okay=False),
    help="With --traces: write those that experts should see to this JSONL file.",
)
@click.option(
    "--sample-size", type=click.IntRange(1), default=50, show_default=True, help="How many."
)
@project_option
@common_options
def command(
    models: tuple[str, ...],
    release: str | None,
    arms: tuple[str, ...],
    against: str,
    fail_on: Literal["worse", "not-better"] | None,
    out: Path | None,
    pairs: Path | None,
    pushing: bool,
    files: tuple[Path, ...],
    dry_run: bool,
    traces: tuple[Path, ...],
    sample: Path | None,
    sample_size: int,
    project: str | None,
    config_file: Path,
    as_json: bool,
) -> None:
    """Show whether a tuned model is better, on the test split alone.

    Every arm answers the held-out items of a release: the base, the base with the project's full
    prompt, the tuned model, and what [evaluate.others] names. Their answers are measured by the
    project's checks, by meaning, by what an expert would change, and where the server can tell it
    by the loss on the experts' answers; each difference has its interval, and what may be chance
    is called not shown. The proof of the split is computed first, and a model that learned a test
    item is refused. Without MODEL the newest is taken; without any, the arms that need none. What
    was asked is kept: a killed run goes on, and a second one costs nothing. --push makes tasks of
    what fails, like the items that do and never one of them.

    \b
    Examples:
      labeltune evaluate
      labeltune evaluate support-2 --fail-on not-better
      labeltune evaluate --push --dry-run --from production.jsonl
      labeltune evaluate --traces production.jsonl --sample look-at.jsonl
    """
    config = load_one(config_file, project)
    if traces:
        if models or release or arms or fail_on or out or pairs or pushing:
            raise click.UsageError("--traces asks no model; leave the other options out")
        _check_traces(config, traces, sample, sample_size, as_json=as_json)
        return
    if sample is not None:
        raise click.UsageError("--sample needs --traces")
    if (files or dry_run) and not pushing:
        raise click.UsageError("--from and --dry-run need --push")
    failing: list[FailingWork] = []
    for extra in ("quality", "backend", "tuning", extra_of(config.embedding.model)):
        require(extra, _NEEDS)
    with ExitStack() as bars:

        def showing(said: str) -> ShowProgress:
            return bars.enter_context(counting(said))

        found = evaluate(
            config,
            WantedEvaluation(models, release, arms, against),
            showing=showing,
            connect_judge=partial(_judge, config, showing),
            compared=_compared(config, config_file),
            take_pairs=partial(_write_pairs, pairs),
            take_round=lambda work, now: failing.append(FailingWork(work, now)),
        )
    where = _written(config, found, out)
    told, result = [*found.sentences(), f"Page: {where}"], {**found.to_json(), "page": where}
    if pushing:
        done = push_next(_one(failing), files, dry_run=dry_run)
        told += ["", *next_tasks_said(done)]
        result["next_tasks"] = next_tasks_json(done)
    show(result, "\n".join(told), as_json=as_json)
    if fail_on and found.fails(fail_on):
        # not ctx.exit: outside click's standalone mode that is a return value, not a status
        sys.exit(3)


def _one(failing: list[FailingWork]) -> FailingWork:
    if not failing:
        raise SyncError(
            "--push is about a tuned model, or the base while there is none, and its checks; leave "
            "other arms out, and set checks that an answer can fail"
        )
    return failing[0]


def _check_traces(
    config: Config, traces: tuple[Path, ...], sample: Path | None, number: int, *, as_json: bool
) -> None:
    """Check what a deployed model said, and write what experts should see."""
    for extra in ("quality", extra_of(config.embedding.model)):
        require(extra, f"{_NEEDS} --traces")
    with counting("embedding questions") as progress:
        found = read_traces(config, traces, vectors_by(config, load_encoder, progress))
    told = list(found.sentences())
    if sample is not None:
        rows = list(queue_sample(found, number))
        write_atomically(sample, "".join(f"{to_json(row)}\n" for row in rows))
        told.append(f"{counted(len(rows), 'trace')} for experts: {sample}")
    show(found.to_json(), "\n".join(told), as_json=as_json)


def _compared(config: Config, config_file: Path) -> Config | None:
    """The project in which experts compare answers blind; None where there is none."""
    named = config.evaluate.compared_in
    return None if named is None else load_one(config_file, named)


def _write_pairs(file: Path | None, rows: Iterable[Json]) -> None:
    if file is not None:
        write_atomically(file, "".join(f"{to_json(row)}\n" for row in rows))


def _written(config: Config, found: Evaluation, out: Path | None) -> str:
    """Write the page and the figures; returns where the page is."""
    folder = data_folder(config)
    html = page(found)
    if found.progress is not None:
        record_round(folder, found.progress.now)
    folder.write(RESULTS, json.dumps(found.to_json(), ensure_ascii=False, indent=1) + "\n")
    last_runs.note(folder, "evaluate", {"said": [*found.sentences()][:1], "main": found.main})
    if out is not None:
        write_atomically(out, html)
        return str(out)
    folder.write(PAGE, html)
    return folder.location(PAGE)


def _judge(config: Config, showing: Showing, project_id: int) -> ProjectJudge | None:
    """The judge of `[checks.judge]`; None where there is none."""
    chosen = chosen_checks(config)
    if JUDGE not in chosen.of_work:
        return None
    say = partial(stderr.print, markup=False, soft_wrap=True)
    options = chosen.options.of(JUDGE, JudgeOptions)
    return connect(config, options, project_id, say, showing("asking the judge"))
