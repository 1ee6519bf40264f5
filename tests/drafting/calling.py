"""An interface whose drafts may call tools, and what a task and a model say to it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from connectors.llm_replies import Sample
from label_configs.chat_response import ChatResponse, ChatResponseInterface
from label_configs.content import ToolCall, call_messages, calls_of, spoken
from label_configs.lessons import TrainingTurn
from label_configs.source_reasoning import reasoning_of

FEE = {
    "type": "function",
    "function": {
        "name": "get_fee",
        "description": "What a card costs.",
        "parameters": {"type": "object", "properties": {"card": {"type": "string"}}},
    },
}
WEATHER = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}
QUESTION = {"role": "user", "content": "What does a gold card cost?"}


@dataclass(frozen=True)
class Called(ChatResponse):
    """An answer with calls and reasoning."""

    calls: tuple[ToolCall, ...] = ()
    reasoning: str = ""


class CallingInterface(ChatResponseInterface):
    """`chat_response` whose record holds the turn as it came."""

    takes_calls: ClassVar[bool] = True

    def read_turn(self, turn: TrainingTurn, data: Mapping[str, Any]) -> Called:
        calls, thought = calls_of(turn), reasoning_of(turn)
        said = turn["content"] if calls else self.read_reply(turn["content"], data).response
        return Called(said, calls=calls, reasoning=thought)

    def answer(self, record: Any) -> str:
        calls = call_messages(getattr(record, "calls", ()))
        return spoken({"content": record.response, "tool_calls": calls})


calling = CallingInterface()


def task(*messages: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A task with two tools."""
    return {"messages": list(messages) or [QUESTION], "tools": [FEE, WEATHER], **more}


def call(name: str = "get_fee", **arguments: Any) -> dict[str, Any]:
    """A call as a server writes it."""
    return {
        "id": "call_1",
        "type": "function",
        "function": {"name": name, "arguments": json.dumps(arguments)},
    }


def calls(*made: Mapping[str, Any], text: str = "", **more: Any) -> Sample:
    """A sample that calls tools."""
    said = "" if text else "only calls a tool"
    return replace(Sample(text, withheld=said, tool_calls=tuple(made)), **more)
