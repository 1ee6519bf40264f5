"""A small random share of the tasks, from which it is judged what the rest holds.

An order that works finds the drafts that need changes first, so what is finished says little of
what is left. Some tasks are therefore chosen at random, before any score is looked at, and handed
out in a random order, spread through all the others. Whatever else is done or not, the audits that
are finished are then a random sample of the project's tasks, and tell what the open ones hold.

It holds as long as an audit is handed out at its place as an audit alone, not earlier for a low
score of its own and not later for a high one, and the audits in the order of `choose_audits`.
"""

import hashlib
import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray


def audit_number(project_id: int, task_id: int) -> float:
    """A task's number, evenly spread over [0, 1): the same on any day and machine."""
    digest = hashlib.sha256(f"{project_id}:{task_id}".encode()).digest()
    return (int.from_bytes(digest[:8]) >> 11) / 2**53


def choose_audits(project_id: int, task_ids: Iterable[int], share: float) -> list[int]:
    """The tasks that are audits, in the order in which they are to be handed out.

    Each task is chosen by its number alone, whatever others there are. A greater share holds all
    of a smaller one's, at its start.

    Args:
        share: of the tasks, in [0, 1].
    """
    numbered = ((audit_number(project_id, task_id), task_id) for task_id in task_ids)
    return [task_id for number, task_id in sorted(numbered) if number < share]


def overdue_audits(project_id: int, finished: Iterable[int], open_: Iterable[int]) -> int:
    """How many open audits should have come before one that is finished already.

    A few may be in the hands of annotators; many are of tasks that were pushed later.

    Args:
        finished: ids of audits.
        open_: likewise.
    """
    last = max((audit_number(project_id, task_id) for task_id in finished), default=0.0)
    return sum(audit_number(project_id, task_id) < last for task_id in open_)


def audit_positions(
    open_tasks: int, open_audits: int, *, done: int = 0, done_audits: int = 0
) -> NDArray[np.int64]:
    """Where in the queue the audits come, so that they are done at the same pace as all.

    The pace is the audits' share of the whole project. Where less of them is done than of the
    others, since they were chosen late or more tasks came, they come at twice the pace until they
    have caught up. What was done before counts: a queue that is ordered anew after every few tasks
    would otherwise put the next audit off each time.

    Args:
        open_tasks: all that are in the queue, audits included.
        open_audits: how many of these are audits.
        done: finished tasks, audits included.
        done_audits: how many of these were handed out as audits.

    Returns:
        (open_audits,) places in the queue, from 0, ascending.

    Raises:
        ValueError: there are more audits than tasks.
    """
    if open_audits > open_tasks or done_audits > done:
        raise ValueError(
            f"{open_audits} of {open_tasks} open and {done_audits} of {done} finished tasks can't "
            "be audits"
        )
    if not open_audits:
        return np.zeros(0, dtype=np.int64)
    pace = (open_audits + done_audits) / (open_tasks + done)
    order = np.arange(open_audits)
    # the audit of a stretch of 1 / pace tasks comes in its middle
    due = np.ceil((done_audits + order + 0.5) / pace).astype(np.int64) - 1 - done
    gap = max(1, math.floor(0.5 / pace))
    apart = np.maximum.accumulate(np.maximum(due, 0) - gap * order) + gap * order
    places: NDArray[np.int64] = np.minimum(apart, open_tasks - open_audits + order)
    return places


def with_audits(
    ranked: Sequence[int], audits: Sequence[int], *, done: int = 0, done_audits: int = 0
) -> list[int]:
    """The whole queue: ranked tasks, and the audits at their places among them.

    Args:
        ranked: open tasks that are no audits, the first to be handed out first.
        audits: open audits, in the order of `choose_audits`.
        done: see `audit_positions`.
        done_audits: see `audit_positions`.
    """
    whole = len(ranked) + len(audits)
    places = audit_positions(whole, len(audits), done=done, done_audits=done_audits)
    queue = np.zeros(whole, dtype=np.int64)
    is_audit = np.zeros(whole, dtype=bool)
    is_audit[places] = True
    queue[is_audit] = audits
    queue[~is_audit] = ranked
    return [int(task_id) for task_id in queue]
