"""Questions that two people answered, each in a task of its own: did they say the same?

Contradictions are told pair by pair, whoever wrote them; here is how often people differ, beside
how often one person differs from himself, and where they gave one question different labels.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sync.common.same_text import as_read
from sync.common.task_texts import user_text
from sync.compute.similarity import Pairs, near_pairs, sketched
from sync.quality.checks.check import CheckResult, Finding, FindingSeverity, WorkToCheck
from sync.quality.checks.near_prompts import SAME_ANSWER, SAME_PROMPT
from sync.quality.checks.shares import interval, told
from sync.records import LabelledRecord

KIND = "answered_twice"
_SHOWN = 5


@dataclass(frozen=True)
class AnsweredTwiceOptions:
    """When people differ too often.

    Attributes:
        differ: the share of questions that people may answer otherwise.
        questions: asked of two people, at least; fewer say nothing of how often.
    """

    differ: float = 0.1
    questions: int = 10


class _Nearest:
    """Of each row the other row that asks most nearly the same."""

    def __init__(self, n: int) -> None:
        self.other = np.full(n, -1, np.int64)
        self.similarity = np.full(n, -np.inf)

    def look(
        self, rows: NDArray[np.int64], others: NDArray[np.int64], similarity: NDArray[np.float64]
    ) -> None:
        order = np.lexsort((others, -similarity, rows))
        row, place = np.unique(rows[order], return_index=True)
        found = order[place]
        nearer = similarity[found] > self.similarity[row]
        self.other[row[nearer]] = others[found[nearer]]
        self.similarity[row[nearer]] = similarity[found[nearer]]


def check(work: WorkToCheck) -> CheckResult:
    """Compare each question with the nearest that somebody else answered, and that one's own."""
    records = work.labelled.records
    people = [record.completed_by for record in records]
    if len({one for one in people if one is not None}) < 2:
        return CheckResult()
    by = np.array([-1 if one is None else one for one in people], np.int64)
    others, own = _Nearest(len(records)), _Nearest(len(records))
    everything = np.arange(len(records))
    known = everything[by >= 0]
    for near in _near(work, known):
        same = by[near.first] == by[near.second]
        for nearest, those in ((own, same), (others, ~same)):
            pair = near.first[those], near.second[those]
            nearest.look(*pair, near.similarity[those])
            nearest.look(*pair[::-1], near.similarity[those])
    return _result(work, others, own)


def _near(work: WorkToCheck, known: NDArray[np.int64]) -> Iterator[Pairs]:
    """Pairs of these rows that ask the same."""
    if work.near_prompts is None:
        yield from near_pairs([sketched(work.prompts)], known, known, SAME_PROMPT)
        return
    near = work.near_prompts.among(known, SAME_PROMPT)
    yield Pairs(known[near.first], known[near.second], near.similarity)


def _result(work: WorkToCheck, others: _Nearest, own: _Nearest) -> CheckResult:
    options = work.options.of(KIND, AnsweredTwiceOptions)
    findings = list(_of_labels(work, others))
    asked, differ = _differing(work, others)
    if not work.interface.answers_compare or not len(asked):
        return CheckResult(tuple(findings))
    said = (
        f"questions that two people answered: {told(len(differ), len(asked))} of their answers "
        "say something else"
    )
    alone, differ_alone = _differing(work, own)
    if len(alone):
        said += f"; of those that one person answered twice, {told(len(differ_alone), len(alone))}"
    figures = {"answers": len(asked), "differ": len(differ)}
    figures |= {"answers_of_one": len(alone), "differ_of_one": len(differ_alone)}
    low, _ = interval(len(differ), len(asked))
    if len(asked) < options.questions or low <= options.differ:
        return CheckResult(tuple(findings), notes=(said[0].upper() + said[1:],), figures=figures)
    message = f"{said}: guidelines leave it open; decide these cases and write the rule down"
    tasks = tuple(work.labelled.records[i].task_id for i in differ[:_SHOWN].tolist())
    score = round(1 - len(differ) / len(asked), 4)
    findings.append(work.set_finding(KIND, "warning", score, message, tasks=tasks))
    return CheckResult(tuple(findings), figures=figures)


def _differing(work: WorkToCheck, nearest: _Nearest) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows with an accepted answer whose like has one, too; and those where they differ."""
    records = work.labelled.records
    accepted = np.array(
        [
            i not in work.unread_answers
            and work.interface.accepted_answer(r.record, r.data) is not None
            for i, r in enumerate(records)
        ]
    )
    rows = np.flatnonzero((nearest.other >= 0) & accepted)
    rows = rows[accepted[nearest.other[rows]]]
    # what the context explains is no difference between people
    alike = [
        records[i].data.get("context") == records[nearest.other[i]].data.get("context")
        for i in rows.tolist()
    ]
    rows = rows[np.array(alike, bool)] if len(rows) else rows
    agree = np.einsum("ij,ij->i", work.answers[rows], work.answers[nearest.other[rows]])
    worst = np.argsort(agree, kind="stable")
    return rows, rows[worst][agree[worst] < SAME_ANSWER]


def _of_labels(work: WorkToCheck, nearest: _Nearest) -> Iterator[Finding]:
    """The later of two tasks whose categories differ, by control."""
    records = work.labelled.records
    seen: set[tuple[int, int, str]] = set()
    for i in np.flatnonzero(nearest.other >= 0).tolist():
        first, later = sorted(
            (records[i], records[nearest.other[i]]), key=lambda r: (r.updated_at, r.task_id)
        )
        mine, theirs = _categories(work, later), _categories(work, first)
        for control in sorted(mine.keys() & theirs.keys()):
            pair = (first.task_id, later.task_id, control)
            if mine[control] == theirs[control] or pair in seen:
                continue
            seen.add(pair)
            same = as_read(user_text(first.data)) == as_read(user_text(later.data))
            severity: FindingSeverity = "warning" if same else "info"
            message = (
                f"asks what task {first.task_id} asks (similarity {nearest.similarity[i]:.2f}); "
                f"annotator {later.completed_by} says {control} is {mine[control]!r}, annotator "
                f"{first.completed_by} {theirs[control]!r}; agree on one"
            )
            yield work.finding(
                later,
                KIND,
                severity,
                0.3 if same else 0.6,
                message,
                control=control,
                given=mine[control],
                suggested=theirs[control],
                related_task_id=first.task_id,
            )


def _categories(work: WorkToCheck, record: LabelledRecord) -> dict[str, str]:
    chosen = work.interface.labels(record.record)
    controls = work.interface.category_controls
    own = {name: chosen[name] for name in controls if name in chosen}
    return {**record.categories, **own}
