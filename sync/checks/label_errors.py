"""Label errors in categorical controls, by confident learning.

A classifier that never saw a record's label predicts it from the embeddings of prompt and answer;
cleanlab then tells which given labels it can't believe (Northcutt et al. 2021,
https://arxiv.org/abs/1911.00068). Where the labels do not follow from the texts at all, such a
classifier would accuse half of them, so a control that can't be predicted is skipped and said.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connectors.embedding import Embeddings
from sync.checks.finding import Finding, Outcome, Work

# fewer labels than this in all say nothing about any one of them (ours)
MIN_LABELS = 30
# one in each of the five folds
MIN_PER_CLASS = 5
FOLDS = 5
# share of the log loss that the texts must explain; shuffled labels give -0.2 to 0
# (see tests/sync/checks/test_label_errors.py)
MIN_SKILL = 0.1
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


def check(work: Work) -> Outcome:
    """Judge each control that holds categorical labels, and each kind of category."""
    by_control: dict[str, dict[int, str]] = {}
    for i, record in enumerate(work.labelled.records):
        labels = work.interface.labels(record.record)
        for control, label in {**record.categories, **labels}.items():
            by_control.setdefault(control, {})[i] = label
    outcomes = [_check_control(work, c, labels) for c, labels in sorted(by_control.items())]
    return Outcome(
        tuple(finding for outcome in outcomes for finding in outcome.findings),
        tuple(skip for outcome in outcomes for skip in outcome.skips),
    )


def _check_control(work: Work, control: str, labels: Mapping[int, str]) -> Outcome:
    counts = Counter(labels.values())
    classes = sorted(label for label, n in counts.items() if n >= MIN_PER_CLASS)
    skips = [_left_out(control, counts)] if len(classes) < len(counts) else []
    rows = [i for i, label in labels.items() if label in classes]
    if len(classes) < 2 or len(rows) < MIN_LABELS:
        return Outcome(skips=(_too_few(control, counts),))
    given = np.array([classes.index(labels[i]) for i in rows])
    features = np.hstack([work.prompts[rows], work.answers[rows]])
    pred_probs = out_of_sample_probabilities(features, given)
    explained = skill(given, pred_probs)
    if explained < MIN_SKILL:
        skips.append(
            f"{control}: prompt and answer explain {max(explained, 0.0):.0%} of its labels "
            f"({MIN_SKILL:.0%} needed), so errors in it can't be told; left out"
        )
        return Outcome(skips=tuple(skips))
    return Outcome(
        tuple(
            _finding(work, control, rows[found.index], classes, int(given[found.index]), found)
            for found in find_label_errors(given, pred_probs)
        ),
        tuple(skips),
    )


def out_of_sample_probabilities(
    features: Embeddings, labels: NDArray[np.int64]
) -> NDArray[np.float64]:
    """(n, n_classes) probabilities for each row from a model that did not see it; deterministic.

    Args:
        features: (n, dim).
        labels: (n,) class indices from 0, each class at least `FOLDS` times.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    model = LogisticRegression(C=REGULARIZATION_C, max_iter=1000)
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


def _finding(
    work: Work, control: str, row: int, classes: Sequence[str], given: int, error: LabelError
) -> Finding:
    record = work.labelled.records[row]
    suggested = classes[error.suggested]
    return Finding(
        kind="label_error",
        severity="warning" if error.confidence >= 0.5 else "info",
        task_id=record.task_id,
        annotation_id=record.annotation_id,
        control=control,
        given=classes[given],
        suggested=suggested,
        score=error.quality,
        message=(
            f"{control} is {classes[given]!r}, but texts like this are {suggested!r} "
            f"({error.confidence:.0%} to {error.quality:.0%})"
        ),
        url=work.url_of(record.task_id),
    )


def _left_out(control: str, counts: Mapping[str, int]) -> str:
    rare = [f"{label!r} ({n})" for label, n in sorted(counts.items()) if n < MIN_PER_CLASS]
    return f"{control}: {', '.join(rare)} left out; each needs {MIN_PER_CLASS} examples"


def _too_few(control: str, counts: Mapping[str, int]) -> str:
    have = ", ".join(f"{label!r} ({n})" for label, n in sorted(counts.items()))
    return (
        f"{control}: too few labels to judge, left out; it needs {MIN_LABELS} in at least 2 labels "
        f"with {MIN_PER_CLASS} examples each, and has {have}"
    )
