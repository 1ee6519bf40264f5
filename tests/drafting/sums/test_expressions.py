"""Equations of a text: what `labeltune check` and the score of a draft both look at."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drafting.sums import expressions
from drafting.sums.expressions import equations_in

signs = st.text(st.sampled_from("0123456789.,+-*/×÷=≈()%$€^x½ \nkgm"), max_size=120)


@given(signs)
@example("9" * 5000 + " * 2 = 3")
@example("2 ^ 999999999 = 3")
@example("1 / 0 = 0")
@example("(((((1 + 1 = 2")
@example("1e999 * 2 = 3")
def test_any_text_can_be_read(text: str) -> None:
    for equation in equations_in(text):
        assert isinstance(equation.is_true, bool)


@pytest.mark.parametrize(
    ("text", "untrue"),
    [
        ("3 * 4 = 12", 0),
        ("3 * 4 = 13", 1),
        ("3 × 4 = 13, and 2 + 2 = 5", 2),
        ("10 / 3 = 3.33", 0),
        ("20% of 150 is 35", 1),
        ("12.5% of 1.200 € are 150 €", 0),
        ("The study ran 2010-2014 = 4 years", 0),
        ("x = 3 and y = 4", 0),
    ],
)
def test_untrue_equations_are_found(text: str, untrue: int) -> None:
    assert sum(not equation.is_true for equation in equations_in(text)) == untrue


@pytest.mark.parametrize(
    "text",
    [
        "In binary, 1 + 1 = 10.",
        "9 + 5 = 2 (mod 12), as on a clock face.",
        r"$9 + 5 = 2 \pmod{12}$",
        "0x0A + 0x05 = 0x0F",
        "9am - 5pm = 8 hours",
        "It is not true that 12 * 8 = 98; it is 96.",
        "So it is not 12 * 8 = 98, but 96.",
        "`12 * 8 = 98` is wrong.",
        "You wrote 12 * 8 = 98 pens, which is not correct.",
        "Instead of 12 * 8 = 98 it should be 96.",
        "Es ist nicht 12 * 8 = 98.",
        "Der Fehler ist: 12 * 8 = 98.",
        "2 ** 3 = 8, 7 % 3 = 1 and 7 // 2 = 3 in Python.",
        "0.1 + 0.2 = 0.30000000000000004",
        "17 / 5 = 3 remainder 2",
        "2H2 + O2 = 2H2O",
    ],
)
def test_what_is_denied_or_of_another_arithmetic_is_not_untrue(text: str) -> None:
    assert not [equation.text for equation in equations_in(text) if not equation.is_true]


@pytest.mark.parametrize(
    "text",
    [
        "It does not include tax: 12 * 8 = 98",
        "The right answer is 12 * 8 = 98",
        "It is correct that 12 * 8 = 98.",
        "So 12 * 8 = 98, which is not too many.",
        "That is not all. 12 * 8 = 98",
        "Das ist richtig: 12 * 8 = 98",
        "So 12 * 8 = 98 models are sold.",
    ],
)
def test_what_is_claimed_is_judged(text: str) -> None:
    assert [equation.text for equation in equations_in(text)] == ["12 * 8 = 98"]


def test_without_the_library_for_units_nothing_is_said_of_what_needs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    doses = "3 * 500 mg = 1.5 g, and 3 * 4 = 13"
    assert [equation.is_true for equation in equations_in(doses)] == [True, False]
    equations_in.cache_clear()
    monkeypatch.setattr(expressions, "can_convert", lambda: False)
    assert [equation.text for equation in equations_in(doses)] == ["3 * 4 = 13"]
    equations_in.cache_clear()
