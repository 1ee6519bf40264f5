"""What becomes of each task of the sources: decided before anything is sent, then carried out."""

from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum

from sync.common.json_text import Json
from sync.common.source_task import SourceTask
from sync.intake.push.exactly_once import BATCH, BATCH_BYTES, Importer, WrittenTask
from sync.intake.push.project_tasks import ProjectTask, ProjectTasks, SourceFields
from sync.intake.push.updates import CHUNK, Updater


class Fate(IntEnum):
    """What a push does with a task."""

    CREATED = 0
    UPDATED = 1
    UNCHANGED = 2
    # changed at the source, but somebody has annotated it
    ANNOTATED = 3


class PushPlan:
    """The fate of each task, one byte each, in the order of the sources."""

    def __init__(self) -> None:
        self._fates = bytearray()

    def append(self, fate: Fate) -> None:
        """The fate of the next task."""
        self._fates.append(fate)

    def __iter__(self) -> Iterator[Fate]:
        return map(Fate, self._fates)

    def count(self, fate: Fate) -> int:
        """How many tasks have this fate."""
        return self._fates.count(fate)


def compare(
    tasks: Iterable[SourceTask],
    held: ProjectTasks,
    fields: SourceFields,
    check: Callable[[SourceTask], None],
    *,
    overwrite_annotated: bool = False,
) -> PushPlan:
    """Decide for every task.

    Args:
        tasks: each with an id of its own, as cleaning gives them.
        check: raises for a task that can't be sent.
        overwrite_annotated: give annotated tasks their changed data, too.

    Raises:
        LabelConfigError: of `check`.
    """
    plan = PushPlan()
    for task in tasks:
        known = held.tasks.get(str(task.id))
        if known is None:
            fate = Fate.CREATED
        else:
            fate = _fate(known, fields.digest(task.data), overwrite_annotated)
        if fate in (Fate.CREATED, Fate.UPDATED):
            check(task)
        plan.append(fate)
    return plan


def _fate(known: ProjectTask, digest: bytes, overwrite_annotated: bool) -> Fate:
    """What becomes of a task that the project holds."""
    if known.digest == digest:
        return Fate.UNCHANGED
    if known.annotated and not overwrite_annotated:
        return Fate.ANNOTATED
    return Fate.UPDATED


def sent(tasks: Iterable[SourceTask], plan: PushPlan) -> Iterator[SourceTask]:
    """Those of the tasks that the plan was made for of which Label Studio is told something."""
    for task, fate in zip(tasks, plan, strict=True):
        if fate in (Fate.CREATED, Fate.UPDATED):
            yield task


def send(
    tasks: Iterable[SourceTask],
    plan: PushPlan,
    held: ProjectTasks,
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
    fresh: list[WrittenTask] = []
    fresh_bytes = 0
    changes: list[tuple[int, SourceTask]] = []
    for task, fate in zip(tasks, plan, strict=True):
        if fate is Fate.CREATED:
            written = WrittenTask.of(complete(task), task.beside)
            size = len(written.line)
            if fresh and (len(fresh) == BATCH or fresh_bytes + size > BATCH_BYTES):
                importer.create(fresh)
                advance(len(fresh))
                fresh, fresh_bytes = [], 0
            fresh.append(written)
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
