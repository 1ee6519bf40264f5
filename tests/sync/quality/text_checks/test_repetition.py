from random import Random

import pytest

from sync.quality.text_checks.repetition import Repetition
from tests.sync.quality.text_checks.texts import CLINICAL, found

FEE = "A new card costs GBP 5.00, and express delivery costs GBP 12.50 more."
DRAWS = Random(3)
LONG = " ".join("".join(DRAWS.choices("abcdefgh ", k=14)) + "." for _ in range(500))
MOON = 'I looked at the {} one, and it read "it is a beautiful night tonight".'


@pytest.mark.parametrize(
    "answer",
    [
        f"{FEE} {FEE}",
        f"{FEE}\n\nIt comes in five days.\n\n{FEE}\n\nCall us.\n\n{FEE}",
        "The network is a " + "network " * 20,
        "Freeze the card, freeze the card, freeze the card, freeze the card.",
        " ".join(MOON.format(n) for n in ("first", "second", "third", "fourth", "fifth")),
        "It depends on the " + "way " * 8,
        "\n".join(f"{i}. {('Freeze the card', 'Call us today')[i % 2]}." for i in range(1, 9)),
        "\n".join(f"({i}) Freeze it." for i in range(1, 15)),
        "\n".join(f"**{i}.** Freeze the card." for i in range(1, 12)),
        "!" * 60,
        pytest.param(f"{LONG}\n\n{LONG}", id="a long answer twice"),
        f"{CLINICAL}\n\n{CLINICAL}",
        "新卡的费用是五欧元。" * 4,
        "บัตรใหม่มีค่าธรรมเนียมห้ายูโร" * 3,
        "تكلف البطاقة الجديدة خمسة يورو. " * 3,
    ],
)
def test_an_answer_that_goes_round(answer: str) -> None:
    (fault,) = found(Repetition(), answer)
    assert "repeats" in fault.message
    assert fault.score == 0.1


@pytest.mark.parametrize(
    "answer",
    [
        FEE,
        "Very, very, very good: ha ha ha!",
        "- Basic: GBP 5.00\n- Plus: GBP 5.00\n- Gold: GBP 5.00\n- Student: GBP 5.00",
        "3 * 4 = 12 apples\n5 * 4 = 20 apples\n6 * 4 = 24 apples\n7 * 4 = 28 apples",
        "1. Not applicable.\n2. Not applicable.\n3. Not applicable.\n4. Heart: normal.",
        "1. Yes\n2. Yes\n3. Yes\n4. Yes\n5. Yes\n6. Yes\n7. No",
        "Knock, knock, knock, knock: the bearing is worn.",
        "0 0 0 0 0 0 0 0 0 1",
        "-" * 80,
        "Name ................................ Date",
        "```\n" + "x = 0\n" * 30 + "```",
        "ACACACACACACAC is a repeat.",
        "No. No fee is due.",
    ],
)
def test_what_must_be_said_twice(answer: str) -> None:
    assert found(Repetition(), answer) == []


def test_how_often_a_sentence_may_stand() -> None:
    answer = f"{FEE}\n\nIt comes in five days.\n\n{FEE}"
    assert found(Repetition(), answer) == []
    assert len(found(Repetition(times=1), answer)) == 1
    with pytest.raises(ValueError, match="times must be at least 1, found 0"):
        Repetition(times=0)
