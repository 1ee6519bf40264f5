"""Which answers tell how good their annotators are."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sync.queue.review.gold import gold_answers
from sync.queue.review.items import FinishedItem
from sync.queue.review.people.measured_answers import (
    DecidedTasks,
    MeasuredAnswer,
    decided_tasks,
    reviewed_answers,
)
from sync.queue.review.people.settled_tasks import GivenAnswer, SettledTask
from tests.sync.builders import START
from tests.sync.queue.review.planned import item, said

HOUR = timedelta(hours=1)
KNOWN = START + HOUR


def given(annotator: int, agreed: bool = True, *, hours: int = 0) -> GivenAnswer:
    """An answer, so many hours after `START`."""
    return GivenAnswer(annotator, START + hours * HOUR, agreed)


def settled(number: int, *answers: GivenAnswer, **fields: Any) -> SettledTask:
    """A task that reviewer 9 decided an hour after `START`."""
    known = {"known_at": KNOWN, "known_to": frozenset({9}), "reviewed": True}
    return SettledTask(number, given=answers, **(known | fields))


def decided(*tasks: SettledTask) -> DecidedTasks:
    return decided_tasks(tasks, lambda _: 1 / 0)  # type: ignore[arg-type, return-value]


def told(measured: Iterable[MeasuredAnswer]) -> list[tuple[int, int, bool]]:
    return [(each.annotator, each.task_id, each.agreed) for each in measured]


def answered(
    number: int, annotator: int = 1, *, reviewed: bool = True, **more: Any
) -> FinishedItem:
    review = said("approve") if reviewed else None
    return item(number, annotator=annotator, review=review, **more)


def test_gold_is_an_answer_to_a_task_whose_truth_was_known_before() -> None:
    found = gold_answers(decided(settled(1, given(1), given(2, False, hours=2), given(3, hours=3))))
    assert told(found) == [(2, 1, False), (3, 1, True)]
    assert {each.source for each in found} == {"gold"}


def test_who_made_the_truth_is_not_measured_by_it() -> None:
    task = settled(1, given(9, hours=2), given(1, hours=2), known_to=frozenset({9, 1}))
    assert gold_answers(decided(task)) == []


def test_a_task_that_others_got_wrong_is_no_gold() -> None:
    hard = settled(1, given(1, False), given(2, False, hours=2))
    assert gold_answers(decided(hard)) == []


def test_first_answers_count_until_one_waits_for_its_review() -> None:
    tasks = decided(*(settled(n, given(1, n != 2)) for n in (1, 2, 4)))
    items = [answered(n, reviewed=n != 3) for n in (1, 2, 3, 4)]
    assert told(reviewed_answers(tasks, items, [])) == [(1, 1, True), (1, 2, False)]


def test_random_ones_count_beside_them_and_none_counts_twice() -> None:
    tasks = decided(*(settled(n, given(1)) for n in (1, 3, 4)))
    items = [answered(n, reviewed=n != 2) for n in (1, 2, 3, 4)]
    found = reviewed_answers(tasks, items, ["task-1", "task-4"])
    assert told(found) == [(1, 1, True), (1, 4, True)]


def test_what_was_picked_for_a_finding_tells_nothing() -> None:
    tasks = decided(settled(2, given(1, False)))
    items = [answered(1, reviewed=False), answered(2)]
    assert reviewed_answers(tasks, items, []) == []


def test_a_star_is_no_verdict_and_no_gap() -> None:
    tasks = decided(settled(1, given(1), reviewed=False), settled(2, given(1, False)))
    assert told(reviewed_answers(tasks, [answered(1), answered(2)], [])) == [(1, 2, False)]


def test_everybody_who_answered_is_measured_not_only_whose_answer_counts() -> None:
    tasks = decided(settled(1, given(1), given(2, False)))
    both = answered(1, annotators=frozenset({1, 2}))
    assert told(reviewed_answers(tasks, [both], [])) == [(1, 1, True), (2, 1, False)]


def test_an_answer_is_known_when_all_before_it_are() -> None:
    late = settled(1, given(1), known_at=KNOWN + 5 * HOUR)
    tasks = decided(late, settled(2, given(1)))
    found = reviewed_answers(tasks, [answered(1), answered(2)], [])
    assert [each.known_at for each in found] == [KNOWN + 5 * HOUR] * 2


def test_gold_is_not_reviewed_work_too() -> None:
    tasks = decided(settled(1, given(1), given(2, False, hours=2)))
    both = answered(1, annotators=frozenset({1, 2}))
    assert told(reviewed_answers(tasks, [both], ["task-1"])) == [(1, 1, True)]
