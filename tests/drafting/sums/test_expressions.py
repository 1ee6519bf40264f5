"""Equations of a text: what `labeltune check` and the score of a draft both look at."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

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
