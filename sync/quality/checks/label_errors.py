"""Label errors in categorical controls, by confident learning.

A classifier that never saw a record's label predicts it from the embeddings of prompt and answer;
cleanlab then tells which given labels it can't believe (Northcutt et al. 2021,
https://arxiv.org/abs/1911.00068). Where the labels do not follow from the texts at all, such a
classifier would accuse half of them, so a control that can't be predicted is skipped and said.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pyarrow as pa

from connectors.reading import Embeddings
from sync.quality.checks.check import CheckResult, Finding, FindingSeverity, WorkToCheck
from sync.quality.checks.confident_learning import (
    LabelError,
    find_label_errors,
    out_of_sample_probabilities,
    skill,
)

# fewer labels than this in all say nothing about any one of them (ours)
MIN_LABELS = 30
# one in each of the five folds
MIN_PER_CLASS = 5
# share of the log loss that the texts must explain; shuffled labels give -0.2 to 0
# (see tests/sync/quality/checks/test_label_errors.py)
MIN_SKILL = 0.1

_JUDGED = pa.schema(
    [
        ("explained", pa.float64()),
        (
            "found",
            pa.list_(
                pa.struct(
                    [
                        ("index", pa.int64()),
                        ("suggested", pa.int64()),
                        ("quality", pa.float64()),
                        ("confidence", pa.float64()),
                    ]
                )
            ),
        ),
    ]
)


def check(work: WorkToCheck) -> CheckResult:
    """Judge each control that holds categorical labels, and each kind of category."""
    by_control: dict[str, dict[int, str]] = {}
    for i, record in enumerate(work.labelled.records):
        labels = work.interface.labels(record.record)
        for control, label in {**record.categories, **labels}.items():
            by_control.setdefault(control, {})[i] = label
    asked = [_question(control, labels) for control, labels in sorted(by_control.items())]
    judged = work.engine.map_batches(
        (question.batch() for question in asked if question.has_enough()),
        _Judging(work.prompts, work.answers),
    )
    outcomes = [
        _outcome(work, question, next(judged)) if question.has_enough() else question.too_few()
        for question in asked
    ]
    return CheckResult(
        tuple(finding for outcome in outcomes for finding in outcome.findings),
        tuple(skip for outcome in outcomes for skip in outcome.skips),
    )


@dataclass(frozen=True)
class _Question:
    """A control's labels.

    Attributes:
        counts: of every label.
        classes: those that are frequent enough.
        rows: of the records that have one of these; `given`: which one, as an index.
    """

    control: str
    counts: Mapping[str, int]
    classes: Sequence[str]
    rows: Sequence[int]
    given: Sequence[int]

    def has_enough(self) -> bool:
        return len(self.classes) >= 2 and len(self.rows) >= MIN_LABELS

    def batch(self) -> pa.Table:
        return pa.table({"row": list(self.rows), "given": list(self.given)})

    def too_few(self) -> CheckResult:
        have = ", ".join(f"{label!r} ({n})" for label, n in sorted(self.counts.items()))
        return CheckResult(
            skips=(
                f"{self.control}: too few labels to judge, left out; it needs {MIN_LABELS} in at "
                f"least 2 labels with {MIN_PER_CLASS} examples each, and has {have}",
            )
        )

    def left_out(self) -> list[str]:
        rare = [f"{label!r} ({n})" for label, n in sorted(self.counts.items()) if n < MIN_PER_CLASS]
        if not rare:
            return []
        return [f"{self.control}: {', '.join(rare)} left out; each needs {MIN_PER_CLASS} examples"]


def _question(control: str, labels: Mapping[int, str]) -> _Question:
    counts = Counter(labels.values())
    classes = sorted(label for label, n in counts.items() if n >= MIN_PER_CLASS)
    rows = [i for i, label in labels.items() if label in classes]
    return _Question(control, counts, classes, rows, [classes.index(labels[i]) for i in rows])


@dataclass(frozen=True)
class _Judging:
    """Batch of one control's `row` and `given` -> one row: `explained` and `found`.

    Attributes:
        prompts, answers: of all records.
    """

    prompts: Embeddings
    answers: Embeddings

    def __call__(self, batch: pa.Table) -> pa.Table:
        rows, given = batch["row"].to_numpy(), batch["given"].to_numpy()
        features = np.hstack([self.prompts[rows], self.answers[rows]])
        pred_probs = out_of_sample_probabilities(features, given)
        explained = skill(given, pred_probs)
        can_tell = explained >= MIN_SKILL
        found = find_label_errors(given, pred_probs) if can_tell else []
        return pa.Table.from_pylist(
            [{"explained": explained, "found": [asdict(error) for error in found]}], schema=_JUDGED
        )


def _outcome(work: WorkToCheck, question: _Question, judged: pa.Table) -> CheckResult:
    explained: float = judged["explained"][0].as_py()
    skips = question.left_out()
    if explained < MIN_SKILL:
        skips.append(
            f"{question.control}: prompt and answer explain {max(explained, 0.0):.0%} of its "
            f"labels ({MIN_SKILL:.0%} needed), so errors in it can't be told; left out"
        )
    errors = [LabelError(**fields) for fields in judged["found"][0].as_py()]
    return CheckResult(tuple(_finding(work, question, error) for error in errors), tuple(skips))


def _finding(work: WorkToCheck, question: _Question, error: LabelError) -> Finding:
    record = work.labelled.records[question.rows[error.index]]
    given = question.classes[question.given[error.index]]
    suggested = question.classes[error.suggested]
    message = (
        f"{question.control} is {given!r}, but texts like this are {suggested!r} "
        f"({error.confidence:.0%} to {error.quality:.0%})"
    )
    severity: FindingSeverity = "warning" if error.confidence >= 0.5 else "info"
    labels = {"control": question.control, "given": given, "suggested": suggested}
    return work.finding(record, "label_error", severity, error.quality, message, **labels)
