"""What goes to review, in which tier and why."""

import pytest

from sync.queue.review.items import NO_ID, NotReviewable
from sync.queue.review.plan import ReviewReason, review_id
from sync.queue.review.risk import AnnotatorRecord, annotator_records, doubt_of, risk_of
from sync.settings.review import ReviewSection, TierSection
from tests.sync.queue.review.planned import PEER, finding, item, plan, said, why

COMPLIANCE = TierSection(name="compliance", from_risk=0.8)
ATTORNEY = TierSection(name="attorney")
FRAUD = {"risks": {"topic": {"fraud": 0.9, "greeting": 0.1}}}


def test_nothing_is_reviewed_without_a_reason() -> None:
    found = plan([item(1), item(2, annotator=None)])
    assert (found.reviews, found.finished, found.passed) == ((), 2, 0)
    assert found.open == {"task-1": ("round-1", 0), "task-2": ("round-2", 0)}


@pytest.mark.parametrize(
    ("severity", "wanted", "goes"),
    [
        ("error", "warning", True),
        ("warning", "warning", True),
        ("info", "warning", False),
        ("error", False, False),
    ],
)
def test_a_finding_sends_its_task(severity: str, wanted: str | bool, goes: bool) -> None:
    found = plan([item(1), item(2)], finding(1002, severity), severity=wanted)
    assert why(found) == ({2: (0, ("finding",))} if goes else {})
    assert [len(one.findings) for one in found.reviews] == [1] * goes


def test_the_first_tasks_of_each_annotator_go() -> None:
    items = [item(n, annotator=1 + n % 2) for n in range(1, 9)]
    found = plan(items[::-1], first_tasks=2)
    assert sorted(why(found)) == [1, 2, 3, 4]
    assert set(why(found).values()) == {(0, ("new annotator",))}


def test_shares_are_about_right_and_stay() -> None:
    items = [item(n) for n in range(2000)]
    for key in ("random", "risk"):
        found = plan(items, **{key: 0.1})
        assert len(found.reviews) == pytest.approx(200, abs=4 * 13.4)
        assert why(plan(items, **{key: 0.1})) == why(found)
        assert why(found).keys() < why(plan(items, **{key: 0.2})).keys()
    both = plan(items, random=0.1, risk=0.1)
    assert both.reasons()["random"] == len(plan(items, random=0.1).reviews)


