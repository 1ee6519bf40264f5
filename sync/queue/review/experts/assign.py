"""Who gets which open task: a function of the open tasks, the experts and what they did.

What somebody has already stays theirs, unless they are away. So a run that is repeated changes
nothing, and each later one fills up what was done meanwhile.
"""

from collections import Counter
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from label_configs.queue_fields import ASSIGNED_AT, ASSIGNED_TO, PASSED_ON
from sync.queue.review.experts.fit import Expert, TaskKind, cost, described, fits
from sync.queue.review.experts.matching import deal, match
from sync.queue.task_fields import Fields

# a project's id and a task's
TaskPlace = tuple[int, int]


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task that waits for somebody.

    Attributes:
        assigned_to: whom it is meant for, by e-mail, since `assigned_at`.
    """

    place: TaskPlace
    kind: TaskKind
    assigned_to: str | None = None
    assigned_at: datetime | None = None


@dataclass(frozen=True)
class Activity:
    """What people did and didn't do.

    Attributes:
        last: by Label Studio's id, when somebody last finished anything.
        passed_on: by e-mail, when a task of theirs was last passed on to somebody else.
    """

    last: MutableMapping[int, datetime] = field(default_factory=dict)
    passed_on: MutableMapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Assignments:
    """What is to be written, and how the work is shared then.

    Attributes:
        changes: by task, the fields of its data that are others.
        loads: open tasks of each expert who gets any, by e-mail.
        away: e-mails of those who have tasks and have done nothing for long.
        new: tasks that somebody gets; `moved` of them were somebody else's who had not done them.
        waiting: tasks that are nobody's yet, since everybody who may do them has enough.
        unmatched: what tasks ask of people that nobody has, and how many there are of each.
    """

    changes: Mapping[TaskPlace, Fields] = field(default_factory=dict, repr=False)
    loads: Mapping[str, int] = field(default_factory=dict)
    away: tuple[str, ...] = ()
    new: int = 0
    moved: int = 0
    waiting: int = 0
    unmatched: Mapping[str, int] = field(default_factory=dict)


def assign(
    tasks: Sequence[OpenTask],
    experts: Sequence[Expert],
    activity: Activity,
    *,
    now: datetime,
    idle_days: int,
    ahead: int,
    hardest: int = 0,
) -> Assignments:
    """Decide for every open task.

    Args:
        tasks: the most urgent first.
        idle_days: after how many days in which somebody finished nothing their tasks are passed on.
        ahead: how many open tasks an expert is given, on average; who has more hours, more.
        hardest: the place of the hardest label of `complexity`.
    """
    since = now - timedelta(days=idle_days)
    away = {each.email for each in experts if _is_away(each, tasks, activity, since)}
    present = [each for each in experts if each.email not in away and each.hours > 0]
    places = {each.email: place for place, each in enumerate(present)}
    loads = [0] * len(present)
    free: list[OpenTask] = []
    for task in tasks:
        place = places.get(task.assigned_to or "")
        if place is not None and fits(present[place], task.kind):
            loads[place] += 1
        else:
            free.append(task)
    given = _deal_out(free, present, loads, _room(present, ahead), hardest)
    changes: dict[TaskPlace, Fields] = {}
    for task in free:
        to = given.get(task.place)
        fields = _fields(task, to, now, passed_on=task.assigned_to in away)
        if fields:
            changes[task.place] = fields
    left = [task for task in free if task.place not in given]
    unmatched = Counter(
        described(task.kind) for task in left if not any(fits(each, task.kind) for each in experts)
    )
    return Assignments(
        changes,
        {each.email: load for each, load in zip(present, loads, strict=True)},
        tuple(sorted(away)),
        len(given),
        sum(_is_kept_from(task, experts) for task in free if task.place in given),
        len(left) - unmatched.total(),
        dict(unmatched.most_common()),
    )


def _is_away(
    expert: Expert, tasks: Sequence[OpenTask], activity: Activity, since: datetime
) -> bool:
    """Whether somebody has had tasks and finished nothing since then.

    Whose tasks were passed on gets new ones once they have finished anything.
    """
    last = activity.last.get(expert.user)
    passed_on = activity.passed_on.get(expert.email)
    if passed_on is not None and (last is None or last < passed_on):
        return True
    had = any(
        task.assigned_at is not None and task.assigned_at < since
        for task in tasks
        if task.assigned_to == expert.email and expert.user not in task.kind.barred
    )
    return had and (last is None or last < since)


def _is_kept_from(task: OpenTask, experts: Sequence[Expert]) -> bool:
    """Whether a task that somebody else gets was somebody's who had not finished it."""
    if task.assigned_to is None:
        return False
    done = (each.email == task.assigned_to and each.user in task.kind.barred for each in experts)
    return not any(done)


def _room(present: Sequence[Expert], ahead: int) -> list[int]:
    """How many open tasks each may have, by hours; at least one."""
    hours = sum(each.hours for each in present)
    return [max(round(ahead * len(present) * each.hours / hours), 1) for each in present]


def _deal_out(
    free: Sequence[OpenTask],
    present: Sequence[Expert],
    loads: list[int],
    room: Sequence[int],
    hardest: int,
) -> dict[TaskPlace, Expert]:
    """Give tasks to people, the most urgent first; `loads` grow by what each gets."""
    given: dict[TaskPlace, Expert] = {}
    some = sum(max(most - load, 0) for most, load in zip(room, loads, strict=True))
    # what there is room for comes first, then the rest for those who can't do that
    for part in (free[:some], free[some:]):
        by_kind: dict[TaskKind, list[OpenTask]] = {}
        for task in part:
            by_kind.setdefault(task.kind, []).append(task)
        costs = np.array(
            [
                [cost(each, kind, hardest) if fits(each, kind) else np.inf for each in present]
                for kind in by_kind
            ]
        ).reshape(len(by_kind), len(present))
        numbers = [len(own) for own in by_kind.values()]
        dealt = match(numbers, costs, [each.hours for each in present], loads, room)
        for own, to in zip(by_kind.values(), dealt.tolist(), strict=True):
            for task, place in zip(own, deal(len(own), to), strict=True):
                if place is not None:
                    given[task.place] = present[place]
                    loads[place] += 1
    return given


def _fields(task: OpenTask, to: Expert | None, now: datetime, *, passed_on: bool) -> Fields:
    """What a task's data should hold; nothing where that is what it holds."""
    if to is None and task.assigned_to is None:
        return {}
    at = now.isoformat(timespec="seconds")
    fields: dict[str, Any] = {
        ASSIGNED_TO: None if to is None else to.email,
        ASSIGNED_AT: None if to is None else at,
    }
    if passed_on:
        fields[PASSED_ON] = {"from": task.assigned_to, "at": at}
    return fields
