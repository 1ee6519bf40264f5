"""What every verb shares: `--config`, `--json`, the way results and progress are shown."""

import functools
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Verb = TypeVar("Verb", bound=Callable[..., Any])

stderr = Console(stderr=True, highlight=False)


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


@functools.cache
def _columns() -> tuple[Any, ...]:
    return (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )


def progress() -> Progress:
    """A progress bar on stderr that vanishes when done; silent when stderr is no terminal."""
    return Progress(*_columns(), console=stderr, transient=True, disable=not stderr.is_terminal)
