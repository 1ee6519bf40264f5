"""What was decided, carried out: tasks created and changed, in the order of the sources."""

from collections.abc import Callable, Iterable
from typing import Any

from sync.push.comparing import Fate, Plan
from sync.push.held import Held
from sync.push.importing import BATCH, Importer
from sync.push.updating import CHUNK, Updater
from sync.sources.task import SourceTask

Json = dict[str, Any]


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
    changes: list[tuple[int, SourceTask]] = []

    def flush(least_fresh: int, least_changes: int) -> None:
        if len(fresh) >= least_fresh:
            importer.create(fresh)
            advance(len(fresh))
            fresh.clear()
        if len(changes) >= least_changes:
            updater.update(changes)
            advance(len(changes))
            changes.clear()

    for task, fate in zip(tasks, plan, strict=True):
        if fate is Fate.CREATED:
            fresh.append(complete(task))
        elif fate is Fate.UPDATED:
            changes.append((held.tasks[str(task.id)].task_id, task))
        flush(BATCH, CHUNK)
    flush(1, 1)
