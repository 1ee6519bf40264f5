"""How much samples say the same, as whole texts."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.reading import Embeddings
from drafting.signals.agreement import agreement
from drafting.signals.evidence import Evidence, SampledAnswer, Vectors
from drafting.turn_similarity import Similarities, soundest_first
from label_configs.content import ToolCall
from tests.ml_backend.fakes import FakeEncoder

COS45 = math.sqrt(0.5)
VECTORS = {"yes": (1.0, 0.0), "no": (0.0, 1.0), "maybe": (COS45, COS45), "not": (-1.0, 0.0)}


def of(*answers: SampledAnswer, brought: bool = False) -> float | None:
    return agreement(Evidence(answers, Vectors(lambda: FakeEncoder(VECTORS)), brought=brought))


def test_it_is_the_mean_of_all_pairs() -> None:
    found = of(*map(SampledAnswer, ("maybe", "yes", "no")))
    assert found == pytest.approx((COS45 + COS45 + 0) / 3)


def test_a_brought_draft_is_compared_with_each_sample() -> None:
    found = of(*map(SampledAnswer, ("yes", "maybe", "no")), brought=True)
    assert found == pytest.approx((COS45 + 0) / 2)


def test_opposites_agree_by_nothing() -> None:
    assert of(SampledAnswer("yes"), SampledAnswer("not")) == 0.0


def test_one_answer_agrees_with_nobody() -> None:
    assert of(SampledAnswer("yes")) is None


def test_calls_are_compared_by_what_they_do() -> None:
    block = ToolCall("block", '{"card": 1}')
    same, other = (
        SampledAnswer("", calls=(call,)) for call in (block, ToolCall("block", '{"card": 2}'))
    )
    assert of(same, same) == 1.0
    assert of(same, other) == pytest.approx(1 / 2)
    assert of(same, SampledAnswer("yes")) == 0.0


# --- whatever the vectors


def unit(rows: list[list[float]]) -> Embeddings:
    array = np.array(rows, dtype=np.float32)
    return array / np.linalg.norm(array, axis=1, keepdims=True)


def of_vectors(rows: Embeddings) -> float:
    """The agreement of answers with these vectors."""
    vectors = {str(at): tuple(map(float, row)) for at, row in enumerate(rows)}
    answers = tuple(map(SampledAnswer, vectors))
    found = agreement(Evidence(answers, Vectors(lambda: FakeEncoder(vectors))))
    assert found is not None
    return found


vectors_of_some = st.integers(2, 6).flatmap(
    lambda dim: st.lists(
        st.lists(st.floats(-1, 1, width=32), min_size=dim, max_size=dim).filter(
            lambda row: sum(abs(x) for x in row) > 0.01
        ),
        min_size=2,
        max_size=6,
    ).map(unit)
)


def test_agreement_by_hand() -> None:
    """Pairs at 0°, 90° and 90°: (1 + 0 + 0) / 3; at 60° each: a half."""
    assert of_vectors(unit([[1, 0], [1, 0], [0, 1]])) == pytest.approx(1 / 3)
    assert of_vectors(unit([[1, 1, 0], [1, 0, 1], [0, 1, 1]])) == pytest.approx(0.5)


@given(vectors_of_some)
def test_it_is_in_bounds_and_knows_no_order(rows: Embeddings) -> None:
    found = of_vectors(rows)
    assert 0.0 <= found <= 1.0
    assert of_vectors(rows[::-1]) == pytest.approx(found, abs=1e-5)


@given(vectors_of_some, st.data())
def test_equal_answers_agree_and_a_stranger_lowers_it(
    rows: Embeddings, data: st.DataObject
) -> None:
    row = rows[data.draw(st.integers(0, len(rows) - 1))]
    assert of_vectors(np.stack([row] * 3)) == pytest.approx(1.0, abs=1e-5)
    assert of_vectors(np.stack([row, row, -row])) < 0.5


@given(vectors_of_some)
def test_the_central_answer_is_nearest_to_the_others(rows: Embeddings) -> None:
    """The one between two at right angles is nearest to both."""
    alike = rows.astype(float) @ rows.astype(float).T
    nearness = alike.sum(axis=1)
    assert nearness[_central(alike)] == pytest.approx(nearness.max(), abs=1e-5)
    between = unit([[1, 0], [0, 1], [1, 1]]).astype(float)
    assert _central(between @ between.T) == 2


def _central(alike: Similarities) -> int:
    return soundest_first(alike, alike, np.ones(len(alike)))[0]
