"""A judge beside experts: how far it agrees, and what its grades are worth.

Arithmetic on arrays. Intervals are of 500 bootstrap samples, drawn within each class.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

JudgeScores = NDArray[np.float64]
ExpertVerdicts = NDArray[np.bool_]

_SAMPLES = 500
# of each class, to fit a curve on and to try it on the rest
LEAST = 10
# a score from which on a judge is taken to accept: a grade of 4
ACCEPTS = 0.75


@dataclass(frozen=True)
class JudgeEstimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float

    def told(self) -> str:
        """`0.83 (0.74 to 0.91)`."""
        return f"{self.value:.2f} ({self.low:.2f} to {self.high:.2f})"


@dataclass(frozen=True)
class JudgeAgreement:
    """How far a judge agrees with experts.

    Attributes:
        auroc: the chance that it scores an accepted answer above one that was rejected.
        kappa: of accepting or not, 0 for chance (Cohen).
        accepted, rejected: answers of the experts.
    """

    auroc: JudgeEstimate
    kappa: JudgeEstimate
    accepted: int
    rejected: int


@dataclass(frozen=True)
class JudgeCalibration:
    """From a judge's score to how many of such answers experts accept.

    Attributes:
        name: `none`, `logistic` or `isotonic`: what predicted verdicts best that it had not seen.
    """

    name: str
    predict: Callable[[JudgeScores], JudgeScores]


def auroc(scores: JudgeScores, accepted: ExpertVerdicts) -> float:
    """The chance that an accepted answer scores above a rejected one; ties count half."""
    from scipy.stats import rankdata

    good, bad = int(accepted.sum()), int((~accepted).sum())
    ranks = float(rankdata(scores)[accepted].sum())
    return (ranks - good * (good + 1) / 2) / (good * bad)


def kappa(one: NDArray[np.int64], other: NDArray[np.int64], classes: int = 2) -> float:
    """Cohen's kappa of two opinions; 1 where both say one thing always and the same.

    Args:
        one, other: (n,) classes from 0.
    """
    table = np.bincount(one * classes + other, minlength=classes**2).reshape(classes, classes)
    shares = table / table.sum()
    chance = float(shares.sum(axis=1) @ shares.sum(axis=0))
    return 1.0 if chance >= 1 else (float(np.trace(shares)) - chance) / (1 - chance)


def bootstrap(
    figure: Callable[[NDArray[np.int64]], float], strata: NDArray[np.int64]
) -> JudgeEstimate:
    """A figure of rows with its interval.

    Args:
        figure: of these rows, which may come several times.
        strata: (n,): each sample has as many rows of each stratum as there are.
    """
    rng = np.random.default_rng(0)
    groups = [np.flatnonzero(strata == each) for each in np.unique(strata)]
    drawn = [
        figure(np.concatenate([rng.choice(rows, len(rows)) for rows in groups]))
        for _ in range(_SAMPLES)
    ]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return JudgeEstimate(figure(np.arange(len(strata))), float(low), float(high))


def agreement_of(scores: JudgeScores, accepted: ExpertVerdicts) -> JudgeAgreement | None:
    """How far scores agree with verdicts; None with fewer than `LEAST` of either verdict."""
    good, bad = int(accepted.sum()), int((~accepted).sum())
    if min(good, bad) < LEAST:
        return None
    strata = accepted.astype(np.int64)
    says = (scores >= ACCEPTS).astype(np.int64)
    return JudgeAgreement(
        auroc=bootstrap(lambda rows: auroc(scores[rows], accepted[rows]), strata),
        kappa=bootstrap(lambda rows: kappa(says[rows], strata[rows]), strata),
        accepted=good,
        rejected=bad,
    )


def calibrated(scores: JudgeScores, accepted: ExpertVerdicts) -> JudgeCalibration:
    """The curve that predicts verdicts best that it was not fitted on; often none at all."""
    if min(int(accepted.sum()), int((~accepted).sum())) < LEAST:
        return JudgeCalibration("none", _as_it_is)
    from sklearn.metrics import log_loss
    from sklearn.model_selection import StratifiedKFold

    losses: dict[str, float] = {}
    folds = list(StratifiedKFold(5, shuffle=True, random_state=0).split(scores, accepted))
    for name, fit in _CURVES.items():
        predicted = np.empty(len(scores))
        for train, test in folds:
            predicted[test] = fit(scores[train], accepted[train])(scores[test])
        losses[name] = float(log_loss(accepted, np.clip(predicted, 0.01, 0.99)))
    best = min(losses, key=lambda name: (losses[name], list(losses).index(name)))
    return JudgeCalibration(best, _CURVES[best](scores, accepted))


def _as_it_is(scores: JudgeScores) -> JudgeScores:
    return scores


def _logistic(
    scores: JudgeScores, accepted: ExpertVerdicts
) -> Callable[[JudgeScores], JudgeScores]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression().fit(scores[:, None], accepted)
    # a judge that is right backwards is not turned round: it is not to be trusted
    if model.coef_[0, 0] <= 0:
        return lambda new: np.full(len(new), float(accepted.mean()))
    return lambda new: np.asarray(model.predict_proba(new[:, None])[:, 1])


def _isotonic(
    scores: JudgeScores, accepted: ExpertVerdicts
) -> Callable[[JudgeScores], JudgeScores]:
    from sklearn.isotonic import IsotonicRegression

    model = IsotonicRegression(y_min=0.01, y_max=0.99, out_of_bounds="clip")
    model.fit(scores, accepted.astype(float))
    return lambda new: np.asarray(model.predict(new))


_CURVES: dict[
    str, Callable[[JudgeScores, ExpertVerdicts], Callable[[JudgeScores], JudgeScores]]
] = {
    "none": lambda scores, accepted: _as_it_is,
    "logistic": _logistic,
    "isotonic": _isotonic,
}
