"""Drawing a task's replies: which model gives how many, what is drawn again, what is left out."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import label_configs
from connectors.errors import ContextTooLong, LLMUnavailable
from connectors.llm_replies import Sample
from connectors.llm_turns import PromptMessage
from drafting.project_settings import LLMSettings
from drafting.sample_replies import Drawn, draw, shares, uncut_prompt
from label_configs import ReplyError
from label_configs.chat_response import ChatResponse
from tests.ml_backend.fakes import FakeSampler, conversation

chat = label_configs.load("chat_response")
steps = label_configs.load("reasoning_steps")

BLANK = Sample("  ")
YES, NO, CUT = Sample("yes"), Sample("no"), Sample("yes and", truncated=True)
STEPS = json.dumps({"steps": [{"text": "Declined.", "kind": "observation"}], "answer": "yes"})


def drawn_from(sampler: FakeSampler, interface: Any = chat, **llm: Any) -> Drawn:
    return draw(interface, conversation(), LLMSettings(**llm), sampler)


def asked(sampler: FakeSampler) -> list[tuple[str, int, int]]:
    """Model, number and attempt of each call."""
    return [(call["model"], call["n"], call["attempt"]) for call in sampler.history]


# --- once more


def test_replies_that_all_fit_are_drawn_once() -> None:
    sampler = FakeSampler([YES, NO])
    drawn = drawn_from(sampler, model="m", samples=2)
    assert [record.response for record in drawn.records] == ["yes", "no"]
    assert [sample.text for sample in drawn.samples] == ["yes", "no"]
    assert drawn.share == 1.0
    assert asked(sampler) == [("m", 2, 0)]


def test_those_that_do_not_fit_are_drawn_once_more() -> None:
    sampler = FakeSampler([YES, BLANK, BLANK, NO], [YES, BLANK])
    drawn = drawn_from(sampler, model="m", samples=4)
    assert [record.response for record in drawn.records] == ["yes", "no", "yes"]
    assert drawn.share == 3 / 6
    assert asked(sampler) == [("m", 4, 0), ("m", 2, 1)]


def test_what_does_not_fit_a_second_time_is_left_out_with_a_reason() -> None:
    sampler = FakeSampler([Sample("no JSON"), Sample("{}")], [Sample("[]"), Sample("")])
    with pytest.raises(ReplyError) as caught:
        drawn_from(sampler, steps, samples=2)
    said = str(caught.value)
    assert said.startswith("none of 4 replies fits reasoning_steps, a second try included; ")
    assert "the last one: the model's reply is not the JSON asked for" in said
    assert "llm.max_tokens" in said
    assert len(sampler.history) == 2


def test_json_is_never_made_of_something_else() -> None:
    two = Sample(f"{STEPS} or {STEPS.replace('yes', 'no')}")
    sampler = FakeSampler([two, Sample(f"Here it is: {STEPS}!")], [Sample(STEPS[:-3])])
    drawn = drawn_from(sampler, steps, samples=2)
    assert len(drawn.records) == 1
    assert drawn.share == 1 / 3


def test_the_schema_is_asked_for_each_time() -> None:
    sampler = FakeSampler([Sample("x")], [Sample(STEPS)])
    drawn_from(sampler, steps, samples=1)
    assert [call["schema"] for call in sampler.history] == [steps.reply_schema] * 2


# --- cut at the limit


def test_a_reply_that_was_cut_is_left_out_where_there_is_a_whole_one() -> None:
    sampler = FakeSampler([YES, CUT])
    drawn = drawn_from(sampler, model="m", samples=2)
    assert drawn.records == [ChatResponse("yes")]
    assert drawn.share == 1 / 2
    assert asked(sampler) == [("m", 2, 0)]


def test_where_all_were_cut_they_are_kept_and_count_as_none_that_fits() -> None:
    drawn = drawn_from(FakeSampler([CUT, BLANK], [CUT]), samples=2)
    assert drawn.records == [ChatResponse("yes and")] * 2
    assert drawn.share == 1 / 5


def test_json_that_was_cut_does_not_fit() -> None:
    half = Sample(STEPS[:30], truncated=True)
    with pytest.raises(ReplyError, match=r"none of 2 replies fits reasoning_steps"):
        drawn_from(FakeSampler([half], [half]), steps, samples=1)


# --- several models


def test_several_models_share_the_samples() -> None:
    sampler = FakeSampler([YES, NO], [YES])
    drawn = drawn_from(sampler, model="a", more_models=("b",), samples=3)
    assert asked(sampler) == [("a", 2, 0), ("b", 1, 0)]
    assert [sample.model for sample in drawn.samples] == ["a", "a", "b"]


def test_each_model_has_a_second_try() -> None:
    sampler = FakeSampler([YES], [BLANK], [NO])
    drawn = drawn_from(sampler, model="a", more_models=("b",), samples=2)
    assert asked(sampler) == [("a", 1, 0), ("b", 1, 0), ("b", 1, 1)]
    assert drawn.share == 2 / 3


def test_a_model_that_never_fits_leaves_the_other_s_replies() -> None:
    sampler = FakeSampler([BLANK], [BLANK], [NO])
    drawn = drawn_from(sampler, model="a", more_models=("b",), samples=2)
    assert drawn.records == [ChatResponse("no")]


def test_the_model_of_each_reply_is_recorded_where_the_interface_does() -> None:
    preference = label_configs.load("preference")
    drawn = drawn_from(
        FakeSampler([YES], [NO]), preference, model="a", more_models=("b",), samples=2
    )
    assert [record.sources[0] for record in drawn.records] == ["a", "b"]


@given(
    st.integers(1, 16),
    st.lists(st.sampled_from("abcdef"), min_size=1, max_size=6, unique=True),
)
def test_shares_are_even_and_complete(samples: int, models: list[str]) -> None:
    shared = list(shares(samples, models))
    counts = [count for _, count in shared]
    assert sum(counts) == samples
    assert max(counts) - min(counts) <= 1
    assert counts == sorted(counts, reverse=True)
    assert [model for model, _ in shared] == models[: len(shared)]
    assert len(shared) == min(samples, len(models))


# --- prompts that are too long


def ever_shorter(*_: Any) -> Iterator[list[PromptMessage]]:
    for length in (300, 30, 3):
        yield [{"role": "user", "content": "x" * length}]


def lengths(sampler: FakeSampler) -> list[int]:
    return [len(call["messages"][0]["content"]) for call in sampler.history]


def test_shorter_prompts_are_tried_in_turn() -> None:
    sampler = FakeSampler(ContextTooLong("400 tokens"), ContextTooLong("100 tokens"), [YES])
    drawn = draw(chat, conversation(), LLMSettings(samples=1), sampler, ever_shorter)
    assert drawn.records == [ChatResponse("yes")]
    assert lengths(sampler) == [300, 30, 3]


def test_the_first_that_fits_is_the_last_that_is_tried() -> None:
    sampler = FakeSampler(ContextTooLong("400 tokens"), [YES])
    draw(chat, conversation(), LLMSettings(samples=1), sampler, ever_shorter)
    assert lengths(sampler) == [300, 30]


def test_no_prompt_is_short_enough() -> None:
    sampler = FakeSampler(*(ContextTooLong(f"refused {n}") for n in range(3)))
    with pytest.raises(ContextTooLong, match="refused 2"):
        draw(chat, conversation(), LLMSettings(samples=1), sampler, ever_shorter)


def test_only_length_makes_a_prompt_shorter() -> None:
    sampler = FakeSampler(LLMUnavailable("down"))
    with pytest.raises(LLMUnavailable):
        draw(chat, conversation(), LLMSettings(), sampler, ever_shorter)
    assert lengths(sampler) == [300]


def test_the_uncut_prompt_is_one() -> None:
    [messages] = uncut_prompt(chat, conversation("Why?"), LLMSettings())
    assert messages[-1] == {"role": "user", "content": "Why?"}
