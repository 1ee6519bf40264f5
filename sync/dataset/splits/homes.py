"""Items keep the split that they have; where two groups grew together, the stronger split wins.

An item's home is the split that it was first given. It is there for ever, unless it is tied to an
item of a stronger home: test before validation before train. It is then dropped, and back home once
nothing ties it any more. So nothing of test is ever in train.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sync.compute.similarity import Rows
from sync.dataset.splits.split_items import DROPPED, SPLITS, SplitItem

# the higher one wins
STRENGTH = {name: strength for strength, name in enumerate(SPLITS)}


@dataclass
class Placed:
    """Where items are, by their place among the items.

    Attributes:
        homes: None for an item of a new group.
        splits: "dropped" where the home is weaker than another one of the group.
        fresh: groups of which nobody has a home, with their members.
    """

    homes: list[str | None]
    splits: list[str | None]
    fresh: dict[int, list[int]] = field(default_factory=dict)

    def place(self, group: int, split: str) -> None:
        """Give a new group its home."""
        for member in self.fresh[group]:
            self.homes[member] = self.splits[member] = split


def members_of(groups: Rows) -> dict[int, list[int]]:
    """The members of each group, by their place."""
    found: dict[int, list[int]] = {}
    for at, group in enumerate(groups.tolist()):
        found.setdefault(group, []).append(at)
    return found


def placed(items: Sequence[SplitItem], groups: Rows, known: Mapping[str, str]) -> Placed:
    """Everything that has a home, or joins a group that has one.

    Args:
        known: home by key, of every item that ever had one.
    """
    homes = [known.get(item.key) for item in items]
    result = Placed(homes, [None] * len(items))
    for group, members in members_of(groups).items():
        there = {home for at in members if (home := homes[at]) is not None}
        if not there:
            result.fresh[group] = members
            continue
        strongest = max(there, key=STRENGTH.__getitem__)
        for at in members:
            home = homes[at] = homes[at] or strongest
            result.splits[at] = home if home == strongest else DROPPED
    return result
