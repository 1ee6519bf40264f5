"""Whose answers are reviewed for too little being known of them, and how many."""

from sync.queue.review.items import FinishedItem
from sync.queue.review.plan import ReviewReason
from sync.queue.review.trust import further_reviews
from sync.records.person_record import PersonRecord, TrustState
from tests.sync.queue.review.planned import item, said


def work(finished: int, reviewed: int) -> list[FinishedItem]:
    """Answers of annotator 1, of which the first so many are reviewed."""
    verdict = said("approve")
    return [item(n, review=verdict if n <= reviewed else None) for n in range(1, finished + 1)]


def reviews(finished: int, reviewed: int, state: TrustState, first: int = 3) -> set[int]:
    own = {1: work(finished, reviewed)}
    found: dict[int, ReviewReason] = further_reviews(own, [PersonRecord(1, state)], first)
    assert set(found.values()) <= {"flagged annotator" if state == "flagged" else "new annotator"}
    return set(found)


def test_the_first_ones_are_reviewed_and_then_as_many_until_somebody_is_qualified() -> None:
    assert reviews(10, 0, "new") == {1, 2, 3}
    assert reviews(10, 2, "new") == {1, 2, 3}
    assert reviews(10, 3, "new") == set(range(1, 7))
    assert reviews(10, 6, "new") == set(range(1, 10))
    assert reviews(10, 3, "qualified") == {1, 2, 3}


def test_all_of_somebody_who_is_flagged() -> None:
    assert reviews(10, 3, "flagged") == set(range(1, 11))
    assert reviews(10, 3, "flagged", first=0) == set(range(1, 11))


def test_nobody_is_new_where_no_first_ones_are_asked_for() -> None:
    assert reviews(10, 3, "new", first=0) == set()
