"""How far annotators agree, as a report shows it: the few figures that a page has room for.

The check that measures agreement leaves its figures with the last check's report, as plain values.
What an older or newer LabelTune left there and cannot be read is passed over.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sync.quality.report.quotes import one_line

# the check whose figures these are
CHECK = "agreement"
# tasks below which a low value says little; and what is no label of the set itself
_ENOUGH, _OF_DRAFTS = 20, "verdict"
_MEASURES = {
    "nominal": "Krippendorff’s alpha",  # noqa: RUF001
    "ordinal": "Krippendorff’s alpha, by rank",  # noqa: RUF001
    "interval": "Krippendorff’s alpha, by number",  # noqa: RUF001
    "set": "Krippendorff’s alpha, of sets",  # noqa: RUF001
    "spans": "overlap of marks (F1)",
}
_LABELS = ("nominal", "set")


@dataclass(frozen=True)
class AgreementLine:
    """How far people agree about one thing.

    Attributes:
        name: of the control, as people read it.
        value: 1 = they always agree; None: can't be said.
        low, high: its 95 % interval; None where there is none.
        items: that several people decided; `people`: how many these were.
        judged: whether a low value keeps a set from being trained on.
    """

    name: str
    measure: str
    value: float | None
    low: float | None = None
    high: float | None = None
    items: int = 0
    people: int = 0
    judged: bool = False


@dataclass(frozen=True)
class AgreementPoint:
    """Agreement about a control in one period, such as `2026-W47`."""

    period: str
    name: str
    value: float


@dataclass(frozen=True)
class AgreementShown:
    """What a report says of agreement.

    Attributes:
        over_time: oldest first.
        with_others: by annotator, the share of decisions that others took alike, in [0, 1].
    """

    lines: Sequence[AgreementLine] = ()
    over_time: Sequence[AgreementPoint] = ()
    with_others: Sequence[tuple[int | None, float]] = ()

    @property
    def least(self) -> tuple[str, float] | None:
        """The name and value of what people agree about least, of what is judged."""
        known = [(e.name, e.value) for e in self.lines if e.judged and e.value is not None]
        return min(known, key=lambda each: each[1], default=None)


def agreement_shown(figures: Mapping[str, Any]) -> AgreementShown | None:
    """What the last check counted, as a page shows it.

    Args:
        figures: of a `CheckReport`, by check.

    Returns:
        None where agreement was not measured, or nothing was decided twice.
    """
    told = figures.get(CHECK) or {}
    told = told.get(CHECK, told)
    try:
        controls = list(told.get("controls") or ())
        lines = [*map(_line, controls), *_of_texts(told.get("text"))]
        points = [*_points(controls)]
        others = [*_with_others(controls)]
    except (TypeError, LookupError, ValueError, AttributeError):
        return None
    return AgreementShown(lines, points, others) if lines else None


def _line(control: Mapping[str, Any]) -> AgreementLine:
    level, items = control["level"], int(control["items"])
    estimate = control.get("f1") or control.get("alpha") or {}
    measure, value = _MEASURES[level], estimate.get("value")
    lopsided = bool(control.get("lopsided")) and control.get("ac1") is not None
    if lopsided:
        measure, value, estimate = "Gwet’s AC1", control["ac1"], {}  # noqa: RUF001
    return AgreementLine(
        name=_in_words(control["control"]),
        measure=measure,
        value=value,
        low=estimate.get("low"),
        high=estimate.get("high"),
        items=items,
        people=int(control["annotators"]),
        judged=level in _LABELS and items >= _ENOUGH and control["control"] != _OF_DRAFTS,
    )


def _of_texts(text: Mapping[str, Any] | None) -> Iterator[AgreementLine]:
    if text:
        meaning = text["meaning"]
        yield AgreementLine(
            name="what answers say",
            measure="likeness of meaning",
            value=meaning["value"],
            low=meaning.get("low"),
            high=meaning.get("high"),
            items=int(text["items"]),
            people=int(text["annotators"]),
        )


def _points(controls: Sequence[Mapping[str, Any]]) -> Iterator[AgreementPoint]:
    for control in controls:
        for each in control.get("periods") or ():
            if each.get("alpha") is not None:
                yield AgreementPoint(
                    each["period"], _in_words(control["control"]), float(each["alpha"])
                )


def _with_others(controls: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int | None, float]]:
    """The mean over all decisions that somebody took beside another."""
    alike: defaultdict[int | None, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for control in controls:
        for pair in control.get("pairs") or ():
            for who in pair["annotators"]:
                alike[who][0] += pair["items"] * pair["agreed"]
                alike[who][1] += pair["items"]
    yield from ((who, agreed / items) for who, (agreed, items) in alike.items() if items)


def _in_words(control: str) -> str:
    return one_line(control).replace("_", " ")
