"""`labeltune review`: pull, plan what a second pair of eyes should see, bring it to the queues."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from rich.progress import Progress

from connectors.label_studio import LabelStudio
from sync.common.errors import SyncError
from sync.common.json_text import Json
from sync.common.wording import counted
from sync.intake.push.current_project import patient_pull
from sync.queue.asked_texts import TextEmbedding
from sync.queue.review.bars import left_to_nobody
from sync.queue.review.experts.roster import NO_EXPERTS, expert_sections, read_roster
from sync.queue.review.experts.share import TaskSharing, share_work
from sync.queue.review.guidelines.another_look import RuleReach
from sync.queue.review.overlaps import raise_overlaps, too_low
from sync.queue.review.plan import ReviewReason
from sync.queue.review.planned import Planned, planned
from sync.queue.review.proposals import GuidelineProposal
from sync.queue.review.send_queue import ReviewQueue, TierReport
from sync.queue.review.stars import bring_stars
from sync.queue.review.trust import Trust
from sync.records.person_record import note_people
from sync.records.review_queues import (
    REVIEW,
    note_queue,
    pull_queues,
    queue_configs,
)
from sync.settings import Config
from sync.table.data_folder import data_folder
from sync.table.guideline_versions import note_guidelines

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
        shared: who gets which open tasks, and who did what; None without a table of experts.
        checked_version: of the table that was checked last; None: nothing was checked.
        disputed: tasks on which annotators do not agree; `adjudicated`: of these, that a reviewer
            is to decide.
        gold: tasks with a known truth that are asked once more.
        raised: tasks that one more annotator gets since this run, disputed ones and gold.
        flagged: people whose answers agree with known truths about as often as guesses, by number.
        guidelines: sentences of the guidelines that have changed since work was finished, with the
            tasks that each concerns, `concerned` in all; no more than `review.guidelines` go.
        stars: answers that got one, since reviewers chose them among several; `lapsed_stars`: that
            somebody gave and that are taken away, since the answer was changed under them.
        proposals: what reviewers correct again and again, so that guidelines should say it.
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
    disputed: int = 0
    adjudicated: int = 0
    gold: int = 0
    raised: int = 0
    flagged: tuple[int, ...] = ()
    guidelines: tuple[RuleReach, ...] = ()
    concerned: int = 0
    stars: int = 0
    lapsed_stars: int = 0
    shared: TaskSharing | None = None
    proposals: tuple[GuidelineProposal, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def to_json(self) -> Json:
        """All of it, for machines."""
        return {**asdict(self), "guidelines": [each.to_json() for each in self.guidelines]}


def review(
    config: Config,
    client: LabelStudio,
    progress: Progress,
    *,
    embedding: TextEmbedding = TextEmbedding(),  # noqa: B008 - it holds nothing
    dry_run: bool = False,
    settled: bool = False,
) -> ReviewReport:
    """Bring every queue of a project to what its finished work asks for.

    Args:
        embedding: by which answers are compared that differ in words alone.
        dry_run: pull and plan; change nothing in Label Studio.
        settled: what was finished under older guidelines needs no other look.

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
        if settled and not dry_run:
            note_guidelines(folder, config.guidelines_text(), settled=True)
        _pull(config, client, progress)
        return _bring(config, client, progress, embedding, started, dry_run=dry_run)


def _pull(config: Config, client: LabelStudio, progress: Progress) -> None:
    bar = progress.add_task("pulling tasks", total=None)

    def show(done: int, total: int) -> None:
        progress.update(bar, completed=done, total=total)

    patient_pull(config, client, show)
    pull_queues(config, client, show, pull=patient_pull)
    progress.remove_task(bar)


def _bring(
    config: Config,
    client: LabelStudio,
    progress: Progress,
    embedding: TextEmbedding,
    started: float,
    *,
    dry_run: bool,
) -> ReviewReport:
    users = client.users()
    roster = read_roster(config, users) if expert_sections(config) else NO_EXPERTS
    made = planned(config, embedding, roster)
    work, plan, trust, findings = made.work, made.plan, made.trust, made.findings
    queues = tuple(
        ReviewQueue(queue, tier, progress, client).bring(
            made.tasks.get(place, []), plan.open, dry_run=dry_run
        )
        for place, (tier, queue) in enumerate(queue_configs(config).items())
    )
    for queue, brought in zip(queue_configs(config).values(), queues, strict=True):
        if brought.url is not None and not dry_run:
            note_queue(queue, work.snapshot.project_id)
    raised = _hand_out_again(client, work.snapshot.project_id, trust, progress, dry_run=dry_run)
    if not dry_run:
        bar = progress.add_task("noting stars", total=len(made.stars.notes))
        bring_stars(
            client,
            work.snapshot.project_id,
            made.stars,
            lambda done, _: progress.update(bar, completed=done),
        )
    if trust.people and not dry_run:
        note_people(data_folder(config), trust.people, work.snapshot.table_version)
    shared = None
    if not roster.is_empty:
        known = {review.item.key: review.item.categories for review in plan.reviews}
        shared = share_work(
            config, client, roster, known, progress, now=datetime.now(UTC), dry_run=dry_run
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
        disputed=trust.disputed,
        adjudicated=len(trust.opinions.adjudicated),
        gold=len(trust.gold),
        raised=raised,
        flagged=tuple(each.annotator for each in trust.people if each.state == "flagged"),
        guidelines=made.looks.reach,
        concerned=made.looks.concerned,
        stars=len(made.stars.given),
        lapsed_stars=made.stars.lapsed,
        shared=shared,
        proposals=made.proposals,
        notes=(
            *_notes(made),
            *made.why,
            *(_left_to_nobody(made, users) if shared is None else shared.notes()),
        ),
    )


def _hand_out_again(
    client: LabelStudio, project_id: int, trust: Trust, progress: Progress, *, dry_run: bool
) -> int:
    """Give tasks to one more annotator each; how many, or would be."""
    low = too_low(client, project_id, trust.overlaps)
    if dry_run or not low:
        return len(low)
    bar = progress.add_task("handing out once more", total=len(low))
    return raise_overlaps(client, low, lambda done, _: progress.update(bar, completed=done))


def _left_to_nobody(made: Planned, users: Sequence[Json]) -> Iterator[str]:
    everybody = frozenset(int(user["id"]) for user in users)
    for tier, number in sorted(left_to_nobody(made.plan.reviews, everybody).items()):
        yield (
            f"{counted(number, 'review')} of the tier {made.settings.tiers[tier].name!r}: nobody "
            "is left who had no part in it; invite somebody to Label Studio"
        )


def _notes(made: Planned) -> Iterator[str]:
    if made.settings.severity and made.findings.table_version is None:
        yield "Nothing was checked yet, so no finding sends anything; run `labeltune check` before"
    elif made.settings.severity and not made.is_checked:
        yield "The work has changed since the last check; run `labeltune check`, then this again"
    for why, number in sorted(made.plan.unreviewable.items()):
        yield f"{counted(number, 'finished task')} can't be shown to a reviewer: {why}"
