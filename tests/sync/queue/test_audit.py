"""Audits are a random sample of the tasks, whatever the order of the others is."""

import numpy as np
import pytest

from sync.queue.audit import (
    audit_number,
    audit_positions,
    choose_audits,
    overdue_audits,
    with_audits,
)


def test_numbers_are_evenly_spread_and_always_the_same() -> None:
    numbers = np.array([audit_number(1, task_id) for task_id in range(10_000)])
    counts, _ = np.histogram(numbers, bins=20, range=(0, 1))
    assert abs(counts - 500).max() < 5 * np.sqrt(500)
    assert audit_number(7, 41) == pytest.approx(0.2821553, abs=1e-7)
    assert audit_number(7, 41) != audit_number(8, 41)


def test_a_greater_share_begins_with_a_smaller_ones() -> None:
    few, many = (choose_audits(3, range(2_000), share) for share in (0.05, 0.2))
    assert 60 < len(few) < 140
    assert many[: len(few)] == few
    assert choose_audits(3, range(2_000), 0) == []
    assert sorted(choose_audits(3, range(50), 1)) == [*range(50)]


def test_whether_a_task_is_an_audit_does_not_hang_on_the_others() -> None:
    assert set(choose_audits(3, range(1_000), 0.1)) <= set(choose_audits(3, range(3_000), 0.1))


def test_the_order_of_audits_says_nothing_of_their_age() -> None:
    audits = np.array(choose_audits(5, range(20_000), 0.05))
    assert abs(np.corrcoef(audits, np.arange(len(audits)))[0, 1]) < 0.1


def test_audits_come_in_the_middle_of_their_stretches() -> None:
    assert audit_positions(100, 5).tolist() == [9, 29, 49, 69, 89]
    assert audit_positions(3, 3).tolist() == [0, 1, 2]
    assert audit_positions(1, 1).tolist() == [0]
    assert audit_positions(8, 0).tolist() == []


def test_a_queue_ordered_anew_after_each_few_tasks_keeps_the_pace() -> None:
    done, done_audits = 0, 0
    for _ in range(66):  # of three tasks each
        places = audit_positions(200 - done, 10 - done_audits, done=done, done_audits=done_audits)
        done_audits += int((places < 3).sum())
        done += 3
        assert abs(done_audits - done / 20) < 1
    assert done_audits == 10


def test_audits_that_were_chosen_late_catch_up_at_twice_the_pace() -> None:
    places = audit_positions(500, 50, done=500)
    assert np.diff(places[:10]).tolist() == [10] * 9
    assert places[0] == 0
    assert places[-1] < 500


def test_audits_that_are_ahead_wait() -> None:
    assert audit_positions(90, 4, done=10, done_audits=2).min() > 20


def test_the_end_of_the_queue_holds_all_that_are_left() -> None:
    assert audit_positions(4, 3, done=996, done_audits=0).tolist() == [0, 2, 3]
    assert audit_positions(5, 5, done=995, done_audits=45).tolist() == [0, 1, 2, 3, 4]


def test_more_audits_than_tasks_are_refused() -> None:
    with pytest.raises(ValueError, match="5 of 4 open"):
        audit_positions(4, 5)


def test_the_queue_holds_everything_once_in_order() -> None:
    queue = with_audits([*range(100, 195)], [3, 1, 4, 0, 2])
    assert [queue[place] for place in (9, 29, 49, 69, 89)] == [3, 1, 4, 0, 2]
    assert [each for each in queue if each >= 100] == [*range(100, 195)]
    assert with_audits([], []) == []


def test_audits_of_tasks_that_came_later_are_overdue() -> None:
    """Their numbers are spread over those of the earlier ones."""
    earlier = choose_audits(3, range(1_000), 0.1)
    half = len(earlier) // 2
    assert overdue_audits(3, earlier[:half], earlier[half:]) == 0
    later = [task for task in choose_audits(3, range(2_000), 0.1) if task >= 1_000]
    overdue = overdue_audits(3, earlier[:half], [*earlier[half:], *later])
    assert 0.3 * len(later) < overdue < 0.7 * len(later)
    assert overdue_audits(3, [], later) == 0
