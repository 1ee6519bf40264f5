"""A tuned model is asked for drafts with the prompt that it learned, and answers as it learned."""

from dataclasses import replace
from typing import Any

import pytest

import label_configs
from connectors.llm_replies import Sample
from connectors.llm_tools import OfferedTools, written_out
from drafting import fit_to_context
from drafting.draft_task import draft_task
from drafting.plain_prompt import LOOK_UP_TOOL, PlainPrompt
from drafting.project_settings import LLMSettings
from drafting.prompts import FewShotExample
from drafting.sample_replies import draw
from label_configs import ReplyError
from label_configs.step_rows import Step
from tests.ml_backend.fakes import FakeSampler, conversation

chat = label_configs.load("chat_response")
steps = label_configs.load("reasoning_steps")
USER = {"role": "user", "content": "What does it cost?"}
EARLIER: list[dict[str, Any]] = [
    {"role": "user", "content": "My card is lost."},
    {"role": "assistant", "content": "Is it frozen?"},
    USER,
]
TASK = {"messages": [USER], "context": {"tier": "Plus"}, "guidelines": "Be brief."}
TOLD = "Context:\n- tier: Plus"
BANK = PlainPrompt("You work for a bank.")
THINKS = PlainPrompt(reasoning="think")
TOOL = {
    "type": "function",
    "function": {"name": "freeze", "parameters": {"type": "object", "properties": {}}},
}


def llm(learnt: PlainPrompt | None = BANK, **more: Any) -> LLMSettings:
    return LLMSettings(model="tuned:bank", learnt=learnt, samples=1, **more)


def no_encoder() -> Any:
    raise AssertionError("nothing is to be embedded")


# --- what is asked


def test_it_has_no_instruction_no_guidelines_and_no_examples() -> None:
    sampler = FakeSampler([Sample("Five.", token_logprobs=(-0.1,))])
    draft_task(chat, TASK, llm(), sampler, no_encoder)
    assert sampler.history[0]["messages"] == [
        {"role": "system", "content": f"You work for a bank.\n\n{TOLD}"},
        USER,
    ]
    shown = [FewShotExample("q", "r")]
    [messages] = fit_to_context.prompts(chat, TASK, shown, plain=BANK)
    assert messages == BANK.messages(chat, TASK)


def test_context_stands_where_the_release_had_it() -> None:
    asked = [{"role": "user", "content": f"{TOLD}\n\nWhat does it cost?"}]
    assert PlainPrompt(context="user").messages(chat, TASK) == asked
    assert PlainPrompt(context="none").messages(chat, TASK) == [USER]
    question, call, found = PlainPrompt(context="tool").messages(chat, TASK)
    assert question == USER
    assert call["tool_calls"][0]["function"]["name"] == "look_up_context"
    assert "weight" not in call
    assert found == {
        "role": "tool",
        "content": TOLD,
        "tool_call_id": call["tool_calls"][0]["id"],
    }


def test_context_stands_before_the_turn_that_was_learned_first() -> None:
    data = {**TASK, "messages": EARLIER}
    last = PlainPrompt(context="user").messages(chat, data)
    assert [turn["content"].startswith(TOLD) for turn in last] == [False, False, True]
    first = PlainPrompt(context="user", learns_earlier_turns=True).messages(chat, data)
    assert [turn["content"].startswith(TOLD) for turn in first] == [True, False, False]


def test_a_developers_turn_is_the_systems_as_in_a_release() -> None:
    data = {"messages": [{"role": "developer", "content": "Be kind."}, USER]}
    assert BANK.messages(chat, data)[0] == {
        "role": "system",
        "content": "You work for a bank.\n\nBe kind.",
    }


def test_one_in_which_nothing_is_to_be_cut_is_asked_once() -> None:
    data = {**TASK, "documents": [{"title": "Fees", "text": "GBP 5.00. " * 2000}]}
    plain = PlainPrompt(context="none")
    assert [*fit_to_context.prompts(chat, data, plain=plain)] == [[USER]]
    too_long = fit_to_context.prompts(chat, data, limit_tokens=1, plain=plain)
    assert [*too_long] == [[USER]], "the server has the last word"


@pytest.mark.parametrize("context", ["system", "user", "tool"])
def test_one_that_is_too_long_gets_shorter(context: Any) -> None:
    data = {**TASK, "documents": [{"title": "Fees", "text": "GBP 5.00. " * 2000}]}
    plain = replace(BANK, context=context)
    whole, *shorter = fit_to_context.prompts(chat, data, plain=plain)
    lengths = [len(str(messages)) for messages in (whole, *shorter)]
    assert lengths == sorted(lengths, reverse=True)
    assert lengths[-1] < 2000 < lengths[0]
    assert all("You work for a bank." in str(messages) for messages in shorter)


