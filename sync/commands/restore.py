"""`labeltune restore`."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from sync import settings as configuration
from sync.commands.common import common_options, show
from sync.common.errors import ConfigError, SyncError
from sync.common.files import replacing
from sync.common.wording import counted
from sync.settings import Config


@click.command()
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="File to write, readable by you only; - for stdout.",
)
@common_options
def command(source: Path, out: Path, config_file: Path, as_json: bool) -> None:
    """Put personal data back into FILE, which `labeltune export` wrote.

    Which task a line belongs to is in the lineage beside FILE, or in the line's own labeltune_id;
    what its placeholders stand for is in the key file.

    \b
    Example:
      labeltune restore release/openai-chat.jsonl --out whole.jsonl
    """
    if out.resolve() == source.resolve():
        raise click.UsageError("--out must be another file than FILE, which is left as it is")
    from sync.dataset.release.restoring import restore_file
    from sync.intake.redaction.key_file import KeyFile

    secrets = KeyFile(_key_path(configuration.load(config_file))).secrets()
    if str(out) == "-":
        restore_file(source, secrets, sys.stdout)
        return
    try:
        with replacing(out, 0o600) as file:
            report = restore_file(source, secrets, file)
    except OSError as error:
        raise SyncError(f"{out}: can't be written ({error.strerror})") from error
    left = f"; {counted(report.left, 'placeholder')} not in the key file" if report.left else ""
    show(
        {**asdict(report), "path": out},
        f"{counted(report.lines, 'line')} written to {out}, "
        f"{report.restored} of them with personal data{left}.",
        as_json=as_json,
    )


def _key_path(config: Config) -> Path:
    path = config.folder / config.cleaning.redaction.key_file
    if not path.is_file():
        raise ConfigError(
            f"{path}: no key file; set cleaning.redaction.key_file to the one that `push` wrote. "
            "Without it placeholders can't be turned back"
        )
    return path
