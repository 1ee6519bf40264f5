"""What token probabilities tell."""

import math

import pytest

from drafting.signals.lowest_span import WINDOW, lowest_span
from drafting.signals.predictive_entropy import predictive_entropy
from drafting.signals.token_confidence import token_confidence
from tests.drafting.signals.evidences import unencoded, written

HALF = math.log(0.5)


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
