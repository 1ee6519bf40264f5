"""The pictures of a report. What each shows also stands in a table or a sentence beside it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sync.common.charts import BAD, BETWEEN, GOOD, OTHER, OURS, draw, layered
from sync.quality.report.agreement_shown import AgreementPoint
from sync.quality.report.found_kinds import AllFound
from sync.quality.report.history import CheckedVersion
from sync.quality.report.kind_words import words_of
from sync.quality.report.plot_parts import (
    HEIGHT,
    WIDTH,
    axis_of,
    coloured,
    coloured_axis,
    frame,
    lying_bars,
)
from sync.quality.report.work_figures import BINS, WorkFigures
from sync.records.draft_use import DRAFT_OUTCOMES

# kinds and labels that a picture has room for; tables have more
MOST_BARS = 15
# days that are shown one by one, and by week; what is longer is shown by month
_DAYS, _WEEKS = 35, 200
_SEVERITIES = {"error": ("errors", BAD), "warning": ("warnings", BETWEEN), "info": ("notes", OTHER)}
_OUTCOMES: dict[str, str] = dict(
    zip(DRAFT_OUTCOMES, (GOOD, OURS, BETWEEN, BAD, OTHER), strict=True)
)
_DONE, _WAITING = "answered", "waiting"


def findings_chart(found: AllFound) -> str:
    """Findings by kind, the most frequent first."""
    numbers: Counter[str] = Counter()
    for each in found.kinds:
        numbers[each.kind] += each.number
    kinds = [kind for kind, _ in numbers.most_common(MOST_BARS)]
    rows = [
        {"kind": words_of(e.kind).name, "findings": e.number, "part": _SEVERITIES[e.severity][0]}
        for e in found.kinds
        if e.kind in kinds
    ]
    names = [words_of(kind).name for kind in kinds]
    spec = lying_bars(rows, "kind", names, "findings", dict(_SEVERITIES.values()))
    return draw({**spec, "description": "Findings by kind and severity."})


def labels_chart(name: str, labels: Mapping[str, int]) -> str:
    """Finished tasks by label, the most frequent first."""
    first = list(labels.items())[:MOST_BARS]
    rows = [{"label": label, "tasks": number, "part": "tasks"} for label, number in first]
    spec = lying_bars(rows, "label", [label for label, _ in first], "tasks", {"tasks": OURS})
    return draw({**spec, "description": f"Finished tasks by {name}."})


def sureness_chart(figures: WorkFigures) -> str:
    """Drafts by how sure the model was of them, of finished tasks and of those that wait."""
    rows = [
        {"from": 100 * place / BINS, "to": 100 * (place + 1) / BINS, "drafts": number, "part": part}
        for part, numbers in ((_DONE, figures.sure_finished), (_WAITING, figures.sure_waiting))
        for place, number in enumerate(numbers)
    ]
    encoding = {
        "x": {
            **axis_of("from", "how sure the model was, in percent"),
            "bin": {"binned": True, "step": 100 / BINS},
        },
        "x2": {"field": "to"},
        "y": {**axis_of("drafts", "drafts"), "stack": "zero"},
        "color": coloured({_DONE: OURS, _WAITING: OTHER}),
    }
    return draw(
        {
            **frame("Drafts by how sure the model was."),
            "data": {"values": rows},
            "mark": {"type": "bar"},
            "encoding": encoding,
        }
    )


def pace_chart(days: Mapping[date, Mapping[str, int]]) -> str:
    """Answers by day, week or month, and what became of their drafts."""
    stretch, by_stretch = stretches(days)
    names = {begins: _named(begins, stretch) for begins in by_stretch}
    rows = [
        {"begins": names[begins], "answers": number, "part": outcome}
        for begins, counts in by_stretch.items()
        for outcome, number in counts.items()
    ]
    seen = {row["part"] for row in rows}
    used = {outcome: colour for outcome, colour in _OUTCOMES.items() if outcome in seen}
    encoding = {
        "x": {
            "field": "begins",
            "type": "ordinal",
            "sort": list(names.values()),
            "axis": {"title": f"by {stretch}", "labelAngle": 0, "labelOverlap": True},
        },
        "y": {**axis_of("answers", "answers"), "stack": "zero"},
        "color": coloured(used),
        "order": {"field": "part", "type": "nominal"},
    }
    return draw(
        {
            **frame(f"Answers by {stretch}, and what became of their drafts."),
            "data": {"values": rows},
            "mark": {"type": "bar"},
            "encoding": encoding,
        }
    )


def stretches(days: Mapping[date, Mapping[str, int]]) -> tuple[str, dict[date, Counter[str]]]:
    """Days put together to as many stretches as can be told apart: what they are, and their sums.

    Every stretch is named by its first day.
    """
    span = (max(days) - min(days)).days if days else 0
    stretch = "day" if span <= _DAYS else "week" if span <= _WEEKS else "month"
    found: defaultdict[date, Counter[str]] = defaultdict(Counter)
    for day, counts in days.items():
        begins = {
            "day": day,
            "week": day - timedelta(days=day.weekday()),
            "month": day.replace(day=1),
        }[stretch]
        found[begins].update(counts)
    return stretch, dict(sorted(found.items()))


def _named(begins: date, stretch: str) -> str:
    return f"{begins:%b %Y}" if stretch == "month" else f"{begins.day} {begins:%b}"


def agreement_chart(points: Sequence[AgreementPoint]) -> str:
    """How far people agreed, by control and time."""
    names = list(dict.fromkeys(point.name for point in points))
    rows = [{"period": each.period, "agreement": each.value, "part": each.name} for each in points]
    hues = [OURS, BETWEEN, OTHER, GOOD, BAD]
    encoding = {
        "x": {
            "field": "period",
            "type": "ordinal",
            "axis": {"title": None, "labelAngle": 0, "labelOverlap": True},
        },
        "y": {
            **axis_of("agreement", "agreement", whole=False),
            "scale": {"domain": [min(0.0, *(each.value for each in points)), 1]},
        },
        "color": coloured({name: hues[n % len(hues)] for n, name in enumerate(names)}),
    }
    return draw(
        {
            **frame("Agreement over time."),
            "data": {"values": rows},
            "mark": {"type": "line", "point": {"size": 50}, "strokeWidth": 2.5},
            "encoding": encoding,
        }
    )


def trend_chart(versions: Sequence[CheckedVersion]) -> str:
    """Accepted examples by checked version, and findings for a hundred finished tasks."""
    rows = [
        {
            "version": str(each.table_version),
            "accepted": each.accepted,
            "rate": round(each.findings_per_hundred, 2),
        }
        for each in versions
    ]
    order = [row["version"] for row in rows]
    x = {
        "field": "version",
        "type": "ordinal",
        "sort": order,
        "axis": {"title": "version of the table", "labelAngle": 0, "labelOverlap": True},
    }
    examples = {
        "mark": {"type": "bar", "color": OURS, "opacity": 0.85},
        "encoding": {"x": x, "y": coloured_axis("accepted", "accepted examples", OURS)},
    }
    rate = {
        "mark": {"type": "line", "color": BETWEEN, "strokeWidth": 2.5, "point": {"color": BETWEEN}},
        "encoding": {"x": x, "y": coloured_axis("rate", "findings in 100 tasks", BETWEEN)},
    }
    spec = layered(
        [examples, rate],
        width=WIDTH,
        height=HEIGHT,
        description="Accepted examples and findings by version of the table.",
    )
    return draw({**spec, "data": {"values": rows}, "resolve": {"scale": {"y": "independent"}}})
