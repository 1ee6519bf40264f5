"""Learn from finished drafts which ones experts accept, and whether that is better than the prior.

Logistic regression (scikit-learn) on the logits of the signals and of the prior, held small by L2:
a calibrated probability by itself. How strongly it is held, and whether the signals add anything to
the prior at all, is chosen by cross-validation inside of what it learns from; how good it is, is
told by drafts that it has not seen. Near-duplicates stand on one side.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drafting.acceptance.acceptance import Acceptance, Calibrator
from drafting.acceptance.features import Features, Matrix
from drafting.acceptance.held_back import Fold, folds_of, groups_of
from drafting.acceptance.judged_draft import JudgedDraft
from drafting.acceptance.prior import NoSignalError, logit, prior_log_odds, prior_probability
from drafting.acceptance.reliability import (
    Accepted,
    Probabilities,
    Reliability,
    auroc,
    reliability,
)
from drafting.signals import Signals

# learning begins with so many finished drafts, so many of which were accepted, and not accepted
LEAST_JUDGED = 50
LEAST_OF_A_KIND = 10
# the newest are learnt from: what experts accept changes, and more tell nothing new
MOST_JUDGED = 3000
# the AUROC may be so much below the prior's where the probabilities are better
WORSE_ORDER = 0.01


@dataclass(frozen=True)
class _Shape:
    """One way to learn.

    Attributes:
        strength: inverse strength of L2 on columns of unit spread.
        with_signals: each signal gets a weight; else the prior alone does, and its order stays.
    """

    strength: float
    with_signals: bool = True


_PRIOR_ALONE = (_Shape(1.0, with_signals=False),)
_ANY_SHAPE = (*_PRIOR_ALONE, _Shape(0.003), _Shape(0.03), _Shape(0.3))


@dataclass(frozen=True)
class _Work:
    """Finished drafts, whether each was accepted, and the number of its near-duplicates' group."""

    drafts: Sequence[JudgedDraft]
    accepted: Accepted
    groups: NDArray[np.int64]

    @classmethod
    def of(cls, drafts: Sequence[JudgedDraft]) -> "_Work":
        accepted = np.array([draft.accepted for draft in drafts], dtype=bool)
        return cls(drafts, accepted, groups_of([draft.text for draft in drafts]))

    def at(self, places: NDArray[np.int64]) -> "_Work":
        some = [self.drafts[place] for place in places]
        return _Work(some, self.accepted[places], self.groups[places])

    def by(self, probability: Callable[[Signals], float]) -> Probabilities:
        return np.array([probability(draft.signals) for draft in self.drafts])

    def folds(self, seed: int) -> list[Fold]:
        return list(folds_of(self.accepted, self.groups, seed))

    def relied_on(self, probabilities: Probabilities, seed: int) -> Reliability:
        distances = [draft.edit_distance for draft in self.drafts]
        return reliability(probabilities, self.accepted, distances, self.groups, seed)


def fit_acceptance(judged: Sequence[JudgedDraft], seed: int = 0) -> Acceptance:
    """Learn from finished drafts, and say how far the result can be relied on.

    The calibrator is used where, over drafts that it had not seen, its mean squared error (Brier)
    is below the prior's by more than one standard error of the difference, and its AUROC is not
    below the prior's by more than 0.01. Where the signals' own weights make the order worse, the
    prior alone is calibrated, which leaves its order. All of that is asked again with each fit.

    Args:
        judged: the newest last; of more than 3,000 the newest count. The same drafts in the same
            order give the same result.
        seed: of folds and resampling.
    """
    drafts = [draft for draft in judged[-MOST_JUDGED:] if _has_signals(draft)]
    if not drafts:
        return Acceptance(why="no finished draft has signals yet")
    work = _Work.of(drafts)
    prior = work.by(prior_probability)
    found = Acceptance(
        why=_lacking(work),
        judged=len(drafts),
        accepted=int(work.accepted.sum()),
        of_prior=work.relied_on(prior, seed),
    )
    if found.why:
        return found
    for shapes in (_ANY_SHAPE, _PRIOR_ALONE):
        told = _out_of_sample(work, shapes, seed)
        why_not = _no_better(work, prior, told, seed)
        if not why_not:
            return replace(
                found,
                calibrator=_fit(work, shapes, seed),
                why="what was learnt foretells held-back work better than the prior",
                of_calibrator=work.relied_on(told, seed),
            )
    return replace(found, why=why_not, of_calibrator=work.relied_on(told, seed))


