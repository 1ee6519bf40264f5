"""The main measure in parts: by each kind of category, and by what is asked alike."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sync.common.json_text import Json
from sync.quality.checks.shares import holm
from sync.tuning.evaluation.comparison import rounded
from sync.tuning.evaluation.held_out import HeldOutItem
from sync.tuning.evaluation.measures.measure import MeasuredSeries
from sync.tuning.evaluation.question_clusters import Clusters
from sync.tuning.evaluation.statistics.intervals import GroupNumbers, MeanEstimate
from sync.tuning.evaluation.statistics.paired import (
    PairedDifference,
    ShownAs,
    paired_difference,
    shown_as,
)

CLUSTER = "cluster"
# fewer items of a label or cluster are not told apart
LEAST_ITEMS = 8

Parts = Mapping[tuple[str, str], Sequence[int]]


@dataclass(frozen=True)
class PartOfItems:
    """The main measure of the items of one label or cluster.

    Attributes:
        kind: of category; "cluster" for those that ask alike.
        values: the share of each arm.
        difference: of the arm that is evaluated and the one that it is held against.
    """

    kind: str
    label: str
    items: int
    values: Mapping[str, float]
    difference: MeanEstimate | None
    verdict: ShownAs

    def to_json(self) -> Json:
        """Plain values."""
        found = self.difference
        return {
            "kind": self.kind,
            "label": self.label,
            "items": self.items,
            "values": {arm: rounded(value) for arm, value in self.values.items()},
            "difference": None if found is None else rounded(found.value),
            "low": None if found is None else rounded(found.low),
            "high": None if found is None else rounded(found.high),
            "verdict": self.verdict,
        }


def parts_of(items: Sequence[HeldOutItem], clusters: Clusters) -> Parts:
    """Places of items by kind and label, categories first, then clusters by their telling words."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    kinds = sorted({kind for item in items for kind in item.record.categories})
    for kind in kinds:
        for place, item in enumerate(items):
            if kind in item.record.categories:
                found[kind, item.record.categories[kind]].append(place)
    return {**found, **{(CLUSTER, name): rows for name, rows in clusters.items()}}


def parts_compared(
    series: MeasuredSeries,
    groups: GroupNumbers,
    parts: Mapping[tuple[str, str], Sequence[int]],
    arm: str | None,
    against: str | None,
) -> tuple[PartOfItems, ...]:
    """The main measure by label and cluster; p-values are put right for all parts.

    Args:
        parts: places of items, by kind and label; those of fewer than `LEAST_ITEMS` are left out.
        arm, against: that are compared; None: none are.
    """
    told = [(name, np.array(rows)) for name, rows in parts.items() if len(rows) >= LEAST_ITEMS]
    pairs: list[PairedDifference | None] = []
    for _, rows in told:
        pairs.append(_pair(series, groups, rows, arm, against))
    adjusted = iter(holm([pair.p for pair in pairs if pair is not None]))
    return tuple(_parts(series, told, pairs, adjusted))


def _pair(
    series: MeasuredSeries,
    groups: GroupNumbers,
    rows: GroupNumbers,
    arm: str | None,
    against: str | None,
) -> PairedDifference | None:
    if arm not in series.values or against not in series.values:
        return None
    first, second = series.values[arm or ""][rows], series.values[against or ""][rows]
    both = ~(np.isnan(first) | np.isnan(second))
    if not both.any():
        return None
    return paired_difference(first[both], second[both], groups[rows][both], passes=series.passes)


def _parts(
    series: MeasuredSeries,
    told: Sequence[tuple[tuple[str, str], GroupNumbers]],
    pairs: Sequence[PairedDifference | None],
    adjusted: Iterator[float | None],
) -> Iterator[PartOfItems]:
    for ((kind, label), rows), pair in zip(told, pairs, strict=True):
        verdict: ShownAs = "not shown"
        if pair is not None:
            p = next(adjusted)
            verdict = shown_as(pair, p, higher_is_better=series.higher_is_better)
        yield PartOfItems(
            kind,
            label,
            len(rows),
            {
                arm: float(np.nanmean(values[rows]))
                for arm, values in series.values.items()
                if not np.isnan(values[rows]).all()
            },
            None if pair is None else pair.difference,
            verdict,
        )
