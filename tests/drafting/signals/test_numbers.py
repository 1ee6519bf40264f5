# ruff: noqa: RUF001
"""Numbers as they are written in digits, in whatever country and script."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.signals.numbers import numbers


@pytest.mark.parametrize(
    "written",
    [
        "1234.5",
        "1,234.5",
        "1.234,5",
        "1'234.5",
        "1\u202f234,5",
        "1 234,5",
        "١٬٢٣٤٫٥",
        "१,२३४.५",
        "$1,234.50",
    ],
)
def test_one_number_in_the_ways_of_many_countries(written: str) -> None:
    assert numbers(f"It is {written}.") == [Decimal("1234.5")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234 is 1.234 is 1234", ["1234"] * 3),
        ("0.125 and 0,125", ["0.125"] * 2),
        ("3-5, -5, \u22122", ["3", "5", "-5", "-2"]),
        ("1,234,567.00", ["1234567"]),
        ("18 * .25 = 4.5, -.5", ["18", "0.25", "4.5", "-0.5"]),
        ("It is 5.25 or 5. Then 7.", ["5.25", "5", "7"]),
        ("18%, \\boxed{18}, 18.00", ["18"] * 3),
        ("1/2, \u00bd, 0.5, \\frac{1}{2}, \\dfrac12", ["0.5"] * 5),
        ("1\u00bd cups, 1 1/2 cups, 1.5 cups", ["1.5"] * 3),
        ("-$250, $-250, \u2212\u20ac250", ["-250"] * 3),
        ("1.2 million, 1,200,000, 1,2 Mio. EUR", ["1200000"] * 3),
        ("3\u4e07\u5143, 30,000", ["30000"] * 2),
        ("10\u2075, 10^6, 50 m\u00b2", ["10", "5", "10", "6", "50"]),
        ("1.2e-3 and 5e3", ["0.0012", "5000"]),
        ("1{,}250 and 10\\,000", ["1250", "10000"]),
        ("5/3/2024 or 7/0", ["5", "3", "2024", "7", "0"]),
        ("120/80 is no 1.5, nor is 3/5 a 6/10", ["120", "80", "1.5", "3", "5", "6", "10"]),
        ("1/25, 3/44, 15/16", ["1", "25", "3", "44", "0.9375"]),
        ("0800 123 4567, in 2024 500 people", ["800", "123", "4567", "2024", "500"]),
        (f"{'1' * 29}2 is not {'1' * 29}3", [f"{'1' * 29}2", f"{'1' * 29}3"]),
        ("no number, and " + "7" * 31, []),
    ],
)
def test_numbers(text: str, expected: list[str]) -> None:
    assert numbers(text) == [Decimal(one) for one in expected]


@given(st.text(alphabet="0123456789.,'-\u2212\u066b\u00a0 a", max_size=40))
def test_any_digits_are_numbers(text: str) -> None:
    assert bool(numbers(text)) or not any(map(str.isdigit, text)) or len(text) > 30
