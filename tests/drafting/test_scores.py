"""Scores: worked examples by hand, bounds and direction as properties."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.scores import (
    agreement_with,
    by_centrality,
    draft_agreement,
    token_confidence,
)

logprobs = st.floats(max_value=0.0, allow_nan=False)


def unit(rows: list[list[float]]) -> np.ndarray:
    array = np.array(rows, dtype=np.float32)
    return array / np.linalg.norm(array, axis=1, keepdims=True)


embeddings = st.integers(2, 6).flatmap(
    lambda dim: st.lists(
        st.lists(st.floats(-1, 1, width=32), min_size=dim, max_size=dim).filter(
            lambda row: sum(abs(x) for x in row) > 0.01
        ),
        min_size=2,
        max_size=6,
    ).map(unit)
)


def test_confidence_by_hand() -> None:
    """Tokens of 1/2 and 1/8: the geometric mean is the root of 1/16."""
    assert token_confidence([math.log(1 / 2), math.log(1 / 8)]) == pytest.approx(0.25)
    assert token_confidence([0.0, 0.0]) == 1.0
    assert token_confidence([-math.inf]) == 0.0


def test_agreement_by_hand() -> None:
    """Pairs at 0°, 90° and 90°: (1 + 0 + 0) / 3; at 60° each: a half."""
    assert draft_agreement(unit([[1, 0], [1, 0], [0, 1]])) == pytest.approx(1 / 3)
    triple = [[1, 1, 0], [1, 0, 1], [0, 1, 1]]
    assert draft_agreement(unit(triple)) == pytest.approx(0.5)
    assert draft_agreement(unit([[1, 0], [-1, 0]])) == 0.0


def test_central_by_hand() -> None:
    """The one between two at right angles is nearest to both."""
    assert by_centrality(unit([[1, 0], [0, 1], [1, 1]]))[0] == 2
    assert by_centrality(unit([[0, 1]])) == [0]


def test_agreement_with_another_text_by_hand() -> None:
    """At 0°, 90° and 45° of the drafts; never below 0."""
    drafts = unit([[1, 0], [0, 1], [1, 1]])
    assert agreement_with(unit([[1, 0]])[0], drafts) == pytest.approx((1 + 0 + 0.5**0.5) / 3)
    assert agreement_with(unit([[-1, -1]])[0], drafts) == 0.0


@given(st.lists(logprobs, min_size=1))
def test_confidence_is_a_probability(tokens: list[float]) -> None:
    assert 0.0 <= token_confidence(tokens) <= 1.0


@given(st.lists(st.floats(-20, 0), min_size=1), st.floats(-20, -0.01), st.data())
def test_a_less_likely_token_lowers_confidence(
    tokens: list[float], by: float, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(tokens) - 1))
    worse = [*tokens[:place], tokens[place] + by, *tokens[place + 1 :]]
    assert token_confidence(worse) < token_confidence(tokens)


@given(st.lists(st.floats(-20, 0), min_size=1, max_size=10), st.integers(2, 5))
def test_confidence_does_not_depend_on_length(tokens: list[float], times: int) -> None:
    assert token_confidence(tokens * times) == pytest.approx(token_confidence(tokens))


@given(embeddings)
def test_agreement_is_in_bounds_and_knows_no_order(rows: np.ndarray) -> None:
    agreement = draft_agreement(rows)
    assert 0.0 <= agreement <= 1.0
    assert draft_agreement(rows[::-1]) == pytest.approx(agreement, abs=1e-5)


@given(embeddings, st.data())
def test_equal_drafts_agree_and_a_stranger_lowers_it(rows: np.ndarray, data: st.DataObject) -> None:
    row = rows[data.draw(st.integers(0, len(rows) - 1))]
    same = np.stack([row] * 3)
    assert draft_agreement(same) == pytest.approx(1.0, abs=1e-5)
    assert draft_agreement(np.stack([row, row, -row])) < 0.5


@given(embeddings)
def test_the_central_draft_is_nearest_to_the_others(rows: np.ndarray) -> None:
    nearness = (rows.astype(float) @ rows.astype(float).T).sum(axis=1)
    assert nearness[by_centrality(rows)[0]] == pytest.approx(nearness.max(), abs=1e-5)


def test_too_little_to_score_by() -> None:
    with pytest.raises(ValueError, match="at least one token"):
        token_confidence([])
    with pytest.raises(ValueError, match="at least two drafts"):
        draft_agreement(unit([[1, 0]]))
