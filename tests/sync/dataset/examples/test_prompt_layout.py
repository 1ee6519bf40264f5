"""How a prompt reads: system prompt, context, documents, tools."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import label_configs
from drafting.plain_prompt import LOOK_UP_TOOL, ContextPlace
from label_configs.multi_turn import MultiTurn, Turn
from sync.common.errors import ConfigError
from sync.dataset.examples.distractors import DocumentPool
from sync.dataset.examples.from_record import examples
from sync.dataset.examples.prompt_layout import PromptLayout
from sync.settings import Config
from sync.settings.categories import CategorySection
from sync.settings.export import ExportSection
from sync.training_files.example import Completion, Conversation, GradedPrompt, Judgement
from tests.sync.builders import INTERFACE, record
from tests.sync.dataset.examples.promises import hold

USER = {"role": "user", "content": "What does it cost?"}
ANSWER = {"role": "assistant", "content": "Hello."}
SYSTEM = {"role": "system", "content": "Be kind."}
CONTEXT = {"tier": "Plus", "limit": 500, "flags": ["new", "at risk"], "since": None}
TOLD = 'Context:\n- tier: Plus\n- limit: 500\n- flags: ["new", "at risk"]'
FEES = {"title": "Fees", "text": "GBP 5.00"}
MULTI_TURN = label_configs.load("multi_turn")


def finished(**data: Any) -> Any:
    return record(1, "Hello.", data={"messages": [USER], **data})


def told(layout: PromptLayout | None = None, **data: Any) -> list[Any]:
    """The messages of a conversation whose accepted answer is "Hello."."""
    (made,) = examples(Conversation, finished(**data), INTERFACE, layout or PromptLayout())
    assert isinstance(made, Conversation)
    hold(made)
    return list(made.messages)


def placed(context: ContextPlace, system_prompt: str = "") -> PromptLayout:
    return PromptLayout(ExportSection(context=context), system_prompt)


# the system message


def test_context_becomes_the_system_message() -> None:
    assert told(context=CONTEXT) == [{"role": "system", "content": TOLD}, USER, ANSWER]


def test_documents_follow_the_facts() -> None:
    (system, *_) = told(context={"tier": "Plus"}, documents=[FEES])
    assert system["content"] == "Context:\n- tier: Plus\n\nDocument 1: Fees\nGBP 5.00"
    assert told(documents=[FEES])[0]["content"] == "Document 1: Fees\nGBP 5.00"


@pytest.mark.parametrize("context", [{}, None, {"since": None}])
def test_no_context_adds_no_system_message(context: Any) -> None:
    assert told(context=context, guidelines="Be brief.") == [USER, ANSWER]


def test_prompt_own_system_turn_and_context_make_one_message() -> None:
    prompt = PromptLayout(system_prompt="You work for a bank.")
    assert told(prompt)[0] == {"role": "system", "content": "You work for a bank."}
    data: dict[str, Any] = {"messages": [SYSTEM, USER], "context": CONTEXT}
    messages = told(prompt, **data)
    assert messages[0]["content"] == f"You work for a bank.\n\nBe kind.\n\n{TOLD}"
    assert messages[1:] == [USER, ANSWER]
    assert told(**data)[0]["content"] == f"Be kind.\n\n{TOLD}"
    assert SYSTEM["content"] == "Be kind.", "the task's data stays as it is"


def test_a_task_that_has_the_system_prompt_already_has_it_once() -> None:
    assert told(PromptLayout(system_prompt="Be kind."), messages=[SYSTEM, USER]) == [
        SYSTEM,
        USER,
        ANSWER,
    ]


# other places


def test_context_before_the_question() -> None:
    messages = told(placed("user", "Be kind."), context={"tier": "Plus"})
    assert messages == [
        SYSTEM,
        {"role": "user", "content": "Context:\n- tier: Plus\n\nWhat does it cost?"},
        ANSWER,
    ]
    assert USER["content"] == "What does it cost?"


def test_context_left_out() -> None:
    assert told(placed("none"), context=CONTEXT, documents=[FEES]) == [USER, ANSWER]
    assert told(placed("none", "Be kind."), context=CONTEXT) == [SYSTEM, USER, ANSWER]


def test_context_as_the_result_of_a_call() -> None:
    (made,) = examples(Conversation, finished(documents=[FEES]), INTERFACE, placed("tool"))
    assert isinstance(made, Conversation)
    hold(made)
    asked, call, found, answer = made.messages
    assert (asked, answer) == (USER, ANSWER)
    (called,) = call["tool_calls"]
    assert call == {"role": "assistant", "content": None, "tool_calls": [called], "weight": 0}
    assert called["type"] == "function"
    (tool,) = made.tools
    assert called["function"]["name"] == tool["function"]["name"]
    assert json.loads(called["function"]["arguments"]) == {"query": "What does it cost?"}
    assert found == {
        "role": "tool",
        "tool_call_id": called["id"],
        "content": "Document 1: Fees\nGBP 5.00",
    }


def test_without_context_there_is_no_call_and_no_tool() -> None:
    (made,) = examples(Conversation, finished(), INTERFACE, placed("tool"))
    assert made == Conversation([USER, ANSWER])


def test_the_user_speaks_last_in_a_graded_prompt() -> None:
    (made,) = examples(GradedPrompt, finished(documents=[FEES]), INTERFACE, placed("tool"))
    assert isinstance(made, GradedPrompt)
    assert [m["role"] for m in made.prompt] == ["system", "user"]
    assert made.tools == ()


def turn(text: str) -> dict[str, str]:
    return {"role": "assistant", "content": text}


def test_context_stands_before_what_is_learnt_first() -> None:
    earlier = [USER, turn("Which card?"), {"role": "user", "content": "Plus."}]
    data = {"messages": earlier, "documents": [FEES]}
    assert told(placed("user"), **data)[2]["content"].startswith("Document 1")
    assert [m["role"] for m in told(placed("tool"), **data)][3:] == [
        "assistant",
        "tool",
        "assistant",
    ]
    learnt = record(1, data=data | {"messages": [*earlier, turn("Free.")]})
    learnt = replace(learnt, record=MultiTurn((Turn("Which?"), Turn("GBP 5."))))
    (made,) = examples(Conversation, learnt, MULTI_TURN, placed("user"))
    assert isinstance(made, Conversation)
    assert made.messages[0]["content"].startswith("Document 1")
    assert made.messages[2] == earlier[2]


def test_in_a_prompt_it_stands_with_the_last_question() -> None:
    earlier = [USER, turn("Which card?"), {"role": "user", "content": "Plus."}]
    data = {"messages": earlier, "documents": [FEES]}
    (made,) = examples(Judgement, finished(**data), INTERFACE, placed("user"))
    assert isinstance(made, Judgement)
    assert made.prompt[0] == USER
    assert made.prompt[2]["content"].startswith("Document 1")


# what providers know


def test_keys_that_providers_do_not_know_are_left_behind() -> None:
    odd = USER | {"name": "ann", "time": "12:00", "id": 3, "weight": 1}
    assert told(messages=[odd])[0] == USER | {"name": "ann"}
    assert told(messages=[USER | {"name": 7}])[0] == USER
    assert told(messages=[USER | {"name": None}])[0] == USER


def test_messages_are_shared_where_they_are_clean() -> None:
    data: dict[str, Any] = {"messages": [USER]}
    assert told(**data)[0] is USER


def test_arguments_of_a_call_become_text() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "fee", "arguments": {"of": "ü"}}}
    said = {**turn("I look."), "tool_calls": [call]}
    result = {"role": "tool", "content": "5", "tool_call_id": "c1"}
    messages = told(messages=[USER, said, result, USER])
    assert messages[1]["tool_calls"][0]["function"]["arguments"] == '{"of": "ü"}'
    assert call["function"] == {"name": "fee", "arguments": {"of": "ü"}}


TOOL = {"type": "function", "function": {"name": "fee"}}


@pytest.mark.parametrize(
    ("held", "found"),
    [
        ([TOOL], (TOOL,)),
        (json.dumps([TOOL]), (TOOL,)),
        ("no JSON", ()),
        ("", ()),
        (None, ()),
        ({"a": 1}, ()),
        (["fee", {}, TOOL], (TOOL,)),
    ],
)
def test_tools_of_the_task_are_passed_on(held: Any, found: Any) -> None:
    for kind in (Conversation, Completion, Judgement, GradedPrompt):
        (made,) = examples(kind, finished(tools=held), INTERFACE, PromptLayout())
        assert getattr(made, "tools", None) == found
    (made,) = examples(
        Conversation, finished(tools=held, documents=[FEES]), INTERFACE, placed("tool")
    )
    assert getattr(made, "tools", None) == (*found, LOOK_UP_TOOL)


# documents of other tasks


def test_distractors_come_from_the_split_of_the_task() -> None:
    pool = DocumentPool()
    pool.add([FEES, {"title": "Cards", "text": "Blue."}], "train")
    pool.add([{"title": "Loans", "text": "None."}], "test")
    layout = PromptLayout(ExportSection(distractors=3), documents=pool)
    (made,) = examples(Conversation, finished(documents=[FEES]), INTERFACE, layout, split="train")
    assert isinstance(made, Conversation)
    system = made.messages[0]["content"]
    assert "Cards" in system
    assert "Fees" in system
    assert "Loans" not in system
    assert told(layout, context={"tier": "Plus"})[0]["content"] == "Context:\n- tier: Plus"


# from the configuration


def test_a_presentation_is_what_the_configuration_asks_for(tmp_path: Path) -> None:
    (tmp_path / "prompt.txt").write_text("Be kind.\n")
    export = ExportSection(system_prompt_file="prompt.txt", context="none", teach="both")
    topic = CategorySection(labels=("fees", "cards"), about="what it is about")
    config = Config(folder=tmp_path, export=export, categories={"topic": topic})
    layout = PromptLayout.of(config, config.load_interface())
    assert told(layout) == [SYSTEM, USER, ANSWER]
    assert layout.question is not None
    assert str(layout.question.kinds[0]) == "topic (what it is about): fees, cards"


def test_categories_can_only_be_taught_where_there_are_some(tmp_path: Path) -> None:
    config = Config(folder=tmp_path, export=ExportSection(teach="both"))
    reasoning = label_configs.load("reasoning_steps")
    with pytest.raises(ConfigError, match=r"no categories; add \[categories.NAME\]"):
        PromptLayout.of(config, reasoning)
    assert PromptLayout.of(config, label_configs.load("chat_response")).question is not None


def test_earlier_answers_are_not_learnt() -> None:
    messages = told(messages=[USER, turn("Free."), USER])
    assert messages == [USER, turn("Free.") | {"weight": 0}, USER, ANSWER]
