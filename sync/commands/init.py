"""`labeltune init`."""

import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from sync.commands.common import show
from sync.common.errors import ConfigError
from sync.common.terminal import stderr
from sync.stack.joining import join
from sync.stack.project_file import template, with_values, write_new
from sync.stack.running import RunningStack, environment_notes


@click.command()
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path())
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")
def command(folder: Path, as_json: bool) -> None:
    """Write a commented labeltune.toml, a first guidelines.md and a .gitignore into DIR.

    DIR is this folder unless named, and is made when missing. Files that exist are never changed.
    While a `labeltune up` runs on this machine, the new folder works with it: its addresses and
    model stand in labeltune.toml, its keys in .env.

    \b
    Example:
      labeltune init my-project
    """
    config_file = folder / "labeltune.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{folder}: the folder can't be made ({error.strerror})") from error
    joined = join(folder)
    write_new(config_file, with_values(template("labeltune.toml"), joined.values()))
    joined.write_keys(folder)
    written = [config_file]
    for name, source in (("guidelines.md", "guidelines.md"), (".gitignore", "gitignore")):
        if not (folder / name).exists():
            write_new(folder / name, template(source))
            written.append(folder / name)
    stack = joined.stack
    result: dict[str, Any] = {"written": written}
    if stack is not None:
        result["stack"] = asdict(stack)
        for note in environment_notes(stack.label_studio_url, stack.llm_url, os.environ):
            stderr.print(note, markup=False, soft_wrap=True)
    if joined.note:
        stderr.print(joined.note, markup=False, soft_wrap=True)
    said = f"Wrote {', '.join(map(str, written))}. {_next(stack)}"
    show(result, f"{said} Keep .env and redaction-key.jsonl out of git.", as_json=as_json)


def _next(stack: RunningStack | None) -> str:
    """What to do now, with a stack that runs and without one."""
    if stack is None:
        return (
            "Next: set the project's title and the model in labeltune.toml, decide the rules in "
            "guidelines.md, put LABEL_STUDIO_API_KEY into the environment or .env (`labeltune up` "
            "makes its own), then `labeltune push FILE.jsonl`."
        )
    return (
        f"It works with the stack that runs in {stack.folder}: Label Studio at "
        f"{stack.label_studio_url}, the backend at {stack.backend_url}, {stack.llm_model} at "
        f"{stack.llm_url}, and the keys in .env, which only you can read. Next: set the project's "
        "title in labeltune.toml, decide the rules in guidelines.md, then "
        "`labeltune push FILE.jsonl`."
    )
