"""Drafts of tasks with tools: what the model is told, which of its turns is the draft, how sure."""

import math
from dataclasses import replace
from typing import Any

import pytest

from connectors.llm_replies import Sample
from connectors.llm_tools import OfferedTools
from drafting.acceptance.prior import NoSignalError
from drafting.draft_task import Draft, draft_task, first_draft
from drafting.fit_to_context import estimated_tokens, prompts
from drafting.project_settings import LLMSettings
from drafting.prompts import build_messages
from drafting.rewrite_request import Instructed, read_context, rewrite_messages, rewritten_record
from label_configs import Interface, load
from label_configs.chat_response import ChatResponseInterface
from label_configs.content import ToolCall
from label_configs.source_reasoning import DRAFT_CALLS, DRAFT_FIELD
from tests.drafting.calling import FEE, QUESTION, WEATHER, Called, call, calling, calls, task
from tests.ml_backend.fakes import FakeEncoder, FakeSampler

GOLD, BLUE = call(card="gold"), call(card="blue")
HALF = math.log(0.5)
SAY = {"GBP 5.": (1.0, 0.0), "GBP 6.": (0.6, 0.8)}


def no_encoder() -> FakeEncoder:
    raise AssertionError("nothing to embed")


def draft(*samples: Sample, data: Any = None, encoder: Any = no_encoder, **llm: Any) -> Draft:
    settings = LLMSettings(samples=len(samples), **llm)
    return draft_task(calling, data or task(), settings, FakeSampler(list(samples)), encoder)


# --- the prompt


def test_turns_keep_their_calls_results_and_pictures() -> None:
    picture = {"type": "image_url", "image_url": {"url": "/data/upload/1/card.png"}}
    seen = {"role": "user", "content": [{"type": "text", "text": "And this?"}, picture]}
    data = task(
        {"role": "developer", "content": "You work for a bank."},
        QUESTION,
        {"role": "assistant", "content": "", "tool_calls": [GOLD], "reasoning_content": "PRIVATE"},
        {"role": "tool", "content": "GBP 5", "tool_call_id": "call_1", "name": "get_fee"},
        {"role": "assistant", "content": "GBP 5.", "weight": 1},
        seen,
    )
    system, *turns = build_messages(calling, data)
    assert system["role"] == "system"
    assert system["content"].startswith("You work for a bank.\n\n")
    assert system["content"].endswith("call it instead of writing.")
    assert turns == [
        QUESTION,
        {"role": "assistant", "content": "", "tool_calls": [GOLD]},
        {"role": "tool", "content": "GBP 5", "tool_call_id": "call_1"},
        {"role": "assistant", "content": "GBP 5."},
        seen,
    ]


def test_a_task_without_tools_is_asked_as_before() -> None:
    plain = {"messages": [QUESTION]}
    assert build_messages(calling, plain) == build_messages(load("chat_response"), plain)


def test_the_model_gets_the_tools_as_the_project_wants_them() -> None:
    sampler = FakeSampler([calls(GOLD)])
    llm = LLMSettings(samples=1, tool_choice="required", parallel_tool_calls=False)
    with pytest.raises(NoSignalError):  # one call without probabilities tells nothing
        draft_task(calling, task(), llm, sampler, no_encoder)
    assert sampler.history[0]["tools"] == OfferedTools((FEE, WEATHER), "required", False)
    plain = FakeSampler([Sample("GBP 5.", (HALF,))])
    draft_task(calling, {"messages": [QUESTION]}, LLMSettings(samples=1), plain, no_encoder)
    assert "tools" not in plain.history[0]


def test_tools_and_pictures_count_for_the_length_of_a_prompt() -> None:
    turns = [QUESTION, {"role": "assistant", "content": "a" * 400}, QUESTION]
    data = task(*turns)
    (whole, *shorter) = prompts(calling, data)
    assert shorter
    room = estimated_tokens(whole)
    assert next(prompts(calling, data, (), room)) == whole
    tools = OfferedTools((FEE,) * 40)
    assert next(prompts(calling, data, (), room, tools)) == shorter[-1]
    shown = {**QUESTION, "content": [{"type": "image_url", "image_url": {"url": "u"}}]}
    assert estimated_tokens([shown]) > 200


