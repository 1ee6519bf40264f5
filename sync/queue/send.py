"""Bring a plan to Label Studio: what comes first in the queue first, whatever happens meanwhile.

What is written is on record before. A run that is cut short leaves a record of what may stand in
Label Studio, and the next one goes on from there.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Protocol

from connectors.errors import LabelStudioError
from sync.common.terminal import ShowProgress
from sync.queue.plan import QueuePlan
from sync.queue.stored_scores import StoredScore, read_scores, store_scores
from sync.queue.task_fields import AT_ONCE, TaskDataStore, write_fields
from sync.table.data_folder import DataFolder


class QueueWriter(TaskDataStore, Protocol):
    """The part of `connectors.label_studio.LabelStudio` that the queue needs."""

    def update_prediction(self, prediction_id: int, fields: Mapping[str, Any]) -> object: ...


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
    noted = write_fields(client, project_id, plan.notes, progress, total)
    scores = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        writing = pool.map(lambda each: _score(client, *each), plan.changes.items())
        for done, written in enumerate(writing, start=len(plan.notes) + 1):
            scores += written
            progress(done, total)
    store_scores(folder, plan.scores)
    return Sent(scores, noted.tasks, noted.requests + len(plan.changes))


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


def _score(client: QueueWriter, prediction_id: int, score: float) -> bool:
    """Give a draft a score; whether it was still there."""
    try:
        client.update_prediction(prediction_id, {"score": score})
    except LabelStudioError as error:
        if error.status != 404:
            raise
        return False
    return True
