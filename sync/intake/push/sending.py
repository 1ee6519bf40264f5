"""Carry the plan out: create and change tasks, in the order of the sources."""

import json
from collections.abc import Callable, Iterable

from sync.common.json_text import Json
from sync.common.source_task import SourceTask
from sync.intake.push.exactly_once import BATCH, BATCH_BYTES, Importer
from sync.intake.push.plan import Fate, Plan
from sync.intake.push.project_tasks import Held
from sync.intake.push.updates import CHUNK, Updater


def send(
    tasks: Iterable[SourceTask],
    plan: Plan,
    held: Held,
    importer: Importer,
    updater: Updater,
    complete: Callable[[SourceTask], Json],
    advance: Callable[[int], None],
) -> None:
    """Create and update tasks; memory holds one batch of each.

    Args:
        tasks: those that the plan was made for.
        complete: a task's data with all that its page shows.
        advance: called with how many were done.

    Raises:
        LabelStudioError: Label Studio failed; another push goes on from there.
    """
    fresh: list[Json] = []
    fresh_bytes = 0
    changes: list[tuple[int, SourceTask]] = []
    for task, fate in zip(tasks, plan, strict=True):
        if fate is Fate.CREATED:
            data = complete(task)
            size = len(json.dumps(data))
            if fresh and (len(fresh) == BATCH or fresh_bytes + size > BATCH_BYTES):
                importer.create(fresh)
                advance(len(fresh))
                fresh, fresh_bytes = [], 0
            fresh.append(data)
            fresh_bytes += size
        elif fate is Fate.UPDATED:
            changes.append((held.tasks[str(task.id)].task_id, task))
            if len(changes) == CHUNK:
                updater.update(changes)
                advance(len(changes))
                changes = []
    if fresh:
        importer.create(fresh)
    updater.update(changes)
    advance(len(fresh) + len(changes))
