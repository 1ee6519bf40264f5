"""`labeltune report`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from connectors.extras import require
from sync.commands.common import common_options, load_one, project_option, show
from sync.common.files import write_atomically
from sync.coverage.gaps import Gaps
from sync.coverage.measure import measure
from sync.coverage.raised_targets import read_raised
from sync.intake.services.health import get
from sync.quality.decoded.work import DecodedWork
from sync.quality.judge.kept_replies import KeptReplies
from sync.quality.report.last_check import FINDINGS, LastCheck, checked, last_check
from sync.quality.report.other_rooms import (
    WantedCell,
    WantedExamples,
    drafting_cost,
    last_outside,
    last_said,
)
from sync.quality.report.page import REPORT, page
from sync.quality.report.project_report import FromOtherRooms, ProjectReport, project_report
from sync.quality.report.serve import PORT, FreshPage, serve
from sync.records.person_record import PEOPLE, known_people
from sync.settings import Config
from sync.table import last_runs
from sync.table.data_folder import data_folder
from sync.table.snapshot import open_snapshot


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where the page goes; by default report.html in the data folder.",
)
@click.option("--anonymous", is_flag=True, help="Call annotators A, B, C, always the same.")
@click.option(
    "--serve",
    "serving",
    is_flag=True,
    help="Show the page at an address of this machine, with fresh figures, until Ctrl-C.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    help=f"With --serve; 0 takes any that is free.  [default: {PORT}]",
)
@project_option
@common_options
def command(
    out: Path | None,
    anonymous: bool,
    serving: bool,
    port: int | None,
    project: str | None,
    config_file: Path,
    as_json: bool,
) -> None:
    """Write the report of the last check as a page that anybody can open: is the set ready?

    Counts the pulled work anew and puts it beside what `labeltune check` found last. The page is
    one file that needs no network and runs no script. `labeltune check` writes it, too.

    \b
    Examples:
      labeltune report
      labeltune report --anonymous --out for-the-board.html
      labeltune report --serve
    """
    if port is not None and not serving:
        raise click.UsageError("--port needs --serve")
    if serving and (out is not None or as_json):
        raise click.UsageError("--serve writes no file; leave --out and --json out")
    config = load_one(config_file, project)
    if serving:
        require("report", "labeltune report --serve")
        last_check(data_folder(config))
        _serve(config, PORT if port is None else port, anonymous=anonymous)
        return
    made = written_report(config, last_check(data_folder(config)), out, anonymous=anonymous)
    show(made.to_json(), made.sentence(), as_json=as_json)


@dataclass(frozen=True)
class WrittenReport:
    """A report that was written; `path` is where it lies."""

    report: ProjectReport
    path: str

    def sentence(self) -> str:
        """For people: whether the set is ready, why not, and where the page is."""
        ready = self.report.readiness
        lines = [f"Ready for training: {ready.answer.lower()}.", *ready.reasons]
        return "\n".join([*lines, f"Report: {self.path}"])

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        ready = self.report.readiness
        return {
            "path": self.path,
            "ready": ready.ready,
            "reasons": list(ready.reasons),
            "cautions": list(ready.cautions),
            "table_version": self.report.table_version,
            "checked_version": self.report.check.table_version,
        }


def written_report(
    config: Config,
    check: LastCheck,
    out: Path | None = None,
    *,
    anonymous: bool = False,
    at: int | None = None,
    is_new: bool = False,
    read: DecodedWork | None = None,
) -> WrittenReport:
    """Write a check's report; arguments are as for `project_report`.

    Args:
        out: by default `report.html` of the data folder, of the past `report-vN.html`.

    Raises:
        SyncError: nothing was pulled, or something can't be written.
    """
    others = from_other_rooms(config, at)
    report = project_report(
        config, check, others, anonymous=anonymous, at=at, is_new=is_new, read=read
    )
    html = page(report)
    if out is not None:
        write_atomically(out, html)
        return WrittenReport(report, str(out))
    folder = data_folder(config)
    name = REPORT if at is None else f"report-v{at}.html"
    folder.write(name, html)
    return WrittenReport(report, folder.location(name))


def report_of_check(
    config: Config, noted: Mapping[str, Any], past: int | None, read: DecodedWork | None = None
) -> WrittenReport:
    """Write the report of a check that has just been run.

    Args:
        noted: the check's own report, as `labeltune check --json` prints it.
        past: the version of the table that was asked for by `--at`.
        read: the work that was checked.

    Raises:
        SyncError: something can't be read or written.
    """
    name = FINDINGS if past is None else f"findings-v{past}.jsonl"
    found = checked(data_folder(config), name, noted)
    return written_report(config, found, at=past, is_new=past is None, read=read)


def from_other_rooms(config: Config, at: int | None = None) -> FromOtherRooms:
    """What the targets, the ranking and the backend say of a project.

    Raises:
        SyncError: the table can't be read.
    """
    folder = data_folder(config)
    wants = config.targets.wants or bool(read_raised(folder, at))
    return FromOtherRooms(
        wanted=_wanted(measure(config, at=at).gaps) if wants else None,
        outlook=last_said(folder, "rank") if at is None else None,
        review=last_said(folder, "review") if at is None else None,
        cost=drafting_cost(config, folder, open_snapshot(config).project_id, get),
        judging=KeptReplies(folder).spent() or None,
        people=known_people(folder) if at is None else (),
        outside=last_outside(folder) if at is None else (),
    )


def _wanted(gaps: Gaps) -> WantedExamples | None:
    cells = sorted(
        (gap for gap in gaps.cells if gap.wanted is not None),
        key=lambda gap: (-(gap.missing or 0), -(gap.wanted or 0)),
    )
    if not cells:  # a total that no kind of category shares out
        missing = max(0, (gaps.total or 0) - gaps.work.accepted)
        return WantedExamples(gaps.total, missing) if gaps.total else None
    return WantedExamples(
        total=sum(gap.wanted or 0 for gap in cells),
        missing=sum(gap.missing or 0 for gap in cells),
        cells=tuple(
            WantedCell(gap.name, gap.wanted or 0, gap.have, gap.missing or 0, gap.waiting)
            for gap in cells
        ),
    )


def _serve(config: Config, port: int, *, anonymous: bool) -> None:
    folder = data_folder(config)

    def basis() -> object:
        noted = [last_runs.recall(folder, verb) for verb in ("check", "rank", "review", PEOPLE)]
        return open_snapshot(config).table_version, noted

    def make() -> str:
        others = from_other_rooms(config)
        return page(project_report(config, last_check(folder), others, anonymous=anonymous))

    serve(FreshPage(basis, make), port, lambda url: click.echo(f"Report: {url} (Ctrl-C ends it)"))
