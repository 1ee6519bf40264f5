"""Which tasks with a known truth are asked once more."""

from datetime import timedelta

import pytest
from hypothesis import given as given_by
from hypothesis import strategies as st

from sync.queue.review.gold import OPEN_EACH, gold_overlaps
from sync.queue.review.people.settled_tasks import GivenAnswer, SettledTask
from tests.sync.builders import START
from tests.sync.queue.review.people.test_measured_answers import KNOWN, decided, given, settled

EVERYBODY = frozenset(range(1, 11))


def asked(
    *tasks: SettledTask,
    answers: int = 100,
    share: float = 0.05,
    everybody: frozenset[int] = EVERYBODY,
    passed: frozenset[int] | None = None,
) -> dict[int, int]:
    """Gold that is asked for after so many answers since the first truth was known."""
    after = [KNOWN.timestamp() + second for second in range(1, answers + 1)]
    before = [START.timestamp()] * 1000
    ids = frozenset(task.task_id for task in tasks) if passed is None else passed
    return gold_overlaps(decided(*tasks), ids, before + after, everybody, share)


def known(number: int, *more: GivenAnswer) -> SettledTask:
    """A task whose truth annotator 1 wrote, known so many hours after `START`."""
    at = START + timedelta(hours=number)
    return settled(number, given(1), *more, known_at=at, known_to=frozenset({1, 9}))


def test_the_share_is_of_the_answers_since_a_truth_is_known() -> None:
    tasks = [known(number) for number in range(1, 30)]
    assert asked(*tasks, answers=100) == dict.fromkeys(range(1, 6), 2)
    assert asked(*tasks, answers=19) == {}
    assert asked(*tasks, answers=100, share=0.0) == {}


def test_answers_to_gold_are_counted_and_the_least_asked_come_next() -> None:
    done = known(1, given(2, hours=200))
    assert asked(done, *(known(n) for n in range(2, 9)), answers=60) == {2: 2, 3: 2}
    # when all were asked once, the oldest is asked again
    assert asked(done, answers=60) == {1: 3}


def test_only_few_wait_at_once() -> None:
    tasks = [known(number) for number in range(1, 30)]
    two = frozenset({1, 2})
    assert len(asked(*tasks, answers=1000, everybody=two)) == OPEN_EACH * 2


def test_what_reviewers_still_see_or_others_got_wrong_is_not_asked() -> None:
    wrong = settled(3, given(1, False), given(2), known_to=frozenset({2, 9}))
    assert asked(known(1), known(2), wrong, passed=frozenset({2, 3})) == {2: 2}


def test_a_task_that_everybody_knows_is_not_asked() -> None:
    assert asked(known(1), everybody=frozenset({1, 9})) == {}
    assert asked(known(1), everybody=frozenset({1, 2, 9})) == {1: 2}


@given_by(st.integers(0, 400), st.floats(0.0, 0.5))
def test_never_more_than_the_share(answers: int, share: float) -> None:
    found = asked(*(known(number) for number in range(1, 60)), answers=answers, share=share)
    assert len(found) <= share * answers


@pytest.mark.parametrize("answers", [20, 40, 60])
def test_more_answers_ask_for_further_tasks_and_leave_the_others(answers: int) -> None:
    tasks = [known(number) for number in range(1, 30)]
    assert asked(*tasks, answers=answers).items() <= asked(*tasks, answers=answers + 20).items()
