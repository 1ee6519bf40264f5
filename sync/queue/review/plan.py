"""Which finished tasks are to be reviewed, in which tier and why: a function of what is known."""

import hashlib
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

import numpy as np

from label_configs.review_place import another_round
from sync.queue.review.items import FinishedItem, NotReviewable
from sync.queue.review.known_findings import KnownFindings, ReviewFinding
from sync.queue.review.risk import annotator_records, doubt_of, risk_of
from sync.queue.review.shares import chances_by_weight, task_number, task_numbers
from sync.settings.review import ReviewSection, TierSection

# why a task is reviewed, what can wait least first
ReviewReason = Literal[
    "disagreement",
    "finding",
    "flagged annotator",
    "changed",
    "guidelines",
    "new annotator",
    "tier",
    "risk",
    "random",
]
REVIEW_REASONS: tuple[ReviewReason, ...] = get_args(ReviewReason)
RANDOM, RISK = "review", "review by risk"


@dataclass(frozen=True, slots=True)
class PlannedReview:
    """A task that is to be reviewed.

    Attributes:
        tier: the place of its tier, from 0.
        reasons: at least one, in the order of `REVIEW_REASONS`.
        risk: what a wrong answer would cost, in [0, 1].
        loss: risk times how likely the answer is to be wrong, in [0, 1]: higher comes first.
        changed_rule: of the guidelines, for which it is to be looked at again; else empty.
    """

    item: FinishedItem
    tier: int
    reasons: tuple[ReviewReason, ...]
    risk: float
    loss: float
    findings: tuple[ReviewFinding, ...] = ()
    changed_rule: str = ""

    @property
    def id(self) -> str:
        """By which its queue knows it: another round, or another tier, is another review."""
        return review_id(self.item.key, self.item.round, self.tier)

    @property
    def order(self) -> float:
        """Its place in the queue, in [0, 1], low first: by its first reason, then by the loss.

        It tells nothing finer than a tenth of the loss, so that a new verdict moves few reviews.
        """
        first = REVIEW_REASONS.index(self.reasons[0])
        return round((first + 1 - math.floor(10 * self.loss) / 10) / len(REVIEW_REASONS), 4)

    @property
    def authors(self) -> frozenset[int]:
        """Who has a part in what is reviewed: its annotators, and who reviewed it in any tier."""
        return self.item.annotators | self.item.reviewers


@dataclass(frozen=True)
class ReviewPlan:
    """What is to be reviewed.

    Attributes:
        reviews: what can wait least first.
        finished: tasks that were looked at.
        passed: of these, that all tiers have passed that they need, and `rejected` by one.
        unreviewable: finished tasks that no reviewer can be shown, by why.
        open: of each task that is not passed or rejected: its round, and the tier that is next.
            A review in a queue that is about anything else is of the past.
    """

    reviews: tuple[PlannedReview, ...] = ()
    finished: int = 0
    passed: int = 0
    rejected: int = 0
    unreviewable: Mapping[str, int] = field(default_factory=dict)
    open: Mapping[str, tuple[str, int]] = field(default_factory=dict, repr=False)

    def reasons(self) -> Counter[ReviewReason]:
        """Reviews by why they are; one that has several reasons counts with each."""
        return Counter(reason for review in self.reviews for reason in review.reasons)