def test_the_riskier_goes_more_often() -> None:
    items = [
        item(
            n, categories={"topic": ("greeting", "fraud")[n % 2]}, acceptance=(0.9, 0.1)[n // 2 % 2]
        )
        for n in range(4000)
    ]
    found = plan(items, risk=0.1, **FRAUD)
    counts = {
        (topic, acceptance): sum(
            one.item.categories["topic"] == topic and one.item.acceptance == acceptance
            for one in found.reviews
        )
        for topic in ("greeting", "fraud")
        for acceptance in (0.1, 0.9)
    }
    assert len(found.reviews) == pytest.approx(400, abs=80)
    # by what it would cost nine times as often, by doubt (0.505 over 0.145) three to four times
    assert counts["fraud", 0.1] / counts["greeting", 0.1] == pytest.approx(9, rel=0.5)
    assert counts["fraud", 0.1] / counts["fraud", 0.9] == pytest.approx(3.5, rel=0.35)


def test_others_give_their_own_reasons() -> None:
    also: dict[int, ReviewReason] = {1: "disagreement", 2: "guidelines"}
    found = plan([item(1), item(2), item(3)], also=also)
    assert why(found) == {1: (0, ("disagreement",)), 2: (0, ("guidelines",))}


def test_what_can_wait_least_comes_first() -> None:
    items = [item(n, categories={"topic": topic}) for n, topic in enumerate(("x", "fraud", "x"))]
    found = plan(items, finding(1002), random=1.0, also={0: "disagreement"}, **FRAUD)
    assert [one.item.task_id for one in found.reviews] == [0, 2, 1]
    orders = [one.order for one in found.reviews]
    assert orders == sorted(orders)
    assert all(0 <= order <= 1 for order in orders)
    assert why(found)[2] == (0, ("finding", "random"))


# --- tiers


@pytest.mark.parametrize("decision", ["approve", "amend"])
def test_what_a_tier_has_passed_goes_to_the_next(decision: str) -> None:
    items = [item(1, review=said(decision)), item(2, review=said(decision, tier=1))]  # type: ignore[arg-type]
    found = plan(items, tiers=(PEER, ATTORNEY))
    assert why(found) == {1: (1, ("tier",))}
    assert found.passed == 1
    assert found.open == {"task-1": ("round-1", 1)}
    assert plan(items, tiers=(PEER,)).passed == 2


def test_everything_that_is_as_risky_passes_a_tier_after_those_before_it() -> None:
    topics = [{"topic": "fraud"}, {"topic": "greeting"}]
    waiting = [item(n, categories=topic) for n, topic in enumerate(topics)]
    assert why(plan(waiting, tiers=(PEER, COMPLIANCE), **FRAUD)) == {0: (0, ("tier",))}
    passed = [item(n, categories=topic, review=said("approve")) for n, topic in enumerate(topics)]
    found = plan(passed, tiers=(PEER, COMPLIANCE), **FRAUD)
    assert why(found) == {0: (1, ("tier",))}
    assert found.passed == 1
    # a tier that is passed over does not keep the one after it from its say
    found = plan(passed, tiers=(PEER, COMPLIANCE, ATTORNEY), **FRAUD)
    assert why(found) == {0: (1, ("tier",)), 1: (2, ("tier",))}


def test_what_is_rejected_or_starred_goes_nowhere() -> None:
    items = [item(1, review=said("reject")), item(2, review=said("ground truth", reviewer=None))]
    found = plan(items, finding(1001), tiers=(PEER, ATTORNEY), random=1.0)
    assert (found.reviews, found.rejected, found.passed) == ((), 1, 1)


def test_nobody_reviews_what_they_had_a_part_in() -> None:
    (first,) = plan([item(1, annotators=frozenset({1, 2}))], random=1.0).reviews
    assert first.authors == {1, 2}
    (second,) = plan([item(1, review=said("amend"))], tiers=(PEER, ATTORNEY)).reviews
    assert second.authors == {1, 9}


def test_a_review_is_named_by_task_round_and_tier() -> None:
    (first,) = plan([item(1)], random=1.0).reviews
    assert first.id == review_id("task-1", "round-1", 0)
    others = [review_id(*each) for each in (("task-1", "x", 0), ("x", "round-1", 0))]
    assert len({first.id, *others, review_id("task-1", "round-1", 1)}) == 4
    assert len(first.id) == 16


def test_what_no_reviewer_can_be_shown_is_counted() -> None:
    found = plan([item(1), NotReviewable(2, NO_ID), NotReviewable(3, NO_ID)], random=1.0)
    assert (found.finished, found.unreviewable) == (1, {NO_ID: 2})


# --- risk and doubt


def test_the_highest_known_label_says_the_risk() -> None:
    settings = ReviewSection(
        base_risk=0.5, risks={"topic": {"fraud": 0.9, "greeting": 0.1}, "kind": {"how-to": 0.3}}
    )
    labels = [
        {},
        {"topic": "other"},
        {"topic": "greeting"},
        {"topic": "greeting", "kind": "how-to"},
    ]
    labels.append({"topic": "fraud", "kind": "how-to"})
    risks = [risk_of(item(1, categories=each), settings) for each in labels]
    assert risks == [0.5, 0.5, 0.1, 0.3, 0.9]


def test_an_annotator_s_record_is_what_reviewers_made_of_it() -> None:
    decisions = ("approve", "amend", "reject", "ground truth")
    items = [item(n, review=said(each)) for n, each in enumerate(decisions)]  # type: ignore[arg-type]
    records = annotator_records([*items, item(7, annotator=2), item(8, annotator=None)])
    assert records == {1: AnnotatorRecord(reviewed=3, faulty=2)}
    assert AnnotatorRecord().fault_rate == pytest.approx(0.1)
    assert records[1].fault_rate == pytest.approx(3 / 13)
    sure, unknown = item(1, acceptance=1.0), item(1, acceptance=None, annotator=None)
    assert doubt_of(sure, records) == pytest.approx(3 / 13)
    assert doubt_of(unknown, records) == pytest.approx(1 - 0.9 * 0.75)
