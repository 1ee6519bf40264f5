"""Counts that a worker keeps in memory for a while."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from huey.api import Huey

from ml_backend.store.figures import BufferedFigures, Figures, today
from tests.ml_backend.stores import IN_EITHER_STORE

pytestmark = IN_EITHER_STORE


def test_counts_are_written_when_flushed_and_once(queue: Huey) -> None:
    tally, seen = BufferedFigures(queue), Figures(queue)
    tally.add("drafted", 1)
    tally.add("drafted", 1, 2)
    tally.add("drafted", 2)
    assert seen.get("drafted", 1) == 0
    tally.flush()
    tally.flush()
    assert [seen.get("drafted", project_id) for project_id in (1, 2, 3)] == [3, 1, 0]
    assert seen.get("drafted", 1, today()) == 3
    tally.add("drafted", 1)
    tally.flush()
    assert seen.get("drafted", 1) == 4


def test_money_is_written_at_once(queue: Huey) -> None:
    """Another worker's budget must see it."""
    BufferedFigures(queue).add("cost_micros", 1, 500)
    assert Figures(queue).get("cost_micros", 1) == 500


def test_nothing_is_lost_between_threads(queue: Huey) -> None:
    tally = BufferedFigures(queue)

    def count(number: int) -> None:
        tally.add("drafted", 1)
        if number % 10 == 0:
            tally.flush()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(400)))
    tally.flush()
    assert Figures(queue).get("drafted", 1) == 400


def test_a_name_that_is_none_is_refused(queue: Huey) -> None:
    with pytest.raises(ValueError, match="'draftd' is no figure; known: drafted, "):
        BufferedFigures(queue).add("draftd", 1)
