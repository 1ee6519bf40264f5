"""What becomes of each task of the sources, decided before anything is sent."""

from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum

from sync.common.source_task import SourceTask
from sync.intake.push.project_tasks import Held, HeldTask
from sync.intake.push.source_digest import SourceFields

Check = Callable[[SourceTask], None]


class Fate(IntEnum):
    """What a push does with a task."""

    CREATED = 0
    UPDATED = 1
    UNCHANGED = 2
    # changed at the source, but somebody has annotated it
    ANNOTATED = 3


class Plan:
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
    held: Held,
    fields: SourceFields,
    check: Check,
    *,
    overwrite_annotated: bool = False,
) -> Plan:
    """Decide for every task.

    Args:
        tasks: each with an id of its own, as cleaning gives them.
        check: raises for a task that can't be sent.
        overwrite_annotated: give annotated tasks their changed data, too.

    Raises:
        LabelConfigError: of `check`.
    """
    plan = Plan()
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


def _fate(known: HeldTask, digest: bytes, overwrite_annotated: bool) -> Fate:
    """What becomes of a task that the project holds."""
    if known.digest == digest:
        return Fate.UNCHANGED
    if known.annotated and not overwrite_annotated:
        return Fate.ANNOTATED
    return Fate.UPDATED
