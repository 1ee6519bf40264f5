"""What every verb shares: `--config`, `--json`, the way results are shown."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

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
