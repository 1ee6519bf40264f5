"""Find the tasks that differ where no `updated_at` tells: by counting, half by half.

Label Studio counts the tasks and annotations of any range of ids in a tenth of a second, so one
deletion among 50,000 tasks is found with some ten counts.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import accumulate

from sync.table.pull.task_listing import Listing
from sync.table.task_stamps import Stamp

# so many tasks are rather fetched than counted again
LEAF = 200
# so many places are not some single changes any more
MANY = 20

# lowest and highest id; None for no end
IdRange = tuple[int, int | None]
Pair = tuple[int, int]


class _Tally:
    """Tasks and annotations of any range of ids, as they are known."""

    def __init__(self, stamps: Mapping[int, Stamp]) -> None:
        self.ids = sorted(stamps)
        found = (stamps[i].annotations - stamps[i].skipped for i in self.ids)
        self._sums = [0, *accumulate(found)]

    def places(self, lowest: int, highest: int | None) -> Pair:
        """Where a range begins and ends among the ids."""
        end = len(self.ids) if highest is None else bisect_left(self.ids, highest + 1)
        return bisect_left(self.ids, lowest), end

    def count(self, lowest: int, highest: int | None) -> Pair:
        start, end = self.places(lowest, highest)
        return end - start, self._sums[end] - self._sums[start]


def differing_ranges(
    listing: Listing, stamps: Mapping[int, Stamp], truth: Pair
) -> list[IdRange] | None:
    """Ranges of ids that hold all that differs in number.

    Args:
        stamps: of the tasks as they are known.
        truth: the project's tasks, and annotations without the skipped ones.

    Returns:
        Ranges of at most `LEAF` known tasks; None when they are many.
    """
    tally = _Tally(stamps)
    found: list[IdRange] = []
    for place in _leaves(listing, tally, truth):
        if len(found) == MANY:
            return None
        found.append(place)
    return found


def _leaves(listing: Listing, tally: _Tally, truth: Pair) -> Iterator[IdRange]:
    waiting: list[tuple[int, int | None, Pair]] = [(1, None, truth)]
    while waiting:
        lowest, highest, there = waiting.pop()
        if tally.count(lowest, highest) == there:
            continue
        start, end = tally.places(lowest, highest)
        if end - start <= LEAF:
            yield lowest, highest
            continue
        middle = tally.ids[(start + end) // 2] - 1
        left = listing.count(lowest, middle)
        right = there[0] - left[0], there[1] - left[1]
        waiting += [(middle + 1, highest, right), (lowest, middle, left)]
