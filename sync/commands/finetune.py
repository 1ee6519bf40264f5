"""`labeltune finetune`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

import click

from sync.commands.common import common_options, load_one, project_option, show
from sync.common.errors import SyncError
from sync.common.files import write_atomically
from sync.common.terminal import naming, stderr
from sync.common.wording import time_left
from sync.settings import Config
from sync.table.data_folder import data_folder
from sync.training_files.formats import FORMATS
from sync.training_files.manifest.find_release import opened
from sync.tuning.local.trainer_files import TRAINER_FILES, trainer_files
from sync.tuning.models.loss_curve import in_a_terminal, write_curve
from sync.tuning.models.model_entry import NOTE, ModelEntry
from sync.tuning.models.model_folder import entry_file
from sync.tuning.tuner import ShowTuning, Tuner, TuningEstimate, TuningMoment, TuningRequest
from sync.tuning.tuners import (
    RunRequest,
    asked_of_run,
    tuner_holding,
    tuner_of,
    with_options,
)

_OF_A_RUN = ("watch", "cancel", "pause", "resume")


@click.command()
@click.option("--way", type=click.Choice(["local", "endpoint"]), help="Who trains.")
@click.option("--base", metavar="MODEL", help="The model to tune.")
@click.option(
    "--method",
    type=click.Choice(["supervised", "dpo", "kto", "reinforcement"]),
    help="What is learned: answers, preferences, verdicts, or what a grader rewards.",
)
@click.option("--release", metavar="RELEASE", help="A name, latest, latest~1, or a folder.")
@click.option("--format", type=click.Choice(list(FORMATS)), help="Which files of the release.")
@click.option("--name", metavar="NAME", help="Of the tuned model.")
@click.option("--epochs", type=click.IntRange(1), help="How often each example is learned.")
@click.option(
    "--learning-rate", type=click.FloatRange(min=0.0, min_open=True), help="Of the training."
)
@click.option("--batch-size", type=click.IntRange(1), help="Examples in a batch.")
@click.option("--seed", type=click.IntRange(0), help="Of the training.")
@click.option("--yes", is_flag=True, help="Don't ask before money is spent.")
@click.option("--dry-run", is_flag=True, help="Only check, and say what it would take.")
@click.option("--detach", is_flag=True, help="Don't wait for the end of a run elsewhere.")
@click.option(
    "--write-config",
    type=click.Choice(list(TRAINER_FILES)),
    help="Write another trainer's own file of this run into this folder; train nothing.",
)
@click.option("--watch", metavar="NAME", help="Go on with a run until it is done.")
@click.option("--cancel", metavar="NAME", help="End a run for good.")
@click.option("--pause", metavar="NAME", help="Let a run rest.")
@click.option("--resume", metavar="NAME", help="Let a run that rests go on.")
@project_option
@common_options
def command(
    yes: bool,
    dry_run: bool,
    detach: bool,
    write_config: str | None,
    project: str | None,
    config_file: Path,
    as_json: bool,
    **options: Any,
) -> None:
    """Tune a model on a release: here, or at an endpoint with OpenAI's fine-tuning API.

    The files are checked first, the cost is shown and asked for. The same command again goes on
    with the same run, wherever it was stopped or killed: nothing is sent or paid twice. What is
    not named here is taken from [finetune] of labeltune.toml.

    \b
    Examples:
      labeltune finetune --dry-run
      labeltune finetune --way endpoint --base gpt-4.1-mini-2025-04-14 --yes
      labeltune finetune --watch gpt-4.1-mini-3f2a9c01
    """
    of_a_run = {verb: options.pop(verb) for verb in _OF_A_RUN}
    chosen = [verb for verb, name in of_a_run.items() if name is not None]
    if len(chosen) > 1 or (chosen and any(value is not None for value in options.values())):
        raise click.UsageError(f"--{chosen[0]} takes the name of a run, and no other option")
    config = with_options(load_one(config_file, project), options)
    if chosen:
        _of_a_run(config, chosen[0], of_a_run[chosen[0]], as_json=as_json)
        return
    tuner = tuner_of(config.finetune.way)
    tuner.require()
    folder = data_folder(config)
    with opened(config.finetune.release, lambda: folder) as (where, release):
        request = TuningRequest(config, folder, release, where)
        if write_config is not None:
            _write_config(request, write_config, as_json=as_json)
            return
        with _shown() as moving:
            estimate = tuner.estimate(request, moving)
        _tell(estimate, as_json=as_json)
        if dry_run:
            if as_json:
                show(_facts(estimate), "", as_json=True)
            return
        _confirm(estimate, yes=yes)
        with _shown() as moving:
            tuner.start(request, estimate.name, moving)
    if detach:
        said = f"Begun; `labeltune finetune --watch {estimate.name}` waits for its end."
        show(_facts(estimate), said, as_json=as_json)
        return
    _watch(config, tuner, estimate.name, as_json=as_json)


def _write_config(request: TuningRequest, trainer: str, *, as_json: bool) -> None:
    """Write another trainer's files into the folder where the command runs."""
    files = trainer_files(request, trainer)
    for name, text in files.items():
        write_atomically(Path(name), text)
    show({"files": list(files)}, f"Written: {', '.join(files)}", as_json=as_json)


