"""Arms beside each other: every measure of two arms on the items that both have a figure of."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sync.common.json_text import Json
from sync.quality.checks.shares import holm
from sync.tuning.evaluation.measures.measure import MeasuredSeries
from sync.tuning.evaluation.statistics.intervals import (
    GroupNumbers,
    MeanEstimate,
    mean_estimate,
)
from sync.tuning.evaluation.statistics.paired import (
    PairedDifference,
    ShownAs,
    least_difference,
    paired_difference,
    shown_as,
)


@dataclass(frozen=True)
class ComparedSeries:
    """One measure of two arms.

    Attributes:
        p: put right for the other measures of the same two arms.
        verdict: of `arm` beside `against`.
        least: the difference that so many groups would show four times in five.
    """

    name: str
    told: str
    found: PairedDifference
    p: float | None
    verdict: ShownAs
    least: float | None

    def to_json(self) -> Json:
        """Plain values."""
        whole = self.found.difference
        return {
            "measure": self.name,
            "difference": rounded(whole.value),
            "low": rounded(whole.low),
            "high": rounded(whole.high),
            "items": whole.items,
            "groups": whole.groups,
            "test": self.found.test,
            "p": self.found.p,
            "p_holm": self.p,
            "only_first": self.found.only_first,
            "only_second": self.found.only_second,
            "verdict": self.verdict,
            "least_shown": rounded(self.least),
        }


@dataclass(frozen=True)
class ArmsCompared:
    """All measures of two arms; differences are `arm` minus `against`."""

    arm: str
    against: str
    series: tuple[ComparedSeries, ...]

    def of(self, name: str) -> ComparedSeries | None:
        """One measure, or None where there is no pair of it."""
        return next((each for each in self.series if each.name == name), None)

    @property
    def worse_in(self) -> tuple[str, ...]:
        """What the arm is shown to be worse in."""
        return tuple(each.told for each in self.series if each.verdict == "worse")

    def to_json(self) -> Json:
        """Plain values."""
        compared = [each.to_json() for each in self.series]
        return {"arm": self.arm, "against": self.against, "measures": compared}


def compared(
    series: Sequence[MeasuredSeries], groups: GroupNumbers, arm: str, against: str
) -> ArmsCompared:
    """Two arms by every measure that both have; p-values are put right for all of these."""
    pairs = []
    for each in series:
        if arm not in each.values or against not in each.values:
            continue
        first, second = each.values[arm], each.values[against]
        both = ~(np.isnan(first) | np.isnan(second))
        if both.any():
            found = paired_difference(first[both], second[both], groups[both], passes=each.passes)
            pairs.append((each, found))
    adjusted = holm([found.p for _, found in pairs])
    return ArmsCompared(
        arm,
        against,
        tuple(
            ComparedSeries(
                each.name,
                each.told,
                found,
                p,
                shown_as(found, p, higher_is_better=each.higher_is_better),
                least_difference(found),
            )
            for (each, found), p in zip(pairs, adjusted, strict=True)
        ),
    )


def arm_means(series: MeasuredSeries, groups: GroupNumbers) -> dict[str, MeanEstimate]:
    """The mean of each arm over the items that it has a figure of; arms without any are absent."""
    found = {}
    for arm, values in series.values.items():
        there = ~np.isnan(values)
        if there.any():
            found[arm] = mean_estimate(values[there], groups[there])
    return found


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
