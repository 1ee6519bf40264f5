"""Rounds for people: sentences for a terminal, and the curve of a page."""

from collections.abc import Iterator, Sequence

from sync.common.charts import OTHER, OURS, Spec, draw, layered
from sync.common.wording import counted
from sync.tuning.evaluation.rounds.evaluation_round import EvaluationRound
from sync.tuning.evaluation.rounds.round_changes import RoundsCompared

# clusters that people read on a terminal; the page and --json have all
_CLUSTERS = 5


def told_progress(progress: RoundsCompared) -> Iterator[str]:
    """Each round in a line where there are several, what changed, and where it fails now."""
    now = progress.now
    if progress.before is not None:
        yield "Rounds:"
        yield from (f"  {told_round(each)}" for each in progress.rounds)
        said = list(progress.sentences())
        yield from (f"{sentence}." for sentence in said[: 1 + _CLUSTERS])
        if len(said) > 1 + _CLUSTERS:
            yield f"{counted(len(said) - 1 - _CLUSTERS, 'more cluster')} on the page."
    several = [each for each in now.clusters if len(now.failing(each)) > 1]
    if several:
        named = [
            f"{len(now.failing(each))} of {len(each.keys)} about “{each.name}”" for each in several
        ]
        more = f" and {len(named) - _CLUSTERS} more" if len(named) > _CLUSTERS else ""
        yield f"{now.model} fails most in {'; '.join(named[:_CLUSTERS])}{more}."


def told_round(each: EvaluationRound) -> str:
    """`tuned:bank-1: 31 examples (0.4 h of annotators), 71 % pass (60 to 80), 7 of 24 fail`."""
    hours = "" if each.hours is None else f" ({each.hours:.1f} h of annotators)"
    cost = "" if each.cost is None else f", training cost {each.cost:.2f}"
    interval = "" if each.low is None or each.high is None else _interval(each.low, each.high)
    examples = counted(each.examples, "example")
    return (
        f"{each.model}: {examples}{hours}{cost}, {100 * each.value:.0f} % pass{interval}, "
        f"{each.failed} of {len(each.items)} fail"
    )


def _interval(low: float, high: float) -> str:
    return f" ({100 * low:.0f} to {100 * high:.0f})"


def rounds_chart(rounds: Sequence[EvaluationRound]) -> str:
    """What each round's model passes with its interval, by the examples that it learned.

    Beside each stands what the arm passes that it is held against.

    Raises:
        MissingExtraError: the extra `report` is not installed.
    """
    ours = [
        {
            "examples": each.examples,
            "value": 100 * each.value,
            "low": 100 * (each.value if each.low is None else each.low),
            "high": 100 * (each.value if each.high is None else each.high),
            "model": each.model,
        }
        for each in rounds
    ]
    theirs = [
        {"examples": each.examples, "value": 100 * each.against_value}
        for each in rounds
        if each.against_value is not None
    ]
    x = {
        "field": "examples",
        "type": "quantitative",
        "axis": {"title": "examples that the model learned", "tickMinStep": 1, "tickCount": 7},
    }
    y = {
        "type": "quantitative",
        "scale": {"domain": [0, 100]},
        "axis": {"title": "passes all checks, percent", "tickCount": 6},
    }
    value = {**y, "field": "value"}
    layers: list[Spec] = [
        {
            "data": {"values": theirs},
            "mark": {"type": "point", "shape": "diamond", "color": OTHER, "size": 70},
            "encoding": {"x": x, "y": value},
        },
        {
            "data": {"values": ours},
            "mark": {"type": "line", "color": OURS},
            "encoding": {"x": x, "y": value},
        },
        {
            "data": {"values": ours},
            "mark": {"type": "rule", "color": OURS, "strokeWidth": 2},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        {
            "data": {"values": ours},
            "mark": {"type": "point", "filled": True, "color": OURS, "size": 90, "opacity": 1},
            "encoding": {"x": x, "y": value},
        },
        {
            "data": {"values": ours},
            "mark": {"type": "text", "dx": 10, "align": "left", "color": "var(--text)"},
            "encoding": {"x": x, "y": value, "text": {"field": "model"}},
        },
    ]
    return draw(
        layered(
            layers,
            width=520,
            height=240,
            description="The share of held-out items that each round's model passes.",
        )
    )
