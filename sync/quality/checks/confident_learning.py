"""Labels that a classifier which never saw them does not believe: confident learning.

Arithmetic on arrays, after Northcutt et al. 2021, https://arxiv.org/abs/1911.00068. The classifier
is a kernel ridge regression on the classes whose scores are calibrated afterwards. Wrong labels
bend it less than logistic regression, and it is solved rather than searched for. What it doubts is
left out, and all rows are scored once more, as cleanlab's CleanLearning prunes before it fits.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings
from sync.quality.checks.calibration import calibrated, losses
from sync.quality.checks.grouped_folds import grouped_folds
from sync.quality.checks.kernel_ridge import CrossValidatedRidge, LandmarkKernel

FOLDS = 5
# the one whose scores have the least squared error is taken: the log loss is ruled by wrong labels,
# and prefers a model that is sure of nothing
RIDGES = (0.1, 1.0, 10.0)
_CHOOSING = 1_000
_DOUBT = 0.01
# errors whose evidence is looked up at a time
_ERRORS = 256


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


@dataclass(frozen=True)
class OutOfSample:
    """What a classifier says of each row that has seen none of its fold's labels.

    Attributes:
        pred_probs: (n, n_classes).
        labels: (n,) that it learnt.
        classifier: for another round.
        ridge: that it takes.
    """

    pred_probs: NDArray[np.float64]
    labels: NDArray[np.int64]
    classifier: CrossValidatedRidge
    ridge: float

    def without(self, errors: NDArray[np.int64]) -> NDArray[np.float64]:
        """(n, n_classes) probabilities by a classifier that has not learnt from errors either.

        Args:
            errors: rows whose labels are doubted.
        """
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        if not len(errors):
            return self.pred_probs
        believed = np.ones(len(self.labels), dtype=np.bool_)
        believed[errors] = False
        with threadpool_limits(limits=1):
            (scores,) = self.classifier.scores([self.ridge], without=errors)
            return calibrated(scores, self.labels, self.classifier.folds, believed)


def out_of_sample(
    features: Embeddings | LandmarkKernel,
    labels: NDArray[np.int64],
    folds: NDArray[np.int64] | None = None,
) -> OutOfSample:
    """Probabilities for each row from a model that did not see its fold.

    The same bits on a machine with more cores: BLAS would sum in another order on each.

    Args:
        features: (n, dim), or the kernel of such.
        labels: (n,) class indices from 0.
        folds: (n,): of each row, see `grouped_folds`; by default each row stands for itself.
    """
    from threadpoolctl import threadpool_limits

    if folds is None:
        folds = grouped_folds(labels, np.arange(len(labels)), FOLDS)
    believed = np.ones(len(labels), dtype=np.bool_)
    with threadpool_limits(limits=1):
        kernel = features if isinstance(features, LandmarkKernel) else LandmarkKernel.of(features)
        classifier = CrossValidatedRidge.of(kernel, labels, folds)
        ridge = _best_ridge(classifier)
        (scores,) = classifier.scores([ridge])
        pred_probs = calibrated(scores, labels, folds, believed)
    return OutOfSample(pred_probs, labels, classifier, ridge)


def _best_ridge(classifier: CrossValidatedRidge) -> float:
    """Of the least squared error, in as many folds as hold enough rows to tell."""
    held = np.cumsum(np.bincount(classifier.folds))
    folds = range(min(int(np.searchsorted(held, _CHOOSING)) + 1, len(held)))
    rows = np.isin(classifier.folds, folds)
    errors = [
        ((scores[rows] - classifier.wanted[rows]) ** 2).sum()
        for scores in classifier.scores(RIDGES, folds)
    ]
    return RIDGES[int(np.argmin(errors))]


def out_of_sample_probabilities(
    features: Embeddings, labels: NDArray[np.int64], folds: NDArray[np.int64] | None = None
) -> NDArray[np.float64]:
    """(n, n_classes): of `out_of_sample`."""
    return out_of_sample(features, labels, folds).pred_probs


def skill(labels: NDArray[np.int64], pred_probs: NDArray[np.float64]) -> float:
    """Share of the labels' log loss that the predictions explain; 0 or less for guessing.

    A wrong label is not believed by a good model either, so its probability counts as 1 % at least.
    """
    share = np.bincount(labels, minlength=pred_probs.shape[1]) / len(labels)
    guessed = -float(np.log(share[labels]).mean())
    floored = np.maximum(pred_probs, _DOUBT)
    return 1.0 - float(losses(floored, labels).mean()) / guessed if guessed else 0.0


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
    labels: NDArray[np.int64],
    pred_probs: NDArray[np.float64],
    *,
    ordered: bool = False,
    doubted: Sequence[LabelError] = (),
) -> list[LabelError]:
    """The labels that cleanlab does not believe, by its own thresholds, least credible first.

    Both of its ways to prune must doubt a label: by how many of a class are wrong, and by how many
    of one class are another (`filter_by="both"`).

    Args:
        labels: (n,) class indices.
        pred_probs: (n, n_classes), out of sample.
        ordered: classes are levels in their order. A neighbour of the level that fits best is no
            error: where one expert gives 4 stars, another gives 5.
        doubted: in a round before. They stay as long as another class fits better: a classifier
            that has not learnt from them is so sure of the rest that fewer pass cleanlab's
            thresholds, which are each class's mean.
    """
    from cleanlab.filter import find_label_issues

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of classes that were left out
        doubtful = find_label_issues(labels, pred_probs, filter_by="both", n_jobs=1)
    doubtful[[error.index for error in doubted]] = True
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
    errors: Sequence[LabelError],
    most: int = 3,
) -> list[list[int]]:
    """For each error the rows most like it that surely have the suggested label, nearest first."""
    sure = pred_probs[np.arange(len(labels)), labels] >= 0.5
    found: list[list[int]] = [[] for _ in errors]
    for fits in {error.suggested for error in errors}:
        rows = np.flatnonzero(sure & (labels == fits))
        those = features[rows]
        of_class = [at for at, error in enumerate(errors) if error.suggested == fits]
        for start in range(0, len(of_class), _ERRORS):
            some = of_class[start : start + _ERRORS]
            apart = -(features[[errors[at].index for at in some]] @ those.T)
            for at, nearest in zip(some, _lowest(apart, most), strict=True):
                found[at] = rows[nearest].tolist()
    return found


def _lowest(values: NDArray[Any], most: int) -> NDArray[np.int64]:
    """(n, most) places of the lowest values of each row, the lowest first."""
    most = min(most, values.shape[1])
    if not most:
        return np.empty((len(values), 0), np.int64)
    places = np.argpartition(values, most - 1, axis=1)[:, :most]
    order = np.lexsort((places, np.take_along_axis(values, places, axis=1)), axis=1)
    return np.take_along_axis(places, order, axis=1)


def _median_level(pred_probs: NDArray[np.float64]) -> NDArray[np.int64]:
    found: NDArray[np.int64] = (np.cumsum(pred_probs, axis=1) >= 0.5).argmax(axis=1)
    return found
