"""New groups shared out so that every split has its share of items and of every label.

The iterative stratification of Sechidis, Tsoumakas and Vlahavas (2011), for groups: the largest
group comes first, since it fits in few places, then the group with the rarest label, and each goes
where it takes most away from what is still missing. Then groups move while that brings every split
nearer to its shares. What is placed already stays.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from sync.dataset.splits.split_items import SPLITS, Label, SplitItem

# a label of all items, so that their number is shared out as labels are
_ANY: Label = ("", "")
_PASSES = 5

_Counts = NDArray[np.float64]


class Shares:
    """How many items of each label every split has, and how many it should have."""

    def __init__(
        self, items: Sequence[SplitItem], splits: Sequence[str | None], shares: Sequence[float]
    ):
        """Count what is placed already; what is dropped counts nowhere.

        Args:
            splits: of the items; None for new ones.
            shares: of `SPLITS`.
        """
        active = [at for at, split in enumerate(splits) if split is None or split in SPLITS]
        total = Counter(label for at in active for label in _labels(items[at]))
        self._columns = {label: column for column, label in enumerate(sorted(total))}
        self.rarity = total
        self._shares = np.array(shares)
        in_order = np.array([total[label] for label in self._columns], dtype=np.float64)
        self._missing: _Counts = np.outer(self._shares, in_order)
        # a rare label's items weigh more, and all labels together as much as the mere number
        self._weights = 1 / in_order
        for at in active:
            if (split := splits[at]) is not None:
                self.add(SPLITS.index(split), self.vector([items[at]]))

    def vector(self, items: Sequence[SplitItem]) -> tuple[NDArray[np.int64], _Counts]:
        """Columns and counts of the labels of a group."""
        found = Counter(label for item in items for label in _labels(item))
        columns = np.array([self._columns[label] for label in found], dtype=np.int64)
        return columns, np.array(list(found.values()), dtype=np.float64)

    def add(self, split: int, vector: tuple[NDArray[np.int64], _Counts], times: int = 1) -> None:
        """Put a group into a split, or take it out again with `times=-1`."""
        columns, counts = vector
        self._missing[split, columns] -= times * counts

    def best(self, vector: tuple[NDArray[np.int64], _Counts]) -> int:
        """The split in which a group leaves the least wrong, in the measure of the split's size.

        Where several are equally good, test is taken before validation and train: a split that
        measures must not stay empty.
        """
        columns, counts = vector
        missing = self._missing[:, columns]
        # a share of nothing makes it infinite
        with np.errstate(divide="ignore"):
            worse = counts * (counts - 2 * missing) @ self._weights[columns] / self._shares
        return int(len(worse) - 1 - np.argmin(worse[::-1]))


def share_out(
    items: Sequence[SplitItem],
    splits: Sequence[str | None],
    fresh: Mapping[int, Sequence[int]],
    shares: Mapping[str, float],
    seed: int,
) -> dict[int, str]:
    """The split of each new group; the same whatever the order of the items.

    Args:
        splits: of the items that are placed already.
        fresh: members of each new group, by their place.
        shares: by split.
        seed: which of many equal ways.
    """
    state = Shares(items, splits, [shares[name] for name in SPLITS])
    vectors = {g: state.vector([items[at] for at in members]) for g, members in fresh.items()}

    def rank(group: int) -> tuple[int, int, bytes]:
        members = [items[at] for at in fresh[group]]
        rarest = min(state.rarity[label] for item in members for label in _labels(item))
        first = min(item.key for item in members)
        chance = sha256(f"{seed}\0{first}".encode("utf-8", "replace")).digest()
        return -len(members), rarest, chance

    in_order = sorted(fresh, key=rank)
    chosen: dict[int, int] = {}
    for group in in_order:
        chosen[group] = state.best(vectors[group])
        state.add(chosen[group], vectors[group])
    for _ in range(_PASSES):
        moved = 0
        for group in in_order:
            state.add(chosen[group], vectors[group], -1)
            better = state.best(vectors[group])
            moved += better != chosen[group]
            chosen[group] = better
            state.add(better, vectors[group])
        if not moved:
            break
    return {group: SPLITS[split] for group, split in chosen.items()}


def _labels(item: SplitItem) -> tuple[Label, ...]:
    return (_ANY, *item.labels)
