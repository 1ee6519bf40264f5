"""`labeltune status`."""

import contextlib
import signal
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click
from rich.console import Console
from rich.live import Live

from connectors.label_studio import LabelStudio
from sync.commands.common import common_options, load_one, project_option, show
from sync.common.wording import counted
from sync.intake.services.backend_status import BackendStatus
from sync.intake.services.drafting_progress import DraftingProgress, ProgressReader
from sync.intake.services.drafting_watch import Seen, watch_drafting
from sync.intake.services.drafts_panel import json_line, panel
from sync.intake.services.health import ModelStatus, ServiceStatus, get
from sync.intake.services.project_status import ReviewQueueStatus, Status, TableStatus, status
from sync.intake.services.undrafted import Undrafted
from sync.settings import Config

# seconds between two looks of --watch
INTERVAL_S = 2.0
# models that a server is said to serve; a hosted one lists hundreds
_NAMED = 3


@click.command()
@click.option(
    "--watch",
    "watching",
    is_flag=True,
    help="Show how drafts arrive until Ctrl-C or SIGTERM; with --json, one object a change.",
)
@click.option(
    "--interval",
    "interval_s",
    type=click.FloatRange(min=1.0),
    help=f"With --watch: seconds between two looks.  [default: {INTERVAL_S:g}]",
)
@project_option
@common_options
def command(
    watching: bool,
    interval_s: float | None,
    project: str | None,
    config_file: Path,
    as_json: bool,
) -> None:
    """Show where the project stands: services, drafts, work, reviews, findings, exports.

    A service that is down is shown as down.

    \b
    Examples:
      labeltune status
      labeltune status --watch
    """
    if interval_s is not None and not watching:
        raise click.UsageError("--interval needs --watch")
    config = load_one(config_file, project)
    if watching:
        _watch(config, interval_s or INTERVAL_S, as_json=as_json)
        return
    with LabelStudio(config.label_studio.url, config.api_key, timeout_s=10.0) as client:
        found = status(config, client)
    show(asdict(found), _lines(found, config.label_studio.project), as_json=as_json)


def _watch(config: Config, interval_s: float, *, as_json: bool) -> None:
    """Show how drafts arrive until Ctrl-C or SIGTERM, which is the intended end: status 0.

    Raises:
        LabelStudioError: the key is refused.
        CredentialsError: the backend's user or password can't be used.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    url, title = config.label_studio.url, config.label_studio.project
    # a server that is away is told at once, and asked again at the next look
    with (
        contextlib.suppress(KeyboardInterrupt),
        LabelStudio(url, config.api_key, timeout_s=10.0, patience_s=0.0) as client,
    ):
        look = ProgressReader(config, client, get).look
        console = Console(highlight=False)
        if as_json or not console.is_terminal or console.is_dumb_terminal:
            seen = watch_drafting(look, _complain, interval_s)
            _tell_changes(seen, title, click.echo, as_json=as_json)
        else:
            _live(look, title, console, interval_s)


def _tell_changes(
    looks: Iterable[Seen], title: str, say: Callable[[str], None], *, as_json: bool
) -> None:
    """A line for each change, with its time."""
    for seen in looks:
        if seen.changed:
            at = datetime.now(UTC).isoformat(timespec="seconds")
            say(json_line(at, title, seen) if as_json else f"{at} {title!r}: {seen.sentence()}")


def _live(
    look: Callable[[], DraftingProgress | None], title: str, console: Console, interval_s: float
) -> None:
    seen, said = Seen(None, changed=False), "asking Label Studio"
    with Live(panel(seen, title, said), console=console, auto_refresh=False) as live:

        def complain(words: str) -> None:
            nonlocal said
            said = words
            live.update(panel(seen, title, said), refresh=True)

        for seen in watch_drafting(look, complain, interval_s):
            said = ""
            live.update(panel(seen, title), refresh=True)


def _complain(said: str) -> None:
    click.echo(f"labeltune: {said}", err=True)


def _end(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt


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
        **({"Order": _below(found.project.order)} if found.project and found.project.order else {}),
        "Backend": _backend(found.backend),
        **_scoring(found),
        "Model": _model(found.model),
        "Table": "nothing pulled yet"
        if table.version is None
        else f"version {table.version}, {counted(table.rows, 'task')}",
        "Pulled": table.pulled_at or "never",
        "Work": _work(table),
        "Findings": "never checked"
        if found.findings is None
        else f"{found.findings}, checked {found.checked_at or 'at an unknown time'}",
        **({"Reviews": _below(map(_review, found.reviews))} if found.reviews else {}),
        **({"People": _below(found.flags)} if found.flags else {}),
        "Export": f"{found.exported['path']}, {found.exported['at']}"
        if found.exported
        else "none yet",
    }
    return "\n".join(f"{name:<13} {value}" for name, value in rows.items())


def _review(queue: ReviewQueueStatus) -> str:
    return f"{queue.tier}: {queue.waiting} waiting, {queue.decided} decided, in {queue.title!r}"


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
    return _below([line for line in said if line])


def _below(lines: Iterable[str]) -> str:
    """Several lines beside one name."""
    return f"\n{'':<13} ".join(lines)


def _backend(backend: BackendStatus) -> str:
    said = _service(backend)
    if backend.waiting is not None:
        said += f", {counted(backend.waiting, 'job')} waiting"
        said += f", {counted(backend.workers_alive or 0, 'worker')}"
    return "\n".join((said, *(f"{'':<13} {problem}" for problem in backend.problems)))


def _scoring(found: Status) -> dict[str, str]:
    """What drafts of the project are scored by, where the backend tells."""
    said = found.project and found.backend.scoring.get(found.project.id)
    return {"Scores": said} if said else {}


def _model(model: ModelStatus) -> str:
    said = _service(model)
    if 0 < len(model.serves) <= _NAMED:
        said += f" and serves {', '.join(model.serves)}"
    return f"{said}\n{'':<13} {model.problem}" if model.problem else said


def _service(service: ServiceStatus) -> str:
    return f"{service.url} is up" if service.up else f"{service.url} is down: {service.detail}"
