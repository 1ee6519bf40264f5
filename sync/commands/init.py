"""`labeltune init`."""

from pathlib import Path

import click

from sync.commands.common import show
from sync.errors import ConfigError
from sync.stack.project_file import template, write_new


@click.command()
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path())
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")
def command(folder: Path, as_json: bool) -> None:
    """Write a commented labeltune.toml, a first guidelines.md and a .gitignore into DIR.

    DIR is this folder unless named, and is made when missing. Files that exist are never changed.

    \b
    Example:
      labeltune init my-project
    """
    config_file = folder / "labeltune.toml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{folder}: the folder can't be made ({error.strerror})") from error
    write_new(config_file, template("labeltune.toml"))
    written = [config_file]
    for name, source in (("guidelines.md", "guidelines.md"), (".gitignore", "gitignore")):
        if not (folder / name).exists():
            write_new(folder / name, template(source))
            written.append(folder / name)
    show(
        {"written": written},
        f"Wrote {', '.join(map(str, written))}. Next: set the project's title and the model in "
        "labeltune.toml, decide the rules in guidelines.md, put LABEL_STUDIO_API_KEY into the "
        "environment or .env (`labeltune up` makes its own), then `labeltune push FILE.jsonl`. "
        "Keep .env and redaction-key.jsonl out of git.",
        as_json=as_json,
    )
