"""`raised-targets.json`: cells of which more is wanted than `[targets]` says, and why.

[{"labels": {"topic": "fees"}, "to": 42, "by": 12, "model": "tuned:bank-1", "made_of": "…",
  "why": "tuned:bank-1 fails 4 of 9 held-out items", "table_version": 5}]
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sync.common.errors import SyncError
from sync.common.json_text import Json
from sync.table.data_folder import DataFolder

FILE = "raised-targets.json"


@dataclass(frozen=True)
class RaisedTarget:
    """One cell of which more is wanted.

    Attributes:
        labels: by kind: the cell.
        to: accepted examples that are wanted at least.
        by: how many more that was than was wanted, or there, when it was raised.
        model: for whose failures; `made_of` tells it from another one of its name.
        why: in words, without its full stop.
        table_version: at which it was raised; what is said of earlier versions is as it was.
    """

    labels: Mapping[str, str]
    to: int
    by: int
    model: str
    made_of: str
    why: str
    table_version: int

    def sentence(self, name: str) -> str:
        """For people, without its full stop.

        Args:
            name: of the cell.
        """
        return f"{name}: {self.by} more are wanted, {self.to} in all, since {self.why}"

    def to_json(self) -> Json:
        """Plain values."""
        return asdict(self)


def read_raised(folder: DataFolder, up_to: int | None = None) -> tuple[RaisedTarget, ...]:
    """What was raised, in the order in which it was.

    Args:
        up_to: the version of the table that is told of; None: the newest.

    Raises:
        SyncError: the folder or the file can't be read.
    """
    try:
        found = [RaisedTarget(**raw) for raw in json.loads(folder.read(FILE) or b"[]")]
    except (ValueError, TypeError) as error:
        raise SyncError(
            f"{folder.location(FILE)}: not the raised targets that `labeltune evaluate --push` "
            f"writes ({error}); correct it, or delete it, and nothing is raised"
        ) from error
    return tuple(each for each in found if up_to is None or each.table_version <= up_to)


def not_raised(folder: DataFolder, more: Iterable[RaisedTarget]) -> tuple[RaisedTarget, ...]:
    """Those of these that were not raised before.

    Raises:
        SyncError: the folder can't be read.
    """
    there = {_once(each) for each in read_raised(folder)}
    return tuple(each for each in more if _once(each) not in there)


def raise_targets(folder: DataFolder, more: Iterable[RaisedTarget]) -> tuple[RaisedTarget, ...]:
    """Raise targets, each cell once for each model; returns those that were not raised before.

    Raises:
        SyncError: the folder can't be written.
    """
    fresh = not_raised(folder, more)
    if fresh:
        told = [each.to_json() for each in (*read_raised(folder), *fresh)]
        folder.write(FILE, json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    return fresh


def of_cells(
    raised: Sequence[RaisedTarget], dimensions: Sequence[str], kinds: Mapping[str, Sequence[str]]
) -> dict[tuple[str, ...], list[RaisedTarget]]:
    """Raised targets by the cell of these kinds; those of other kinds or labels count not."""
    found: dict[tuple[str, ...], list[RaisedTarget]] = {}
    for each in raised:
        if each.labels.keys() == set(dimensions):
            cell = tuple(each.labels[name] for name in dimensions)
            known = zip(dimensions, cell, strict=True)
            if all(label in kinds.get(name, ()) for name, label in known):
                found.setdefault(cell, []).append(each)
    return found


def _once(each: RaisedTarget) -> tuple[Any, ...]:
    return each.model, each.made_of, *sorted(each.labels.items())
