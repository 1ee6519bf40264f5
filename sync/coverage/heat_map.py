"""The gaps as one HTML page that needs nothing else: a heat map, and every kind alone.

The colour of a cell says how much of it is missing; its text says so in numbers, for those who
can't see or print colours.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sync.common.charts import page_template
from sync.coverage.gaps import Gap, Gaps
from sync.settings.targets import BETWEEN

_TEMPLATE = "gaps.html"
_WEIGHED = {
    "proportional": "shared out as tasks arrive",
    "impact": "shared out by what arrives and its impact",
    "difficulty": "shared out by what arrives and how often drafts had to be changed",
}


@dataclass(frozen=True)
class HeatMap:
    """Cells as a table.

    Attributes:
        kind: whose labels the columns are; None where there is one kind alone.
        rows: the labels of the other kinds, with a cell a column; None for a combination of which
            there is nothing and nothing is wanted.
    """

    kind: str | None
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Gap | None, ...]], ...]


def heat_map(gaps: Gaps) -> HeatMap:
    """Rows are the combinations of all kinds but the last, columns the labels of the last."""
    *across, last = gaps.dimensions
    if not across:
        return HeatMap(None, ("",), tuple((gap.labels[last], (gap,)) for gap in gaps.cells))
    shown = {gap.labels[last] for gap in gaps.cells}
    every = [gap.labels[last] for gap in gaps.kinds.get(last, ())]
    columns = tuple(label for label in every if label in shown)
    by_row: dict[tuple[str, ...], dict[str, Gap]] = {}
    for gap in gaps.cells:
        row = tuple(gap.labels[name] for name in across)
        by_row.setdefault(row, {})[gap.labels[last]] = gap
    rows = tuple(
        (BETWEEN.join(row), tuple(found.get(label) for label in columns))
        for row, found in by_row.items()
    )
    return HeatMap(last, columns, rows)


def page(gaps: Gaps, advice: Sequence[str]) -> str:
    """The whole page as HTML.

    Args:
        advice: what to do next, a sentence each.
    """
    return page_template(_TEMPLATE).render(
        gaps=gaps,
        map=heat_map(gaps),
        advice=advice,
        between=BETWEEN,
        weighed=_WEIGHED.get(gaps.weighting or "", ""),
        most_arrived=max((gap.arrived for gap in gaps.cells), default=0),
    )