def test_a_shortened_conversation_keeps_results_with_their_calls() -> None:
    step = [
        {"role": "assistant", "content": "", "tool_calls": [GOLD]},
        {"role": "tool", "content": "GBP 5", "tool_call_id": "call_1"},
    ]
    earlier = [QUESTION, *step, {"role": "assistant", "content": "GBP 5."}]
    found = list(prompts(calling, task(*earlier, *earlier, QUESTION, *step)))
    for messages in found:
        roles = [message["role"] for message in messages[1:]]
        assert roles[0] == "user"
        assert roles[-3:] == ["user", "assistant", "tool"]
    assert len(found[-1]) == 4


def test_long_results_are_cut_and_nothing_else_of_the_conversation() -> None:
    step = [
        {"role": "assistant", "content": "", "tool_calls": [GOLD]},
        {"role": "tool", "content": "f" * 4_000, "tool_call_id": "call_1"},
    ]
    whole, *shorter = (messages[1:] for messages in prompts(calling, task(QUESTION, *step)))
    assert [turn["content"] for turn in whole] == [QUESTION["content"], "", "f" * 4_000]
    lengths = [messages[2]["content"].count("f") for messages in shorter]
    assert lengths == [2_002, 1_002, 502, 402]  # two letters of each mark
    assert all(messages[:2] == whole[:2] for messages in shorter)
    assert all("left out for length" in messages[2]["content"] for messages in shorter)


# --- the draft


def test_a_call_is_the_draft() -> None:
    made = draft(calls(GOLD, reasoning="Look it up.", token_logprobs=(HALF,)))
    assert made.record == Called(
        calls=(ToolCall("get_fee", '{"card": "gold"}', "call_1"),), reasoning="Look it up."
    )
    assert made.score == made.confidence == pytest.approx(0.5)
    assert made.reasoning == "Look it up."


def test_agreement_of_calls_is_that_of_what_they_do() -> None:
    same = calls({**GOLD, "id": "another"})
    assert draft(calls(GOLD), same).agreement == pytest.approx(1.0)
    assert draft(calls(GOLD), calls(BLUE)).agreement == pytest.approx(0.5)
    assert draft(calls(GOLD), calls(call("weather"))).agreement == 0.0


def test_the_call_that_most_samples_make_is_the_draft() -> None:
    made = draft(calls(BLUE), calls(GOLD), Sample("GBP 5."), calls(GOLD))
    assert made.record.calls[0].arguments == '{"card": "gold"}'
    assert made.agreement == pytest.approx((0.5 + 0.5 + 1.0) / 6)


def test_texts_beside_calls_are_compared_as_texts() -> None:
    encoder = FakeEncoder(SAY)
    made = draft(Sample("GBP 5."), Sample("GBP 6."), calls(GOLD), encoder=lambda: encoder)
    assert made.agreement == pytest.approx(0.6 / 3)
    assert made.record.response == "GBP 5."
    assert encoder.history == [["GBP 5.", "GBP 6."]]


def test_more_samples_are_drawn_where_a_call_tells_no_probabilities() -> None:
    sampler = FakeSampler([calls(GOLD)], [calls(GOLD), calls(GOLD)])
    made = first_draft(calling, task(), LLMSettings(), sampler, no_encoder)
    assert (made.agreement, made.score, made.drawn) == (pytest.approx(1.0), pytest.approx(0.99), 2)


