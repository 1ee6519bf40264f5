"""The few figures of agreement that a page shows, from what the check left behind."""

from typing import Any

import pytest

from sync.quality.report.agreement_shown import agreement_shown


def control(name: str = "category", level: str = "nominal", **fields: Any) -> dict[str, Any]:
    return {
        "control": name,
        "level": level,
        "items": 100,
        "annotators": 3,
        "alpha": {"value": 0.455, "low": 0.38, "high": 0.52},
        "f1": None,
        "ac1": 0.61,
        "lopsided": False,
        "pairs": [
            {"annotators": [3, 5], "items": 60, "agreed": 0.5, "kappa": 0.1},
            {"annotators": [3, None], "items": 40, "agreed": 1.0, "kappa": None},
        ],
        "periods": [
            {"period": "2026-W47", "items": 50, "agreed": 0.7, "alpha": 0.4},
            {"period": "2026-W48", "items": 1, "agreed": 1.0, "alpha": None},
        ],
    } | fields


def shown(*controls: dict[str, Any], **more: Any) -> Any:
    return agreement_shown({"agreement": {"controls": controls, **more}})


def test_a_control_is_a_line() -> None:
    said = shown(control(), control("verdict", alpha={"value": 0.1}), control("stars", "ordinal"))
    assert [(e.name, e.value, e.judged) for e in said.lines] == [
        ("category", 0.455, True),
        ("verdict", 0.1, False),
        ("stars", 0.455, False),
    ]
    assert said.least == ("category", 0.455)
    assert [(p.period, p.value) for p in said.over_time][:1] == [("2026-W47", 0.4)]
    assert len(said.over_time) == 3


def test_few_tasks_are_shown_and_not_judged() -> None:
    assert shown(control(items=5)).least is None
    assert shown(control(alpha=None)).least is None


def test_where_one_label_holds_most_another_measure_is_read() -> None:
    (line,) = shown(control(lopsided=True)).lines
    assert (line.measure, line.value, line.low) == ("Gwet’s AC1", 0.61, None)  # noqa: RUF001


def test_who_decides_like_others() -> None:
    assert dict(shown(control()).with_others) == {3: 0.7, 5: 0.5, None: 1.0}


def test_answers_in_words_have_a_line() -> None:
    text = {"meaning": {"value": 0.8}, "items": 9, "annotators": 2}
    assert shown(text=text).lines[0].name == "what answers say"


@pytest.mark.parametrize(
    "figures",
    [
        {},
        {"agreement": {}},
        {"agreement": {"controls": [{"of": "another"}]}},
        {"agreement": {"controls": 3}},
    ],
)
def test_what_can_not_be_read_is_not_shown(figures: dict[str, Any]) -> None:
    assert agreement_shown(figures) is None
