"""The losses of a training as a picture: an SVG beside the model, and a few lines in a terminal."""

from collections.abc import Sequence
from typing import Any

from connectors.extras import MissingExtraError
from sync.common.charts import OTHER, OURS, draw, layered, standalone
from sync.table.data_folder import DataFolder
from sync.tuning.models import MODELS
from sync.tuning.models.model_entry import LossPoint, ModelEntry

CURVE = "loss.svg"
_WIDTH, _HEIGHT = 640, 260
# a training of many steps is drawn by the mean of so many at a time, at most so many marks
_MOST = 400
_LEAST = 2  # points of a curve
_BARS = "▁▂▃▄▅▆▇█"


def write_curve(folder: DataFolder, entry: ModelEntry) -> str | None:
    """Draw a model's losses beside its entry; returns where, None where there is nothing to draw.

    Without the extra `report` nothing is drawn: a picture is a help, and no reason to fail.

    Raises:
        SyncError: the folder can't be written.
    """
    if max(len(_measured(entry.losses, what)) for what in ("training", "validation")) < _LEAST:
        return None
    try:
        svg = standalone(draw(curve_spec(entry.losses, f"Losses of {entry.name} by step")))
    except MissingExtraError:
        return None
    name = f"{MODELS}/{entry.name}/{CURVE}"
    folder.write(name, svg)
    return folder.location(name)


def curve_spec(losses: Sequence[LossPoint], description: str) -> Any:
    """A chart of losses over steps, in the words of Vega-Lite."""
    colours = {"training": OURS, "validation": OTHER}
    layers = []
    for what in colours:
        points = _thinned(_measured(losses, what))
        values = [{"step": step, "loss": loss, "of": what} for step, loss in points]
        mark = {"type": "line", "point": len(values) <= _MOST // 10, "strokeWidth": 2}
        layers.append(
            {
                "data": {"values": values},
                "mark": mark,
                "encoding": {
                    "x": {"field": "step", "type": "quantitative", "title": "step"},
                    "y": {"field": "loss", "type": "quantitative", "title": "loss (low is better)"},
                    "color": {
                        "field": "of",
                        "type": "nominal",
                        "scale": {"domain": list(colours), "range": list(colours.values())},
                        "legend": {"orient": "top"},
                    },
                },
            }
        )
    return layered(layers, width=_WIDTH, height=_HEIGHT, description=description)


def in_a_terminal(losses: Sequence[LossPoint], width: int = 60) -> list[str]:
    """Each kind of loss as one line of bars, from the first step to the last.

    `training    ▇▅▄▃▂▂▁▁  2.5000 → 0.7500`

    Args:
        width: bars at most.
    """
    lines = []
    for what in ("training", "validation"):
        points = _measured(losses, what)
        if len(points) < _LEAST:
            continue
        bars = [loss for _, loss in _thinned(points, width)]
        low, high = min(bars), max(bars)
        scale = (len(_BARS) - 1) / (high - low) if high > low else 0.0
        drawn = "".join(_BARS[round((loss - low) * scale)] for loss in bars)
        lines.append(f"{what:<10}  {drawn}  {points[0][1]:.4f} → {points[-1][1]:.4f}")
    return lines


def _measured(losses: Sequence[LossPoint], what: str) -> list[tuple[int, float]]:
    """The steps with a loss of a kind, and the loss."""
    return [(point.step, value) for point in losses if (value := getattr(point, what)) is not None]


def _thinned(points: Sequence[tuple[int, float]], most: int = _MOST) -> list[tuple[int, float]]:
    """At most so many points, each the mean of its neighbours; the last step stays the last."""
    size = -(-len(points) // most) if points else 1
    chunks = [points[at : at + size] for at in range(0, len(points), size)]
    return [(chunk[-1][0], sum(loss for _, loss in chunk) / len(chunk)) for chunk in chunks]
