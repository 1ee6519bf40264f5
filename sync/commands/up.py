"""`labeltune up`."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from connectors.extras import require
from sync.commands.common import common_options

_PORT = click.IntRange(1, 65535)


def _http_url(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value is not None and urlsplit(value).scheme not in ("http", "https"):
        raise click.BadParameter(f"{value!r} is not an http:// or https:// URL")
    return value


@click.command()
@click.option("--port", type=_PORT, help="Label Studio's port.  [default: 8080]")
@click.option("--backend-port", type=_PORT, help="The ML backend's port.  [default: 9090]")
@click.option("--llm-port", type=_PORT, help="The local model's port.  [default: 9091]")
@click.option(
    "--llm-url",
    callback=_http_url,
    help="Your OpenAI-compatible endpoint instead of a local model; its key is OPENAI_API_KEY.",
)
@click.option("--llm-model", help="The model's name at --llm-url.")
@click.option("--no-sample", is_flag=True, help="Start without the sample project.")
@common_options
def command(config_file: Path, as_json: bool, no_sample: bool, **chosen: Any) -> None:
    """Start Label Studio, a local model, the backend and a sample project in this folder.

    What is missing is installed and fetched first, once for all folders. Ports and endpoint of an
    existing labeltune.toml are kept. Keys and the login are made at the first start and kept in
    .env. It is ready when the first drafts are there, and goes on to tell how many have arrived.
    Ctrl-C stops everything; the next `labeltune up` goes on where it was.
    LABELTUNE_LOCAL_MODEL=smollm2-135m takes a small model, for trying out on a small machine.
    With llm.model = "tuned:NAME", a model that `labeltune finetune` made here is served.

    \b
    Examples:
      labeltune up
      labeltune up --port 8081 --no-sample
      labeltune up --llm-url https://api.openai.com/v1 --llm-model gpt-5-mini
    """
    from sync.stack.console import Ready
    from sync.stack.launch import launch
    from sync.stack.settings import UpOptions
    from sync.tuning.models.drafting_model import learnt_prompt

    if (chosen["llm_url"] is None) != (chosen["llm_model"] is None):
        raise click.UsageError("--llm-url and --llm-model go together")
    if chosen["llm_url"] is not None and chosen["llm_port"] is not None:
        raise click.UsageError("--llm-port is for the local model; leave it out with --llm-url")
    require("local" if chosen["llm_url"] is None else "backend", "labeltune up")

    def announce(ready: Ready) -> None:
        click.echo(ready.as_json() if as_json else f"\n{ready.as_text()}")

    tuned = None if chosen["llm_url"] else _tuned(config_file)
    options = UpOptions(
        config_file,
        sample=not no_sample,
        follow=not as_json,
        tuned=tuned,
        learnt=learnt_prompt,
        **chosen,
    )
    launch(options, announce)


def _tuned(config_file: Path) -> Any:
    """The tuned model that `llm.model` of the file names, or None."""
    if not config_file.exists():
        return None
    from sync import settings
    from sync.tuning.local.served_adapter import tuned_model

    return tuned_model(settings.load(config_file))
