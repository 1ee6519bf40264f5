"""How alike turns are that call tools: by what the calls do, not by how they are written."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafting.turn_similarity import (
    call_similarity,
    mean_similarity,
    soundest_first,
    turn_similarities,
)
from label_configs.content import ToolCall

PAY = ToolCall("pay", '{"to": "Ada", "gbp": 5}')
SAME = ToolCall("pay", '{ "gbp": 5.0,\n"to":"Ada"}', id="another")
MORE = ToolCall("pay", '{"to": "Ada", "gbp": 50}')
ASK = ToolCall("ask", '{"to": "Ada", "gbp": 5}')

calls = st.lists(
    st.builds(
        ToolCall, st.sampled_from("ab"), st.sampled_from(["{}", '{"a": 1}', '{"a": 2}', "?"])
    ),
    max_size=3,
)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ([PAY], [SAME], 1.0),
        ([PAY], [MORE], 2 / 3),  # the tool and one of two arguments
        ([PAY], [ASK], 0.0),
        ([PAY, ASK], [ASK, SAME], 1.0),
        ([PAY], [PAY, ASK], 0.5),
        ([PAY, MORE], [MORE, MORE], (1 + 2 / 3) / 2),
        ([PAY], [], 0.0),
        ([], [], 1.0),
        ([ToolCall("pay", "{")], [ToolCall("pay", " { ")], 1.0),
        ([ToolCall("pay", "{")], [PAY], 0.0),
        ([ToolCall("pay", "{}")], [ToolCall("pay", "")], 1.0),
        ([ToolCall("pay", '{"a": 1}')], [ToolCall("pay", '{"a": true}')], 0.5),
    ],
)
def test_calls_are_compared_by_what_they_do(
    one: list[ToolCall], other: list[ToolCall], expected: float
) -> None:
    assert call_similarity(one, other) == pytest.approx(expected)


@given(calls, calls)
def test_a_similarity_is_one(one: list[ToolCall], other: list[ToolCall]) -> None:
    found = call_similarity(one, other)
    assert 0.0 <= found <= 1.0
    assert found == pytest.approx(call_similarity(other, one))
    assert call_similarity(one, one) == pytest.approx(1.0)


def test_words_are_compared_with_words_and_calls_with_calls() -> None:
    embeddings = np.array([[1.0, 0.0], [0.6, 0.8]], dtype=np.float32)
    alike = turn_similarities([[PAY], (), [MORE], ()], embeddings)
    expected = [[1, 0, 2 / 3, 0], [0, 1, 0, 0.6], [2 / 3, 0, 1, 0], [0, 0.6, 0, 1]]
    assert alike == pytest.approx(np.array(expected))
    assert mean_similarity(alike) == pytest.approx((2 / 3 + 0.6) / 6)


def test_the_call_that_most_agree_on_comes_first() -> None:
    alike = turn_similarities([[ASK], [PAY], [SAME], ()], np.ones((1, 1), np.float32))
    assert soundest_first(alike, alike, np.ones(4)) == [1, 2, 0, 3]


def test_a_turn_with_a_fault_comes_last_and_has_no_vote() -> None:
    alike = turn_similarities([[ASK], [ASK], [ASK], [PAY], [SAME]], np.ones((0, 1), np.float32))
    sound = np.ones(5)
    assert soundest_first(alike, alike, sound)[0] == 0
    sound[[0, 1]] = 0.0
    assert soundest_first(alike, alike, sound) == [3, 4, 2, 0, 1]
    sound[1] = 0.1
    assert soundest_first(alike, alike, sound) == [3, 4, 2, 1, 0]


def test_turns_that_are_all_faulty_still_have_an_order() -> None:
    alike = turn_similarities([[ASK], [PAY], [SAME]], np.ones((0, 1), np.float32))
    assert soundest_first(alike, alike, np.zeros(3)) == [1, 2, 0]


def test_one_turn_has_no_agreement() -> None:
    with pytest.raises(ValueError, match="at least two"):
        mean_similarity(turn_similarities([[PAY]], np.empty((0, 1), np.float32)))
