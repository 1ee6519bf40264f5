"""Which lines of the training file are left out or repeated, so that it holds what is wanted.

None of the formats has a place for the weight of an example, so weights are not offered.
"""

import hashlib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from sync.common.errors import ExportError
from sync.common.json_text import Json
from sync.coverage.label_counts import Cell
from sync.coverage.targets import Targets
from sync.settings.targets import BETWEEN

Mode = Literal["sample", "repeat"]
MODES: tuple[Mode, ...] = get_args(Mode)
# what is repeated more often is learnt by heart (ours)
MOST_COPIES = 4

_WRITTEN = frozenset({"train", "validation", "test"})


@dataclass(frozen=True, slots=True)
class ExportRecord:
    """One finished task that may become lines of a release.

    Attributes:
        key: what the record is known by, the same in every release.
        split: train, validation, test or dropped; None where it is in no split.
        categories: label by kind.
        length: in the unit of `[targets.length]`, as `sync.coverage.task_facts.measured` has it.
    """

    key: str
    task_id: int
    split: str | None
    categories: Mapping[str, str]
    length: int


@dataclass(frozen=True)
class BalancedCell:
    """One cell of the training file.

    Attributes:
        had: records before.
        wanted: lines that the training file should have of it; None without a target.
        got: lines that it has.
    """

    cell: Cell
    had: int
    wanted: int | None
    got: int


@dataclass(frozen=True)
class BalancePlan:
    """What balancing does to a release.

    Attributes:
        balanced: whether it concerns the train split ("train") or everything ("all").
        unplaced: records that lack a label of a dimension; they stay as they are.
    """

    mode: Mode
    balanced: Literal["train", "all"]
    targets: Targets
    cells: tuple[BalancedCell, ...]
    unplaced: int
    _copies: Mapping[str, int]

    def copies(self, key: str) -> int:
        """How many lines a record gets: 0 to leave it out, more than 1 to repeat it.

        Raises:
            KeyError: the plan was made without it.
        """
        return self._copies[key]

    def manifest(self) -> Json:
        """What was done, for the release's manifest; the same of the same records."""
        return {
            "mode": self.mode,
            "balanced": self.balanced,
            "dimensions": list(self.targets.dimensions),
            "weighting": self.targets.weighting,
            "total": self.targets.total,
            "most_copies": MOST_COPIES if self.mode == "repeat" else 1,
            "had": self._sum("had"),
            "got": self._sum("got"),
            "without_a_label": self.unplaced,
            "cells": [
                {
                    "labels": dict(zip(self.targets.dimensions, each.cell, strict=True)),
                    "had": each.had,
                    "wanted": each.wanted,
                    "got": each.got,
                }
                for each in self.cells
            ],
        }

    def sentence(self) -> str:
        """What was done, for people."""
        where = "the train split" if self.balanced == "train" else "the export"
        had, got = self._sum("had"), self._sum("got")
        changed = sorted(
            (each for each in self.cells if each.got != each.had),
            key=lambda each: -abs(each.got - each.had),
        )
        if not changed:
            why = (
                "no cell holds more than is wanted"
                if self.mode == "sample"
                else "no cell holds less than its share"
            )
            return f"Balancing ({self.mode}) changed nothing in {where}: {why}."
        most = ", ".join(f"{BETWEEN.join(e.cell)} {e.had} to {e.got}" for e in changed[:3])
        more = f" and {len(changed) - 3} cells more" if len(changed) > 3 else ""
        did = "records left out" if self.mode == "sample" else "lines added by repeating"
        return (
            f"Balancing ({self.mode}): {abs(got - had)} {did} in {where}, {had} to {got} "
            f"({most}{more})."
        )

    def _sum(self, name: Literal["had", "got"]) -> int:
        return self.unplaced + sum(int(getattr(each, name)) for each in self.cells)


def plan_balance(items: Iterable[ExportRecord], targets: Targets, mode: Mode) -> BalancePlan:
    """Say how many lines each record gets; the same for the same records in any order.

    Only the train split is balanced, or everything where nothing is split. Targets are for the
    whole data set, so the train split has its part of each: what is wanted, times its part of all
    that is exported. sample leaves out what a cell holds beyond that, and nothing else. repeat
    repeats what a cell holds too little of, each record at most `MOST_COPIES` times; with a total,
    what is wanted is scaled down to as many records as there are, since repeating all of them
    would be more epochs, not balance.

    Raises:
        ExportError: nothing is wanted, or two records have one key.
    """
    if not targets.wanted:
        raise ExportError(
            "there is nothing to balance by: set targets.total and targets.dimensions in "
            "labeltune.toml, or leave --balance out"
        )
    found = list(items)
    copies = dict.fromkeys((item.key for item in found), 1)
    if len(copies) < len(found):
        raise ExportError(
            "two records have the same labeltune_id, so they can't be told apart; delete one of "
            "the tasks in Label Studio and pull again"
        )
    is_split = any(item.split is not None for item in found)
    chosen = [item for item in found if item.split == "train" or not is_split]
    exported = sum(item.split in _WRITTEN for item in found) if is_split else len(found)
    scale = _scale(targets, mode, len(chosen), exported)
    by_cell: dict[Cell | None, list[str]] = {}
    for item in chosen:
        by_cell.setdefault(targets.cell(item.categories, item.length), []).append(item.key)
    unplaced = len(by_cell.pop(None, ()))
    cells: list[BalancedCell] = []
    for cell, wanted in _wanted(targets, by_cell, scale):
        keys = sorted(by_cell.get(cell, ()), key=_digest)
        numbers = _NUMBERS[mode](len(keys), wanted)
        copies.update(zip(keys, numbers, strict=True))
        cells.append(BalancedCell(cell, len(keys), wanted, sum(numbers)))
    return BalancePlan(
        mode, "train" if is_split else "all", targets, tuple(cells), unplaced, copies
    )


def _scale(targets: Targets, mode: Mode, balanced: int, exported: int) -> float:
    """What part of the targets the records that are balanced should hold."""
    part = balanced / exported if exported else 0.0
    if mode == "repeat" and targets.total:
        return part * min(1.0, exported / targets.total)
    return part


def _wanted(
    targets: Targets, by_cell: Mapping[Cell | None, object], scale: float
) -> list[tuple[Cell, int | None]]:
    """Every cell with its part of what is wanted, then those without a target."""
    # rounded up, so that no split takes the last example of a cell
    wanted: list[tuple[Cell, int | None]] = [
        (cell, math.ceil(round(count * scale, 9))) for cell, count in targets.wanted.items()
    ]
    rest = sorted(cell for cell in by_cell if cell is not None and cell not in targets.wanted)
    return wanted + [(cell, None) for cell in rest]


def _sampled(had: int, wanted: int | None) -> list[int]:
    """Copies of a cell's records, in the order of their digests."""
    kept = had if wanted is None else min(had, wanted)
    return [1] * kept + [0] * (had - kept)


def _repeated(had: int, wanted: int | None) -> list[int]:
    if not had or wanted is None or wanted <= had:
        return [1] * had
    each, more = divmod(min(wanted, had * MOST_COPIES), had)
    return [each + 1] * more + [each] * (had - more)


_NUMBERS: Mapping[Mode, Callable[[int, int | None], Sequence[int]]] = {
    "sample": _sampled,
    "repeat": _repeated,
}


def _digest(key: str) -> bytes:
    # a lone surrogate can't be written as UTF-8, and must not stop an export
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()
