"""`labeltune review`: pull, plan what a second pair of eyes should see, bring it to the queues."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field

from rich.progress import Progress

from connectors.label_studio import LabelStudio
from sync.common.errors import SyncError
from sync.common.json_text import Json
from sync.common.wording import counted
from sync.intake.push.current_project import patient_pull
from sync.queue.review.items import read_items
from sync.queue.review.known_findings import KnownFindings
from sync.queue.review.plan import ReviewPlan, ReviewReason, plan_review
from sync.queue.review.queue_tasks import queue_tasks
from sync.queue.review.send_queue import ReviewQueue, TierReport
from sync.records.pulled_work import open_pulled_work
from sync.records.review_queues import (
    REVIEW,
    pull_queues,
    queue_configs,
    review_settings,
)
from sync.settings import Config
from sync.settings.review import ReviewSection
from sync.table import last_runs
from sync.table.data_folder import data_folder

VERB = "review"


@dataclass(frozen=True)
class ReviewReport:
    """What was planned and done.

    Attributes:
        finished: tasks that a reviewer can be shown; `passed` by all tiers that they need, and
            `rejected` by one.
        unreviewable: other finished tasks, by why.
        reasons: planned reviews by why; one that has several counts with each.
        queues: in the order of the tiers.
        checked_version: of the table that was checked last; None: nothing was checked.
        notes: what one should know, a sentence each.
    """

    project: str
    project_id: int
    table_version: int
    finished: int
    passed: int
    rejected: int
    unreviewable: Mapping[str, int]
    reasons: Mapping[ReviewReason, int]
    queues: tuple[TierReport, ...]
    checked_version: int | None
    seconds: float
    dry_run: bool
    notes: tuple[str, ...] = field(default=())

    def to_json(self) -> Json:
        """All of it, for machines."""
        return asdict(self)


def review(
    config: Config, client: LabelStudio, progress: Progress, *, dry_run: bool = False
) -> ReviewReport:
    """Bring every queue of a project to what its finished work asks for.

    Args:
        dry_run: pull and plan; change nothing in Label Studio.

    Raises:
        SyncError: the project is not there or reviews others, or the data folder can't be used.
        LabelStudioError: Label Studio can't be used; run again to go on.
        LabelConfigError: a finished task that the page of its review can't show.
    """
    started = time.monotonic()
    if config.label_studio.interface == REVIEW:
        raise SyncError(
            f"{config.label_studio.project!r} is a project of reviews itself; choose the one whose "
            "work is to be reviewed with --project NAME"
        )
    folder = data_folder(config)
    with folder.only_one(VERB):
        _pull(config, client, progress)
        report = _bring(config, client, progress, started, dry_run=dry_run)
        if not dry_run:
            last_runs.note(folder, VERB, report.to_json())
    return report


def _pull(config: Config, client: LabelStudio, progress: Progress) -> None:
    bar = progress.add_task("pulling tasks", total=None)

    def show(done: int, total: int) -> None:
        progress.update(bar, completed=done, total=total)

    patient_pull(config, client, show)
    pull_queues(config, client, show, pull=patient_pull)
    progress.remove_task(bar)


def _bring(
    config: Config, client: LabelStudio, progress: Progress, started: float, *, dry_run: bool
) -> ReviewReport:
    settings, work = review_settings(config), open_pulled_work(config)
    findings = KnownFindings.read(data_folder(config))
    # what other steps know of single tasks, by id
    also: dict[int, ReviewReason] = {}
    plan = plan_review(read_items(work), findings, settings, also)
    tasks = queue_tasks(work, plan.reviews, settings.tiers, blind=settings.blind)
    queues = tuple(
        ReviewQueue(queue, tier, progress, client).bring(
            tasks.get(place, []), plan.open, dry_run=dry_run
        )
        for place, (tier, queue) in enumerate(queue_configs(config).items())
    )
    return ReviewReport(
        project=config.label_studio.project,
        project_id=work.snapshot.project_id,
        table_version=work.snapshot.table_version,
        finished=plan.finished,
        passed=plan.passed,
        rejected=plan.rejected,
        unreviewable=dict(plan.unreviewable),
        reasons=dict(plan.reasons()),
        queues=queues,
        checked_version=findings.table_version,
        seconds=round(time.monotonic() - started, 3),
        dry_run=dry_run,
        notes=tuple(_notes(plan, settings, findings, work.snapshot.table_version)),
    )


def _notes(
    plan: ReviewPlan, settings: ReviewSection, findings: KnownFindings, table_version: int
) -> Iterator[str]:
    if settings.severity and findings.table_version is None:
        yield "Nothing was checked yet, so no finding sends anything; run `labeltune check` before"
    elif settings.severity and findings.table_version != table_version:
        yield "The work has changed since the last check; run `labeltune check`, then this again"
    for why, number in sorted(plan.unreviewable.items()):
        yield f"{counted(number, 'finished task')} can't be shown to a reviewer: {why}"
