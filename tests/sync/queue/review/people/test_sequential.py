"""Wald's test: what flags somebody, what qualifies them, and how rarely it is wrong."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from sync.queue.review.people.sequential import TRUST_TEST, TrustTest, standing


def test_the_weights_are_those_of_walds_paper() -> None:
    test = TrustTest(trusted=0.9, guessing=0.5)
    assert test.step(agreed=True) == pytest.approx(math.log(0.5 / 0.9))
    assert test.step(agreed=False) == pytest.approx(math.log(0.5 / 0.1))
    # together the runs may be wrong as often as one is allowed to
    spent = sum(math.exp(-test.upper(run)) for run in range(1, 100_000))
    assert spent == pytest.approx(test.false_alarm, rel=1e-4)


@pytest.mark.parametrize(
    ("agreed", "state"),
    [
        ([], "new"),
        ([False] * 3, "new"),
        ([False] * 4, "flagged"),
        ([True] * 7, "new"),
        ([True] * 8, "qualified"),
        # somebody who was good and stopped reading
        ([True] * 400 + [False] * 12, "flagged"),
        # somebody who was flagged, and has learnt it
        ([False] * 4 + [True] * 8, "qualified"),
    ],
)
def test_what_is_said_after_some_answers(agreed: list[bool], state: str) -> None:
    assert standing(agreed).state == state


def test_when_somebody_was_flagged() -> None:
    found = standing([False] * 4 + [True] * 8 + [False] * 6)
    assert found.flagged_after == (4, 17)


@given(st.lists(st.booleans(), max_size=60), st.lists(st.booleans(), max_size=20))
def test_later_answers_do_not_change_earlier_flags(before: list[bool], after: list[bool]) -> None:
    known = standing(before).flagged_after
    assert standing([*before, *after]).flagged_after[: len(known)] == known


@settings(deadline=None)
@given(st.floats(0.6, 0.99))
def test_a_stricter_demand_flags_no_later(trusted: float) -> None:
    strict = TrustTest(trusted=min(0.995, trusted + 0.005))
    wrong = [False] * 60
    assert (
        standing(wrong, strict).flagged_after[0]
        <= standing(wrong, TrustTest(trusted=trusted)).flagged_after[0]
    )


def test_who_tosses_a_coin_is_flagged_within_30_answers() -> None:
    coin = random.Random(19)
    people = 500
    flagged = sum(
        bool(standing([coin.random() < 0.5 for _ in range(30)]).flagged_after)
        for _ in range(people)
    )
    # 97 % of 20,000 are, see benchmarks/review.py
    assert binomtest(flagged, people).proportion_ci(method="exact").low > 0.9


def test_who_is_just_good_enough_is_hardly_ever_flagged() -> None:
    chance = random.Random(19)
    people, good = 1000, TRUST_TEST.trusted
    flagged = sum(
        bool(standing([chance.random() < good for _ in range(200)]).flagged_after)
        for _ in range(people)
    )
    assert binomtest(flagged, people).proportion_ci(method="exact").low < TRUST_TEST.false_alarm
    assert flagged < 0.02 * people
