"""The figures as pictures, in both themes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.ranked.drafts_measured import SCORE
from benchmarks.ranked.labels import STRATEGIES, TARGET
from sync.common.charts import BETWEEN, OTHER, OURS, TEXT, Spec, draw, layered, standalone

WIDTH, HEIGHT = 420, 260
_TITLES = {
    "gsm8k": "word problems (GSM8K)",
    "banking77": "intents (BANKING77)",
    "pubmedqa": "decisions (PubMedQA)",
}


def write(figures: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write a picture of each part that has one.

    Returns:
        The files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    specs: dict[str, Spec] = {}
    for kind, one in (figures.get("drafts") or {}).items():
        if "risk_coverage" in one:
            specs[f"ranking_risk_{kind}"] = risk_coverage(kind, one)
    if figures.get("labels"):
        specs["ranking_labels"] = label_curves(figures["labels"])
    if figures.get("project"):
        specs["ranking_project"] = edits_found(figures["project"])
    written = []
    for name, spec in specs.items():
        path = folder / f"{name}.svg"
        path.write_text(standalone(draw(spec)), encoding="utf-8")
        written.append(path)
    return written


def risk_coverage(kind: str, one: Mapping[str, Any]) -> Spec:
    """The share of wrong drafts among those that are surest: the score, the best signal, chance."""
    best, wrong = one["best_signal"], 1 - one["right"]
    lines = {
        "score": one["risk_coverage"][SCORE],
        best.replace("_", " "): one["risk_coverage"][best],
        "random order": [(0, wrong), (1, wrong)],
    }
    return _lines(
        lines,
        ("share of the drafts, the surest first", "wrong ones among them"),
        description=f"Risk by coverage of {_TITLES[kind]}: {one['questions']} questions.",
        percent=(True, True),
    )


def label_curves(one: Mapping[str, Any]) -> Spec:
    """The classifier's accuracy by labels: the mean over the seeds, as far as all of them go."""
    lines = {name: _mean(one[name]["curves"]) for name in STRATEGIES}
    spec = _lines(
        lines,
        ("labels", "right on the test questions"),
        description="Accuracy on BANKING77 by the number of labels.",
        percent=(False, True),
    )
    target: Spec = {
        "data": {"values": [{"y": TARGET}]},
        "mark": {"type": "rule", "color": TEXT, "strokeDash": [2, 4]},
        "encoding": {"y": {"field": "y", "type": "quantitative"}},
    }
    return {**spec, "layer": [*spec["layer"], target]}


def edits_found(one: Mapping[str, Any]) -> Spec:
    """The share of the drafts to edit that is found, by the share of the queue that is done."""
    whole = one["found_by_done"]
    rate = one["needs_edits"]
    lines = {
        "queue": whole,
        "perfect order": [(0, 0), (rate, 1), (1, 1)],
        "random order": [(0, 0), (1, 1)],
    }
    return _lines(
        lines,
        ("share of the tasks that is done", "drafts to edit that were found"),
        description="Drafts that need edits, by how much of the queue is done.",
        percent=(True, True),
    )


def _mean(curves: Sequence[Sequence[Sequence[float]]]) -> list[tuple[float, float]]:
    least = min(len(points) for points in curves)
    mean = np.mean([[right for _, right in points[:least]] for points in curves], axis=0)
    return [(labels, float(m)) for (labels, _), m in zip(curves[0], mean, strict=False)]


def _lines(
    lines: Mapping[str, Sequence[Sequence[float]]],
    titles: tuple[str, str],
    *,
    description: str,
    percent: tuple[bool, bool],
) -> Spec:
    """Up to three lines: ours, one in between, and what they are held against."""
    rows = [{"x": x, "y": y, "line": name} for name, points in lines.items() for x, y in points]
    encoding = {
        axis: {
            "field": axis,
            "type": "quantitative",
            "title": title,
            "axis": {"format": "%"} if is_share else {},
        }
        for axis, title, is_share in zip("xy", titles, percent, strict=True)
    }
    colours = {"domain": list(lines), "range": [OURS, BETWEEN, OTHER]}
    encoding["color"] = {"field": "line", "type": "nominal", "scale": colours}
    line: Spec = {
        "data": {"values": rows},
        "mark": {"type": "line", "strokeWidth": 2},
        "encoding": encoding,
    }
    return layered([line], width=WIDTH, height=HEIGHT, description=description)
