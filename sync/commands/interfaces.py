"""`labeltune interfaces`."""

import json
from pathlib import Path
from typing import Any

import click

import label_configs
from label_configs import Interface, LabelConfigError, config_xml
from sync.commands.common import show
from sync.errors import SourceError

_NAMES = click.Choice(list(label_configs.INTERFACES))


@click.command()
@click.option("--example", "example_of", type=_NAMES, help="Print a task of it as JSON.")
@click.option("--xml", "xml_of", type=_NAMES, help="Print its label config.")
@click.option(
    "--validate",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Check a label config: what the page would refuse, and which interface can read it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")
def command(example_of: str | None, xml_of: str | None, file: Path | None, as_json: bool) -> None:
    """List what annotators can see: the interfaces for `label_studio.interface`.

    \b
    Examples:
      labeltune interfaces
      labeltune interfaces --example chat_response > tasks.jsonl
      labeltune interfaces --xml chat_response > my.xml
      labeltune interfaces --validate my.xml
    """
    if sum(option is not None for option in (example_of, xml_of, file)) > 1:
        raise click.UsageError("use one of --example, --xml and --validate")
    if example_of:
        click.echo(json.dumps(label_configs.load(example_of).example, ensure_ascii=False))
    elif xml_of:
        click.echo(label_configs.load(xml_of).label_config())
    elif file:
        found = validate(file)
        readers = ", ".join(found["readable_by"]) or "no interface of LabelTune"
        show(found, f"{file}: the page accepts it; readable by {readers}.", as_json=as_json)
    else:
        listed = {name: i.summary for name, i in label_configs.INTERFACES.items()}
        width = max(map(len, listed))
        lines = "\n".join(f"{name:<{width}}  {what}" for name, what in listed.items())
        show(listed, lines, as_json=as_json)


def validate(file: Path) -> dict[str, Any]:
    """What is in a label config, and which interfaces can read it.

    Raises:
        SourceError: the file can't be read.
        LabelConfigError: the page would refuse it; names the line and what to do.
    """
    try:
        xml = file.read_text(encoding="utf-8")
    except OSError as error:
        raise SourceError(f"{file}: can't be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{file}: not UTF-8 ({error.reason}); convert it first") from error
    config = config_xml.parse(xml, str(file))
    return {
        "file": str(file),
        "objects": [tag.name for tag in config.objects],
        "controls": [tag.name for tag in config.controls],
        "readable_by": [name for name, i in label_configs.INTERFACES.items() if _reads(i, xml)],
    }


def _reads(interface: Interface[Any], xml: str) -> bool:
    try:
        interface.check_config(xml)
    except LabelConfigError:
        return False
    return True
