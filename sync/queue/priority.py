"""One priority in [0, 1] for each waiting draft, low first: arithmetic on arrays, nothing else.

It starts from the probability that an expert accepts the draft unchanged, and is that probability
where nothing else is known:

- another answer to the task is in doubt: times (1 - doubt);
- its category teaches most, where a classifier of it is to be learnt: before all that does not;
- a kind of task is missing: times (1 - need), for as many drafts of the kind as it lacks, the least
  certain ones;
- a task that nearly repeats another one goes behind all others, and behind that one;
- a task like those at which a tuned model fails comes before all that is not;
- an audit comes where chance puts it, whatever its draft is like (`sync.queue.audit`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from label_configs.queue_fields import FIRST
from sync.coverage.weights import Floats, Integers
from sync.queue.audit import audit_positions

# by the draft alone; an audit, picked at random; like another task; its kind is missing; another
# answer to the same task is in doubt; its category teaches most; a tuned model fails at such ones
QueueReason = Literal["draft", "audit", "repeat", "need", "doubt", "category", "failing"]
QUEUE_REASONS: tuple[QueueReason, ...] = get_args(QueueReason)

# of `Waiting.repeats`: repeats nothing; repeats work that is done
NONE, DONE = -1, -2
# of an empty kind: drafts of acceptance 0 would lose their order among each other
MOST_NEED = 0.99
# where tasks that don't lead begin
LEAD = 0.1
# where repeats begin, of the room behind what they repeat
_BACK = 0.98


@dataclass(frozen=True)
class Lack:
    """A kind of task of which there are too few.

    Attributes:
        need: the share of what is wanted that is missing, in (0, 1].
        missing: how many, at least 1.
    """

    need: float
    missing: int


@dataclass(frozen=True)
class Waiting:
    """Waiting drafts, one a task; each array is (n,).

    Attributes:
        task_ids: tell drafts of one priority apart.
        acceptance: probability in [0, 1] that an expert accepts the draft unchanged.
        doubt: how doubtful another answer to the same task is, in [0, 1]; 0 without one.
        kinds: the place of the task's kind among the lacks; -1: none that is missing.
        repeats: the place of the draft whose task it nearly repeats, or `NONE`, or `DONE`; the
            other repeats nothing itself.
        audits: the places of audits, in the order of `choose_audits`. An audit repeats nothing,
            and is repeated by none.
        leads: the places of drafts whose category teaches most, the first to come first.
        failing: the places of tasks like those at which a tuned model fails.
        done: finished tasks; `done_audits` of them were handed out as audits.
    """

    task_ids: Integers
    acceptance: Floats
    doubt: Floats
    kinds: Integers
    repeats: Integers
    audits: Integers
    lacks: Sequence[Lack] = ()
    leads: Sequence[int] = ()
    failing: Sequence[int] = ()
    done: int = 0
    done_audits: int = 0

    @property
    def audited(self) -> NDArray[np.bool_]:
        """(n,) which tasks are audits."""
        found = np.zeros(len(self.task_ids), dtype=bool)
        found[self.audits] = True
        return found


@dataclass(frozen=True)
class Ranked:
    """What becomes of waiting drafts.

    Attributes:
        priority: (n,) in [0, 1], low first.
        reasons: n words for it.
        order: (n,) their places, first to last.
    """

    priority: Floats
    reasons: tuple[QueueReason, ...]
    order: Integers


def before_repeats(waiting: Waiting) -> Floats:
    """(n,) what each draft would have if no task repeated another and no kind were ever filled.

    Of tasks that are alike, the one that is first by this comes first, and the others go back.
    """
    needs = np.array([lack.need for lack in waiting.lacks] + [0.0])
    found: Floats = _doubted(waiting) * (1.0 - np.minimum(needs, MOST_NEED)[waiting.kinds])
    return _first(found, waiting.failing)


def ranked(waiting: Waiting) -> Ranked:
    """The priority of each draft, and why; a draft never comes before the one that it repeats."""
    priority = _doubted(waiting)
    reasons: list[QueueReason] = ["doubt" if doubt else "draft" for doubt in waiting.doubt]
    for place in waiting.leads:
        reasons[place] = "category"
    audited = waiting.audited
    is_repeat = (waiting.repeats != NONE) & ~audited
    needed = _needed(waiting, priority, is_repeat)
    for place, lack in needed.items():
        priority[place] *= 1.0 - min(lack.need, MOST_NEED)
        reasons[place] = "need"
    _send_back(waiting, priority, reasons, is_repeat, needed)
    failing = [place for place in waiting.failing if not is_repeat[place]]
    priority = _first(priority, failing)
    for place in failing:
        reasons[place] = "failing"
    order = _spread(waiting, priority, np.lexsort((waiting.task_ids, is_repeat, priority)))
    for place in waiting.audits.tolist():
        reasons[place] = "audit"
    return Ranked(priority, tuple(reasons), order)


def _doubted(waiting: Waiting) -> Floats:
    found: Floats = np.clip(waiting.acceptance * (1.0 - waiting.doubt), 0.0, 1.0)
    if len(waiting.leads):
        found = LEAD + (1.0 - LEAD) * found
        found[list(waiting.leads)] = (
            LEAD * np.arange(1, len(waiting.leads) + 1) / (len(waiting.leads) + 1)
        )
    return found


def _first(priority: Floats, places: Sequence[int]) -> Floats:
    """Priorities with these in their order before all others in theirs."""
    if not len(places):
        return priority
    found: Floats = FIRST + (1.0 - FIRST) * priority
    found[list(places)] = FIRST * priority[list(places)]
    return found


def _needed(waiting: Waiting, priority: Floats, is_repeat: NDArray[np.bool_]) -> dict[int, Lack]:
    """As many drafts of each missing kind as it lacks, by place; repeats for want of others."""
    order = np.lexsort((waiting.task_ids, priority, is_repeat))
    of_kind: dict[int, list[int]] = {}
    for place in order[~waiting.audited[order]].tolist():
        of_kind.setdefault(int(waiting.kinds[place]), []).append(place)
    return {
        place: lack
        for kind, lack in enumerate(waiting.lacks)
        for place in of_kind.get(kind, ())[: lack.missing]
    }


def _send_back(
    waiting: Waiting,
    priority: Floats,
    reasons: list[QueueReason],
    is_repeat: NDArray[np.bool_],
    needed: dict[int, Lack],
) -> None:
    """Put repeats behind what they repeat, and behind all others unless their kind is missing."""
    back = np.flatnonzero(is_repeat)
    first = waiting.repeats[back]
    ahead = np.where(first >= 0, priority[np.maximum(first, 0)], 0.0)
    own = priority[back]
    is_needed = np.array([place in needed for place in back.tolist()], dtype=bool)
    own = np.where(is_needed, own, _BACK + (1.0 - _BACK) * own)
    priority[back] = ahead + (1.0 - ahead) * own
    for place, needs in zip(back.tolist(), is_needed.tolist(), strict=True):
        reasons[place] = "need" if needs else "repeat"


def _spread(waiting: Waiting, priority: Floats, order: Integers) -> Integers:
    """Put audits between others, evenly and in their order; the places of all, first to last."""
    audits = waiting.audits
    if not len(audits):
        return order
    others = order[~waiting.audited[order]]
    places = audit_positions(
        len(priority), len(audits), done=waiting.done, done_audits=waiting.done_audits
    )
    behind = places - np.arange(len(places))  # so many of the others come before
    bounds = np.concatenate([[0.0], priority[others], [1.0]])
    low, high = bounds[behind], bounds[behind + 1]
    _, group, size = np.unique(behind, return_inverse=True, return_counts=True)
    first = np.concatenate([[0], np.cumsum(size)[:-1]])
    number = np.arange(len(behind)) - first[group]
    priority[audits] = low + (high - low) * (number + 1) / (size[group] + 1)
    return np.insert(others, behind, audits)
