"""The task's context in the messages that are learnt."""

from typing import Any

import pytest

from label_configs.chat_response import ChatResponse
from sync.formats.chat_messages import training_messages
from tests.sync.builders import INTERFACE

USER = {"role": "user", "content": "Hello?"}
ANSWER = {"role": "assistant", "content": "Hello."}
CONTEXT = {"tier": "Plus", "limit": 500, "flags": ["new", "at risk"], "since": None}
TOLD = 'Context:\n- tier: Plus\n- limit: 500\n- flags: ["new", "at risk"]'


def told(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The messages of a task whose accepted answer is "Hello."."""
    turns = INTERFACE.training_turns(ChatResponse("Hello."), data)
    assert turns is not None
    return training_messages(turns, data)


def test_context_becomes_the_system_message() -> None:
    messages = told({"messages": [USER], "context": CONTEXT})
    assert messages == [{"role": "system", "content": TOLD}, USER, ANSWER]


def test_documents_follow_the_facts() -> None:
    documents = [{"title": "Fees", "text": "GBP 5.00"}]
    messages = told({"messages": [USER], "context": {"tier": "Plus"}, "documents": documents})
    assert messages[0]["content"] == "Context:\n- tier: Plus\n\nDocument 1: Fees\nGBP 5.00"
    assert told({"messages": [USER], "documents": documents})[0]["content"] == (
        "Document 1: Fees\nGBP 5.00"
    )


def test_context_is_added_to_the_system_message_there_is() -> None:
    system = {"role": "system", "content": "Be kind."}
    data = {"messages": [system, USER], "context": CONTEXT}
    messages = told(data)
    assert messages[0] == {"role": "system", "content": f"Be kind.\n\n{TOLD}"}
    assert messages[1:] == [USER, ANSWER]
    assert system["content"] == "Be kind.", "the task's data stays as it is"


@pytest.mark.parametrize("context", [{}, None, {"since": None}])
def test_no_context_adds_no_system_message(context: Any) -> None:
    data = {"messages": [USER], "context": context, "guidelines": "Be brief."}
    assert told(data) == [USER, ANSWER]


def test_keys_that_providers_do_not_know_are_left_behind() -> None:
    data = {"messages": [USER | {"name": "ann", "time": "12:00", "id": 3}]}
    assert told(data)[0] == USER | {"name": "ann"}
