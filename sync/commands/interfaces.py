"""`labeltune interfaces`."""

import json
from pathlib import Path
from typing import Any

import click

import label_configs
from label_configs import Interface, LabelConfigError, config_xml
from label_configs.task_fields import check_fields
from sync.commands.common import show
from sync.common.errors import SourceError
from sync.common.wording import counted
from sync.intake.sources import SourceReader
from sync.settings import SourcesSection

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
@click.option(
    "--tasks",
    "tasks_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="With --validate: check that the tasks of this file hold what the label config shows.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on stdout.")
def command(
    example_of: str | None,
    xml_of: str | None,
    file: Path | None,
    tasks_file: Path | None,
    as_json: bool,
) -> None:
    """List what annotators can see: the interfaces for `label_studio.interface`.

    \b
    Examples:
      labeltune interfaces
      labeltune interfaces --example chat_response > tasks.jsonl
      labeltune interfaces --xml chat_response > my.xml
      labeltune interfaces --validate my.xml --tasks tasks.jsonl
    """
    if sum(option is not None for option in (example_of, xml_of, file)) > 1:
        raise click.UsageError("use one of --example, --xml and --validate")
    if tasks_file and not file:
        raise click.UsageError("--tasks needs --validate: name the label config to check against")
    if example_of:
        click.echo(json.dumps(label_configs.load(example_of).example, ensure_ascii=False))
    elif xml_of:
        click.echo(label_configs.load(xml_of).label_config())
    elif file:
        found = validate(file, tasks_file)
        readers = ", ".join(found["readable_by"]) or "no interface of LabelTune"
        said = f"{file}: the page accepts it; readable by {readers}."
        if tasks_file:
            said += f" It can show {counted(found['tasks'], 'task')} of {tasks_file}."
        show(found, said, as_json=as_json)
    else:
        listed = {name: i.summary for name, i in label_configs.INTERFACES.items()}
        width = max(map(len, listed))
        lines = "\n".join(f"{name:<{width}}  {what}" for name, what in listed.items())
        show(listed, lines, as_json=as_json)


def validate(file: Path, tasks_file: Path | None = None) -> dict[str, Any]:
    """What is in a label config, and which interfaces can read it.

    Args:
        tasks_file: tasks to check against it, completed by the first interface that can read it.

    Raises:
        SourceError: a file or a line can't be read.
        LabelConfigError: the page would refuse the label config, names the line and what to do;
            or a task lacks what it shows.
    """
    try:
        xml = file.read_text(encoding="utf-8")
    except OSError as error:
        raise SourceError(f"{file}: can't be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{file}: not UTF-8 ({error.reason}); convert it first") from error
    config = config_xml.parse(xml, str(file))
    readers = [
        interface for interface in label_configs.INTERFACES.values() if _reads(interface, xml)
    ]
    found: dict[str, Any] = {
        "file": str(file),
        "objects": [tag.name for tag in config.objects],
        "controls": [tag.name for tag in config.controls],
        "readable_by": [interface.name for interface in readers],
    }
    if tasks_file:
        reader = readers[0] if readers else None
        tasks = list(SourceReader([tasks_file], SourcesSection(), reader))
        for task in tasks:
            data = task.data
            if readers:
                readers[0].check_task(data, task.where)
                data = readers[0].complete_task(data)
            check_fields(config, data, task.where)
        found["tasks"] = len(tasks)
    return found


def _reads(interface: Interface[Any], xml: str) -> bool:
    try:
        interface.check_config(xml)
    except LabelConfigError:
        return False
    return True
