"""All that a run of `labeltune review` is to do, by what was pulled and checked last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from connectors.extras import MissingExtraError
from sync.common.source_task import SourceTask
from sync.queue.asked_texts import TextEmbedding
from sync.queue.review.experts.roster import NO_EXPERTS, Roster
from sync.queue.review.guidelines.another_look import AnotherLook, another_look
from sync.queue.review.items import FinishedItem, read_items
from sync.queue.review.known_findings import KnownFindings
from sync.queue.review.plan import ReviewPlan, plan_review
from sync.queue.review.proposals import GuidelineProposal, read_proposals
from sync.queue.review.queue_tasks import queue_tasks
from sync.queue.review.stars import StarChanges, read_stars
from sync.queue.review.trust import Trust, meanings, read_trust
from sync.records.pulled_work import PulledWork, open_pulled_work
from sync.records.review_queues import review_settings
from sync.settings import Config
from sync.settings.review import ReviewSection
from sync.table.data_folder import data_folder
from sync.table.guideline_versions import note_guidelines


@dataclass(frozen=True)
class Planned:
    """All that follows from what was pulled, before Label Studio is told anything.

    Attributes:
        tasks: of each queue by the place of its tier.
        stars: what is to be done about the stars of finished tasks.
        looks: what a change of the guidelines concerns.
        why: notes on people, a sentence each.
        is_checked: nothing was answered since the last check.
    """

    settings: ReviewSection
    work: PulledWork
    findings: KnownFindings
    trust: Trust
    plan: ReviewPlan
    tasks: Mapping[int, Sequence[SourceTask]]
    stars: StarChanges = field(default_factory=StarChanges)
    looks: AnotherLook = field(default_factory=AnotherLook)
    proposals: tuple[GuidelineProposal, ...] = ()
    why: tuple[str, ...] = ()
    is_checked: bool = True


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
    looks = another_look(
        work,
        items,
        note_guidelines(data_folder(config), config.guidelines_text()),
        meanings(config, embedding, "guidelines"),
        settings.guidelines,
    )
    changed = {task_id: str(concern.rule) for task_id, concern in looks.concerns.items()}
    plan = plan_review(found, findings, settings, trust.reviews, changed)
    tasks = queue_tasks(
        work,
        plan.reviews,
        settings.tiers,
        blind=settings.blind,
        may_review={tier.name: roster.may_review(tier.name) for tier in settings.tiers},
        names=roster.emails,
    )
    stars = read_stars(work, items, settings)
    proposals, unread = read_proposals(config, work, embedding)
    if looks.without_meaning:
        why = (*why, f"Guidelines are not compared by meaning: {looks.without_meaning}")
    return Planned(
        settings, work, findings, trust, plan, tasks, stars, looks, proposals, (*why, *unread),
        not findings.is_older_than(item.answered_at for item in items),
    )  # fmt: skip


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
