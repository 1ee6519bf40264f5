"""Every label's proportion in every split, and how near to the whole the groups allow it to be.

It is measured here, and kept in `stratify`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sync.dataset.splits.split_items import SPLITS, Label, SplitItem

# percentage points that a proportion may be off
TOLERANCE = 2.0


@dataclass(frozen=True)
class Off:
    """A label whose proportion in a split differs from that of the whole by more than 2 points.

    Attributes:
        points: percentage points, of the split minus of the whole.
        at_best: the least that any way to share out the groups with this label could leave, if
            there were no other groups; above 2 the groups do not allow better.
    """

    kind: str
    label: str
    split: str
    points: float
    at_best: float

    @property
    def is_forced(self) -> bool:
        """Whether no way to share the groups out would do."""
        return self.at_best > TOLERANCE


@dataclass(frozen=True)
class Proportions:
    """Items by label and split.

    Attributes:
        sizes: items of each split.
        counts: of each label, items of each split.
    """

    sizes: Mapping[str, int]
    counts: Mapping[Label, Mapping[str, int]]

    @classmethod
    def of(cls, items: Iterable[SplitItem], splits: Iterable[str | None]) -> "Proportions":
        """Count what is in a split; what is dropped counts nowhere."""
        sizes = dict.fromkeys(SPLITS, 0)
        counts: dict[Label, dict[str, int]] = {}
        for item, split in zip(items, splits, strict=True):
            if split not in SPLITS:
                continue
            sizes[split] += 1
            for label in item.labels:
                counts.setdefault(label, dict.fromkeys(SPLITS, 0))[split] += 1
        return cls(sizes, dict(sorted(counts.items())))

    def percent(self, label: Label, split: str | None = None) -> float:
        """Of a split's items, or of all, those with this label; 0 where there are none."""
        counts = self.counts[label]
        some = sum(counts.values()) if split is None else counts[split]
        every = sum(self.sizes.values()) if split is None else self.sizes[split]
        return 100 * some / every if every else 0.0

    def off(
        self,
        items: Sequence[SplitItem],
        splits: Sequence[str | None],
        fresh: Iterable[Sequence[int]],
    ) -> list[Off]:
        """What is off by more than 2 points, the worst first.

        Args:
            splits: of the items.
            fresh: members of the groups that were shared out this time; the others stay where
                they were, whatever that does to the proportions.
        """
        groups = [
            Counter(label for at in members for label in items[at].labels) for members in fresh
        ]
        moved = self.of(*_only(items, splits, fresh)).counts
        found = []
        for label, counts in self.counts.items():
            sizes = Counter(group[label] for group in groups if group[label])
            reachable = subset_sums(sizes)
            for split in SPLITS:
                points = self.percent(label, split) - self.percent(label)
                if not self.sizes[split] or abs(points) <= TOLERANCE:
                    continue
                kept = counts[split] - moved.get(label, {}).get(split, 0)
                wanted = self.percent(label) / 100 * self.sizes[split] - kept
                least = min(abs(total - wanted) for total in _ones(reachable))
                at_best = 100 * least / self.sizes[split]
                found.append(Off(*label, split, round(points, 2), round(at_best, 2)))
        return sorted(found, key=lambda o: (-abs(o.points), o.kind, o.label, o.split))


def subset_sums(sizes: Mapping[int, int]) -> int:
    """The sums that some of the numbers have, as the bits of one number.

    Args:
        sizes: how often each number may be taken.
    """
    reachable = 1
    for size, times in sorted(sizes.items()):
        taken = 1
        while times > 0:
            # 1, 2, 4, … times: all multiples in few steps
            taken = min(taken, times)
            reachable |= reachable << (size * taken)
            times -= taken
            taken *= 2
    return reachable


def _ones(bits: int) -> Iterable[int]:
    return (at for at, bit in enumerate(reversed(bin(bits)[2:])) if bit == "1")


def _only(
    items: Sequence[SplitItem], splits: Sequence[str | None], groups: Iterable[Sequence[int]]
) -> tuple[list[SplitItem], list[str | None]]:
    places = [at for members in groups for at in members]
    return [items[at] for at in places], [splits[at] for at in places]
