"""What the pictures of a report have in common: their size, axes, bars and colours."""

from collections.abc import Mapping, Sequence
from typing import Any

from sync.common.charts import OURS, Spec

WIDTH, HEIGHT, _BAR = 380, 200, 20


def lying_bars(
    rows: Sequence[Spec], field: str, order: Sequence[str], title: str, colours: Mapping[str, str]
) -> dict[str, Any]:
    """Lying bars, one a name, in this order."""
    used = {name: hue for name, hue in colours.items() if name in {row["part"] for row in rows}}
    encoding = {
        "y": {
            "field": field,
            "type": "nominal",
            # by number: a name would become a part of a program
            "sort": {"field": "place", "op": "min"},
            "axis": {"title": None, "labelLimit": 240, "domain": False, "ticks": False},
        },
        "x": {**axis_of(title, title), "stack": "zero"},
        "color": coloured(used) if len(colours) > 1 else {"value": OURS},
        "order": {"field": "part", "sort": "ascending"},
    }
    return {
        "width": WIDTH,
        "height": {"step": _BAR + 4},
        # room for names in a font that is wider than the one they are measured with
        "padding": {
            "left": 8 + 2 * max(map(len, order), default=0),
            "top": 8,
            "right": 8,
            "bottom": 8,
        },
        "data": {"values": [{**row, "place": order.index(row[field])} for row in rows]},
        "mark": {"type": "bar", "height": _BAR - 2},
        "encoding": encoding,
    }


def frame(description: str) -> dict[str, Any]:
    return {"width": WIDTH, "height": HEIGHT, "padding": 8, "description": description}


def axis_of(field: str, title: str, *, whole: bool = True) -> dict[str, Any]:
    axis: dict[str, Any] = {"title": title, "tickCount": 5}
    if whole:
        axis |= {"format": ",d", "tickMinStep": 1}
    return {"field": field, "type": "quantitative", "axis": axis}


def coloured_axis(field: str, title: str, colour: str) -> dict[str, Any]:
    """An axis of one of two scales, in the colour of what it measures."""
    axis = {"title": title, "titleColor": colour, "tickMinStep": 1, "tickCount": 5}
    axis["grid"] = colour == OURS
    return {"field": field, "type": "quantitative", "axis": axis}


def coloured(parts: Mapping[str, str]) -> dict[str, Any]:
    """A colour a part, with a legend where there are several."""
    legend = {"orient": "top", "direction": "horizontal", "symbolType": "square"}
    return {
        "field": "part",
        "type": "nominal",
        "scale": {"domain": list(parts), "range": list(parts.values())},
        "legend": legend if len(parts) > 1 else None,
    }
