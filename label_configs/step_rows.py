"""A step of a chain as result items: a row's own controls, and the slots to insert more."""

from collections.abc import Sequence
from dataclasses import dataclass

from label_configs import items
from label_configs.errors import LabelConfigError
from label_configs.items import ResultItem

START = "start"  # stands for a row's number in the controls before the first row
SLOTS = (1, 2)  # steps that can be inserted in one place
KINDS = (
    "observation",
    "intermediate conclusion",
    "alternative considered",
    "assumption",
    "final conclusion",
)
DROP = "drop"
PARTS = ("fix", "kind", "ok", "drop")  # of a row
ADDED = tuple(f"add{slot}{kind}" for slot in SLOTS for kind in ("", "_kind"))  # after a row


@dataclass(frozen=True)
class Step:
    """One step of a chain.

    Attributes:
        text: the step as it should read.
        kind: one of `KINDS`.
        verdict: correct / doubtful / wrong, of the drafted step; None in a draft.
        dropped: the expert took it out of the chain; its text stays as it was.
        inserted: the expert put it in; it has no verdict, since nothing was drafted.
    """

    text: str = ""
    kind: str | None = None
    verdict: str | None = None
    dropped: bool = False
    inserted: bool = False


def row_items(step: Step, at: str, row: str) -> list[ResultItem]:
    """A drafted step's items.

    Args:
        at: the row's number.
        row: name of the object that shows the drafted step.
    """
    # always with a text, so that an emptied step keeps its place
    built = [items.textarea(f"fix_{at}", row, step.text)]
    if step.kind is not None:
        built.append(items.choices(f"kind_{at}", row, step.kind))
    if step.verdict is not None:
        built.append(items.choices(f"ok_{at}", row, step.verdict))
    if step.dropped:
        built.append(items.choices(f"drop_{at}", row, DROP))
    return built


def inserted_items(run: Sequence[Step], at: str, row: str) -> list[ResultItem]:
    """Items of the steps that were inserted after one row.

    Args:
        at: the row's number, or `START`.
        row: name of the object that they belong to.

    Raises:
        LabelConfigError: more steps than slots.
    """
    if len(run) > len(SLOTS):
        raise LabelConfigError(
            f"{len(run)} steps inserted in one place, the page has {len(SLOTS)} slots there; "
            "put some of them into one step"
        )
    built: list[ResultItem] = []
    for slot, step in zip(SLOTS, run, strict=False):
        built.append(items.textarea(f"add{slot}_{at}", row, step.text))
        if step.kind is not None:
            built.append(items.choices(f"add{slot}_kind_{at}", row, step.kind))
    return built


def read_row(found: items.FoundItems, at: str) -> Step:
    """The drafted step of one row."""
    return Step(
        text=found.text(f"fix_{at}"),
        kind=found.choice(f"kind_{at}"),
        verdict=found.choice(f"ok_{at}"),
        dropped=DROP in found.choices(f"drop_{at}"),
    )


def read_inserted(found: items.FoundItems, at: str) -> list[Step]:
    """The steps that were inserted after one row."""
    slots = [(f"add{slot}_{at}", f"add{slot}_kind_{at}") for slot in SLOTS]
    return [
        Step(text=found.text(text), kind=found.choice(kind), inserted=True)
        for text, kind in slots
        if text in found.mine or kind in found.mine
    ]
