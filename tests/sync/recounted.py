"""A table with every kind of task, and its figures counted from the rows by other means.

Nothing here uses what LabelTune counts with: result items are read as JSON, distances by the
textbook, so that two ways of counting are held against each other.
"""

import json
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sync.table.task_rows import Annotation, Prediction, TaskRow
from tests.sync.builders import annotation, drafted, result, reviewed, task_row

DRAFT = "Abroad, the card costs nothing."
LITTLE = "Abroad, your card costs nothing."
MUCH = "We charge two percent of what you pay in another currency."

Case = Callable[[int], tuple[TaskRow, TaskRow | None]]


def _row(task_id: int, answers: Sequence[Annotation], draft: str | None, **data: Any) -> TaskRow:
    predictions = [] if draft is None else [drafted(task_id, draft)]
    told = {"messages": [{"role": "user", "content": f"May I pay abroad? Case {task_id}"}]}
    return task_row(task_id, answers, predictions, **(told | data), labeltune_id=f"q-{task_id}")


def answered(text: str, verdict: str | None, draft: str | None = DRAFT) -> Case:
    """A task with one annotation."""

    def made(task_id: int) -> tuple[TaskRow, None]:
        opened = None if draft is None else task_id
        held = annotation(task_id * 10, result(text, verdict=verdict), parent_prediction=opened)
        return _row(task_id, [held], draft), None

    return made


def twice(first: str, second: str, verdict: str) -> Case:
    """A task that two annotators finished, one after the other."""

    def made(task_id: int) -> tuple[TaskRow, None]:
        held = [
            annotation(
                task_id * 10 + at,
                result(text, verdict=verdict),
                minutes=at,
                completed_by=at + 1,
                parent_prediction=task_id,
            )
            for at, text in enumerate((first, second))
        ]
        return _row(task_id, held, DRAFT), None

    return made


def judged(text: str, verdict: str, **review: Any) -> Case:
    """A task that a reviewer looked at."""

    def made(task_id: int) -> tuple[TaskRow, TaskRow]:
        row, _ = answered(text, verdict)(task_id)
        return row, reviewed(f"q-{task_id}", text, task_id=9000 + task_id, **review)

    return made


def _untouched(task_id: int) -> tuple[TaskRow, None]:
    return _row(task_id, [], DRAFT), None


def _skipped(task_id: int) -> tuple[TaskRow, None]:
    return _row(task_id, [annotation(task_id * 10, was_cancelled=True)], DRAFT), None


def _unreadable(task_id: int) -> tuple[TaskRow, None]:
    broken = [{"from_name": "response", "type": "textarea", "value": {}}]
    return _row(task_id, [annotation(task_id * 10, broken)], DRAFT), None


CASES: dict[str, Case] = {
    "accept": answered(DRAFT, "accept"),
    "accept, line ends": answered(DRAFT + "\n", "accept"),
    "accept, but changed": answered(LITTLE, "accept"),
    "edit": answered(LITTLE, "edit"),
    "edit, mostly new": answered(MUCH, "edit"),
    "edit, but the same": answered(DRAFT, "edit"),
    "rewrite": answered(MUCH, "rewrite"),
    "rewrite, little": answered(LITTLE, "rewrite"),
    "rewrite, but the same": answered(DRAFT, "rewrite"),
    "reject, as it stood": answered(DRAFT, "reject"),
    "reject, emptied": answered("", "reject"),
    "reject, another text": answered(MUCH, "reject"),
    "emptied, edit": answered(" ", "edit"),
    "emptied, accept": answered("", "accept"),
    "no verdict, the same": answered(DRAFT, None),
    "no verdict, little": answered(LITTLE, None),
    "no verdict, new": answered(MUCH, None),
    "no draft": answered(MUCH, "accept", None),
    "no draft, rejected": answered(MUCH, "reject", None),
    "two agree": twice(LITTLE, LITTLE, "edit"),
    "two differ": twice(LITTLE, MUCH, "rewrite"),
    "approved": judged(LITTLE, "edit", decision="approve", best=0),
    "amended": judged(DRAFT, "accept", decision="amend", best=0, amended=LITTLE),
    "rejected by review": judged(LITTLE, "edit", decision="reject"),
    "skipped": _skipped,
    "unlabeled": _untouched,
    "unreadable": _unreadable,
}
_STATES = (
    "accepted", "rejected", "rejected_by_review", "incomplete", "nothing_kept",
    "skipped", "unlabeled", "unsettled", "unreadable",
)  # fmt: skip
_WORDS = {"accept": "accepted", "edit": "edited", "rewrite": "rewritten", "reject": "rejected"}


