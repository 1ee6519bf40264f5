"""`labeltune validate`."""

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Any, Literal

import click
from click.core import ParameterSource

from sync import settings as configuration
from sync.commands.common import common_options, load_one, project_option, show
from sync.common.errors import SyncError
from sync.common.terminal import counting, stderr
from sync.settings import Config
from sync.training_files.formats import FORMATS
from sync.training_files.manifest.find_release import is_release_name, located
from sync.training_files.trainers import PROVIDERS, JobSettings, for_name, names
from sync.training_files.validation.report import Report
from sync.training_files.validation.report_text import of_each_provider
from sync.training_files.validation.validate import Options, validate

_ANY_FILE = click.Path(path_type=Path, exists=True, allow_dash=True)


class _FileOrRelease(click.Path):
    """A file, a folder, `-`, or what `labeltune diff` takes for a release."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, str) and is_release_name(value) and not Path(value).exists():
            return Path(value)
        return super().convert(value, param, ctx)


@click.command()
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    type=_FileOrRelease(path_type=Path, exists=True, allow_dash=True),
)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    help="Format of every FILE; by default what a release's manifest says, else a guess.",
)
@click.option(
    "--provider",
    "providers",
    type=click.Choice(names()),
    multiple=True,
    help="Who is to train on the files; repeatable, each has a report of its own.",
)
@click.option("--model", metavar="NAME", help="Model to train, for its token limit and price.")
@click.option(
    "--validation",
    type=_ANY_FILE,
    multiple=True,
    help="File that is for validation: it must have nothing in common with the others.",
)
@click.option(
    "--tokenizer",
    metavar="PATH|estimate",
    help="Counts tokens: a tokenizer.json, or a model's folder that holds one.",
)
@click.option("--max-tokens", type=click.IntRange(1), help="Tokens of one example that are used.")
@click.option("--epochs", type=click.IntRange(1), help="Of the job, for what it costs.")
@click.option("--limit", type=click.IntRange(0), default=5, help="Lines to show of each rule.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write every problem to this file, as JSON lines.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    default="error",
    show_default=True,
    help="Exit with status 3 when there are problems this severe, or more.",
)
@click.option("--list-providers", is_flag=True, help="Show the providers and exit.")
@project_option
@common_options
@click.pass_context
def command(
    context: click.Context,
    files: tuple[Path, ...],
    form: str | None,
    providers: tuple[str, ...],
    model: str | None,
    validation: tuple[Path, ...],
    tokenizer: str | None,
    max_tokens: int | None,
    epochs: int | None,
    limit: int,
    report_file: Path | None,
    fail_on: Literal["error", "warning", "never"],
    list_providers: bool,
    project: str | None,
    config_file: Path,
    as_json: bool,
) -> None:
    """Check fine-tuning files against every rule of their readers.

    FILE is anybody's file of JSON lines, a JSON array or Parquet, a folder of them, or - for stdin;
    a list of data sets, LLaMA-Factory's dataset_info.json or Axolotl's YAML; or a release of the
    data folder: its name, latest (of the newest table version), latest~1 (the one before it).
    Nothing is sent anywhere, and no text of an example is shown. Exit status: 0 no error, 1 a file
    can't be read, 3 there are errors.

    \b
    Examples:
      labeltune validate train.jsonl --validation held-out.jsonl --provider together
      labeltune validate LLaMA-Factory/data
      labeltune validate axolotl.yaml
      labeltune validate latest --provider azure --model gpt-4.1
      labeltune validate latest --provider openai --provider together
    """
    if list_providers:
        _list_providers(as_json=as_json)
        return
    if not files:
        raise click.UsageError("name a file, a folder, or - for stdin")
    chosen = {found.name: found for found in map(for_name, providers)}
    if len(chosen) > 1 and Path("-") in (*files, *validation):
        raise click.UsageError("-: stdin is read once; name a file, or one --provider at a time")
    config = _configured(context, config_file)
    options = Options(
        form=form,
        model=model,
        tokenizer=tokenizer,
        max_tokens=max_tokens,
        job=JobSettings(epochs=epochs),
        training=config.training,
        personal=None if config.export.personal_data == "keep" else config.cleaning.redaction,
    )

    with _log(report_file, wanted=as_json) as log, ExitStack() as releases:
        paths = [_located(path, config_file, project, releases) for path in files]
        with counting("reading bytes") as progress:
            reports = [
                validate(
                    paths,
                    replace(options, provider=provider),
                    validation=validation,
                    keep=limit,
                    log=log,
                    progress=progress,
                )
                for provider in chosen.values() or [None]
            ]
        if as_json:
            _print_json(reports, log)
        else:
            click.echo("\n".join(of_each_provider(reports)))
    if not as_json:
        for note in dict.fromkeys(note for report in reports for note in report.notes):
            stderr.print(f"note: {note}", markup=False, soft_wrap=True)
    if fail_on != "never" and any(report.at_least(fail_on) for report in reports):
        # not ctx.exit: outside click's standalone mode that is a return value, not a status
        sys.exit(3)


def _located(path: Path, config_file: Path, project: str | None, releases: ExitStack) -> Path:
    """A path as it is, or the folder of the release that it names."""
    if path == Path("-") or path.exists():
        return path
    from sync.table.data_folder import data_folder

    config = load_one(config_file, project)
    _, found = releases.enter_context(located(str(path), lambda: data_folder(config)))
    return found


def _configured(context: click.Context, config_file: Path) -> Config:
    """The configuration; the defaults where --config names no file and none is in the folder."""
    named = context.get_parameter_source("config_file") != ParameterSource.DEFAULT
    if not named and not config_file.exists():
        return Config()
    return configuration.load(config_file)


@contextmanager
def _log(path: Path | None, *, wanted: bool) -> Iterator[IO[str] | None]:
    """A file for every problem: the report's, a temporary one for `--json`, or None."""
    if path is None and not wanted:
        yield None
        return
    if path is None:
        with tempfile.TemporaryFile("w+", encoding="utf-8") as passing:
            yield passing
        return
    try:
        file = path.open("w+", encoding="utf-8")
    except OSError as error:
        raise SyncError(f"{path}: can't be written ({error.strerror})") from error
    with file:
        yield file


def _print_json(reports: Sequence[Report], log: IO[str] | None) -> None:
    """One object; its problems are written one by one, since there may be millions."""
    whole = json.dumps(asdict(reports[0]) if len(reports) == 1 else _together(reports))
    sys.stdout.write(whole[:-1] + ', "problems": [')
    if log is not None:
        log.seek(0)
        for number, line in enumerate(log):
            sys.stdout.write((", " if number else "") + line.rstrip("\n"))
    sys.stdout.write("]}\n")


def _together(reports: Sequence[Report]) -> dict[str, Any]:
    """The reports of several providers as one."""
    return {
        "providers": [report.provider for report in reports],
        "errors": sum(report.errors for report in reports),
        "warnings": sum(report.warnings for report in reports),
        "reports": [asdict(report) for report in reports],
    }


def _list_providers(*, as_json: bool) -> None:
    listed = {
        provider.name: {
            "summary": provider.summary,
            "formats": list(provider.formats),
            "aliases": list(provider.aliases),
        }
        for provider in PROVIDERS.values()
    }
    width = max(map(len, listed))
    lines = [f"{p.name:<{width}}  {p.summary}: {', '.join(p.formats)}" for p in PROVIDERS.values()]
    show(listed, "\n".join(lines), as_json=as_json)