def plan_review(
    found: Iterable[FinishedItem | NotReviewable],
    findings: KnownFindings,
    settings: ReviewSection,
    also: Mapping[int, ReviewReason] | None = None,
    changed_rules: Mapping[int, str] | None = None,
) -> ReviewPlan:
    """Decide for every finished task.

    Args:
        settings: with at least one tier, and a `base_risk`.
        also: reasons that others know, by task id.
        changed_rules: what of the guidelines has changed since tasks were done, by their ids; of
            one that all tiers have passed the review begins anew.
    """
    items: list[FinishedItem] = []
    unreviewable: Counter[str] = Counter()
    for each in found:
        if isinstance(each, FinishedItem):
            items.append(each)
        else:
            unreviewable[each.why] += 1
    risks = [risk_of(item, settings) for item in items]
    records = annotator_records(items)
    losses = [risk * doubt_of(item, records) for item, risk in zip(items, risks, strict=True)]
    by_risk = _chosen_by_risk(items, losses, settings.risk)
    first = _first_tasks(items, settings.first_tasks)
    reviews: list[PlannedReview] = []
    going_on: dict[str, tuple[str, int]] = {}
    states: Counter[str] = Counter()
    for place, item in enumerate(items):
        if item.review is not None and item.review.rejects:
            states["rejected"] += 1
            continue
        tier = next_tier(item, risks[place], settings.tiers)
        changed = (changed_rules or {}).get(item.task_id, "")
        if tier is None and changed:
            tier, item = 0, _anew(item, changed)
        if tier is None:
            states["passed"] += 1
            continue
        going_on[item.key] = (item.round, tier)
        about = (
            () if not settings.severity else findings.about(item.annotation_ids, settings.severity)
        )
        known: dict[ReviewReason, bool] = {
            "finding": bool(about),
            "changed": item.has_lapsed,
            "guidelines": bool(changed),
            "new annotator": item.task_id in first,
            "tier": tier > 0 or _must_pass(risks[place], settings.tiers),
            "risk": bool(by_risk[place]),
            "random": task_number(item.key, RANDOM) < settings.random,
        }
        if also and item.task_id in also:
            known[also[item.task_id]] = True
        reasons = tuple(reason for reason in REVIEW_REASONS if known.get(reason))
        if reasons:
            reviews.append(
                PlannedReview(item, tier, reasons, risks[place], losses[place], about, changed)
            )
    reviews.sort(key=_urgency)
    return ReviewPlan(
        tuple(reviews), len(items), states["passed"], states["rejected"], unreviewable, going_on
    )


def next_tier(item: FinishedItem, risk: float, tiers: Sequence[TierSection]) -> int | None:
    """The tier that has the next say about a task; None where there is none.

    Who picks a task for the first tier is another question. What that tier has passed goes to every
    later one, but for those that ask for riskier ones. A star settles a task for all of them.
    """
    said = item.review
    if said is None:
        return 0
    if said.rejects or said.decision == "ground truth":
        return None
    for place in range(said.tier + 1, len(tiers)):
        least = tiers[place].from_risk
        if least is None or risk >= least:
            return place
    return None


def _anew(item: FinishedItem, changed_rule: str) -> FinishedItem:
    """A task that is to be reviewed once more: whoever reviewed it may, but for amended words."""
    return replace(item, round=another_round(item.round, changed_rule), reviewers=item.amenders)


def review_id(key: str, round: str, tier: int) -> str:
    """16 hexadecimal digits that name one review, the same in every run."""
    return hashlib.sha256(json.dumps([key, round, tier]).encode()).hexdigest()[:16]


def _must_pass(risk: float, tiers: Sequence[TierSection]) -> bool:
    """Whether everything that is as risky goes through a tier."""
    return any(tier.from_risk is not None and risk >= tier.from_risk for tier in tiers)


def _chosen_by_risk(
    items: Sequence[FinishedItem], losses: Sequence[float], share: float
) -> Sequence[bool]:
    numbers = task_numbers([item.key for item in items], RISK)
    chosen: list[bool] = (numbers < chances_by_weight(np.asarray(losses), share)).tolist()
    return chosen


def _first_tasks(items: Iterable[FinishedItem], number: int) -> set[int]:
    """The first tasks of each annotator, by id."""
    by: dict[int, list[FinishedItem]] = defaultdict(list)
    for item in items:
        if item.annotator is not None:
            by[item.annotator].append(item)
    return {
        item.task_id
        for own in by.values()
        for item in sorted(own, key=lambda each: (each.begun_at, each.task_id))[:number]
    }


def _urgency(review: PlannedReview) -> tuple[int, float, float, int]:
    worst = min((finding.score for finding in review.findings), default=1.0)
    first = REVIEW_REASONS.index(review.reasons[0])
    return first, worst, -review.loss, review.item.task_id
