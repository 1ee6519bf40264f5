"""What a draft's score is made of, kept in its result items."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import label_configs
from label_configs import validation
from label_configs.chat_response import ChatResponse
from label_configs.draft_meta import DraftAcceptance, acceptance_of, with_acceptance

chat = label_configs.load("chat_response")
DATA = {"messages": [{"role": "user", "content": "My card was declined."}]}
RESULT = chat.encode(ChatResponse("Please try again.", reasoning="A card may be new."))
SIGNALS = {"agreement": 0.25, "token_confidence": 0.5}

shares = st.floats(0, 1, allow_subnormal=False)


@given(shares, st.dictionaries(st.text(max_size=20), shares, max_size=5))
def test_what_is_told_is_read_through_json(acceptance: float, signals: dict[str, float]) -> None:
    told = acceptance_of(json.loads(json.dumps(with_acceptance(RESULT, acceptance, signals))))
    assert told is not None
    assert told.acceptance == pytest.approx(acceptance, abs=1e-4)
    assert told.signals == pytest.approx(signals, abs=1e-4)


def test_the_page_and_the_record_are_the_same() -> None:
    told = with_acceptance(RESULT, 0.5, SIGNALS)
    validation.check_results(chat.config, DATA, told)
    assert chat.decode(told) == chat.decode(RESULT)
    assert "meta" not in RESULT[0]  # what was given is left as it was


def test_what_is_told_again_takes_the_place_of_what_was_told() -> None:
    """Wherever it stood: a page may have saved the items in another order."""
    first = with_acceptance(RESULT, 0.25, {})
    again = with_acceptance(first[::-1], 0.75, SIGNALS)
    assert acceptance_of(again) == DraftAcceptance(0.75, SIGNALS)
    assert [item for item in again if "meta" in item] == again[:1]


def test_meta_of_others_stays() -> None:
    note = {"text": ["a note"]}
    told = with_acceptance([{**RESULT[0], "meta": note}], 0.5, SIGNALS)
    assert told[0]["meta"]["text"] == ["a note"]
    assert acceptance_of(told) == DraftAcceptance(0.5, SIGNALS)
    assert with_acceptance(told, 0.5, SIGNALS) == told


def test_a_draft_without_items_tells_nothing() -> None:
    assert with_acceptance([], 0.5, SIGNALS) == []
    assert acceptance_of([]) is acceptance_of(RESULT) is None


@pytest.mark.parametrize(
    "meta",
    [
        None,
        "meta",
        {"labeltune": 0.5},
        {"labeltune": {}},
        {"labeltune": {"acceptance": "0.5"}},
        {"labeltune": {"acceptance": True}},
        {"labeltune": {"acceptance": 1.5}},
        {"labeltune": {"acceptance": float("nan")}},
    ],
)
def test_what_can_t_be_read_is_nothing(meta: Any) -> None:
    assert acceptance_of([{**RESULT[0], "meta": meta}]) is None
    assert acceptance_of(["no item", {"meta": meta}]) is None


def test_signals_that_can_t_be_read_are_left_out() -> None:
    ours = {"acceptance": 1, "signals": {"agreement": 0, "of_later": 2.0, "none": None}}
    assert acceptance_of([{"meta": {"labeltune": ours}}]) == DraftAcceptance(1, {"agreement": 0})
    assert acceptance_of([{"meta": {"labeltune": {**ours, "signals": [1]}}}]) == DraftAcceptance(
        1, {}
    )