def _has_signals(draft: JudgedDraft) -> bool:
    try:
        prior_log_odds(draft.signals)
    except NoSignalError:
        return False
    return True


def _lacking(work: _Work) -> str:
    """What is missing before anything can be learnt; "" where nothing is."""
    n, kept = len(work.accepted), int(work.accepted.sum())
    if n < LEAST_JUDGED:
        return f"{n} drafts are finished, {LEAST_JUDGED} are needed to learn from"
    if min(kept, n - kept) < LEAST_OF_A_KIND:
        return (
            f"of {n} finished drafts {kept} were accepted unchanged; {LEAST_OF_A_KIND} of each "
            "kind are needed to learn from"
        )
    kinds = (work.groups[work.accepted], work.groups[~work.accepted])
    if min(len(np.unique(groups)) for groups in kinds) < LEAST_OF_A_KIND:
        return f"of {n} finished drafts too many are near-duplicates to learn from"
    return ""


def _no_better(work: _Work, prior: Probabilities, told: Probabilities, seed: int) -> str:
    """Why the prior stays in use; "" where what was learnt is better on held-back work.

    Args:
        told: (n,), of `_out_of_sample`.
    """
    gain = (prior - work.accepted) ** 2 - (told - work.accepted) ** 2
    by_group = np.bincount(work.groups, weights=gain)
    error = float(np.sqrt(np.sum((by_group - by_group.mean()) ** 2))) / len(gain)
    if gain.mean() <= error:
        return "what was learnt foretells held-back work no better than the prior"
    worse = _order(work, prior, seed) - _order(work, told, seed)
    if worse > WORSE_ORDER:
        return "what was learnt orders held-back work worse than the prior"
    return ""


def _order(work: _Work, probabilities: Probabilities, seed: int) -> float:
    """The AUROC inside of the folds: probabilities of different calibrators are not compared."""
    found, pairs = [0.0], [0]
    for _, held_back in work.folds(seed):
        inside = work.accepted[held_back]
        found.append(auroc(probabilities[held_back], inside) or 0.0)
        pairs.append(int(inside.sum() * (~inside).sum()))
    return float(np.average(found, weights=pairs)) if sum(pairs) else 0.0


def _out_of_sample(work: _Work, shapes: Sequence[_Shape], seed: int) -> Probabilities:
    """(n,): of each draft the probability by a calibrator that has not seen it or its like."""
    found = np.empty(len(work.drafts))
    for learnt, held_back in work.folds(seed):
        calibrator = _fit(work.at(learnt), shapes, seed)
        found[held_back] = work.at(held_back).by(calibrator.probability)
    return found


def _fit(work: _Work, shapes: Sequence[_Shape], seed: int) -> Calibrator:
    """Learn in the way that foretells held-back folds of this work best."""
    features = Features.of(work.drafts)
    matrix = features.matrix(work.drafts)
    shape, *others = shapes
    if others:
        folds = work.folds(seed)
        losses = [_loss(matrix, work.accepted, folds, each) for each in shapes]
        shape = shapes[int(np.argmin(losses))]
    intercept, *weights = _regression(matrix, work.accepted, shape)
    return features.calibrator(intercept, weights)


def _loss(matrix: Matrix, accepted: Accepted, folds: Sequence[Fold], shape: _Shape) -> float:
    """The mean log loss on held-back folds."""
    told = np.empty(len(accepted))
    for learnt, held_back in folds:
        intercept, *weights = _regression(matrix[learnt], accepted[learnt], shape)
        told[held_back] = matrix[held_back] @ weights + intercept
    return float(np.logaddexp(0, np.where(accepted, -told, told)).mean())


def _regression(matrix: Matrix, accepted: Accepted, shape: _Shape) -> Matrix:
    """The intercept, then a weight for each column; columns that are not used have 0."""
    from sklearn.linear_model import LogisticRegression

    used = matrix if shape.with_signals else matrix[:, :1]
    weights = np.zeros(matrix.shape[1] + 1)
    if accepted.all() or not accepted.any():  # an inner fold of few drafts
        weights[0] = logit(float(accepted.mean()))
        return weights
    model: Any = LogisticRegression(C=shape.strength, solver="newton-cholesky")
    model.fit(used, accepted)
    weights[0], weights[1 : used.shape[1] + 1] = model.intercept_[0], model.coef_[0]
    return weights
