"""`labeltune pull`."""

import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from connectors.label_studio import LabelStudio
from sync.commands.common import common_options, load_several, projects_option, show
from sync.common.errors import SyncError
from sync.common.terminal import counting
from sync.common.wording import counted
from sync.records.review_queues import pull_queues
from sync.settings import Config
from sync.table.pull import PullReport, pull

# how long a pull may take to end
_GRACE_S = 3.0

# a restart of Label Studio takes some 20 s, in which a pull that has begun waits
PATIENCE_S = 60.0


@click.command()
@click.option("--watch", "watching", is_flag=True, help="Keep pulling until Ctrl-C or SIGTERM.")
@click.option(
    "--interval",
    "interval_s",
    type=click.FloatRange(min=1.0),
    help="With --watch: seconds between pulls; a change that the backend hears of is pulled at "
    "once.  [default: 60]",
)
@projects_option
@common_options
def command(
    watching: bool,
    interval_s: float | None,
    projects: tuple[str, ...],
    config_file: Path,
    as_json: bool,
) -> None:
    """Fetch what changed in Label Studio into the table in the data folder.

    Only what changed since the last pull is fetched; a pull that is interrupted leaves the table
    as it was. Several [projects] are pulled one after the other; --json then gives an object with
    a report, or an "error", by name. What `labeltune review` sent is pulled with its project.

    \b
    Examples:
      labeltune pull
      labeltune pull --watch --interval 30
    """
    if interval_s is not None and not watching:
        raise click.UsageError("--interval needs --watch")
    configs = load_several(config_file, projects)
    first = next(iter(configs.values()))
    url, key = first.label_studio.url, first.api_key
    with LabelStudio(url, key, patience_s=PATIENCE_S) as client:
        if watching:
            _watch(configs, client, interval_s or 60.0, as_json=as_json)
        else:
            _pull_once(configs, client, as_json=as_json)


def _pull_once(configs: Mapping[str, Config], client: LabelStudio, *, as_json: bool) -> None:
    """Pull each project; one that can't be pulled does not keep the next from it."""
    if "" in configs:
        report, queues = _pull(configs[""], client)
        show(_json(report, queues), _sentences(report, queues), as_json=as_json)
        return
    reports: dict[str, object] = {}
    failed = False
    for name, config in configs.items():
        try:
            report, queues = _pull(config, client)
        except SyncError as error:
            failed = True
            reports[name] = {"error": str(error)}
            click.echo(f"labeltune: {error}", err=True)
            continue
        reports[name] = _json(report, queues)
        if not as_json:
            click.echo(_sentences(report, queues))
    if as_json:
        show(reports, "", as_json=True)
    if failed:
        sys.exit(1)


def _pull(config: Config, client: LabelStudio) -> tuple[PullReport, dict[str, PullReport]]:
    """Pull a project and, by their tiers, the queues in which it is reviewed."""
    with counting("pulling tasks") as progress:
        return pull(config, client, progress), pull_queues(config, client, progress)


def _json(report: PullReport, queues: Mapping[str, PullReport]) -> dict[str, object]:
    reviews = {tier: asdict(each) for tier, each in queues.items()}
    return {**asdict(report), **({"reviews": reviews} if reviews else {})}


def _sentences(report: PullReport, queues: Mapping[str, PullReport]) -> str:
    return "\n".join(map(_sentence, (report, *queues.values())))


def _watch(
    configs: Mapping[str, Config], client: LabelStudio, interval_s: float, *, as_json: bool
) -> None:
    """Pull until a signal ends it, which is the intended end: status 0."""
    import httpx

    from sync.table.pull.watch import BackendEvents, watch

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    with contextlib.suppress(KeyboardInterrupt), httpx.Client() as http:
        events = BackendEvents(next(iter(configs.values())), http)
        for report in watch(
            configs.values(),
            lambda config: _pull(config, client)[0],
            events,
            interval_s,
            lambda said: click.echo(f"labeltune: {said}", err=True),
        ):
            at = datetime.now(UTC).isoformat(timespec="seconds")
            line = json.dumps({"at": at, **asdict(report)}, ensure_ascii=False)
            click.echo(line if as_json else f"{at} {_sentence(report)}")


def _end(number: int, frame: object) -> NoReturn:
    """Stop watching at once; a request without an answer gets a few seconds.

    Leaving at once would do the table no harm either, but the files on the way to it would stay.
    """
    timer = threading.Timer(_GRACE_S, os._exit, (0,))
    timer.daemon = True
    timer.start()
    raise KeyboardInterrupt


def _sentence(report: PullReport) -> str:
    if not report.tasks and not report.deleted:
        return f"{report.project!r} has no tasks yet; add some with `labeltune push`."
    return (
        f"{report.project!r}: {report.new} new, {report.changed} changed, {report.deleted} "
        f"deleted, {report.unchanged} unchanged; table version {report.table_version} "
        f"({report.seconds:.1f} s, {counted(report.requests, 'request')})."
    )
