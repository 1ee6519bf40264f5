"""`[targets]` of `labeltune.toml`: what the data set should hold, by kind of category."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, Strict, model_validator

from sync.common.wording import nearest
from sync.settings.section import Section

# the kind that is measured, not assigned
LENGTH = "length"
# more combinations than anybody could look through
MOST_CELLS = 20_000
# labels of a cell, as people read them
BETWEEN = " × "  # noqa: RUF001

Count = Annotated[int, Field(ge=0)]
Names = Annotated[tuple[str, ...], Strict(False)]
Kinds = Mapping[str, Sequence[str]]


class LengthKindSection(Section):
    """How long is long.

    Attributes:
        of: the answer (of a waiting task: its draft's), or the prompt, all that the user said.
        up_to: label -> the most that it holds, rising.
        beyond: the label of all that is longer.
    """

    of: Literal["answer", "prompt"] = "answer"
    unit: Literal["words", "characters"] = "words"
    up_to: dict[str, Annotated[int, Field(ge=1)]] = Field(
        default_factory=lambda: {"short": 50, "medium": 200}
    )
    beyond: str = "long"

    @property
    def labels(self) -> tuple[str, ...]:
        """From the shortest to the longest."""
        return (*self.up_to, self.beyond)

    @model_validator(mode="after")
    def _rising(self) -> "LengthKindSection":
        limits = list(self.up_to.values())
        if limits != sorted(set(limits)):
            raise ValueError(f"up_to must rise from label to label, found {limits}; sort it")
        if self.beyond in self.up_to:
            raise ValueError(
                f"beyond = {self.beyond!r} is a label of up_to, too; call it otherwise"
            )
        return self


class CellSection(Section):
    """An exact count for one combination of labels; beside `count` stands one key a dimension."""

    labels: dict[str, str]
    count: Count

    @model_validator(mode="before")
    @classmethod
    def _gathered(cls, raw: Any) -> Any:
        if not isinstance(raw, Mapping) or isinstance(raw.get("labels"), Mapping):
            return raw
        if "count" not in raw:
            raise ValueError("it needs a count, beside one label a dimension; add it")
        labels = {name: label for name, label in raw.items() if name != "count"}
        return {"labels": labels, "count": raw["count"]}


class TargetsSection(Section):
    """What the data set should hold once it is done; empty: nothing is wanted yet.

    Attributes:
        total: accepted examples in all.
        dimensions: kinds of category whose combinations are the cells; by default those that the
            other keys name.
        weighting: what the total is shared out by. proportional: tasks as they arrive, finished or
            not. impact: that, times `impact`. difficulty: that, times the share of drafts that
            experts had to change.
        minimum: of every cell without an exact count.
        shares: kind -> label -> share of the total, in [0, 1]; labels that are not named share the
            rest.
        impact: kind -> label -> how much more it matters than a label that is not named (1.0).
        cells: exact counts, taken off the total first.
    """

    total: Annotated[int, Field(ge=1)] | None = None
    dimensions: Names = ()
    weighting: Literal["proportional", "impact", "difficulty"] = "proportional"
    minimum: Count = 0
    shares: dict[str, dict[str, Annotated[float, Field(ge=0.0, le=1.0)]]] = Field(
        default_factory=dict
    )
    impact: dict[str, dict[str, Annotated[float, Field(ge=0.0, allow_inf_nan=False)]]] = Field(
        default_factory=dict
    )
    cells: Annotated[tuple[CellSection, ...], Strict(False)] = ()
    length: LengthKindSection = LengthKindSection()

    @property
    def wants(self) -> bool:
        """Whether anything is wanted."""
        return self.total is not None or self.minimum > 0 or bool(self.cells)

    @property
    def cell_dimensions(self) -> tuple[str, ...]:
        """The kinds that cells are made of."""
        named = [*self.shares, *self.impact, *(name for cell in self.cells for name in cell.labels)]
        return self.dimensions or tuple(dict.fromkeys(named))

    @model_validator(mode="after")
    def _consistent(self) -> "TargetsSection":
        if self.impact and self.weighting != "impact":
            raise ValueError(
                f'impact is ignored with weighting = "{self.weighting}"; set weighting = "impact", '
                "or remove it"
            )
        if self.weighting == "impact" and not self.impact:
            raise ValueError('weighting = "impact" needs a table such as [targets.impact.topic]')
        if self.total is None and (self.shares or self.weighting != "proportional"):
            raise ValueError("shares and weighting need a total to share out; set targets.total")
        if self.wants and not self.cell_dimensions:
            raise ValueError(
                'it is not said of what; set dimensions, such as dimensions = ["topic"]'
            )
        for name in self.dimensions:
            if self.dimensions.count(name) > 1:
                raise ValueError(f"dimensions names {name!r} twice; once is enough")
        for name in (*self.shares, *self.impact):
            if name not in self.cell_dimensions:
                near = nearest(name, self.cell_dimensions)
                raise ValueError(
                    f"{name!r} is none of the dimensions ({near}); add it, or correct it"
                )
        exact = sum(cell.count for cell in self.cells)
        if self.total is not None and exact > self.total:
            raise ValueError(f"the cells want {exact} in all, more than total = {self.total}")
        return self


def check_targets(targets: TargetsSection, kinds: Kinds) -> None:
    """Refuse unknown kinds and labels, and counts that contradict each other.

    Args:
        kinds: labels by kind, as `kinds_of` gives them.

    Raises:
        ValueError: the first fault, as a sentence that begins with the key.
    """
    for name in targets.dimensions:
        _known_kind("targets.dimensions", name, kinds)
    for key, tables in (("shares", targets.shares), ("impact", targets.impact)):
        for name, by_label in tables.items():
            _known_kind(f"targets.{key}", name, kinds)
            _known_labels(f"targets.{key}.{name}", by_label, kinds[name], name)
    for name, shares in targets.shares.items():
        _check_sum(name, shares, kinds[name])
    seen: set[tuple[str, ...]] = set()
    for number, cell in enumerate(targets.cells, start=1):
        seen.add(_check_cell(f"targets.cells, number {number}", cell, targets, kinds, seen))
    _check_size(targets, kinds)


def kinds_of(
    categories: Mapping[str, Any], length: LengthKindSection
) -> dict[str, tuple[str, ...]]:
    """Labels by kind of category: the project's own, and the length unless it has one so named.

    Args:
        categories: `CategorySection` by name.
    """
    assigned = {name: tuple(section.labels) for name, section in categories.items()}
    return {**assigned, LENGTH: assigned.get(LENGTH, length.labels)}


def _known_kind(where: str, name: str, kinds: Kinds) -> None:
    if name not in kinds:
        raise ValueError(
            f"{where}: no kind of category {name!r}; {nearest(name, kinds)} (a kind is a "
            "[categories.NAME], or length)"
        )


def _known_labels(where: str, labels: Iterable[str], known: Sequence[str], name: str) -> None:
    for label in labels:
        if label not in known:
            raise ValueError(f"{where}: {name} has no label {label!r}; {nearest(label, known)}")


def _check_sum(name: str, shares: Mapping[str, float], labels: Sequence[str]) -> None:
    total = math.fsum(shares.values())
    if total > 1 + 1e-9 or (len(shares) == len(labels) and total < 1 - 1e-9):
        raise ValueError(
            f"targets.shares.{name}: the shares add up to {total:g}, and must to 1; leave a label "
            "out to give it the rest"
        )


def _check_cell(
    where: str,
    cell: CellSection,
    targets: TargetsSection,
    kinds: Kinds,
    seen: set[tuple[str, ...]],
) -> tuple[str, ...]:
    dimensions = targets.cell_dimensions
    for name in cell.labels:
        _known_kind(where, name, kinds)
    lacking = [name for name in dimensions if name not in cell.labels]
    more = [name for name in cell.labels if name not in dimensions]
    if lacking or more:
        raise ValueError(
            f"{where}: needs one label of each of {', '.join(dimensions)}, and "
            f"{f'lacks {lacking[0]!r}' if lacking else f'has {more[0]!r}, too'}; correct it, or "
            "targets.dimensions"
        )
    for name, label in cell.labels.items():
        _known_labels(where, [label], kinds[name], name)
    found = tuple(cell.labels[name] for name in dimensions)
    if found in seen:
        raise ValueError(f"{where}: {BETWEEN.join(found)} has a count already; remove one")
    return found


def _check_size(targets: TargetsSection, kinds: Kinds) -> None:
    cells = math.prod(len(kinds[name]) for name in targets.cell_dimensions)
    if cells > MOST_CELLS:
        raise ValueError(
            f"targets.dimensions: {', '.join(targets.cell_dimensions)} make {cells} cells, more "
            f"than {MOST_CELLS}; combine fewer kinds"
        )
    if targets.total is None or not targets.minimum:
        return
    free = cells - len(targets.cells)
    least = free * targets.minimum + sum(cell.count for cell in targets.cells)
    if least > targets.total:
        raise ValueError(
            f"targets.minimum: {targets.minimum} in each of {free} cells make {least} with the "
            f"exact counts, more than total = {targets.total}; lower it, or raise the total"
        )
