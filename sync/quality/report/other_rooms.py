"""What a report shows of other rooms' work, as those who know them tell it.

The ranking and the targets are computed above this room or beside it, the cost of drafts by the
backend; the command puts them in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sync.common.errors import SyncError
from sync.intake.services.backend_status import backend_says
from sync.intake.services.health import Ask
from sync.settings import Config
from sync.table import last_runs
from sync.table.data_folder import DataFolder

_MICROS = 1_000_000
# what `labeltune review` notes of people, see `sync.queue.review.experts.share`
EXPERTS = "experts"


@dataclass(frozen=True)
class WantedCell:
    """One combination of labels: how many examples are wanted, accepted, missing and waiting."""

    name: str
    wanted: int
    have: int
    missing: int
    waiting: int


@dataclass(frozen=True)
class WantedExamples:
    """What the targets ask for.

    Attributes:
        cells: the greatest lack first.
    """

    total: int
    missing: int
    cells: tuple[WantedCell, ...] = ()


@dataclass(frozen=True)
class LastSaid:
    """What a verb said when it ran last, a sentence each; `labeltune rank` of what is left."""

    at: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class DraftingCost:
    """What the backend spent on a project's drafts.

    Attributes:
        money: in the currency of the prices that were set; None: no price was set.
        tokens: read and written by the model.
        at: when the backend was asked.
    """

    money: float | None
    tokens: int
    at: str | None = None


@dataclass(frozen=True)
class OutsideWork:
    """What somebody finished that was not theirs to do, by the last `labeltune review`.

    Attributes:
        user: Label Studio's id.
        finished: tasks and reviews in all.
        outside: of these, by why they were outside their queue.
    """

    user: int
    finished: int
    outside: Mapping[str, int]


def drafting_cost(
    config: Config, folder: DataFolder, project_id: int, ask: Ask
) -> DraftingCost | None:
    """Ask the backend what it spent; what it said last while it is away.

    Args:
        ask: answers a GET; see `sync.intake.services.health.get`.

    Returns:
        None where nobody ever knew.
    """
    try:
        said = backend_says(config, ask)
        counts = _counts(said or {}, project_id)
        if counts is not None:
            last_runs.note(folder, "cost", {"project": project_id, **counts})
        known = last_runs.recall(folder, "cost")
        if not known or known.get("project") != project_id:
            return None
        money = int(known["cost_micros"]) / _MICROS
        tokens = int(known["prompt_tokens"]) + int(known["completion_tokens"])
        return DraftingCost(money or None, tokens, str(known["at"]))
    except (SyncError, LookupError, TypeError, ValueError):
        return None


def _counts(said: Mapping[str, Any], project_id: int) -> dict[str, int] | None:
    """What a backend's /status counts of a project; another's says other things there."""
    for project in said.get("projects") or ():
        if isinstance(project, Mapping) and project.get("id") == project_id:
            counts = project.get("counts") or {}
            names = ("cost_micros", "prompt_tokens", "completion_tokens")
            return {name: int(counts.get(name) or 0) for name in names}
    return None


def last_said(folder: DataFolder, verb: str) -> LastSaid | None:
    """What a verb left for the report when it ran last; None where it never did.

    Raises:
        SyncError: the folder can't be read.
    """
    known = last_runs.recall(folder, verb) or {}
    said = known.get("sentences")
    if not isinstance(said, list) or not said:
        return None
    return LastSaid(str(known.get("at", "")), tuple(str(each) for each in said))


def last_outside(folder: DataFolder) -> tuple[OutsideWork, ...]:
    """Who worked outside their queue, as the last review found; nobody where there was none.

    Raises:
        SyncError: the folder can't be read.
    """
    known = last_runs.recall(folder, EXPERTS) or {}
    try:
        people = [
            OutsideWork(int(each["user"]), int(each["finished"]), dict(each["outside"]))
            for each in known.get("people") or ()
        ]
    except (LookupError, TypeError, ValueError):  # of another version of this program
        return ()
    return tuple(each for each in people if each.outside)
