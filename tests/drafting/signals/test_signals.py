"""What holds for every signal."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafting.signals import SIGNALS, signals_of
from drafting.signals.evidence import Evidence, SampledAnswer
from label_configs.content import ToolCall
from tests.drafting.signals.evidences import evidence, unencoded, written

HALF = math.log(0.5)

logprobs = st.lists(st.floats(-50, 0), max_size=30)
texts = st.one_of(
    st.text(min_size=1, max_size=60),
    st.sampled_from(
        ["Yes. 42.", "2 + 2 = 5", "No, 1,000.5 is wrong.", "是的。答案是三。", "३.५", "-", "maybe"]
    ),
)
calls = st.lists(st.builds(ToolCall, st.sampled_from("ab"), st.sampled_from(["{}", "{", "[1]"])))
answers = st.builds(
    SampledAnswer,
    texts,
    st.lists(texts, max_size=3).map(tuple),
    st.lists(texts, max_size=2).map(tuple),
    calls.map(tuple),
    st.booleans(),
    logprobs.map(tuple),
    st.sampled_from(["", "one-model", "another"]),
)
evidences = st.builds(
    lambda given, share, documents, brought: evidence(
        *given, fitting_share=share, documents=tuple(documents), brought=brought and len(given) > 1
    ),
    st.lists(answers, min_size=1, max_size=5),
    st.floats(0, 1),
    st.lists(texts, max_size=2),
    st.booleans(),
)


@settings(max_examples=30)
@given(evidences)
def test_every_signal_is_in_bounds_or_unknown(given: Evidence) -> None:
    told = signals_of(given)
    assert told.keys() <= SIGNALS.keys()
    assert all(0.0 <= value <= 1.0 for value in told.values()), told
    assert all(isinstance(value, float) for value in told.values())
    assert signals_of(given) == told


def test_one_answer_needs_no_embedding_model() -> None:
    assert signals_of(unencoded([written("yes", HALF)]))["token_confidence"] == pytest.approx(0.5)


def test_nothing_known_is_told_by_nothing() -> None:
    assert signals_of(unencoded([SampledAnswer("yes")])) == {}


def test_each_text_is_embedded_once() -> None:
    given = evidence("a b", "a b", "c d")
    encoder = given.vectors._encoder()
    signals_of(given)
    signals_of(given.in_order([2, 0, 1]))
    embedded = [text for batch in encoder.history for text in batch]  # type: ignore[attr-defined]
    assert len(embedded) == len(set(embedded))
    assert {"a b", "c d"} <= set(embedded)
