"""Label errors in every control that chooses or rates, by confident learning.

A classifier that never saw a record's label, nor its near-duplicates, predicts it from the
embeddings of prompt and answer; cleanlab then tells which given labels it can't believe. Where the
labels do not follow from the texts at all, such a classifier would accuse half of them, so a
control that can't be predicted is skipped and said.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from connectors.reading import Embeddings
from sync.quality.checks.check import CheckResult, Finding, FindingSeverity, WorkToCheck
from sync.quality.checks.confident_learning import (
    FOLDS,
    LabelError,
    find_label_errors,
    label_quality,
    out_of_sample,
    skill,
    stars_quality,
    supporting_rows,
)
from sync.quality.checks.grouped_folds import (
    grouped_folds,
    near_duplicate_groups,
    seen_elsewhere,
)
from sync.quality.checks.kernel_ridge import LandmarkKernel
from sync.quality.checks.label_questions import (
    ABSENT,
    MIN_PER_CLASS,
    LabelQuestion,
    label_questions,
)
from sync.quality.checks.several_labels import SharedVotes, settled

# share of the log loss that the texts must explain; shuffled labels give at most 0.01
# (see tests/sync/quality/checks/test_label_errors.py)
MIN_SKILL = 0.1

_ERROR = pa.struct(
    [
        ("index", pa.int64()),
        ("suggested", pa.int64()),
        ("quality", pa.float64()),
        ("confidence", pa.float64()),
        ("like", pa.list_(pa.int64())),
    ]
)
_JUDGED = pa.schema(
    [
        ("explained", pa.float64()),
        ("found", pa.list_(_ERROR)),
        ("judged", pa.list_(pa.int64())),
        ("quality", pa.list_(pa.float64())),
        ("alone", pa.int64()),
        ("shared", pa.list_(pa.int64())),
        ("pred_probs", pa.list_(pa.list_(pa.float64()))),
    ]
)


def check(work: WorkToCheck) -> CheckResult:
    """Judge each control that holds labels or stars, and each kind of category."""
    records = work.labelled.records
    asked = label_questions(records, work.interface)
    ready = [question for question in asked if question.has_enough()]
    shared = {task.task_id for task in work.shared.tasks}
    rows = frozenset(i for i, record in enumerate(records) if record.task_id in shared)
    groups = (
        near_duplicate_groups(work.prompts, work.near_prompts)
        if ready
        else np.empty(0, dtype=np.int64)
    )
    judging = _Judging(work.prompts, work.answers, groups, rows)
    judged = work.engine.map_batches(
        (question.batch().append_column("ordered", _flags(question)) for question in ready),
        judging,
    )
    outcomes = [
        _outcome(work, question, next(judged))
        if question.has_enough()
        else CheckResult(skips=(question.too_few(),))
        for question in asked
    ]
    crowds = [outcome.figures for outcome in outcomes if outcome.figures]
    return CheckResult(
        tuple(finding for outcome in outcomes for finding in outcome.findings),
        tuple(skip for outcome in outcomes for skip in outcome.skips),
        figures={"crowd": crowds} if crowds else {},
        scores=tuple(score for outcome in outcomes for score in outcome.scores),
    )


def _flags(question: LabelQuestion) -> pa.Array:
    return pa.array([question.ordered] * len(question.rows))


@dataclass(frozen=True)
class _Judging:
    """Batch of one control's `row`, `given` and `ordered` -> one row of `_JUDGED`.

    Attributes:
        prompts, answers: of all records.
        groups: (n_records,): near-duplicates.
        shared: records of which other annotators said something, too.
        kernels: of the rows that were judged last, since most controls are of the same ones.
    """

    prompts: Embeddings
    answers: Embeddings
    groups: NDArray[np.int64]
    shared: frozenset[int]
    kernels: dict[bytes, LandmarkKernel] = field(default_factory=dict, repr=False, compare=False)

    def __call__(self, batch: pa.Table) -> pa.Table:
        rows, given = batch["row"].to_numpy(), batch["given"].to_numpy()
        ordered = bool(batch["ordered"][0].as_py())
        features = np.hstack([self.prompts[rows], self.answers[rows]])
        folds = grouped_folds(given, self.groups[rows], FOLDS)
        seen = out_of_sample(self._kernel(rows, features), given, folds)
        kept = np.flatnonzero(seen_elsewhere(given, folds, MIN_PER_CLASS - 1))
        pred_probs = seen.pred_probs[kept]
        features, given = features[kept], given[kept]
        explained = skill(given, pred_probs) if len(kept) else 0.0
        found = []
        is_told = explained >= MIN_SKILL
        quality: Sequence[float] | NDArray[np.float64] = ()
        if is_told:
            first = find_label_errors(given, pred_probs, ordered=ordered)
            pred_probs = seen.without(kept[[error.index for error in first]])[kept]
            errors = find_label_errors(given, pred_probs, ordered=ordered, doubted=first)
            likes = supporting_rows(features, given, pred_probs, errors)
            for error, like in zip(errors, likes, strict=True):
                told_error = asdict(error) | {"index": int(kept[error.index])}
                found.append(told_error | {"like": kept[like].tolist()})
            quality = (stars_quality if ordered else label_quality)(given, pred_probs)
        shared = [at for at, row in enumerate(rows[kept].tolist()) if row in self.shared]
        told = {
            "explained": explained,
            "found": found,
            "judged": kept if is_told else [],
            "quality": quality,
            "alone": len(rows) - len(kept),
            "shared": kept[shared],
            "pred_probs": pred_probs[shared].tolist(),
        }
        return pa.Table.from_pylist([told], schema=_JUDGED)

    def _kernel(self, rows: NDArray[np.int64], features: Embeddings) -> LandmarkKernel:
        key = rows.tobytes()
        if key not in self.kernels:
            kernel = LandmarkKernel.of(features)
            self.kernels.clear()
            self.kernels[key] = kernel
        return self.kernels[key]


def _outcome(work: WorkToCheck, question: LabelQuestion, judged: pa.Table) -> CheckResult:
    told = judged.to_pylist()[0]
    skips = question.left_out()
    if told["explained"] < MIN_SKILL:
        skips.append(
            f"{question.name}: prompt and answer explain {max(told['explained'], 0.0):.0%} of its "
            f"labels ({MIN_SKILL:.0%} needed), so errors in it can't be told; left out"
        )
    elif told["alone"]:
        skips.append(
            f"{question.name}: {told['alone']} labels left out, since nearly all texts with the "
            "same label are near-duplicates of theirs"
        )
    findings = [
        _finding(work, question, LabelError(**error), like)
        for error in told["found"]
        for like in [error.pop("like")]
    ]
    votes = SharedVotes(question, tuple(told["shared"]), np.array(told["pred_probs"]))
    crowd = settled(work, votes, {finding.task_id for finding in findings})
    return CheckResult(
        (*findings, *crowd.findings),
        tuple(skips),
        figures=crowd.figures,
        scores=tuple(
            _score(work, question, at, quality)
            for at, quality in zip(told["judged"], told["quality"], strict=True)
        ),
    )


def _score(work: WorkToCheck, question: LabelQuestion, at: int, quality: float) -> dict[str, Any]:
    """A label's quality for machines."""
    record = work.labelled.records[question.rows[at]]
    return {
        "task_id": record.task_id,
        "annotation_id": record.annotation_id,
        "control": question.control,
        "label": question.label,
        "given": question.classes[question.given[at]],
        "quality": round(quality, 6),
    }


def _finding(
    work: WorkToCheck, question: LabelQuestion, error: LabelError, like: list[int]
) -> Finding:
    records = work.labelled.records
    record = records[question.rows[error.index]]
    given = question.classes[question.given[error.index]]
    suggested = question.classes[error.suggested]
    sure = f"({error.confidence:.0%} likely)"
    if question.label is None:
        message = f"{question.control} is {given!r}, but texts like this are {suggested!r} {sure}"
    elif given == ABSENT:
        message = f"{question.control} lacks {question.label!r}, which texts like this have {sure}"
    else:
        message = f"{question.control} has {question.label!r}, which texts like this lack {sure}"
    tasks = tuple(records[question.rows[at]].task_id for at in like)
    if tasks:
        message += f"; most like it: {'tasks' if len(tasks) > 1 else 'task'} " + ", ".join(
            map(str, tasks)
        )
    severity: FindingSeverity = "warning" if error.confidence >= 0.5 else "info"
    labels = {"control": question.control, "given": given, "suggested": suggested}
    if question.label is not None:
        labels["given"] = question.label if given != ABSENT else ""
        labels["suggested"] = question.label if given == ABSENT else ""
    return work.finding(
        record, "label_error", severity, error.quality, message, tasks=tasks, **labels
    )
