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
        # marks of Markdown and LaTeX
        ("**12 + 5 = 18**", "17"),
        ("this:\n- 12 + 5 = 18\n", "17"),
        ("this:\n* 3 × 4 = **13**\n", "12"),
        ("\\(3 \\times 4 = 13\\)", "12"),
        ("$\\frac{12}{4} = 4$", "3"),
        ("12 + 5\n= 18", "17"),
        # in words
        ("three times four is thirteen", "12"),
        ("twelve plus five makes eighteen", "17"),
        ("half of 50 is 24", "25"),
        ("twice 12 is 25", "24"),
        ("2/3 of 90 is 50", "60"),
        ("25 per cent of 600 is 160", "150"),
        ("120 less 20 is 90", "100"),
        ("12 + 5, which is 18", "17"),
        ("12 + 5, i.e. 18", "17"),
        ("12 + 5 comes to 18", "17"),
        # units, currencies, scales
        ("9 adults * 80 kg/adult = 270 kg", "720"),
        ("15 mg/kg × 20 kg = 350 mg", "300"),
        ("65-minute concert – 15-minute encore = 55 minutes", "50"),
        ("24 / 3 feet between each bottle = 6 bottles", "8"),
        ("93 (average) * 5 (tests) = 4650 points", "465"),
        ("12 x €3.50 = €45.00", "42"),
        ("GBP 26 × 9 = GBP 243", "234"),
        ("9 × 26 EUR = 243 EUR", "234"),
        ("1.2 million + 0.8 million = 2.1 million", "2,000,000"),
        ("500 mg × 3 = 2.5 g", "1,500"),
        # powers, what needs no operator, percentages
        ("5² = 26", "25"),
        ("2^3 = 9", "8"),
        ("3(4 + 5) = 37", "27"),
        ("1 1/2 + 1/2 = 3", "2"),
        ("600 - 25% = 460", "599.75"),
        ("860 - 2150 = 645", "-1,290"),
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
        "3 dozen x 12 eggs/dozen = 36 eggs",
        "90 minutes / 60 = 1.5 hours",
        "500 mg × 3 = 1.5 g",
        "5 × 20 cents = $1",
        "$400 000 × 3/100 = $12 000",
        "32 of them / 96 Pokemon * 100% = 33.33",
        "25 mates + his 1 teacher + 1 himself = 27",
        "¾ x 3/3 = 9/12",
        "1 1/2 / 1/2 = 3",
        "5 m + 3 m = 8 m",
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
        "4s + 16 = 2s + 32",
        "2m + 3 = 7",
        "x + 3 + 4 = 10",
        "B/2 + 7 = 43",
        "(1/2) 278 + 11 = 150",
        "1/2 (68) + 10 = 44",
        # units that are added unlike numbers
        "1 hour + 30 minutes = 90 minutes",
        "500 mg + 1 g = 1.5 g",
        "$1 + 50 cents = $1.50",
        # ranges, dates, sizes, comparisons, times
        "Take 3 - 5 is 4 on average",
        "12/5 is 18 days away",
        "a 10 x 15 is 6 inches wide",
        "5 + 3 is 2 more than 6",
        "10:30 - 9:00 = 1:30",
        # results of studies
        "a sensitivity of 87.5% and a specificity of 71.4% with an area under the curve = 0.85",
        "0.75 cm(2) with a present degree of VC = 0 and T(2) = 18.1",
        "mean 5.2 +/- 1.3 = 4",
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
