"""What verbs share: options, the configuration that they choose, the way results are shown."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from sync import settings as configuration
from sync.compute import ENGINES
from sync.settings import Config

Verb = TypeVar("Verb", bound=Callable[..., Any])


def common_options(verb: Verb) -> Verb:
    """Add `--config FILE` (as `config_file`) and `--json` (as `as_json`) to a verb."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout."),
        click.option(
            "--config",
            "config_file",
            type=click.Path(path_type=Path, dir_okay=False),
            default=Path("labeltune.toml"),
            show_default=True,
            help="Configuration file; .env beside it is read too.",
        ),
    ):
        verb = option(verb)
    return verb


def show(result: Mapping[str, Any], sentence: str, *, as_json: bool) -> None:
    """Print a verb's result: one JSON object, or one sentence for people."""
    click.echo(json.dumps(result, ensure_ascii=False, default=str) if as_json else sentence)


# what a time leaves unsaid -> how long the moment is that it names
_GRAIN = (
    (re.compile(r"\d{4}-\d{2}-\d{2}"), timedelta(days=1)),
    (re.compile(r".+[T ]\d{2}:\d{2}(Z|[+-]\d{2}:?\d{2})?"), timedelta(minutes=1)),
    (re.compile(r".+[T ]\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:?\d{2})?"), timedelta(seconds=1)),
)


def version_or_time(
    ctx: click.Context, param: click.Parameter, value: str | None
) -> int | datetime | None:
    """A version's number, or a date or time in ISO form; UTC unless a zone is named.

    What it names is meant to its end: `2026-11-21` the whole day, `2026-11-21T15:00` that minute.

    Raises:
        click.BadParameter: it is neither.
    """
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdecimal() and len(text) < 19:
        return int(text)
    try:
        start = datetime.fromisoformat(text)
        grain = next((grain for form, grain in _GRAIN if form.fullmatch(text)), timedelta(0))
        end = start + max(grain - timedelta(microseconds=1), timedelta(0))
        return end.replace(tzinfo=UTC) if end.tzinfo is None else end.astimezone(UTC)
    except (ValueError, OverflowError):
        raise click.BadParameter(
            f"{text!r} is neither a version's number nor a date or time such as 2026-11-21 or "
            "2026-11-21T15:00+01:00",
            ctx,
            param,
        ) from None


def at_option(verb: Verb) -> Verb:
    """Add `--at VERSION|DATE` (as `at`) to a verb that reads the table."""
    return click.option(
        "--at",
        metavar="VERSION|DATE",
        callback=version_or_time,
        help="Read this version of the table, or the newest one of that day or time (UTC unless "
        "a zone is named).",
    )(verb)


def engine_option(help: str) -> Callable[[Verb], Verb]:
    """Add `--engine NAME` (as `engine`) to a verb that has much to compute."""
    return click.option(
        "--engine",
        type=click.Choice(list(ENGINES)),
        default="local",
        show_default=True,
        help=help,
    )


def project_option(verb: Verb) -> Verb:
    """Add `--project NAME` (as `project`) to a verb that is about one project."""
    return click.option(
        "--project", metavar="NAME", help="Which [projects.NAME] of labeltune.toml."
    )(verb)


def projects_option(verb: Verb) -> Verb:
    """Add a repeatable `--project NAME` (as `projects`) to a verb that can do several."""
    return click.option(
        "--project",
        "projects",
        metavar="NAME",
        multiple=True,
        help="Which [projects.NAME] of labeltune.toml; may be given more than once.  "
        "[default: all]",
    )(verb)


def load_one(config_file: Path, project: str | None) -> Config:
    """The configuration of the project that is asked for, or of the only one.

    Raises:
        ConfigError: the file can't be used, or it has several projects and none is named.
    """
    return configuration.load(config_file).for_project(project)


def load_several(config_file: Path, projects: tuple[str, ...]) -> dict[str, Config]:
    """The configurations that are asked for, by name; of all projects when none is named.

    Returns:
        One without a name where the file has no `[projects]`.

    Raises:
        ConfigError: the file can't be used, or has no such project.
    """
    whole = configuration.load(config_file)
    names = dict.fromkeys(projects or whole.projects) or {"": None}
    return {name: whole.for_project(name or None) for name in names}
