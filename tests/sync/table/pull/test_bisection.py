"""Finding where counts differ, with few counts."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.table.pull import bisection
from sync.table.pull.bisection import LEAF, IdRange, differing_ranges
from sync.table.pull.task_listing import Listing
from sync.table.task_stamps import Stamp
from tests.sync.fakes import PROJECT_ID, FakeLabelStudio

NOW = datetime(2026, 11, 21, tzinfo=UTC)


class Counting(Listing):
    """Counts in a dictionary: annotations by task id."""

    def __init__(self, tasks: dict[int, int]) -> None:
        super().__init__(FakeLabelStudio(), PROJECT_ID, "")
        self.tasks = tasks

    def count(self, lowest: int, highest: int) -> tuple[int, int]:
        self.requests += 1
        found = [n for i, n in self.tasks.items() if lowest <= i <= highest]
        return len(found), sum(found)

    def differing(self, known: dict[int, int]) -> list[IdRange] | None:
        # a skipped annotation is none of those that Label Studio counts here
        stamps = {i: Stamp(NOW, n + 1, 0, skipped=1) for i, n in known.items()}
        return differing_ranges(self, stamps, (len(self.tasks), sum(self.tasks.values())))


def covers(ranges: list[IdRange], task_id: int) -> bool:
    return any(low <= task_id and (high is None or task_id <= high) for low, high in ranges)


def test_one_deletion_among_50_000_takes_some_ten_counts() -> None:
    known = dict.fromkeys(range(1, 50_001), 2)
    listing = Counting({i: n for i, n in known.items() if i != 33_333})
    ranges = listing.differing(known)
    assert ranges is not None
    assert covers(ranges, 33_333)
    (found,) = ranges
    assert found[1] is not None
    assert found[1] - found[0] <= LEAF
    assert listing.requests <= 10


def test_nothing_differs() -> None:
    assert Counting({1: 2, 5: 0}).differing({1: 2, 5: 0}) == []


def test_too_many_places_are_told_apart_from_none() -> None:
    known = dict.fromkeys(range(1, 20_001), 1)
    listing = Counting({i: n for i, n in known.items() if i % 150})
    assert listing.differing(known) is None
    assert listing.requests < 20_000 / LEAF


@given(
    known=st.dictionaries(st.integers(1, 60), st.integers(0, 3), max_size=40),
    deleted=st.sets(st.integers(1, 60)),
    added=st.dictionaries(st.integers(61, 70), st.integers(0, 3), max_size=3),
)
def test_whatever_came_or_went_lies_in_a_range(
    known: dict[int, int], deleted: set[int], added: dict[int, int]
) -> None:
    there = {i: n for i, n in known.items() if i not in deleted} | added
    if len(there) == len(known):
        return  # one for one: `updated_at` has shown what came, and it would be known
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bisection, "LEAF", 3)
        ranges = Counting(there).differing(known)
    if added:
        assert ranges is None or ranges
    elif ranges is not None:
        assert all(covers(ranges, i) for i in known.keys() & deleted)
