"""What the pulled work holds beside what it should, and what to do about it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from sync.common.errors import SyncError
from sync.common.json_text import Json
from sync.common.wording import nearest
from sync.coverage.label_counts import Cell, CellCounts, LabelCounts
from sync.coverage.raised_targets import RaisedTarget
from sync.coverage.targets import Targets
from sync.records.states import WorkCounts
from sync.records.unlisted import Unlisted
from sync.settings.targets import BETWEEN


@dataclass(frozen=True)
class Gap:
    """One combination of labels.

    Attributes:
        labels: by kind.
        arrived: its tasks, finished or not.
        have: accepted examples.
        waiting: tasks that nobody has finished or skipped.
        wanted: None without a target.
        missing: `wanted - have`, at least 0; None without a target.
        raised: why more is wanted than `[targets]` says.
    """

    labels: Mapping[str, str]
    arrived: int
    have: int
    waiting: int
    wanted: int | None
    missing: int | None
    raised: tuple[RaisedTarget, ...] = ()

    @property
    def name(self) -> str:
        """As people read it, such as `topic=fees`, with more labels after it."""
        return BETWEEN.join(f"{kind}={label}" for kind, label in self.labels.items())

    @property
    def need(self) -> float:
        """The share of what is wanted that is missing, in [0, 1]."""
        return self.missing / self.wanted if self.missing and self.wanted else 0.0


@dataclass(frozen=True)
class Gaps:
    """A project's work by label.

    Attributes:
        dimensions: the kinds that cells combine.
        cells: every cell in which there is, waits or is wanted something, in the labels' order.
        kinds: every kind of category alone, with all of its labels.
        unplaced: tasks that lack a label of a dimension, and so are in no cell.
        work: how many tasks are in each state.
        weighting: of the targets; None where nothing is wanted.
        unlisted: labels that annotations hold and `labeltune.toml` does not list: they are in no
            cell either.
    """

    project: str
    table_version: int
    dimensions: tuple[str, ...]
    cells: tuple[Gap, ...]
    kinds: Mapping[str, tuple[Gap, ...]]
    unplaced: CellCounts
    work: WorkCounts
    total: int | None
    weighting: str | None
    unlisted: tuple[Unlisted, ...] = ()

    @property
    def missing(self) -> list[Gap]:
        """Cells that lack something, the greatest lack first."""
        lacking = [gap for gap in self.cells if gap.missing]
        return sorted(lacking, key=lambda gap: -(gap.missing or 0))

    def advice(self) -> Iterator[str]:
        """What to do next, a sentence each, the greatest lack first."""
        if self.weighting is None:
            yield (
                "No targets yet: set targets.total and targets.dimensions in labeltune.toml to "
                "see what is missing"
            )
        for gap in self.missing:
            yield f"{gap.missing} more of {gap.name}: {_supply(gap)}"
        for gap in self.missing:
            yield from (each.sentence(gap.name) for each in gap.raised)
        if self.weighting is not None and not self.missing and self.is_target:
            yield "Nothing is missing: every cell holds what is wanted"
        if self.weighting is not None and not self.is_target:
            yield (
                f"No target for {BETWEEN.join(self.dimensions)}: targets.dimensions combines other "
                "kinds"
            )
        lacking = self.unplaced.accepted + self.unplaced.waiting
        if lacking:
            kinds = " or ".join(self.dimensions)
            yield (
                f"{lacking} {'task lacks' if lacking == 1 else 'tasks lack'} a label of {kinds} "
                "and so are in no cell: have rules or the model assign them"
            )

        yield from (each.sentence() for each in self.unlisted)

    @property
    def is_target(self) -> bool:
        """Whether there are targets for these cells."""
        return any(gap.wanted is not None for gap in self.cells)

    def to_json(self) -> Json:
        """Everything, for machines."""
        return {
            "project": self.project,
            "table_version": self.table_version,
            "dimensions": list(self.dimensions),
            "weighting": self.weighting,
            "total": self.total,
            "missing": sum(gap.missing or 0 for gap in self.cells),
            "cells": [_json(gap) for gap in self.cells],
            "kinds": {name: [_json(gap) for gap in gaps] for name, gaps in self.kinds.items()},
            "work": asdict(self.work),
            "unlisted": [asdict(each) for each in self.unlisted],
            "unplaced": {"have": self.unplaced.accepted, "waiting": self.unplaced.waiting},
        }


def gaps_of(
    counted: LabelCounts,
    targets: Targets,
    by: Sequence[str] = (),
    *,
    project: str,
    table_version: int,
) -> Gaps:
    """Counts beside targets.

    Args:
        by: kinds to combine; by default the targets' dimensions, else the first two kinds.

    Raises:
        SyncError: there is no such kind.
    """
    dimensions = tuple(by) or targets.dimensions or tuple(counted.kinds)[:2]
    for name in dimensions:
        if name not in counted.kinds:
            raise SyncError(
                f"--by: no kind of category {name!r}; {nearest(name, counted.kinds)} (a kind is a "
                "[categories.NAME] of labeltune.toml, or length)"
            )
    if len(set(dimensions)) < len(dimensions):
        raise SyncError(f"--by: {', '.join(dimensions)} names a kind twice; once is enough")
    cells, unplaced = _gaps(counted, targets, dimensions)
    return Gaps(
        project=project,
        table_version=table_version,
        dimensions=dimensions,
        cells=tuple(gap for gap in cells if gap.arrived or gap.wanted),
        kinds={
            name: tuple(_gaps(counted, targets, [name], [(label,) for label in labels])[0])
            for name, labels in counted.kinds.items()
        },
        unplaced=unplaced,
        work=counted.work(),
        total=targets.total,
        weighting=targets.weighting if targets.wanted else None,
    )


def _gaps(
    counted: LabelCounts, targets: Targets, dimensions: Sequence[str], every: Iterable[Cell] = ()
) -> tuple[list[Gap], CellCounts]:
    """Every cell in which there is something, or something is wanted, and those of `every`."""
    counts, unplaced = counted.over(dimensions)
    wanted = targets.over(dimensions)
    order = [{label: i for i, label in enumerate(counted.kinds[name])} for name in dimensions]
    found = sorted(
        {*counts, *(wanted or ()), *every},
        key=lambda cell: [places[label] for places, label in zip(order, cell, strict=True)],
    )
    raised = targets.raised if tuple(dimensions) == targets.dimensions else {}
    return [
        _gap(dimensions, cell, counts.get(cell, CellCounts()), wanted, raised.get(cell, ()))
        for cell in found
    ], unplaced


def _gap(
    dimensions: Sequence[str],
    cell: Cell,
    counts: CellCounts,
    wanted: Mapping[Cell, int] | None,
    raised: Sequence[RaisedTarget],
) -> Gap:
    want = None if wanted is None else wanted.get(cell)
    return Gap(
        labels=dict(zip(dimensions, cell, strict=True)),
        arrived=counts.arrived,
        have=counts.accepted,
        waiting=counts.waiting,
        wanted=want,
        missing=None if want is None else max(0, want - counts.accepted),
        raised=tuple(raised),
    )


def _supply(gap: Gap) -> str:
    """Where what is missing can come from."""
    missing = gap.missing or 0
    if not gap.waiting:
        return "none wait; push some"
    wait = "1 such task waits" if gap.waiting == 1 else f"{gap.waiting} such tasks wait"
    if gap.waiting >= missing:
        return f"{wait} in Label Studio"
    return f"only {wait} in Label Studio; push {missing - gap.waiting} more"


def _json(gap: Gap) -> Json:
    return {
        "labels": dict(gap.labels),
        "arrived": gap.arrived,
        "have": gap.have,
        "waiting": gap.waiting,
        "wanted": gap.wanted,
        "missing": gap.missing,
        "raised": [each.to_json() for each in gap.raised],
    }
