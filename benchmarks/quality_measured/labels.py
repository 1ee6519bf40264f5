"""Wrong labels among BANKING77's: ours beside plain cleanlab, neighbours and chance.

A tenth of the labels is moved to the class that is most easily confused with the right one, which
is told by words (TF-IDF), not by the vectors that errors are then looked for in. Nothing is chosen
by these questions: they are the test file and the second half of each class of the train file.
"""

import csv
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.ranked.figures import auprc
from connectors.reading import Embeddings
from sync.quality.checks.confident_learning import (
    FOLDS,
    find_label_errors,
    label_quality,
    out_of_sample,
    out_of_sample_probabilities,
    supporting_rows,
)
from sync.quality.checks.grouped_folds import grouped_folds, near_duplicate_groups

TRAIN, TEST = "banking77_train.csv", "banking77_test.csv"
MOVED = 0.1
SEEDS = 3
NEIGHBOURS = 10

Labels = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Doubts:
    """What a method says of labels.

    Attributes:
        doubted: (n,) those that it takes for wrong.
        quality: (n,) low = look at this first.
        suggested: (n,) class, where it suggests one.
        seconds: of all processors together.
    """

    doubted: Flags
    quality: NDArray[np.float64]
    seconds: float
    suggested: Labels | None = None


@dataclass(frozen=True)
class Wrong:
    """Labels of which some were moved."""

    given: Labels
    right: Labels
    texts: Sequence[str]

    @property
    def moved(self) -> Flags:
        """Those that are wrong."""
        return self.given != self.right


