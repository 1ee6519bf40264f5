"""Sums that don't add up, and those that do in any notation."""

import pytest

from sync.quality.text_checks.arithmetic import Arithmetic
from sync.quality.text_checks.checked_text import CheckedText


def found(answer: str, *reasoning: str, check: Arithmetic | None = None) -> list[str]:
    text = CheckedText("", "", answer, reasoning=reasoning)
    return [fault.message for fault in (check or Arithmetic())(text)]


@pytest.mark.parametrize(
    ("wrong", "makes"),
    [
        ("3 * 4 = 13", "12"),
        ("12 + 5 is 18", "17"),
        ("5 plus 6 equals 12", "11"),
        ("20% of 150 is 35", "30"),
        ("$5 + $7 = $13", "12"),
        ("3 apples + 4 apples = 8 apples", "7"),
        ("1.200,50 + 99,50 = 1.310,00", "1,300"),
        ("<<3*4=13>>13", "12"),
        ("<<3*4=12>>13", "12"),
        ("16 - 3 - 4 = 10", "9"),
        ("(3 + 4) × 2 = 15", "14"),
        ("10 / 4 = 2.4", "2.5"),
    ],
)
def test_what_is_wrong(wrong: str, makes: str) -> None:
    messages = found(f"We get {wrong} in the end.")
    assert messages
    assert all(f"makes {makes};" in message for message in messages)


def test_the_next_line_is_no_part_of_a_sum() -> None:
    (message,) = found("Medals of both: 22+17=42 medals\n10 times their medals is 390")
    assert "makes 39;" in message
    (message,) = found("22 + 17 = 42\n10 of them are gone")
    assert "makes 39;" in message


@pytest.mark.parametrize(
    "right",
    [
        "16 - 3 - 4 = <<16-3-4=9>>9 duck eggs",
        "80,000*1.5=<<80000*1.5=120000>>120,000",
        "1.200,50 + 99,50 = 1.300,00",
        "10 / 3 = 3.33 and 10/3 = 3",
        "0.33 * 3 = 1",
        "150 + 20% = 180",
        "100% - 20% = 80%",
        "3/4 = 75%",
        "3 + 4 * 2 = 14",
        "2+3=5+4=9",
        "1/2 + 1/4 = 3/4",
    ],
)
def test_what_is_right(right: str) -> None:
    assert found(right) == []


@pytest.mark.parametrize(
    "other",
    [
        "2x + 3 = 7",
        "x - 5 + 3 = 10",
        "0-3 = 1 point, 4-7 = 2 points",
        "F(1, 23) = 4.5, p = 0.05",
        "1 1/2 / 1/2 = 3",
        "27(1/3)=9",
        "25 mates + his 1 teacher + 1 himself = 27",
        "¾ x 3/3 = 9/12",
        "a blood pressure of 120/80 is 1 of 3 signs",
        "2^3 + 1 = 9",
        "١ + ٢ = ٣",
    ],
)
def test_what_is_no_sum_of_numbers(other: str) -> None:
    assert found(other) == []


def test_steps_are_looked_at_unless_told_otherwise() -> None:
    (message,) = found("13", "First.", "So 3 * 4 = 13.")
    assert message.startswith('step 2 says "3 * 4 = 13"')
    assert found("13", "So 3 * 4 = 13.", check=Arithmetic(reasoning=False)) == []


@pytest.mark.parametrize(
    ("bill", "faults"),
    [
        ("- Rent: $500\n- Food: $200\n\nTotal: $750", 1),
        ("- Rent: $500\n- Food: $200\n\n**Total:** $700", 0),
        ("| Rent | 1.500,00 |\n| Food | 200,00 |\n| Total | 1.700,00 |", 0),
        ("1. Rent: $500\n2. Food for 3: $200\nTotal: $750", 0),
        ("- Rent: $500\nTotal: $750", 0),
    ],
)
def test_totals_of_lists(bill: str, faults: int) -> None:
    assert len(found(bill)) == faults
    assert found(bill, check=Arithmetic(totals=False)) == []
