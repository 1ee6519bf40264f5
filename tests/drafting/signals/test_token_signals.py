"""What token probabilities tell."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.signals.lowest_span import WINDOW, lowest_span
from drafting.signals.predictive_entropy import predictive_entropy
from drafting.signals.token_confidence import mean_probability, token_confidence
from tests.drafting.signals.evidences import unencoded, written

HALF = math.log(0.5)
logprobs = st.floats(max_value=0.0, allow_nan=False)


def test_confidence_by_hand() -> None:
    """Tokens of 1/2 and 1/8: the geometric mean is the root of 1/16."""
    assert mean_probability([math.log(1 / 2), math.log(1 / 8)]) == pytest.approx(0.25)
    assert mean_probability([0.0, 0.0]) == 1.0
    assert mean_probability([-math.inf]) == 0.0
    with pytest.raises(ValueError, match="at least one token"):
        mean_probability([])


@given(st.lists(logprobs, min_size=1))
def test_confidence_is_a_probability(tokens: list[float]) -> None:
    assert 0.0 <= mean_probability(tokens) <= 1.0


@given(st.lists(st.floats(-20, 0), min_size=1), st.floats(-20, -0.01), st.data())
def test_a_less_likely_token_lowers_confidence(
    tokens: list[float], by: float, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(tokens) - 1))
    worse = [*tokens[:place], tokens[place] + by, *tokens[place + 1 :]]
    assert mean_probability(worse) < mean_probability(tokens)


@given(st.lists(st.floats(-20, 0), min_size=1, max_size=10), st.integers(2, 5))
def test_confidence_does_not_depend_on_length(tokens: list[float], times: int) -> None:
    assert mean_probability(tokens * times) == pytest.approx(mean_probability(tokens))


def test_one_doubtful_span_shows_whatever_stands_around_it() -> None:
    doubtful = unencoded([written("a", *[0.0] * 100, *[HALF] * WINDOW, *[0.0] * 100)])
    assert lowest_span(doubtful) == pytest.approx(0.5)
    found = token_confidence(doubtful)
    assert found is not None
    assert found > 0.98


def test_of_a_short_answer_all_is_one_span() -> None:
    assert lowest_span(unencoded([written("a", 0.0, HALF)])) == pytest.approx(math.sqrt(0.5))
    assert lowest_span(unencoded([written("a")])) is None


def test_predictive_entropy_is_the_mean_over_samples() -> None:
    """exp(-H): H = -(mean of one + mean of the other) / 2."""
    two = unencoded([written("a", HALF, HALF, HALF), written("b", 0.0)])
    assert predictive_entropy(two) == pytest.approx(math.exp(HALF / 2))
    assert predictive_entropy(unencoded([written("a", HALF), written("b")])) is None
