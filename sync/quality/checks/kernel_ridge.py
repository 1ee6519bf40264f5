"""Kernel ridge regression of classes on vectors, with each fold left out in turn.

The kernel is Gaussian on vectors of length 1; the function that is sought lies in the span of a
sample of rows (the Nyström method: Williams and Seeger, 2000, in the form of Smola and Schölkopf's
subset of regressors), so the time grows with the rows and not with their square. Sums over the rows
of each fold are kept: a fold, or some rows, are left out by subtraction. Folds are computed side by
side, each on one core, so that the sums are the same bits however many cores there are.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from connectors.reading import Embeddings
from sync.quality.checks.nearest_rows import sample_of

# rows whose span the function lies in; chosen on the half of BANKING77 that no benchmark reports
LANDMARKS = 1_200
# of the kernel exp(-WIDTH * (1 - cosine)); half of it does as well, more of it does worse beside
# answers that tell nothing
WIDTH = 1.0
# keeps landmarks that are alike, or lie in a few dimensions, from making the system singular
_JITTER = 1e-5
_BLOCK = 4_096
# values of the kernel that are kept between rounds: 240 MB; of more rows they are computed anew
_KEPT = 60_000_000

Sums = tuple[NDArray[np.float64], ...]
_Item = TypeVar("_Item")
_Made = TypeVar("_Made")


@dataclass(frozen=True)
class CrossValidatedRidge:
    """What is needed to score rows by a model that has not learnt from their fold.

    Attributes:
        kernel: of each row with the landmarks, in whose span the function lies.
        wanted: (n, n_classes), 1.0 for the label of each.
        folds: (n,): of each row.
        sums: of each fold, see `_sums`.
    """

    kernel: "LandmarkKernel"
    wanted: NDArray[np.float64]
    folds: NDArray[np.int64]
    sums: Sequence[Sums]

    @classmethod
    def of(
        cls, kernel: "LandmarkKernel", labels: NDArray[np.int64], folds: NDArray[np.int64]
    ) -> "CrossValidatedRidge":
        """Sum up every fold.

        Args:
            kernel: of the rows.
            labels: (n,) class indices from 0.
            folds: (n,).
        """
        wanted = np.eye(int(labels.max()) + 1)[labels]
        every = range(int(folds.max()) + 1)
        sums = _side_by_side(
            lambda fold: _sums(kernel, wanted, np.flatnonzero(folds == fold)), every
        )
        return cls(kernel, wanted, folds, sums)

    def scores(
        self,
        ridges: Sequence[float],
        folds: Sequence[int] | None = None,
        without: NDArray[np.int64] | None = None,
    ) -> list[NDArray[np.float64]]:
        """For each ridge (n, n_classes) scores of rows whose fold was left out.

        Args:
            ridges: each above 0; more makes the function flatter.
            folds: of the rows to score, the others stay 0; by default all.
            without: rows that nothing is learnt from, though they are scored.
        """
        from scipy.linalg import cho_factor, cho_solve

        sums = self.sums if without is None else self._reduced(without)
        total = tuple(sum(each) for each in zip(*sums, strict=True))
        exact = self.kernel.landmarks.astype(np.float64)
        penalty = _kernel(exact, exact) + _JITTER * np.eye(len(exact))
        found = [np.zeros(self.wanted.shape) for _ in ridges]

        def score(fold: int) -> None:
            gram, products, features, classes, rows = (
                whole - part for whole, part in zip(total, sums[fold], strict=True)
            )
            # the mean is taken off both sides, so that the share of a class is not penalised
            gram -= np.outer(features, features) / rows
            products -= np.outer(features, classes) / rows
            weights = [
                cho_solve(cho_factor(gram + ridge * penalty, overwrite_a=True), products)
                for ridge in ridges
            ]
            out = np.flatnonzero(self.folds == fold)
            for start in range(0, len(out), _BLOCK):
                some = out[start : start + _BLOCK]
                values = self.kernel.at(some)
                for weight, scores in zip(weights, found, strict=True):
                    scores[some] = values @ weight + (classes - features @ weight) / rows

        _side_by_side(score, range(len(sums)) if folds is None else folds)
        return found

    def _reduced(self, without: NDArray[np.int64]) -> list[Sums]:
        def reduced(fold: int) -> Sums:
            rows = without[self.folds[without] == fold]
            less = _sums(self.kernel, self.wanted, rows)
            return tuple(whole - part for whole, part in zip(self.sums[fold], less, strict=True))

        return _side_by_side(reduced, range(len(self.sums)))


@dataclass(frozen=True)
class LandmarkKernel:
    """The kernel of rows with landmarks, computed once where it is not too much to keep.

    Attributes:
        features: (n, dim), rows of length 1.
        landmarks: (m, dim), likewise.
        kept: (n, m), or None.
    """

    features: Embeddings
    landmarks: Embeddings
    kept: Embeddings | None = None

    @classmethod
    def of(cls, features: Embeddings) -> "LandmarkKernel":
        """The kernel of rows with a sample of them; it can serve several sets of labels.

        Args:
            features: (n, dim), of any length.
        """
        lengths = np.linalg.norm(features, axis=1, keepdims=True)
        unit = (features / np.maximum(lengths, 1e-12)).astype(np.float32)
        landmarks = unit[sample_of(len(unit), LANDMARKS)]
        if len(unit) * len(landmarks) > _KEPT:
            return cls(unit, landmarks)
        kept = np.empty((len(unit), len(landmarks)), dtype=np.float32)

        def fill(start: int) -> None:
            kept[start : start + _BLOCK] = _kernel(unit[start : start + _BLOCK], landmarks)

        _side_by_side(fill, range(0, len(unit), _BLOCK))
        return cls(unit, landmarks, kept)

    def at(self, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """(len(rows), m): of these rows, in single precision."""
        if self.kept is None:
            return _kernel(self.features[rows], self.landmarks).astype(np.float64)
        return self.kept[rows].astype(np.float64)


def _sums(kernel: LandmarkKernel, wanted: NDArray[np.float64], rows: NDArray[np.int64]) -> Sums:
    """Over rows: kernel by kernel, kernel by class, kernel, class, and how many they are."""
    m, n_classes = len(kernel.landmarks), wanted.shape[1]
    gram, products, whole = np.zeros((m, m)), np.zeros((m, n_classes)), np.zeros(m)
    for start in range(0, len(rows), _BLOCK):
        some = rows[start : start + _BLOCK]
        values = kernel.at(some)
        gram += values.T @ values
        products += values.T @ wanted[some]
        whole += values.sum(axis=0)
    return gram, products, whole, wanted[rows].sum(axis=0), np.asarray(float(len(rows)))


def _kernel(rows: NDArray[Any], landmarks: NDArray[Any]) -> NDArray[Any]:
    """In the precision of what it is given."""
    values: NDArray[Any] = rows @ landmarks.T
    values -= 1.0
    values *= WIDTH
    np.exp(values, out=values)
    return values


def _side_by_side(made: Callable[[_Item], _Made], items: Iterable[_Item]) -> list[_Made]:
    """What is made of each item, in order; numpy lets go of the interpreter while it computes."""
    from joblib import Parallel, cpu_count, delayed

    found: list[_Made] = Parallel(cpu_count(), prefer="threads")(
        delayed(made)(item) for item in items
    )
    return found
