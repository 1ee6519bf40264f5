"""What the tables of a project and its queues tell of who does what.

Two passes: the first finds what waits, who did what, and which tasks come next; the second reads
the texts of those alone.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import nsmallest
from typing import Any, TypeVar

from label_configs.annotations.candidates import finished
from label_configs.errors import LabelConfigError
from label_configs.queue_fields import ASSIGNED_AT, ASSIGNED_TO, PASSED_ON
from label_configs.review_place import place_of
from sync.queue.review.experts.assign import Activity, OpenTask
from sync.queue.review.experts.kinds import KindReader, newest_draft
from sync.table.task_rows import TaskRow

TaskPasses = Callable[[], Iterable[TaskRow]]
Key = TypeVar("Key", int, str)


@dataclass(frozen=True)
class SharedProject:
    """A project whose tasks are shared out.

    Attributes:
        rows: a fresh pass over its pulled tasks.
        tier: whose queue it is; None: the project itself.
        overlap: how many finish a task.
    """

    project_id: int
    rows: TaskPasses
    tier: str | None = None
    overlap: int = 1


@dataclass
class WaitingTasks:
    """The open tasks of a project.

    Attributes:
        assigned: ids of those that are somebody's; `others`: order and id of the rest.
    """

    assigned: list[int] = field(default_factory=list)
    others: list[tuple[float, int]] = field(default_factory=list)


def first_pass(projects: Iterable[SharedProject]) -> tuple[list[WaitingTasks], Activity]:
    """What waits in each project, and what people did in all of them.

    Raises:
        SyncError: a table can't be read.
    """
    activity = Activity({}, {})
    return [_look_through(project, activity) for project in projects], activity


def _look_through(project: SharedProject, activity: Activity) -> WaitingTasks:
    found = WaitingTasks()
    for row in project.rows():
        by = set()
        for annotation in finished(row.annotations):
            by.add(annotation.completed_by)
            if annotation.completed_by is not None:
                # not when it was changed: a star changes it, too
                _later(activity.last, annotation.completed_by, annotation.created_at)
        data = _held(row)
        was, at = _passed_on(data)
        if at is not None:
            _later(activity.passed_on, was, at)
        if project.tier is not None and by:  # whoever may not decide has not finished it
            by = _who_decided(row, by)
        if len(by) >= project.overlap:
            continue
        if isinstance(data.get(ASSIGNED_TO), str):
            found.assigned.append(row.task_id)
        else:
            found.others.append((_order(row), row.task_id))
    return found


def _who_decided(row: TaskRow, by: Collection[int | None]) -> set[int | None]:
    try:
        place = place_of(row.data_fields())
    except LabelConfigError:
        return set(by)
    return {who for who in by if place.why_ignored(who) is None}


def second_pass(
    project: SharedProject, waiting: WaitingTasks, kinds: KindReader, most: int
) -> list[OpenTask]:
    """The open tasks of a project with their kinds, the most urgent first.

    Args:
        most: how many of those that are nobody's are looked at.

    Raises:
        SyncError: the table can't be read.
    """
    chosen = {task_id: order for order, task_id in nsmallest(most, waiting.others)}
    wanted = chosen.keys() | set(waiting.assigned)
    found: list[tuple[tuple[float, int], OpenTask]] = []
    for row in project.rows():
        if row.task_id not in wanted:
            continue
        data = row.data_fields()
        to = data.get(ASSIGNED_TO)
        task = OpenTask(
            (project.project_id, row.task_id),
            kinds.of_open(row, data, project.tier),
            to if isinstance(to, str) else None,
            time_of(data.get(ASSIGNED_AT)),
        )
        found.append(((_order(row), row.task_id), task))
    return [task for _, task in sorted(found, key=lambda each: each[0])]


def _order(row: TaskRow) -> float:
    """As Label Studio hands tasks out: by the score of the newest draft, those without last."""
    newest = newest_draft(row)
    return 2.0 if newest is None or newest.score is None else newest.score


def _held(row: TaskRow) -> dict[str, Any]:
    """A task's data where it holds anything of who does it; else nothing, without reading it."""
    if f'"{ASSIGNED_TO}"' in row.data or f'"{PASSED_ON}"' in row.data:
        return row.data_fields()
    return {}


def _passed_on(data: Mapping[str, Any]) -> tuple[str, datetime | None]:
    """From whom a task was taken, and when; no time where it was from nobody."""
    held = data.get(PASSED_ON)
    if not isinstance(held, dict):
        return "", None
    return str(held.get("from")), time_of(held.get("at"))


def _later(times: MutableMapping[Key, datetime], key: Key, at: datetime) -> None:
    times[key] = max(times.get(key, at), at)


def time_of(written: Any) -> datetime | None:
    """A time as it stands in a task's data; None of what is none."""
    try:
        read = datetime.fromisoformat(written)
    except (TypeError, ValueError):
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
