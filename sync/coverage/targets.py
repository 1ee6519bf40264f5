"""How many examples of every cell are wanted: `[targets]` applied to the tasks that arrived."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sync.coverage.label_counts import Cell, CellCounts, LabelCounts, count_labels
from sync.coverage.raised_targets import RaisedTarget, of_cells, read_raised
from sync.coverage.task_facts import Labeller, read_facts
from sync.coverage.weights import (
    Floats,
    Integers,
    apportioned,
    completed,
    difficulty,
    margin,
    raked,
)
from sync.records.pulled_work import PulledWork
from sync.settings import Config
from sync.settings.targets import TargetsSection
from sync.table.data_folder import data_folder


@dataclass(frozen=True)
class Targets:
    """What a data set should hold.

    Attributes:
        dimensions: the kinds that a cell has a label of, in its order.
        wanted: accepted examples by cell; a cell that is absent has no target.
        total: of the whole; None where only single cells have a target.
        labeller: says which cell an example is of.
        raised: by cell, why more is wanted than `[targets]` says.
    """

    dimensions: tuple[str, ...]
    wanted: Mapping[Cell, int]
    total: int | None
    weighting: str
    labeller: Labeller
    raised: Mapping[Cell, Sequence[RaisedTarget]] = field(default_factory=dict)

    def cell(self, categories: Mapping[str, str], length: int | None) -> Cell | None:
        """The cell of an example; None where it lacks a label of a dimension.

        Args:
            length: in the unit of `[targets.length]`, see `sync.coverage.task_facts.measured`.
        """
        return self.cell_of(self.labeller.labels(categories, length))

    def cell_of(self, labels: Mapping[str, str]) -> Cell | None:
        """The cell of these labels; None where one of a dimension is missing."""
        found = tuple(label for name in self.dimensions if (label := labels.get(name)) is not None)
        return found if len(found) == len(self.dimensions) else None

    def over(self, dimensions: Sequence[str]) -> dict[Cell, int] | None:
        """What is wanted by some of the dimensions.

        Returns:
            None where there is no target for them: other kinds are asked for, too, or only some
            cells have one.
        """
        if not self.wanted or not set(dimensions) <= set(self.dimensions):
            return None
        if self.total is None and len(dimensions) < len(self.dimensions):
            return None
        places = [self.dimensions.index(name) for name in dimensions]
        sums: dict[Cell, int] = {}
        for cell, count in self.wanted.items():
            part = tuple(cell[place] for place in places)
            sums[part] = sums.get(part, 0) + count
        return sums


def read_targets(finished: PulledWork) -> Targets:
    """What the project's data set should hold, by all its tasks, finished or not."""
    labeller = Labeller(finished.config)
    counted = count_labels(read_facts(finished), labeller.kinds)
    return targets_of(finished.config, labeller, counted, raised_of(finished))


def raised_of(finished: PulledWork) -> tuple[RaisedTarget, ...]:
    """What more is wanted at a version of the table, since models failed.

    Raises:
        SyncError: the data folder can't be read.
    """
    snapshot = finished.snapshot
    up_to = snapshot.table_version if snapshot.past else None
    return read_raised(data_folder(finished.config), up_to)


def wanted_by_kind(finished: PulledWork) -> dict[str, dict[str, int]]:
    """How many examples are wanted of each label, by kind; nothing where there are no targets."""
    if not finished.config.targets.wants and not raised_of(finished):
        return {}
    targets = read_targets(finished)
    by_kind = ((name, targets.over((name,))) for name in targets.dimensions)
    return {
        name: {label: number for (label,), number in found.items()}
        for name, found in by_kind
        if found is not None
    }


