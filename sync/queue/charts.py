"""What the report of the ranking shows as pictures."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drafting.acceptance.reliability import ReliabilityBin
from sync.common.charts import BETWEEN, OTHER, OURS, TEXT, Spec, draw, layered
from sync.queue.outlook import Outlook, YieldCurve

# points that a line is drawn through, at most
_POINTS = 200
_SO_FAR, _EXPECTED, _RANDOM = "found so far", "expected in this order", "in random order"


def reliability_chart(bins: Sequence[ReliabilityBin]) -> str:
    """What was expected of drafts beside what became of them; on the diagonal both agree.

    Bars are 95 % intervals of the share accepted (Wilson, 1927).
    """
    from scipy.stats import binomtest

    rows = []
    for each in bins:
        found = binomtest(round(each.accepted * each.n), each.n).proportion_ci(method="wilson")
        rows.append(
            {
                "expected": each.predicted,
                "accepted": each.accepted,
                "low": found.low,
                "high": found.high,
                "n": each.n,
            }
        )
    x = _axis("expected", "expected share accepted unchanged", percent=True)
    y = _axis("accepted", "accepted unchanged", percent=True)
    ends = {"values": [{"expected": 0, "accepted": 0}, {"expected": 1, "accepted": 1}]}
    spec = layered(
        [
            {
                "data": ends,
                "mark": {"type": "line", "color": OTHER, "strokeDash": [4, 4]},
                "encoding": {"x": x, "y": y},
            },
            {
                "data": {"values": rows},
                "mark": {"type": "rule", "color": OURS, "strokeWidth": 2},
                "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
            },
            {
                "data": {"values": rows},
                "mark": {"type": "line", "color": OURS, "point": {"size": 60, "color": OURS}},
                "encoding": {"x": x, "y": y},
            },
        ],
        width=300,
        height=300,
        description="Share of drafts accepted unchanged by the probability that was expected.",
    )
    return draw(spec)


def yield_chart(curve: YieldCurve, outlook: Outlook) -> str:
    """Drafts to change that were found, by tasks done: so far, expected, and at random."""
    so_far, rest = _thinned(curve.found), _thinned(curve.expected)
    done, whole = len(curve.found) - 1, len(curve.found) + len(curve.expected) - 2
    rows = [{"tasks": x, "found": y, "line": _SO_FAR} for x, y in so_far]
    rows += [{"tasks": x + done, "found": y, "line": _EXPECTED} for x, y in rest]
    rows += [
        {"tasks": x, "found": curve.all_changed * x / max(whole, 1), "line": _RANDOM}
        for x in (0, whole)
    ]
    lines = [_SO_FAR, _EXPECTED, _RANDOM]
    x = _axis("tasks", "tasks done")
    y = _axis("found", "drafts to change that were found")
    shown = {
        "color": {
            "field": "line",
            "type": "nominal",
            "scale": {"domain": lines, "range": [OURS, OURS, OTHER]},
            "legend": {"orient": "top", "symbolType": "stroke", "symbolStrokeWidth": 2.5},
        },
        "strokeDash": {
            "field": "line",
            "type": "nominal",
            "scale": {"domain": lines, "range": [[1, 0], [6, 4], [2, 3]]},
        },
    }
    layers: list[Spec] = [
        {
            "data": {"values": rows},
            "mark": {"type": "line", "strokeWidth": 2.5},
            "encoding": {"x": x, "y": y, **shown},
        }
    ]
    if outlook.next_changed is not None:
        layers = [*_ahead(done, whole, outlook, x), *layers]
    if outlook.left is not None and outlook.open:
        layers += _interval(whole, outlook, x, y)
    description = "Drafts that experts changed, by the number of tasks done, and what is expected."
    return draw(layered(layers, width=620, height=300, description=description))


def _ahead(done: int, whole: int, outlook: Outlook, x: Spec) -> list[Spec]:
    """A band over the next tasks, and how many changes are expected of them."""
    ahead = outlook.next_changed
    assert ahead is not None
    band = {"tasks": done, "end": done + outlook.next_tasks}
    said = f"next {outlook.next_tasks}: about {ahead.value:.0f}"
    # beside the band, where it would not fit between it and the end
    side = {"align": "left", "dx": 5} if done < 0.7 * whole else {"align": "right", "dx": -5}
    return [
        {
            "data": {"values": [band]},
            "mark": {"type": "rect", "color": BETWEEN, "opacity": 0.12},
            "encoding": {"x": x, "x2": {"field": "end"}},
        },
        {
            "data": {"values": [{**band, "said": said}]},
            "mark": {"type": "text", "dy": -8, "fontSize": 13, "color": TEXT, **side},
            "encoding": {"x": x, "y": {"value": 300}, "text": {"field": "said"}},
        },
    ]


def _interval(whole: int, outlook: Outlook, x: Spec, y: Spec) -> list[Spec]:
    """What the audits say there is in all, at the end of the lines."""
    left, found = outlook.left, outlook.found
    assert left is not None
    ends = {"tasks": whole, "low": found + left.low, "high": found + left.high}
    value = {"tasks": whole, "found": found + left.value}
    name = {"tasks": whole, "found": found + left.high, "said": "by the audits"}
    return [
        {
            "data": {"values": [ends]},
            "mark": {"type": "rule", "color": BETWEEN, "strokeWidth": 3},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        {
            "data": {"values": [value]},
            "mark": {"type": "point", "filled": True, "size": 90, "color": BETWEEN, "opacity": 1},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": {"values": [name]},
            "mark": {"type": "text", "align": "right", "dx": -8, "dy": 4, "fontSize": 13}
            | {"color": TEXT},
            "encoding": {"x": x, "y": y, "text": {"field": "said"}},
        },
    ]


def _axis(field: str, title: str, *, percent: bool = False) -> dict[str, Any]:
    axis: dict[str, Any] = {"title": title, "tickCount": 6, "format": "%" if percent else ",d"}
    if not percent:
        axis["tickMinStep"] = 1
    scale: dict[str, Any] = {"domain": [0, 1]} if percent else {"nice": True}
    return {"field": field, "type": "quantitative", "axis": axis, "scale": scale}


def _thinned(values: NDArray[np.float64]) -> list[tuple[int, float]]:
    """Places and values of a line, few enough to draw; its ends are among them."""
    places = np.unique(np.linspace(0, len(values) - 1, min(len(values), _POINTS)).astype(int))
    return [(int(place), float(values[place])) for place in places]
