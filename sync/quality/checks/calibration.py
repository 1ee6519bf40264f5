"""A classifier's scores as probabilities, fold by fold."""

import numpy as np
from numpy.typing import NDArray

# how far scores may be spread
_SPREADS = np.geomspace(0.5, 100.0, 24)
_LEAST = 1e-12


def calibrated(
    scores: NDArray[np.float64],
    labels: NDArray[np.int64],
    folds: NDArray[np.int64],
    believed: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Scores as probabilities: spread as far as fits the believed labels of the other folds best.

    Of two classes they are shifted, too: of a rare one few rows have more than half.

    Args:
        scores: (n, n_classes), out of sample.
        labels: (n,) class indices.
        folds: (n,): none is calibrated by its own labels.
        believed: (n,): the rows that calibrate the others.
    """
    from scipy.special import logsumexp, softmax

    if scores.shape[1] == 2:
        return _shifted(scores, labels, folds, believed)
    # nobody is surer than one error in all rows allows (Platt, 1999): scores that tell every label
    # would be spread without end, and take sides on texts that lie between two classes
    doubt = 1.0 / (believed.sum() + 2)
    wanted = (1 - doubt) * scores[np.arange(len(labels)), labels] + doubt * scores.mean(axis=1)
    lost = np.array([logsumexp(scores * by, axis=1) - wanted * by for by in _SPREADS])
    found = np.empty_like(scores)
    for fold in range(int(folds.max()) + 1):
        out = folds == fold
        best = int(lost[:, ~out & believed].sum(axis=1).argmin())
        found[out] = softmax(scores[out] * _SPREADS[best], axis=1)
    return found


def _shifted(
    scores: NDArray[np.float64],
    labels: NDArray[np.int64],
    folds: NDArray[np.int64],
    believed: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """By Platt's scaling; where the other folds lack a class, what they have is sure."""
    from sklearn.linear_model import LogisticRegression

    found = np.empty_like(scores)
    for fold in range(int(folds.max()) + 1):
        out = folds == fold
        rest = ~out & believed
        if len(np.unique(labels[rest])) < 2:
            found[out] = np.eye(2)[labels[rest][:1]]
        elif out.any():
            model = LogisticRegression(C=10.0, max_iter=200).fit(scores[rest, 1:], labels[rest])
            found[out] = model.predict_proba(scores[out, 1:])
    return found


def losses(pred_probs: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """(n,): the log loss of each label."""
    given = pred_probs[np.arange(len(labels)), labels]
    return np.asarray(-np.log(np.maximum(given, _LEAST)))
