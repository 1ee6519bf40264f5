"""How many of the next tasks will be changed, as finished ones lead to expect.

The probabilities of acceptance are held against what experts did so far: a logistic regression on
their log-odds finds how far they are too high or too low and too sure or too unsure (Cox, 1958,
"Two further applications of a model for binary regression"). While little is finished, they are
believed as they are. The last tasks tell most of the next ones, whatever else put them in order
than the probabilities; older work counts less. What is left uncertain, and chance, make the
interval.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sync.queue.remaining import LEVEL, Changed, Estimate, Measures

# standard deviations of what is believed of offset and slope before anything is finished: scores
# may be off by a factor of some e ** 2 in the odds, and half or twice as sure as they should be
_BELIEF = np.array([2.0, 1.0])
# finished tasks after which one counts half as much
_HALF_LIFE = 60.0
_DRAWS = 2_000
_STEPS = 30
_LEAST = 1e-4


@dataclass(frozen=True)
class Recalibration:
    """What finished work says about probabilities of acceptance.

    Attributes:
        offset: of the log-odds of a change; 0 where the probabilities are right on the whole.
        slope: of the log-odds; 1 where they are as sure as they should be.
        covariance: (2, 2) of both.
        finished: tasks that it rests on.
    """

    offset: float
    slope: float
    covariance: NDArray[np.float64]
    finished: int

    def changes(self, acceptance: Measures) -> Measures:
        """The probability of each draft that an expert changes it.

        Args:
            acceptance: (n,) probabilities that an expert accepts a draft unchanged.
        """
        return _logistic(self.offset + self.slope * _log_odds(acceptance))


def recalibrate(acceptance: Measures, changed: Changed) -> Recalibration:
    """Hold probabilities against what became of the drafts.

    Args:
        acceptance: (n,) of finished drafts, the last to be finished at the end; n may be 0.
        changed: (n,) whether an expert changed them.
    """
    inputs = np.stack([np.ones(len(acceptance)), _log_odds(acceptance)], axis=1)
    believed, precision = np.array([0.0, 1.0]), np.diag(1 / _BELIEF**2)
    weights = 0.5 ** (np.arange(len(acceptance))[::-1] / _HALF_LIFE)
    found = believed.copy()
    curvature = precision
    for _ in range(_STEPS):
        likely = _logistic(inputs @ found)
        slope = inputs.T @ (weights * (changed - likely)) - precision @ (found - believed)
        informed = weights * likely * (1 - likely)
        curvature = inputs.T @ (inputs * informed[:, None]) + precision
        step = np.linalg.solve(curvature, slope)
        found = found + np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-8:
            break
    covariance: NDArray[np.float64] = np.linalg.inv(curvature).astype(np.float64)
    return Recalibration(float(found[0]), float(found[1]), covariance, len(acceptance))


def changed_among(recalibration: Recalibration, acceptance: Measures, seed: int = 0) -> Estimate:
    """How many of some drafts experts will change.

    Args:
        acceptance: (n,) of open drafts.
        seed: of the draws that the interval is taken from.
    """
    if not len(acceptance):
        return Estimate(0.0, 0.0, 0.0)
    rng = np.random.default_rng(seed)
    known = np.array([recalibration.offset, recalibration.slope])
    spread = np.linalg.cholesky(recalibration.covariance)
    lines = known + rng.standard_normal((_DRAWS, 2)) @ spread.T
    likely = _logistic(lines[:, :1] + lines[:, 1:] * _log_odds(acceptance))
    totals = (rng.random(likely.shape) < likely).sum(axis=1)
    low, high = np.quantile(totals, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], method="nearest")
    value = float(recalibration.changes(acceptance).sum())
    return Estimate(min(max(value, float(low)), float(high)), float(low), float(high))


def _log_odds(acceptance: Measures) -> Measures:
    """Of a change."""
    bounded = np.clip(acceptance, _LEAST, 1 - _LEAST)
    found: Measures = np.log1p(-bounded) - np.log(bounded)
    return found


def _logistic(log_odds: Measures) -> Measures:
    found: Measures = 1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))
    return found