# --- which tools are offered


def test_the_call_that_was_made_for_it_is_offered_and_none_may_be_made() -> None:
    settings = llm(PlainPrompt(context="tool"))
    sampler = FakeSampler([Sample("Five.", token_logprobs=(-0.1,))])
    draw(chat, TASK, settings, sampler)
    offered = sampler.history[0]["tools"]
    assert (offered.schemas, offered.to_call) == ((LOOK_UP_TOOL,), ())
    assert not offered.says_choice, "a server that is told of none may leave them all out"
    sampler = FakeSampler([Sample("Five.", token_logprobs=(-0.1,))])
    draw(chat, {"messages": [USER]}, settings, sampler)
    assert not sampler.history[0].get("tools"), "nothing was looked up"


def test_a_tasks_own_tools_may_be_called_beside_it() -> None:
    sampler = FakeSampler([Sample("Five.", token_logprobs=(-0.1,))])
    draw(chat, {**TASK, "tools": [TOOL]}, llm(PlainPrompt(context="tool")), sampler)
    offered = sampler.history[0]["tools"]
    assert [tool["function"]["name"] for tool in offered.schemas] == ["freeze", "look_up_context"]
    assert [tool["function"]["name"] for tool in offered.to_call] == ["freeze"]


def test_a_reply_that_calls_what_only_stands_in_its_prompt_is_no_draft() -> None:
    call = {"function": {"name": "look_up_context", "arguments": "{}"}}
    sample = Sample("", tool_calls=(call,))
    sampler = FakeSampler([sample], [sample])
    with pytest.raises(ReplyError, match="calls a tool that only stands in its prompt"):
        draw(chat, {**TASK, "tools": [TOOL]}, llm(PlainPrompt(context="tool")), sampler)


def test_a_server_without_tools_is_told_of_those_that_may_be_called() -> None:
    offered = OfferedTools((TOOL, LOOK_UP_TOOL), shown=("look_up_context",))
    told = str(written_out([USER], offered))
    assert "freeze" in told
    assert "look_up_context" not in told
    alone = OfferedTools((LOOK_UP_TOOL,), shown=("look_up_context",))
    assert written_out([USER], alone) == [USER]


# --- when it is asked


def test_models_that_did_not_learn_it_are_not_asked_with_it() -> None:
    assert llm().plain_prompt(chat) == BANK
    assert llm(None).plain_prompt(chat) is None
    assert llm(more_models=("another",)).plain_prompt(chat) is None
    assert llm(more_models=("tuned:bank",)).plain_prompt(chat) == BANK, "the same one"


@pytest.mark.parametrize("name", sorted(label_configs.INTERFACES))
def test_a_draft_that_needs_more_than_what_was_learned_is_asked_for_in_full(name: str) -> None:
    interface = label_configs.load(name)
    answers = llm().plain_prompt(interface) is not None
    assert answers == (interface.schema() is None)
    with_steps = llm(THINKS).plain_prompt(interface) is not None
    assert with_steps == (interface.schema() is None or name == "reasoning_steps")


def test_reasoning_beside_an_answer_is_shown_by_some_templates_alone() -> None:
    told = PlainPrompt(reasoning="reasoning_content")
    assert llm(told).plain_prompt(steps) is None
    assert llm(told).plain_prompt(chat) == told


# --- how its replies are read


@pytest.mark.parametrize(
    "sample",
    [
        Sample("<think>\nIt is lost.\n\nSo it costs.\n</think>\n\nFive.", token_logprobs=(-0.1,)),
        Sample("Five.", reasoning="It is lost.\n \n\nSo it costs.", token_logprobs=(-0.1,)),
    ],
)
def test_a_paragraph_of_the_reasoning_is_a_step(sample: Sample) -> None:
    sampler = FakeSampler([sample])
    drafted = draft_task(steps, conversation(), llm(THINKS), sampler, no_encoder)
    assert drafted.record.answer == "Five."
    assert drafted.record.steps == (Step("It is lost."), Step("So it costs."))
    assert sampler.history[0]["schema"] is None
    assert steps.task_patch(drafted.record) == {
        "steps": [{"text": "It is lost."}, {"text": "So it costs."}]
    }


@pytest.mark.parametrize("said", ["Five.", "<think></think>Five.", "<think>So</think>"])
def test_a_reply_without_steps_or_without_an_answer_is_no_draft(said: str) -> None:
    sampler = FakeSampler([Sample(said)], [Sample(said)])
    with pytest.raises(ReplyError, match="none of 2 replies fits") as refused:
        draft_task(steps, conversation(), llm(THINKS), sampler, no_encoder)
    assert "JSON" not in str(refused.value), "no schema was asked for"
