import pytest

from sync.quality.text_checks.cut_off import CutOff
from tests.sync.quality.text_checks.texts import found

WHOLE = "A new card costs GBP 5.00. It comes in five working days."
CODE = "Write it so:\n\n```python\ndef fee(tier):\n    return FEES.get(tier"


@pytest.mark.parametrize(
    "answer",
    [
        f"{WHOLE} Ask for express delivery if you need it sooner and",
        f"{WHOLE} Express delivery costs GBP 12.50 more and takes one worki",
        f"{WHOLE} However",
        f"{WHOLE} Express delivery (ordered before",
        f"{WHOLE} You may choose between a plain card,",
        "You need:\n\n1. a passport\n2. a bill\n3.",
        "First, freeze the card in the app.\n\nThen order a new one under Cards, choose where it should go",
        CODE,
        "| card | price |\n|---|---|\n| Basic | GBP 5.00 |\n| Plus | GB",
        "Eine neue Karte kostet fünf Euro. Sie kommt in fünf Tagen, wenn Sie sie vor",
        "新卡的费用是五欧元。五个工作日内寄到。如需加急,请在应用",
        "تكلف البطاقة خمسة يورو. تصل خلال خمسة أيام عمل ويمكنك طلبها من",
    ],
)
def test_an_answer_that_stops_in_the_middle(answer: str) -> None:
    (fault,) = found(CutOff(), answer)
    assert "stops in the middle of" in fault.message
    assert fault.score <= 0.3


@pytest.mark.parametrize(
    "answer",
    [
        WHOLE,
        f"{WHOLE} See [the fees](https://bank.example/fees)",
        f"{WHOLE} More on: Lost and Stolen Cards",
        f"{WHOLE}\n\nBest regards,\nYour card team",
        f"{WHOLE}\n\n## Sources\n\n- Fee Schedule 2026",
        f'{WHOLE} The clerk said "it is free."',
        f"{WHOLE} 👍",
        f"{WHOLE}\n\n```\nfee = 5\n```",
        "Freeze the card",
        "Cards > Lost or stolen",
        "x = 5",
        "It costs GBP 5.00 (see the schedule).",
    ],
)
def test_an_answer_that_is_finished(answer: str) -> None:
    assert found(CutOff(), answer) == []


def test_a_last_full_stop_may_be_left_out() -> None:
    answer = f"{WHOLE} Express delivery costs more and takes one working day"
    assert len(found(CutOff(), answer)) == 1
    assert found(CutOff(strict=False), answer) == []


def test_code_that_is_whole_lacks_its_fence_alone() -> None:
    assert found(CutOff(), "Write it so:\n\n```python\nprint(fee(tier))") == []