def questions(data: Path) -> tuple[list[str], list[str]]:
    """Texts and labels that are reported on: the test file, and half of each class of the other."""
    texts, labels = _rows(data / TEST)
    by_class: dict[str, list[str]] = defaultdict(list)
    for text, label in zip(*_rows(data / TRAIN), strict=True):
        by_class[label].append(text)
    for label, some in sorted(by_class.items()):
        second = some[len(some) // 2 :]
        texts += second
        labels += [label] * len(second)
    return texts, labels


def _rows(path: Path) -> tuple[list[str], list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    return [row["text"] for row in rows], [row["category"] for row in rows]


def with_moved(texts: Sequence[str], labels: Sequence[str], seed: int) -> Wrong:
    """A tenth of the labels is that of the class whose words are most alike."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    classes, right = np.unique(labels, return_inverse=True)
    words = TfidfVectorizer(sublinear_tf=True).fit_transform(texts)
    centres = np.array(
        [np.asarray(words[right == i].mean(axis=0)).ravel() for i in range(len(classes))]
    )
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    alike = centres @ centres.T
    np.fill_diagonal(alike, -1.0)
    nearest = alike.argmax(axis=1)
    draws = np.random.default_rng(seed)
    chosen = draws.choice(len(right), round(MOVED * len(right)), replace=False)
    given = right.copy()
    given[chosen] = nearest[right[chosen]]
    return Wrong(given.astype(np.int64), right.astype(np.int64), texts)


def ours(features: Embeddings, wrong: Wrong) -> Doubts:
    """As `labeltune check` does it: near-duplicates kept in one fold, errors left out of a second
    round, and evidence looked up.
    """
    started = process_time()
    folds = grouped_folds(wrong.given, near_duplicate_groups(features), FOLDS)
    seen = out_of_sample(features, wrong.given, folds)
    first = find_label_errors(wrong.given, seen.pred_probs)
    probabilities = seen.without(np.array([error.index for error in first], dtype=np.int64))
    errors = find_label_errors(wrong.given, probabilities, doubted=first)
    quality = label_quality(wrong.given, probabilities)
    supporting_rows(features, wrong.given, probabilities, errors)
    seconds = process_time() - started
    doubted = np.zeros(len(wrong.given), dtype=bool)
    suggested = wrong.given.copy()
    for error in errors:
        doubted[error.index] = True
        suggested[error.index] = error.suggested
    return Doubts(doubted, quality, seconds, suggested)


def same_classifier(features: Embeddings, wrong: Wrong) -> Doubts:
    """cleanlab's functions on our classifier's probabilities, of folds that ignore near-duplicates.

    What ours adds to the run time is told beside this.
    """
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    started = process_time()
    probabilities = out_of_sample_probabilities(features, wrong.given)
    doubted = find_label_issues(wrong.given, probabilities, n_jobs=1)
    quality = get_label_quality_scores(wrong.given, probabilities)
    seconds = process_time() - started
    return Doubts(doubted, quality, seconds, probabilities.argmax(axis=1))


def plain_cleanlab(features: Embeddings, wrong: Wrong) -> Doubts:
    """cleanlab as its guide shows it, with scikit-learn's logistic regression."""
    from cleanlab.classification import CleanLearning
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    started = process_time()
    model = LogisticRegression(max_iter=1000)
    learning = CleanLearning(
        model, cv_n_folds=FOLDS, seed=0, find_label_issues_kwargs={"n_jobs": 1}
    )
    with threadpool_limits(limits=1):
        found = learning.find_label_issues(features, wrong.given)
    seconds = process_time() - started
    return Doubts(
        found["is_label_issue"].to_numpy(dtype=bool),
        found["label_quality"].to_numpy(dtype=float),
        seconds,
        found["predicted_label"].to_numpy(dtype=np.int64),
    )


def neighbours(features: Embeddings, wrong: Wrong) -> Doubts:
    """Most of the nearest questions have another label."""
    started = process_time()
    share = np.empty(len(wrong.given))
    for start in range(0, len(features), 1024):
        alike = features[start : start + 1024] @ features.T
        alike[np.arange(len(alike)), np.arange(start, start + len(alike))] = -1.0
        nearest = np.argpartition(-alike, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
        same = wrong.given[nearest] == wrong.given[start : start + len(alike), None]
        share[start : start + len(alike)] = same.mean(axis=1)
    return Doubts(share < 0.5, share, process_time() - started)


def at_random(features: Embeddings, wrong: Wrong) -> Doubts:
    """As many as are wrong, drawn blindly."""
    draws = np.random.default_rng(len(features))
    quality = draws.random(len(wrong.given))
    return Doubts(quality < MOVED, quality, 0.0)


METHODS: Mapping[str, Callable[[Embeddings, Wrong], Doubts]] = {
    "ours": ours,
    "plain_cleanlab": plain_cleanlab,
    "same_classifier": same_classifier,
    "neighbours": neighbours,
    "random": at_random,
}


def measured(
    data: Path, embedded: Callable[[Sequence[str]], Embeddings], seeds: int = SEEDS
) -> dict[str, Any]:
    """Every method's figures, by name: means over the seeds, and each seed's."""
    texts, labels = questions(data)
    features = embedded(texts)
    found: dict[str, list[dict[str, float]]] = {name: [] for name in METHODS}
    for seed in range(seeds):
        wrong = with_moved(texts, labels, seed)
        for name, method in METHODS.items():
            found[name].append(figures(method(features, wrong), wrong))
    means = {
        name: {key: round(float(np.mean([one[key] for one in rows])), 4) for key in rows[0]}
        for name, rows in found.items()
    }
    mine, plain, bare = (means[name] for name in ("ours", "plain_cleanlab", "same_classifier"))
    return {
        "questions": len(texts),
        "classes": len(set(labels)),
        "moved": round(MOVED * len(texts)),
        "seeds": seeds,
        "methods": means,
        "by_seed": found,
        "auprc_vs_cleanlab": round(mine["auprc"] - plain["auprc"], 4),
        "overhead": round(mine["seconds"] / bare["seconds"] - 1, 3),
        "overhead_vs_plain_cleanlab": round(mine["seconds"] / plain["seconds"] - 1, 3),
    }


def figures(doubts: Doubts, wrong: Wrong) -> dict[str, float]:
    """Recall, precision, AUPRC, seconds, and how often the right label was suggested."""
    hit = doubts.doubted & wrong.moved
    made = {
        "recall": hit.sum() / wrong.moved.sum(),
        "precision": hit.sum() / max(doubts.doubted.sum(), 1),
        "auprc": auprc(doubts.quality, wrong.moved),
        "seconds": doubts.seconds,
    }
    if doubts.suggested is not None and hit.any():
        made["suggested_right"] = (doubts.suggested[hit] == wrong.right[hit]).mean()
    return {name: round(float(value), 4) for name, value in made.items()}
