"""What annotators said of shared tasks as one table a control: items by annotators.

control "category", domain ("app", "cards", "fees"), annotators (3, 5, 8)
task 11    0   0  -1
task 12    2   1   2
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from label_configs import Interface
from label_configs.config_xml import ControlTag
from label_configs.control_values import value_kind
from sync.quality.agreement.figures import MeasurementLevel
from sync.records.draft_use import DRAFT_OUTCOMES
from sync.records.shared_tasks import SharedAnnotation, SharedTask

# what became of the draft is asked in no control
DECISION = "draft"


@dataclass(frozen=True)
class VoteTable:
    """One control's values on the items that two annotators or more gave one of.

    Attributes:
        domain: every value, in its order where it has one.
        choices: how many there were to choose from; None where nobody knows.
        annotators: by column.
        tasks: (n_items,): an item is a task, or a row of its page.
        given: (n_items, n_annotators): the place of each value in the domain, -1 for none.
        finished: (n_items,): when its last annotation was updated.
        untouched: share of the values that are the draft's own.
    """

    control: str
    level: MeasurementLevel
    domain: tuple[Any, ...]
    choices: int | None
    annotators: tuple[int | None, ...]
    tasks: NDArray[np.int64]
    given: NDArray[np.int64]
    finished: tuple[datetime, ...]
    untouched: float = 0.0


@dataclass(frozen=True, slots=True)
class _Vote:
    task_id: int
    item: str
    annotation: SharedAnnotation
    value: Any
    untouched: bool = False


def vote_tables(tasks: Sequence[SharedTask], interface: Interface[Any]) -> list[VoteTable]:
    """A table for each control that annotators used, as they stand on the page, then category sets.

    A control of several labels that nobody chose anything in, on any task, has none.
    """
    votes: dict[str, list[_Vote]] = {control.name: [] for control in interface.config.controls}
    sets: dict[str, list[_Vote]] = {}
    for task in tasks:
        for annotation in task.annotations:
            for item, given in annotation.values.items():
                vote = _Vote(task.task_id, item, annotation, given.value, given.untouched)
                votes[given.control].append(vote)
        for name in sorted({name for each in task.annotations for name in each.labels}):
            sets.setdefault(name, []).extend(
                _Vote(task.task_id, name, each, each.labels.get(name, frozenset()))
                for each in task.annotations
            )
    tables = (_table(name, given, interface) for name, given in votes.items() if given)
    found = [table for table in tables if table is not None and _says_something(table)]
    return found + [_made(name, "set", given, None, None) for name, given in sets.items()]


def decision_table(tasks: Sequence[SharedTask]) -> VoteTable | None:
    """What became of the draft, from accepted to rejected; None where no two had one."""
    votes = [
        _Vote(task.task_id, DECISION, each, each.outcome)
        for task in tasks
        for each in task.annotations
        if each.outcome != "no draft"
    ]
    order = tuple(outcome for outcome in DRAFT_OUTCOMES if outcome != "no draft")
    table = _made(DECISION, "ordinal", votes, order, len(order))
    return table if len(table.tasks) else None


def _says_something(table: VoteTable) -> bool:
    return bool(len(table.tasks)) and table.domain != (frozenset(),)


def _table(name: str, votes: Sequence[_Vote], interface: Interface[Any]) -> VoteTable | None:
    control = interface.config.control(name)
    if control is None:
        return None
    level, order = _level(control, {vote.value for vote in votes}, interface.ordered_controls)
    choices = len(control.choices) or None if level in ("nominal", "ordinal") else None
    return _made(name, level, votes, order, choices)


def _level(
    control: ControlTag, used: Iterable[Any], ordered: Mapping[str, Sequence[str]]
) -> tuple[MeasurementLevel, tuple[Any, ...] | None]:
    """How a control's values differ, and their order where they have one."""
    kind, values = value_kind(control), set(used)
    if kind == "marks":
        return "spans", None
    if kind == "labels":
        return "set", None
    if kind in ("stars", "number"):
        return "ordinal" if kind == "stars" else "interval", tuple(sorted(values))
    order = tuple(ordered.get(control.name, ()))
    if not order and all(choice.isdecimal() for choice in control.choices):
        order = tuple(sorted(control.choices, key=int))
    # one value beside the order, such as "both bad", and there is none
    return ("ordinal", order) if order and values <= set(order) else ("nominal", None)


def _made(
    control: str,
    level: MeasurementLevel,
    votes: Sequence[_Vote],
    order: tuple[Any, ...] | None,
    choices: int | None,
) -> VoteTable:
    by_item: dict[tuple[int, str], list[_Vote]] = {}
    for vote in votes:
        by_item.setdefault((vote.task_id, vote.item), []).append(vote)
    items = [given for _, given in sorted(by_item.items()) if len(given) > 1]
    kept = [vote for given in items for vote in given]
    annotators = tuple(sorted({vote.annotation.annotator for vote in kept}, key=_none_last))
    domain = order if order is not None else tuple(_in_order({vote.value for vote in kept}))
    column = {annotator: at for at, annotator in enumerate(annotators)}
    place = {value: at for at, value in enumerate(domain)}
    table = np.full((len(items), len(annotators)), -1, dtype=np.int64)
    for row, given in enumerate(items):
        for vote in given:
            table[row, column[vote.annotation.annotator]] = place[vote.value]
    return VoteTable(
        control=control,
        level=level,
        domain=domain,
        choices=choices,
        annotators=annotators,
        tasks=np.array([given[0].task_id for given in items], dtype=np.int64),
        given=table,
        finished=tuple(max(vote.annotation.updated_at for vote in given) for given in items),
        untouched=sum(vote.untouched for vote in kept) / len(kept) if kept else 0.0,
    )


def _in_order(values: Iterable[Any]) -> Iterator[Any]:
    """Labels by name, sets of them by what they hold: the same on every day."""
    yield from sorted(values, key=lambda v: sorted(v) if isinstance(v, frozenset) else v)


def _none_last(annotator: int | None) -> tuple[bool, int]:
    return annotator is None, annotator or 0
