"""What the page of an evaluation shows as pictures; all of it stands in a table beside them."""

from collections.abc import Sequence

from sync.common.charts import BAD, GOOD, OTHER, OURS, QUIET, TEXT, Spec, draw, layered
from sync.tuning.evaluation.comparison import ComparedSeries
from sync.tuning.evaluation.results import MeasuredRow
from sync.tuning.evaluation.statistics.paired import ShownAs

_COLOURS: dict[ShownAs, str] = {"better": GOOD, "worse": BAD, "not shown": OTHER}
_STEP = 34


def differences_chart(compared: Sequence[ComparedSeries], title: str) -> str:
    """Differences of two arms with their intervals, a line a measure, in points of a hundred.

    Args:
        compared: shares with an interval; others have another scale.
    """
    rows = [
        {
            "measure": each.told,
            "place": place,
            "difference": 100 * each.found.difference.value,
            "low": 100 * (each.found.difference.low or 0.0),
            "high": 100 * (each.found.difference.high or 0.0),
            "verdict": each.verdict,
        }
        for place, each in enumerate(compared)
    ]
    y = {
        "field": "measure",
        "type": "nominal",
        "sort": {"field": "place", "op": "min"},
        "axis": {"title": None, "labelLimit": 260, "domain": False, "ticks": False},
    }
    x = {"type": "quantitative", "axis": {"title": title, "tickCount": 7}}
    colour = {
        "field": "verdict",
        "type": "nominal",
        "scale": {"domain": list(_COLOURS), "range": list(_COLOURS.values())},
        "legend": {"orient": "top", "symbolType": "square"},
    }
    layers: list[Spec] = [
        {
            "data": {"values": [{"zero": 0}]},
            "mark": {"type": "rule", "color": QUIET},
            "encoding": {"x": {**x, "field": "zero"}},
        },
        {
            "data": {"values": rows},
            "mark": {"type": "rule", "strokeWidth": 3},
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y}
            | {"color": colour},
        },
        {
            "data": {"values": rows},
            "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
            "encoding": {"x": {**x, "field": "difference"}, "y": y, "color": colour},
        },
    ]
    return draw(
        layered(
            layers,
            width=420,
            height=_STEP * max(1, len(rows)),
            description="Differences between two models with their 95 % intervals.",
        )
    )


def arms_chart(row: MeasuredRow, names: Sequence[str]) -> str:
    """The main measure of each arm with its interval, in percent."""
    rows = [
        {
            "arm": name,
            "place": place,
            "value": 100 * mean.value,
            "low": 100 * (mean.value if mean.low is None else mean.low),
            "high": 100 * (mean.value if mean.high is None else mean.high),
        }
        for place, name in enumerate(names)
        if (mean := row.means.get(name)) is not None
    ]
    y = {
        "field": "arm",
        "type": "nominal",
        "sort": {"field": "place", "op": "min"},
        "axis": {"title": None, "labelLimit": 260, "domain": False, "ticks": False},
    }
    x = {
        "type": "quantitative",
        "scale": {"domain": [0, 100]},
        "axis": {"title": f"{row.told}, percent of the held-out items", "tickCount": 6},
    }
    layers: list[Spec] = [
        {
            "data": {"values": rows},
            "mark": {"type": "bar", "color": OURS, "height": 16},
            "encoding": {"x": {**x, "field": "value"}, "y": y},
        },
        {
            "data": {"values": rows},
            "mark": {"type": "rule", "color": TEXT, "strokeWidth": 2},
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y},
        },
    ]
    return draw(
        layered(
            layers,
            width=420,
            height=_STEP * max(1, len(rows)),
            description="The share of held-out items that each model passes.",
        )
    )
