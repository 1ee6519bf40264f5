"""Labels of tasks that several annotators labelled: the consensus, and where to ask another one."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sync.quality.agreement.crowdlab import CrowdLabels, crowd_labels, votes_of
from sync.quality.checks.check import CheckResult, Finding, WorkToCheck
from sync.quality.checks.label_questions import LabelQuestion

# from which on the consensus is to be believed: it is rather right than wrong
BELIEVED = 0.5


@dataclass(frozen=True)
class SharedVotes:
    """A question's records that others labelled, too.

    Attributes:
        places: of them among the question's rows.
        pred_probs: (n, n_classes): of a classifier that saw none of them.
    """

    question: LabelQuestion
    places: tuple[int, ...]
    pred_probs: NDArray[np.float64]


def settled(work: WorkToCheck, shared: SharedVotes, told: set[int | None]) -> CheckResult:
    """What the consensus says against the labels that count; nothing of stars and several labels.

    Args:
        told: tasks whose label is doubted already.
    """
    question = shared.question
    if question.ordered or question.label is not None or not shared.places:
        return CheckResult()
    votes = list(_votes(work, shared))
    annotators, table = votes_of(votes)
    crowd = crowd_labels(table, shared.pred_probs)
    if crowd is None:
        return CheckResult()
    findings = tuple(
        finding
        for at in range(len(votes))
        for finding in [_finding(work, shared, crowd, at, votes[at])]
        if finding is not None and finding.task_id not in told
    )
    people = [
        {"annotator": name, "quality": None if np.isnan(quality) else round(float(quality), 4)}
        for name, quality in zip(annotators, crowd.annotator_quality, strict=True)
    ]
    asked = np.argsort(crowd.ask_next, kind="stable")
    tasks = [_record(work, shared, int(at)).task_id for at in asked]
    return CheckResult(
        findings,
        figures={"control": question.control, "annotators": people, "ask_next": tasks[:100]},
    )


def _votes(work: WorkToCheck, shared: SharedVotes) -> Iterator[list[tuple[int | None, int]]]:
    """Of each shared record who gave which class; the one that counts where nobody else did."""
    question = shared.question
    of_task = {task.task_id: task for task in work.shared.tasks}
    place: dict[Any, int] = {label: at for at, label in enumerate(question.classes)}
    for at in shared.places:
        record = work.labelled.records[question.rows[at]]
        given = [
            (each.annotator, place[each.values[question.control].value])
            for each in of_task[record.task_id].annotations
            if question.control in each.values and each.values[question.control].value in place
        ]
        yield given or [(record.completed_by, question.given[at])]


def _finding(
    work: WorkToCheck,
    shared: SharedVotes,
    crowd: CrowdLabels,
    at: int,
    votes: list[tuple[int | None, int]],
) -> Finding | None:
    """About a label that the consensus speaks against, or that nothing settles."""
    classes, control = shared.question.classes, shared.question.control
    given = shared.question.given[shared.places[at]]
    suggested, quality = int(crowd.labels[at]), float(crowd.quality[at])
    if len({label for _, label in votes}) < 2:
        return None
    # who said it stays open: a blind review shows findings, too
    said = ", ".join(f"{classes[c]!r} {n}" for c, n in Counter(c for _, c in votes).most_common())
    record = _record(work, shared, at)
    labels = {"control": control, "given": classes[given]}
    if quality < BELIEVED:
        message = f"{control}: nothing settles who is right ({said}); have another one annotate it"
        score = float(np.clip(crowd.ask_next[at], 0.0, 1.0))
        return work.finding(record, "label_error", "info", score, message, **labels)
    if suggested == given:
        return None
    message = (
        f"{control} is {classes[given]!r}, but annotators by how reliable they are, and texts like "
        f"this, say {classes[suggested]!r} ({quality:.0%} likely; {said})"
    )
    labels["suggested"] = classes[suggested]
    return work.finding(record, "label_error", "warning", 1 - quality, message, **labels)


def _record(work: WorkToCheck, shared: SharedVotes, at: int) -> Any:
    return work.labelled.records[shared.question.rows[shared.places[at]]]
