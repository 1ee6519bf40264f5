"""Bring a plan to Label Studio: what comes first in the queue first, whatever happens meanwhile.

What is written is on record before. A run that is cut short leaves a record of what may stand in
Label Studio, and the next one goes on from there.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Protocol

from connectors.errors import LabelStudioError
from sync.common.chunks import chunked
from sync.common.json_text import Json
from sync.common.terminal import ShowProgress
from sync.queue.notes import Fields
from sync.queue.plan import QueuePlan
from sync.queue.stored_scores import StoredScore, read_scores, store_scores
from sync.table.data_folder import DataFolder

# tasks whose data is read at once, so that little time passes until it is written
_CHUNK = 40
# writes at once; Label Studio takes some 0.1 s for one
_AT_ONCE = 4


class QueueWriter(Protocol):
    """The part of `connectors.label_studio.LabelStudio` that the queue needs."""

    def update_prediction(self, prediction_id: int, fields: Mapping[str, Any]) -> object: ...

    def tasks_by_id(
        self, project_id: int, task_ids: Sequence[int], include: Sequence[str]
    ) -> list[Json]: ...

    def update_task(self, task_id: int, data: Mapping[str, Any]) -> None: ...


@dataclass(frozen=True)
class Sent:
    """What was written.

    Attributes:
        scores: a draft that has gone meanwhile is passed over.
        notes: tasks that were told why they come.
        requests: to Label Studio.
    """

    scores: int = 0
    notes: int = 0
    requests: int = 0


def send(
    client: QueueWriter,
    project_id: int,
    folder: DataFolder,
    plan: QueuePlan,
    progress: ShowProgress,
) -> Sent:
    """Write notes, then scores, each in the order of the queue.

    A task that is picked at random is marked before it comes forward, so that none is done without
    its mark.

    Args:
        progress: called with what is written, of how much.

    Raises:
        LabelStudioError: Label Studio can't be reached, or refuses; run again.
        SyncError: the folder can't be written.
    """
    before = read_scores(folder)
    store_scores(folder, before | _meanwhile(plan, before))
    total = len(plan.notes) + len(plan.changes)
    notes = reads = 0
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for chunk in chunked(plan.notes, _CHUNK):
            reads += 1
            tasks = client.tasks_by_id(project_id, chunk, ("id", "data"))
            for written in pool.map(lambda task: _note(client, task, plan.notes), tasks):
                notes += written
            progress(notes, total)
        scores = done = 0
        for written in pool.map(lambda each: _score(client, *each), plan.changes.items()):
            scores, done = scores + written, done + 1
            progress(len(plan.notes) + done, total)
    store_scores(folder, plan.scores)
    return Sent(scores, notes, reads + notes + len(plan.changes))


def _meanwhile(plan: QueuePlan, before: Mapping[int, StoredScore]) -> dict[int, StoredScore]:
    """What may stand in Label Studio until all is written: what was there, or what is to be."""
    found: dict[int, StoredScore] = {}
    for prediction_id, score in plan.scores.items():
        written = score.written
        if prediction_id in before:
            written = (*written, *before[prediction_id].written)
        found[prediction_id] = replace(score, written=written)
    for prediction_id, own in plan.changes.items():
        if prediction_id in before and prediction_id not in found:
            known = before[prediction_id]
            found[prediction_id] = replace(known, written=(own, *known.written))
    return found


def _note(client: QueueWriter, task: Json, notes: Mapping[int, Fields]) -> bool:
    """Change a task's data as it is now; whether it was still there."""
    task_id = int(task["id"])
    fields = notes[task_id]
    kept = {name: value for name, value in task["data"].items() if name not in fields}
    given = {name: value for name, value in fields.items() if value is not None}
    return _unless_gone(lambda: client.update_task(task_id, {**kept, **given}))


def _score(client: QueueWriter, prediction_id: int, score: float) -> bool:
    return _unless_gone(lambda: client.update_prediction(prediction_id, {"score": score}))


def _unless_gone(write: Any) -> bool:
    try:
        write()
    except LabelStudioError as error:
        if error.status != 404:
            raise
        return False
    return True
