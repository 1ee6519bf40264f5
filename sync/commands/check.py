"""`labeltune check`."""

import functools
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Literal

import click

from connectors.embedding import extra_of
from connectors.extras import require
from sync.commands.common import (
    at_option,
    common_options,
    engine_option,
    load_one,
    project_option,
    show,
)
from sync.commands.report import report_of_check
from sync.common.terminal import counting, naming, stderr
from sync.common.wording import counted
from sync.compute import engine_named
from sync.coverage.targets import wanted_by_kind
from sync.quality.check import CheckReport, check
from sync.quality.ci_files import CI_FILES, write_ci_files
from sync.quality.decoded.work import read_work


@click.command()
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    help="Exit with status 3 when there are findings this severe, or more.",
)
@click.option(
    "--against",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    help="Traces of production: say what users ask that no example is like.",
)
@click.option("--only", metavar="NAME", multiple=True, help="Run this check and no other.")
@click.option("--skip", metavar="NAME", multiple=True, help="Run all checks but this.")
@click.option(
    "--format",
    "formats",
    type=click.Choice([*CI_FILES]),
    multiple=True,
    help="Write the findings as such a file, too, for CI systems.",
)
@engine_option("Where the checks run; they find the same.")
@at_option
@project_option
@common_options
def command(
    fail_on: Literal["error", "warning"] | None,
    against: tuple[Path, ...],
    only: tuple[str, ...],
    skip: tuple[str, ...],
    formats: tuple[str, ...],
    engine: str,
    at: int | datetime | None,
    project: str | None,
    config_file: Path,
    as_json: bool,
) -> None:
    """Find what is wrong with the pulled work: answers, labels, the set, and what people do.

    Writes findings.jsonl into the data folder, what to look at first on top. What can't be
    judged yet is said, never guessed. Says what experts made of the drafts as well. With --at the
    findings go to findings-vN.jsonl, and today's stay as they are. Beside them lies report.html,
    the same as a page for people. With --only or --skip the findings go to findings-some.jsonl,
    and nothing else changes.

    \b
    Example:
      labeltune check --fail-on error
      labeltune check --only contradiction --format sarif
    """
    config = load_one(config_file, project)
    for extra in ("quality", extra_of(config.embedding.model)):
        require(extra, "labeltune check")
    with (
        engine_named(engine) as runner,
        counting("embedding texts") as progress,
        counting("asking the judge") as judging,
        naming() as running,
    ):
        read = functools.cache(lambda: read_work(config, at, runner))
        report = check(
            config,
            progress,
            at=at,
            engine=runner,
            against=against,
            wanted=wanted_by_kind,
            say=lambda said: stderr.print(said, markup=False, soft_wrap=True),
            judging=judging,
            running=running,
            only=only,
            skip=skip,
            read=read,
        )
    files = write_ci_files(config, report, formats)
    result, said = {**asdict(report), "files": files}, _sentence(report)
    said += "".join(f"\nFor CI: {file}" for file in files)
    if not only and not skip:
        past = None if at is None else report.table_version
        page = report_of_check(config, asdict(report), past, read())
        result, said = {**result, "report": page.to_json()}, f"{said}\n{page.sentence()}"
    show(result, said, as_json=as_json)
    if fail_on and report.at_least(fail_on):
        # not ctx.exit: outside click's standalone mode that is a return value, not a status
        sys.exit(3)


def _sentence(report: CheckReport) -> str:
    kinds = ", ".join(f"{n} {kind.replace('_', ' ')}" for kind, n in report.by_kind.items() if n)
    found = f"{counted(report.findings, 'finding')} ({kinds})" if kinds else "No findings"
    over = report.work.rejected_by_review
    rest = f" (and {over} rejected by review, not looked at)" if over else ""
    looked_at = f"{counted(report.records, 'finished task')}{rest}"
    lines = [f"{found} in {looked_at}; written to {report.path}."]
    lines += [f"Not judged: {skip}." for skip in report.skips]
    lines += [f"{note}." for note in report.notes]
    lines += [report.work.sentence(), report.drafts.sentence()]
    return "\n".join(line for line in lines if line)
