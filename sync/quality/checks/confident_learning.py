"""Labels that a classifier which never saw them does not believe: confident learning.

Arithmetic on arrays, after Northcutt et al. 2021, https://arxiv.org/abs/1911.00068. The classifier
is a ridge regression on the classes whose scores are calibrated afterwards. Wrong labels bend it
less than logistic regression, and it is solved rather than searched for.
"""

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings
from sync.quality.checks.grouped_folds import grouped_folds

FOLDS = 5
# of the ridge; the one that predicts best is taken
RIDGES = (0.3, 1.0, 3.0, 10.0)
# how far calibrated scores may be spread
_SPREADS = np.geomspace(0.5, 100.0, 48)
_LEAST, _DOUBT = 1e-12, 0.01
_BLOCK = 8192


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
    features: Embeddings, labels: NDArray[np.int64], folds: NDArray[np.int64] | None = None
) -> NDArray[np.float64]:
    """(n, n_classes) probabilities for each row from a model that did not see its fold.

    The same bits on a machine with more cores: BLAS would sum in another order on each.

    Args:
        features: (n, dim).
        labels: (n,) class indices from 0.
        folds: (n,): of each row, see `grouped_folds`; by default each row stands for itself.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    if folds is None:
        folds = grouped_folds(labels, np.arange(len(labels)), FOLDS)
    with threadpool_limits(limits=1):
        each = [_calibrated(one, labels, folds) for one in _scores(features, labels, folds, RIDGES)]
    losses = [_loss(probabilities, labels) for probabilities in each]
    return each[int(np.argmin(losses))]


def skill(labels: NDArray[np.int64], pred_probs: NDArray[np.float64]) -> float:
    """Share of the labels' log loss that the predictions explain; 0 or less for guessing.

    A wrong label is not believed by a good model either, so its probability counts as 1 % at least.
    """
    share = np.bincount(labels, minlength=pred_probs.shape[1]) / len(labels)
    guessed = -float(np.log(share[labels]).mean())
    floored = np.maximum(pred_probs, _DOUBT)
    return 1.0 - _loss(floored, labels) / guessed if guessed else 0.0


def label_quality(
    labels: NDArray[np.int64], pred_probs: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(n,): cleanlab's normalized margin: 1 for a surely right label, 0 for a surely wrong one."""
    from cleanlab.rank import get_label_quality_scores

    found = get_label_quality_scores(labels, pred_probs, method="normalized_margin")
    return np.asarray(found, dtype=np.float64)