def _of_a_run(config: Config, verb: str, name: str, *, as_json: bool) -> None:
    """Do something with a run that has begun."""
    folder = data_folder(config)
    if verb == "watch":
        tuner = tuner_holding(folder, name)
        tuner.require()
        _watch(config, tuner, name, as_json=as_json)
        return
    said = asked_of_run(config, folder, name, cast(RunRequest, verb))
    show({"name": name, "said": said}, said, as_json=as_json)


def _watch(config: Config, tuner: Tuner, name: str, *, as_json: bool) -> None:
    folder = data_folder(config)
    with _shown() as moving:
        entry = tuner.watch(config, folder, name, moving)
    place = folder.location(entry_file(name))
    curve = write_curve(folder, entry)
    show(entry.to_json(), "\n".join(_sentences(entry, place, curve)), as_json=as_json)


def _sentences(entry: ModelEntry, place: str, curve: str | None) -> Iterator[str]:
    where = entry.place.model or entry.place.adapter or entry.place.merged or place
    note = f"; {entry.run[NOTE]}" if NOTE in entry.run else ""
    yield f"{entry.name} is ready: {where}{note}"
    training, validation = entry.last_losses
    losses = [("training", training), ("validation", validation)]
    told = [f"{value:.4f} in {what}" for what, value in losses if value is not None]
    if told:
        yield f"Last loss: {', '.join(told)}."
    yield from in_a_terminal(entry.losses)
    if curve is not None:
        yield f"The losses by step: {curve}"
    yield f"What it learned, file by file: {place}"


def _tell(estimate: TuningEstimate, *, as_json: bool) -> None:
    for warning in estimate.warnings:
        stderr.print(f"warning: {warning}", markup=False, soft_wrap=True)
    if not as_json:
        click.echo("\n".join(estimate.sentences))


def _facts(estimate: TuningEstimate) -> dict[str, Any]:
    told = asdict(estimate)
    return {**told.pop("facts"), "name": estimate.name, "begun": estimate.begun}


def _confirm(estimate: TuningEstimate, *, yes: bool) -> None:
    """Ask before money is spent.

    Raises:
        SyncError: nobody can answer.
        click.Abort: the answer is no.
    """
    if not estimate.costs or yes:
        return
    if not sys.stdin.isatty():
        raise SyncError(
            "labeltune finetune asks before it spends money, and nobody can answer here; add --yes"
        )
    click.confirm("Begin?", abort=True, err=True)


@contextmanager
def _shown() -> Iterator[ShowTuning]:
    """A bar on stderr that follows a run."""
    with naming() as moving:

        def moved(moment: TuningMoment) -> None:
            losses = [("loss", moment.training), ("validation", moment.validation)]
            told = [f"{what} {value:.4f}" for what, value in losses if value is not None]
            left = [] if moment.seconds_left is None else [time_left(moment.seconds_left)]
            moving(", ".join([moment.said, *told, *left]), moment.step, max(moment.steps, 1))

        yield moved
