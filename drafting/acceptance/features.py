"""Finished drafts as a matrix to learn from, and what was learnt as a calibrator again."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drafting.acceptance.acceptance import Calibrator, SignalWeight
from drafting.acceptance.judged_draft import JudgedDraft
from drafting.acceptance.prior import logit, prior_log_odds

# a signal that a smaller share of the drafts has is left out
LEAST_KNOWN = 0.2
# where fewer lack a signal, or fewer have it, that it is unknown tells nothing
_LEAST_APART = 0.05
# The spread of the prior's column, where others have 1: the penalty on its weight is a hundredth
# of theirs, so that what is learnt is held to the prior's order, not to no order.
_PRIOR_SPREAD = 10.0
# less is the same number twice
_LEAST_SPREAD = 1e-6

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class _Column:
    """One signal's logits among the drafts that are learnt from."""

    name: str
    mean: float
    spread: float
    tells_unknown: bool
    lowest: float
    highest: float


@dataclass(frozen=True)
class Features:
    """Columns of unit spread: first the prior's log-odds, then signals, then which are unknown.

    An unknown signal stands at its mean, 0.
    """

    prior_mean: float
    prior_spread: float
    columns: tuple[_Column, ...]

    @classmethod
    def of(cls, drafts: Sequence[JudgedDraft]) -> "Features":
        """The columns that these drafts can fill; each draft must have a signal."""
        prior = np.array([prior_log_odds(draft.signals) for draft in drafts])
        names = sorted({name for draft in drafts for name in draft.signals})
        columns = [column for name in names if (column := _column(name, drafts)) is not None]
        spread = max(float(prior.std()), _LEAST_SPREAD) / _PRIOR_SPREAD
        return cls(float(prior.mean()), spread, tuple(columns))

    def matrix(self, drafts: Sequence[JudgedDraft]) -> Matrix:
        """(n, columns), one row a draft."""
        return np.array([self._row(draft) for draft in drafts])

    def calibrator(self, intercept: float, weights: Sequence[float]) -> Calibrator:
        """What was learnt on these columns.

        Args:
            weights: one a column of the matrix.
        """
        of_prior, *rest = (float(weight) for weight in weights)
        of_signals, of_unknown = rest[: len(self.columns)], iter(rest[len(self.columns) :])
        signals = {
            column.name: SignalWeight(
                weight / column.spread,
                column.mean,
                next(of_unknown) if column.tells_unknown else 0.0,
                column.lowest,
                column.highest,
            )
            for column, weight in zip(self.columns, of_signals, strict=True)
        }
        means = sum(each.weight * each.typical for each in signals.values())
        prior = of_prior / self.prior_spread
        return Calibrator(float(intercept) - prior * self.prior_mean - means, prior, signals)

    def _row(self, draft: JudgedDraft) -> list[float]:
        held = draft.signals
        prior = (prior_log_odds(held) - self.prior_mean) / self.prior_spread
        values = [
            (logit(held[c.name]) - c.mean) / c.spread if c.name in held else 0.0
            for c in self.columns
        ]
        unknown = [float(c.name not in held) for c in self.columns if c.tells_unknown]
        return [prior, *values, *unknown]


def _column(name: str, drafts: Sequence[JudgedDraft]) -> _Column | None:
    """A signal's column; None where too few drafts have it, or all the same."""
    values = np.array([logit(d.signals[name]) for d in drafts if name in d.signals])
    known = len(values) / len(drafts)
    if known < LEAST_KNOWN or values.std() < _LEAST_SPREAD:
        return None
    tells_unknown = _LEAST_APART <= 1 - known <= 1 - _LEAST_APART
    mean, lowest, highest = (float(told) for told in (values.mean(), values.min(), values.max()))
    return _Column(name, mean, float(values.std()), tells_unknown, lowest, highest)