def test_a_draft_that_the_task_brings_is_scored_by_calls_like_it() -> None:
    class Brings(type(calling)):  # type: ignore[misc]
        def own_draft(self, data: Any) -> Called:
            return Called(calls=(ToolCall("get_fee", '{"card":"gold"}'),))

    data = task(**{DRAFT_FIELD: "", DRAFT_CALLS: [GOLD]})
    sampler = FakeSampler([calls(GOLD), calls(BLUE)])
    made = draft_task(Brings(), data, LLMSettings(samples=2), sampler, no_encoder)
    assert made.agreement == pytest.approx(0.75)


# --- the instruction box


def asked_with(record: Called) -> Instructed:
    """What a page sends that holds this answer and an instruction."""

    class Page(type(calling)):  # type: ignore[misc]
        def decode(self, results: Any) -> Called:
            return record

    item = {"from_name": "instruction", "to_name": "conversation", "type": "textarea",
            "value": {"text": ["for a blue card"]}}  # fmt: skip
    found = read_context(Page(), {"result": [item]})
    assert found is not None
    return found


MADE = ToolCall("get_fee", '{"card": "gold"}')


def test_a_change_is_asked_of_words_and_calls() -> None:
    asked = asked_with(Called("One moment.", calls=(MADE,)))
    assert asked == Instructed(("for a blue card",), "One moment.", (MADE,))
    assert Instructed.from_json({"asked": ["x"], "answer": "y"}) == Instructed(("x",), "y")
    told = rewrite_messages(build_messages(calling, task()), asked)[-1]
    assert told["role"] == "user"
    assert told["content"].startswith(QUESTION["content"])
    assert "Draft of the reply:\nOne moment.\n" in told["content"]
    assert 'Calls of tools in the draft:\nget_fee({"card": "gold"})' in told["content"]


def test_a_change_after_a_result_is_asked_in_a_turn_of_its_own() -> None:
    result = {"role": "tool", "content": "GBP 5", "tool_call_id": "call_1"}
    messages = [QUESTION, {"role": "assistant", "content": "", "tool_calls": [GOLD]}, result]
    *before, told = rewrite_messages(messages, Instructed(("shorter",), "GBP 5."))
    assert before == messages
    assert told["role"] == "user"


@pytest.mark.parametrize(
    ("sample", "words", "card"),
    [
        (Sample("Just a second."), "Just a second.", "gold"),
        (Sample("<think>?</think>Just a second."), "Just a second.", "gold"),
        (calls(BLUE), "One moment.", "blue"),
        (calls(BLUE, text="Just a second."), "Just a second.", "blue"),
    ],
)
def test_a_change_loses_neither_words_nor_calls(sample: Sample, words: str, card: str) -> None:
    asked = asked_with(Called("One moment.", calls=(MADE,)))
    record = rewritten_record(calling, asked, sample, task(), OfferedTools((FEE,)))
    assert record.response == words
    assert [one.arguments for one in record.calls] == [f'{{"card": "{card}"}}']
    without = replace(asked, calls=())
    plain: Interface[Any] = ChatResponseInterface()
    if not sample.tool_calls:
        assert rewritten_record(plain, without, sample, task(), None).response == words


# --- whole conversations


def test_the_missing_reply_of_a_conversation_may_call_tools() -> None:
    turns = load("multi_turn")
    sampler = FakeSampler([calls(GOLD), calls(GOLD)])
    made = draft_task(turns, task(), LLMSettings(samples=2), sampler, no_encoder)
    assert [one.name for one in made.record.calls] == ["get_fee"]
    assert (made.agreement, made.record.turns[-1].text) == (1.0, "")


def test_a_call_that_ends_a_conversation_is_held_against_the_models() -> None:
    turns = load("multi_turn")
    data = task(QUESTION, {"role": "assistant", "content": "", "tool_calls": [GOLD]})
    for sample, agreement in ((calls(GOLD), 1.0), (calls(call("weather")), 0.0)):
        settings, sampler = LLMSettings(samples=1), FakeSampler([sample])
        made = draft_task(turns, data, settings, sampler, no_encoder)
        assert made.record == turns.own_draft(data)
        assert made.agreement == agreement
        assert sampler.history[0]["messages"][-1] == QUESTION