@dataclass(frozen=True)
class Counted:
    """One task as it stands in the table.

    Attributes:
        outcome: of the draft; None of a task that is not finished.
        changed: the share of the draft that is other now.
    """

    task_id: int
    state: str
    outcome: str | None = None
    verdict: str | None = None
    changed: float | None = None


def recount(rows: Sequence[TaskRow], reviews: Sequence[TaskRow]) -> list[Counted]:
    """Every task, by the rows of the answers and of their reviews."""
    verdicts = {}
    for review in reviews:
        told = {item["from_name"]: _said(item) for item in json.loads(review.annotations[0].result)}
        verdicts[json.loads(review.data)["reviewed_id"]] = told
    return [_one(row, verdicts.get(json.loads(row.data)["labeltune_id"], {})) for row in rows]


def _one(row: TaskRow, review: dict[str, str]) -> Counted:
    done = [a for a in row.annotations if not a.was_cancelled]
    if not done:
        return Counted(row.task_id, "skipped" if row.annotations else "unlabeled")
    # where two agree they say the same, so the last one stands for both
    last = max(done, key=lambda a: a.updated_at)
    items = json.loads(last.result)
    if any(not item["value"] for item in items):
        return Counted(row.task_id, "unreadable")
    told = {item["from_name"]: _said(item) for item in items}
    text, verdict = told.get("response", ""), told.get("verdict")
    if review.get("decision") == "amend":
        text, verdict = review["amended"], {"accept": "edit"}.get(verdict or "", verdict)
    state = "accepted" if text.strip() else "incomplete"
    if verdict == "reject":
        state = "rejected"
    if review.get("decision") == "reject":
        state = "rejected_by_review"
    draft = next((p for p in row.predictions if p.id == last.parent_prediction), None)
    return _with_draft(row.task_id, state, text, verdict, draft)


def _with_draft(
    task_id: int, state: str, text: str, verdict: str | None, draft: Prediction | None
) -> Counted:
    if draft is None:
        return Counted(task_id, state, "no draft", verdict)
    before = next(_said(item) for item in json.loads(draft.result))
    changed = distance(before.strip(), text.strip()) / max(len(before.strip()), len(text.strip()))
    by_text = "accepted" if not changed else "rewritten" if changed > 0.5 else "edited"
    return Counted(task_id, state, _WORDS.get(verdict or "", by_text), verdict, round(changed, 4))


def _said(item: dict[str, Any]) -> str:
    (value,) = item["value"].values()
    return str(value[0])


def distance(one: str, other: str) -> int:
    """Levenshtein's, by the textbook."""
    above = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        row = [i]
        for j, b in enumerate(other, start=1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b)))
        above = row
    return above[-1]


def work(tasks: Sequence[Counted]) -> dict[str, int]:
    """Tasks in each state."""
    found = Counter(task.state for task in tasks)
    return {state: found[state] for state in _STATES}


def drafts(tasks: Sequence[Counted]) -> dict[str, Any]:
    """What became of the drafts of finished tasks."""
    done = [task for task in tasks if task.outcome is not None]
    outcomes = Counter(task.outcome for task in done)
    names = ("accepted", "edited", "rewritten", "rejected", "no draft")
    shares = {name: [t.changed for t in done if t.outcome == name] for name in names[:-1]}
    return {
        "outcomes": {name: outcomes[name] for name in names},
        "median_changed": {
            name: round(statistics.median(s for s in some if s is not None), 4)
            for name, some in shares.items()
            if some
        },
        "by_text": sum(t.verdict is None and t.outcome != "no draft" for t in done),
        "text_speaks_against": against(done),
    }


def against(tasks: Sequence[Counted]) -> dict[str, int]:
    """Verdicts that the texts speak against."""
    found: Counter[str] = Counter()
    for task in tasks:
        if task.verdict is None or task.changed is None:
            continue
        much = task.changed > 0.5
        told = {
            "accept": "accepted, but changed" if task.changed else "",
            "edit": "edited, but unchanged"
            if not task.changed
            else "edited, but more than half is new" * much,
            "rewrite": "rewritten, but unchanged"
            if not task.changed
            else "rewritten, but at least half stands" * (not much),
        }.get(task.verdict)
        if told:
            found[told] += 1
    return dict(found)
