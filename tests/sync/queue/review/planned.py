"""Finished items, and plans of them."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from label_configs.annotations.reviews import Decision, ReviewDecision
from sync.queue.review.items import FinishedItem, NotReviewable
from sync.queue.review.known_findings import KnownFindings, ReviewFinding
from sync.queue.review.plan import ReviewPlan, ReviewReason, plan_review
from sync.settings.review import ReviewSection, TierSection
from tests.sync.builders import START

# nothing goes to review unless a test asks for it
QUIET: dict[str, Any] = {"random": 0.0, "risk": 0.0, "first_tasks": 0, "base_risk": 0.5}
PEER = TierSection(name="peer")


def item(number: int = 1, **fields: Any) -> FinishedItem:
    """A finished task of annotator 1, undecided."""
    annotator, review = fields.get("annotator", 1), fields.get("review")
    reviewer = None if review is None else review.reviewer
    return FinishedItem(
        **{
            "task_id": number,
            "key": f"task-{number}",
            "round": f"round-{number}",
            "annotation_id": 1000 + number,
            "annotator": annotator,
            "annotation_ids": (1000 + number,),
            "annotators": frozenset() if annotator is None else frozenset({annotator}),
            "begun_at": START + timedelta(minutes=number),
            "answered_at": START + timedelta(minutes=number),
            "categories": {},
            "acceptance": 0.5,
            "reviewers": frozenset() if reviewer is None else frozenset({reviewer}),
        }
        | fields
    )


def said(decision: Decision, tier: int = 0, reviewer: int | None = 9) -> ReviewDecision:
    return ReviewDecision(decision, reviewer, 900, 950, START, round="r", tier=tier)


def finding(annotation_id: int, severity: Any = "warning", score: float = 0.2) -> KnownFindings:
    one = ReviewFinding("contradiction", severity, "It costs 5 elsewhere.", score)
    return KnownFindings({annotation_id: [one]}, 3)


def plan(
    items: Iterable[FinishedItem | NotReviewable],
    findings: KnownFindings | None = None,
    *,
    also: Mapping[int, ReviewReason] | None = None,
    tiers: Iterable[TierSection] = (PEER,),
    **settings: Any,
) -> ReviewPlan:
    section = ReviewSection(**{**QUIET, "tiers": tuple(tiers), **settings})
    return plan_review(items, findings or KnownFindings(), section, also)


def why(found: ReviewPlan) -> dict[int, tuple[int, tuple[ReviewReason, ...]]]:
    """Tier and reasons of each planned task."""
    return {one.item.task_id: (one.tier, one.reasons) for one in found.reviews}
