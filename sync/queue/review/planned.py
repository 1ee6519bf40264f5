"""All that a run of `labeltune review` is to do, by what was pulled and checked last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from connectors.extras import MissingExtraError
from sync.common.source_task import SourceTask
from sync.queue.asked_texts import TextEmbedding
from sync.queue.review.experts.roster import NO_EXPERTS, Roster
from sync.queue.review.items import FinishedItem, read_items
from sync.queue.review.known_findings import KnownFindings
from sync.queue.review.plan import ReviewPlan, ReviewReason, plan_review
from sync.queue.review.proposals import GuidelineProposal, read_proposals
from sync.queue.review.queue_tasks import queue_tasks
from sync.queue.review.trust import Trust, meanings, read_trust
from sync.records.pulled_work import PulledWork, open_pulled_work
from sync.records.review_queues import review_settings
from sync.settings import Config
from sync.settings.review import ReviewSection
from sync.table.data_folder import data_folder


@dataclass(frozen=True)
class Planned:
    """All that follows from what was pulled, before Label Studio is told anything.

    Attributes:
        tasks: of each queue by the place of its tier.
        why: notes on people, a sentence each.
    """

    settings: ReviewSection
    work: PulledWork
    findings: KnownFindings
    trust: Trust
    plan: ReviewPlan
    tasks: Mapping[int, Sequence[SourceTask]]
    proposals: tuple[GuidelineProposal, ...] = ()
    why: tuple[str, ...] = ()


def planned(config: Config, embedding: TextEmbedding, roster: Roster = NO_EXPERTS) -> Planned:
    """Plan by what was pulled and checked last; nothing is asked of Label Studio.

    Args:
        roster: who may decide in which tier.

    Raises:
        SyncError: nothing was pulled, or the data folder can't be used.
    """
    settings, work = review_settings(config), open_pulled_work(config)
    findings = KnownFindings.read(data_folder(config))
    found = list(read_items(work))
    items = [each for each in found if isinstance(each, FinishedItem)]
    trust, why = _trust(config, work, items, settings, findings, embedding)
    # what other steps know of single tasks, by id
    also: dict[int, ReviewReason] = {**trust.reviews}
    plan = plan_review(found, findings, settings, also)
    tasks = queue_tasks(
        work,
        plan.reviews,
        settings.tiers,
        blind=settings.blind,
        may_review={tier.name: roster.may_review(tier.name) for tier in settings.tiers},
        names=roster.emails,
    )
    proposals, unread = read_proposals(config, work, embedding)
    return Planned(settings, work, findings, trust, plan, tasks, proposals, (*why, *unread))


def _trust(
    config: Config,
    work: PulledWork,
    items: Sequence[FinishedItem],
    settings: ReviewSection,
    findings: KnownFindings,
    embedding: TextEmbedding,
) -> tuple[Trust, tuple[str, ...]]:
    """What the work tells of its annotators; nothing, and why, where answers can't be compared."""
    try:
        found = read_trust(work, items, settings, findings, meanings(config, embedding))
    except MissingExtraError as error:
        return Trust(), (f"Answers are not compared, so nobody is judged by them: {error}",)
    return found, tuple(flag for each in found.people if (flag := each.flag()) is not None)
