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
        # a short sentence, or a part of one, twice at once
        "Call us first. Call us first. It opens at nine.",
        "Hold the button for ten seconds hold the button for ten seconds and wait.",
        "Check the oil level and check the oil level before you start the engine.",
        "The tenant returns the keys to the landlord on Monday. The tenant returns his keys to the landlord on a Monday.",
        "The dose is is is 5 mg.",
        "It is very very very very late.",
        "So gooooooooooood.",
        "Die Karte kommt in fünf Tagen. Sie kostet nichts. Die Karte kommt in fünf Tagen. Sie kostet nichts.",
        # with other words before it
        "First, verify the identity of the caller. Second, verify the identity of the caller. Third, verify the identity of the caller.",
        f"{FEE} It comes soon. Also, {FEE} Call us. In short, {FEE}",
        "Drink plenty of water before the scan. Drink plenty of water prior to the scan. Drink plenty of water ahead of the scan. Drink plenty of water until the scan.",
        "The warranty covers defects in the motor for years. The warranty covers faults in the motor for years. The warranty covers damage in the motor for years.",
        "The fee is due. The fee is due in May. The fee is due in May each year. The fee is due in May each year, as agreed.",
        "In 2019, the company paid a dividend. In 2020, the company paid a dividend. In 2021, the company paid a dividend. In 2022, the company paid a dividend.",
        # a passage, points and items that come again elsewhere
        f"{FEE} It comes in five days by post.\n\nFreeze the old one in the app.\n\n{FEE} It comes in five days by post.",
        "You need:\n- a valid passport\n- a recent bill\n- your old card\n- a valid passport\n- a recent bill",
        "Symptoms are fever, cough, tiredness, fever, cough, tiredness and a sore throat.",
        "Please call us. It is open. Please call us. It is far. Please call us. It is late. Please call us.",
        "It is important to note that it costs. It is important to note that you pay. It is important to note that we care. It is important to note that all is well.",
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
        "**Basic**\nThe card costs GBP 5 a month. You can order it in the app.\n\n**Plus**\nThe card costs GBP 8 a month. You can order it in the app.",
        "In 2019 sales were 40 million. In 2020 sales were 45 million. In 2021 sales were 47 million. In 2022 sales were 50 million.",
        "Tom has 3 red apples in his bag. Anna has 4 red apples in her bag. Ben has 5 red apples in his bag.",
        "He had had a fever, and that that is true is clear. She ran and ran and ran.",
        "The first test was negative. The second test was negative. The third test was positive.",
        "New York, New York is a city. Row, row, row your boat. Merrily, merrily, merrily, merrily!",
        "Take one tablet in the morning and one tablet in the evening. Ha ha ha ha!",
        "U.S. Healthcare Providers and others U.S. Healthcare Providers and others may call.",
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