def targets_of(
    config: Config,
    labeller: Labeller,
    counted: LabelCounts,
    raised: Sequence[RaisedTarget] = (),
) -> Targets:
    """What is wanted by what was counted.

    Args:
        raised: cells of which more is wanted, in the order in which they were raised. Without
            `[targets]` they are the only ones that have a target.
    """
    section = config.targets
    dimensions = section.cell_dimensions if section.wants else ()
    wanted = _wanted(section, labeller.kinds, counted.over(dimensions)[0]) if dimensions else {}
    if not dimensions and raised:
        dimensions = tuple(name for name in labeller.kinds if name in raised[-1].labels)
    why = of_cells(raised, dimensions, labeller.kinds)
    for cell, more in why.items():
        wanted[cell] = max(wanted.get(cell, 0), *(each.to for each in more))
    total = section.total
    return Targets(
        dimensions=dimensions,
        wanted=wanted,
        total=None if total is None else max(total, sum(wanted.values())),
        weighting=section.weighting,
        labeller=labeller,
        raised=why,
    )


def _wanted(
    section: TargetsSection, kinds: Mapping[str, Sequence[str]], counts: Mapping[Cell, CellCounts]
) -> dict[Cell, int]:
    """Exact counts first; the rest of the total by weight, every other cell its minimum."""
    dimensions = section.cell_dimensions
    cells: list[Cell] = list(itertools.product(*(kinds[name] for name in dimensions)))
    exact = {tuple(c.labels[name] for name in dimensions): c.count for c in section.cells}
    free = [cell for cell in cells if cell not in exact]
    if section.total is None:
        rest = dict.fromkeys(free, section.minimum) if section.minimum else {}
        return _in_order(cells, exact | rest)
    weights = _weights(section, kinds, cells, counts)
    if section.shares:
        held = np.array([exact.get(cell, 0) for cell in cells]).reshape(weights.shape)
        fixed = np.array([cell in exact for cell in cells]).reshape(weights.shape)
        weights = _with_shares(section, kinds, np.where(fixed, 0.0, weights), held)
    by_cell = dict(zip(cells, weights.ravel(), strict=True))
    left = section.total - sum(exact.values())
    shared = apportioned(left, np.array([by_cell[cell] for cell in free]), section.minimum)
    return _in_order(cells, exact | dict(zip(free, map(int, shared), strict=True)))


def _in_order(cells: Iterable[Cell], wanted: Mapping[Cell, int]) -> dict[Cell, int]:
    return {cell: wanted[cell] for cell in cells if cell in wanted}


def _weights(
    section: TargetsSection,
    kinds: Mapping[str, Sequence[str]],
    cells: Sequence[Cell],
    counts: Mapping[Cell, CellCounts],
) -> Floats:
    """What each cell weighs, one axis a dimension."""
    dimensions = section.cell_dimensions
    found = [counts.get(cell, CellCounts()) for cell in cells]
    weights = np.array([float(count.arrived) for count in found])
    if not weights.sum():
        weights += 1.0
    if section.weighting == "difficulty":
        drafted, changed = (
            np.array([getattr(count, name) for count in found], dtype=np.int64)
            for name in ("drafted", "changed")
        )
        weights *= difficulty(drafted, changed)
    weights = weights.reshape([len(kinds[name]) for name in dimensions])
    for axis, name in enumerate(dimensions):
        impact = section.impact.get(name, {})
        factors = np.array([impact.get(label, 1.0) for label in kinds[name]])
        weights = np.moveaxis(np.moveaxis(weights, axis, -1) * factors, -1, axis)
    return weights


def _with_shares(
    section: TargetsSection,
    kinds: Mapping[str, Sequence[str]],
    weights: Floats,
    held: Integers,
) -> Floats:
    """Weights of the cells without an exact count, so that the whole has its shares.

    Args:
        held: the exact counts, 0 elsewhere.
    """
    total = section.total or 0
    weights = weights if weights.sum() else np.ones_like(weights)
    shares: dict[int, Floats] = {}
    for name, by_label in section.shares.items():
        axis = section.cell_dimensions.index(name)
        named = {list(kinds[name]).index(label): share for label, share in by_label.items()}
        left = completed(named, margin(weights, axis)) * total - margin(held, axis)
        left = np.maximum(left, 0.0)
        if left.sum():
            shares[axis] = left / left.sum()
    return raked(weights, shares)
