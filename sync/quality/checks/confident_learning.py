"""Confident learning: labels that a classifier which never saw them does not believe.

Arithmetic on arrays, after Northcutt et al. 2021, https://arxiv.org/abs/1911.00068.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings

FOLDS = 5
# inverse regularization; best of 1, 3, 10, 30 on planted errors in banking77
REGULARIZATION_C = 3.0


@dataclass(frozen=True)
class LabelError:
    """A doubtful label.

    Attributes:
        index: of the row.
        suggested: index of the class that fits better.
        quality: label quality score in [0, 1], low = look first.
        confidence: out-of-sample probability of the suggested class.
    """

    index: int
    suggested: int
    quality: float
    confidence: float


def out_of_sample_probabilities(
    features: Embeddings, labels: NDArray[np.int64]
) -> NDArray[np.float64]:
    """(n, n_classes) probabilities for each row from a model that did not see it.

    The same bits on a machine with more cores: BLAS would sum in another order on each.

    Args:
        features: (n, dim).
        labels: (n,) class indices from 0, each class at least `FOLDS` times.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    model = LogisticRegression(C=REGULARIZATION_C, max_iter=1000)
    with threadpool_limits(limits=1):
        probabilities: NDArray[np.float64] = cross_val_predict(
            model, features, labels, cv=folds, method="predict_proba"
        )
    return probabilities


def skill(labels: NDArray[np.int64], pred_probs: NDArray[np.float64]) -> float:
    """Share of the labels' log loss that the predictions explain; 0 or less for guessing."""
    from sklearn.metrics import d2_log_loss_score

    return float(d2_log_loss_score(labels, pred_probs, labels=range(pred_probs.shape[1])))


def find_label_errors(
    labels: NDArray[np.int64], pred_probs: NDArray[np.float64]
) -> list[LabelError]:
    """The labels that cleanlab does not believe, least credible first.

    Args:
        labels: (n,) class indices.
        pred_probs: (n, n_classes), out of sample.
    """
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    # of cleanlab's filters the most precise on planted errors in banking77, at equal recall
    doubtful = find_label_issues(labels, pred_probs, filter_by="low_self_confidence", n_jobs=1)
    quality = get_label_quality_scores(labels, pred_probs, method="self_confidence")
    likeliest = pred_probs.argmax(axis=1)
    found = [
        LabelError(
            index=int(i),
            suggested=int(likeliest[i]),
            quality=float(quality[i]),
            confidence=float(pred_probs[i, likeliest[i]]),
        )
        for i in np.flatnonzero(doubtful)
        if likeliest[i] != labels[i]
    ]
    return sorted(found, key=lambda error: (error.quality, error.index))