def stars_quality(
    labels: NDArray[np.int64], pred_probs: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(n,): 1 less the expected distance to the level that was given, over the longest one."""
    levels = np.arange(pred_probs.shape[1])
    far = np.abs(levels[None, :] - labels[:, None])
    found: NDArray[np.float64] = 1.0 - (pred_probs * far).sum(axis=1) / max(len(levels) - 1, 1)
    return found


def find_label_errors(
    labels: NDArray[np.int64], pred_probs: NDArray[np.float64], *, ordered: bool = False
) -> list[LabelError]:
    """The labels that cleanlab does not believe, by its own threshold, least credible first.

    Args:
        labels: (n,) class indices.
        pred_probs: (n, n_classes), out of sample.
        ordered: classes are levels in their order. A neighbour of the level that fits best is no
            error: where one expert gives 4 stars, another gives 5.
    """
    from cleanlab.filter import find_label_issues

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of classes that were left out
        doubtful = find_label_issues(labels, pred_probs, filter_by="prune_by_noise_rate", n_jobs=1)
    fits = _median_level(pred_probs) if ordered else pred_probs.argmax(axis=1)
    quality = (stars_quality if ordered else label_quality)(labels, pred_probs)
    far = np.abs(fits - labels) > (1 if ordered and pred_probs.shape[1] > 2 else 0)
    found = [
        LabelError(int(i), int(fits[i]), float(quality[i]), float(pred_probs[i, fits[i]]))
        for i in np.flatnonzero(doubtful & far)
    ]
    return sorted(found, key=lambda error: (error.quality, error.index))


def supporting_rows(
    features: Embeddings,
    labels: NDArray[np.int64],
    pred_probs: NDArray[np.float64],
    error: LabelError,
    most: int = 3,
) -> list[int]:
    """Rows most like an error's that surely have the suggested label, the nearest first."""
    right = (labels == error.suggested) & (pred_probs.argmax(axis=1) == error.suggested)
    rows = np.flatnonzero(right & (pred_probs[:, error.suggested] >= 0.5))
    similar = features[rows] @ features[error.index]
    return [int(rows[at]) for at in np.argsort(-similar, kind="stable")[:most]]


def _scores(
    features: Embeddings,
    labels: NDArray[np.int64],
    folds: NDArray[np.int64],
    ridges: tuple[float, ...],
) -> list[NDArray[np.float64]]:
    """For each ridge (n, n_classes) scores of rows whose fold was left out."""
    wanted = np.eye(int(labels.max()) + 1)[labels]
    found = [np.zeros(wanted.shape) for _ in ridges]
    all_gram, all_products = _sums(features, wanted)
    all_features = features.sum(axis=0, dtype=np.float64)
    for fold in range(int(folds.max()) + 1):
        out = np.flatnonzero(folds == fold)
        left = features[out].astype(np.float64)
        rest = len(labels) - len(out)
        middle = (all_features - left.sum(axis=0)) / rest
        share = (wanted.sum(axis=0) - wanted[out].sum(axis=0)) / rest
        gram = all_gram - left.T @ left - rest * np.outer(middle, middle)
        products = all_products - left.T @ wanted[out] - rest * np.outer(middle, share)
        for ridge, scores in zip(ridges, found, strict=True):
            weights = np.linalg.solve(gram + ridge * np.eye(len(gram)), products)
            scores[out] = (left - middle) @ weights + share
    return found


def _sums(
    features: Embeddings, wanted: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The features' products with themselves and with the classes, a block of rows at a time."""
    gram = np.zeros((features.shape[1], features.shape[1]))
    products = np.zeros((features.shape[1], wanted.shape[1]))
    for start in range(0, len(features), _BLOCK):
        block = features[start : start + _BLOCK].astype(np.float64)
        gram += block.T @ block
        products += block.T @ wanted[start : start + _BLOCK]
    return gram, products


def _calibrated(
    scores: NDArray[np.float64], labels: NDArray[np.int64], folds: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Scores as probabilities: spread as far as fits the labels of the other folds best.

    Of two classes they are shifted, too: of a rare one few rows have more than half.
    """
    if scores.shape[1] == 2:
        return _shifted(scores, labels, folds)
    spread = [_softmax(scores * by) for by in _SPREADS]
    lost = np.array([_losses(each, labels) for each in spread])
    found = np.empty_like(scores)
    for fold in range(int(folds.max()) + 1):
        out = folds == fold
        found[out] = spread[int(lost[:, ~out].sum(axis=1).argmin())][out]
    return found


def _shifted(
    scores: NDArray[np.float64], labels: NDArray[np.int64], folds: NDArray[np.int64]
) -> NDArray[np.float64]:
    """By Platt's scaling; where the other folds lack a class, what they have is sure."""
    from sklearn.linear_model import LogisticRegression

    found = np.empty_like(scores)
    for fold in range(int(folds.max()) + 1):
        out = folds == fold
        if len(np.unique(labels[~out])) < 2:
            found[out] = np.eye(2)[labels[~out][:1]]
        elif out.any():
            model = LogisticRegression(C=10.0, max_iter=200).fit(scores[~out, 1:], labels[~out])
            found[out] = model.predict_proba(scores[out, 1:])
    return found


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.exp(scores - scores.max(axis=1, keepdims=True))
    found /= found.sum(axis=1, keepdims=True)
    return found


def _losses(pred_probs: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    given = pred_probs[np.arange(len(labels)), labels]
    return np.asarray(-np.log(np.maximum(given, _LEAST)))


def _loss(pred_probs: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    return float(_losses(pred_probs, labels).mean())


def _median_level(pred_probs: NDArray[np.float64]) -> NDArray[np.int64]:
    found: NDArray[np.int64] = (np.cumsum(pred_probs, axis=1) >= 0.5).argmax(axis=1)
    return found
