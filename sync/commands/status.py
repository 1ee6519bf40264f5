"""`labeltune status`."""

from dataclasses import asdict
from pathlib import Path

import click

from connectors.label_studio import LabelStudio
from sync.commands.common import common_options, load_one, project_option, show
from sync.common.wording import counted
from sync.intake.services.backend_status import BackendStatus
from sync.intake.services.health import ModelStatus, ServiceStatus
from sync.intake.services.project_status import Status, TableStatus, status
from sync.intake.services.undrafted import Undrafted

# models that a server is said to serve; a hosted one lists hundreds
_NAMED = 3


@click.command()
@project_option
@common_options
def command(project: str | None, config_file: Path, as_json: bool) -> None:
    """Show where the project stands: services, drafts, finished work, table, findings, exports.

    A service that is down is shown as down.

    \b
    Example:
      labeltune status
    """
    config = load_one(config_file, project)
    with LabelStudio(config.label_studio.url, config.api_key, timeout_s=10.0) as client:
        found = status(config, client)
    show(asdict(found), _lines(found, config.label_studio.project), as_json=as_json)


def _lines(found: Status, title: str) -> str:
    if found.project:
        p = found.project
        project = (
            f"{p.title!r}: {counted(p.tasks, 'task')}, {p.drafted} drafted, {p.labelled} labelled, "
            f"{p.skipped} skipped"
        )
    elif found.label_studio.up:
        project = f"no project {title!r} yet; run `labeltune push`"
    else:
        project = "unknown while Label Studio is down"
    table = found.table
    rows = {
        "Label Studio": _service(found.label_studio),
        "Project": project,
        "Undrafted": _undrafted(found.project.undrafted) if found.project else "unknown",
        "Backend": _backend(found.backend),
        "Model": _model(found.model),
        "Table": "nothing pulled yet"
        if table.version is None
        else f"version {table.version}, {counted(table.rows, 'task')}",
        "Pulled": table.pulled_at or "never",
        "Work": _work(table),
        "Findings": "never checked"
        if found.findings is None
        else f"{found.findings}, checked {found.checked_at or 'at an unknown time'}",
        "Export": f"{found.exported['path']}, {found.exported['at']}"
        if found.exported
        else "none yet",
    }
    return "\n".join(f"{name:<13} {value}" for name, value in rows.items())


def _undrafted(undrafted: Undrafted) -> str:
    if not undrafted.tasks:
        return "none"
    lines = [f"{counted(undrafted.tasks, 'task')} without a draft"]
    for each in undrafted.reasons:
        lines.append(f"{'':<13} {each.tasks}: {each.reason}")
        lines += [f"{'':<13}   {address}" for address in each.first]
    return "\n".join(lines)


def _work(table: TableStatus) -> str:
    """The work and the drafts, in the words of `labeltune check`."""
    if table.work is None or table.drafts is None:
        return "none yet"
    said = [table.work.sentence(), table.drafts.sentence()]
    return f"\n{'':<13} ".join(line for line in said if line)


def _backend(backend: BackendStatus) -> str:
    said = _service(backend)
    if backend.waiting is not None:
        said += f", {counted(backend.waiting, 'job')} waiting"
        said += f", {counted(backend.workers_alive or 0, 'worker')}"
    return "\n".join((said, *(f"{'':<13} {problem}" for problem in backend.problems)))


def _model(model: ModelStatus) -> str:
    said = _service(model)
    if 0 < len(model.serves) <= _NAMED:
        said += f" and serves {', '.join(model.serves)}"
    return f"{said}\n{'':<13} {model.problem}" if model.problem else said


def _service(service: ServiceStatus) -> str:
    return f"{service.url} is up" if service.up else f"{service.url} is down: {service.detail}"
