"""The prompt of a release's examples: a model that learned it is asked with it for drafts, too.

It has nothing of what `drafting.prompts` tells a model that knows no such work: no instruction, no
guidelines, no schema, no finished answers. A model that was tuned to answer without them answers
worse with them.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from connectors.llm_turns import PromptMessage
from drafting.clean_turns import ChatTurn, clean, is_learnt, without_weights
from label_configs import Interface
from label_configs.content import TEXT, text_of
from label_configs.context import context_text
from label_configs.task_tools import Tools

ContextPlace = Literal["system", "user", "tool", "none"]
Reasoning = Literal["none", "think", "reasoning_content"]
FindTurn = Callable[[Sequence[ChatTurn]], int | None]

LOOK_UP_TOOL: Mapping[str, Any] = {
    "type": "function",
    "function": {
        "name": "look_up_context",
        "description": "Look up the facts and documents that an answer can rest on.",
        "parameters": {
            "type": "object",
            "properties": {"query": {"type": "string", "description": "What the user asks."}},
            "required": ["query"],
            "additionalProperties": False,
        },
    },
}
_CALL_ID = "call_look_up_context"


@dataclass(frozen=True)
class PlainPrompt:
    """How the conversations of a release read before the answer that is learned.

    Attributes:
        system: begins every conversation; "" for none.
        context: where a task's facts and documents stand: in the system message, in the user's, in
            the result of a call, or nowhere.
        reasoning: what leads to an answer: not learned, before it in `<think>`, or as
            `reasoning_content`.
        learns_earlier_turns: the assistant's earlier turns are learned as the last one is, so that
            material stands before the first of them.
    """

    system: str = ""
    context: ContextPlace = "system"
    reasoning: Reasoning = "none"
    learns_earlier_turns: bool = False

    @property
    def for_grader(self) -> "PlainPrompt":
        """The same where the user is to speak last, so that no call can stand there."""
        return replace(self, context="system") if self.context == "tool" else self

    def messages(self, interface: Interface[Any], data: Mapping[str, Any]) -> list[PromptMessage]:
        """A task as a model that learned such a release is asked about it.

        Args:
            data: of a task of the interface.
        """
        turns = without_weights(clean(interface.prompt_messages(data)))
        find = first_asked if self.learns_earlier_turns else last_asked
        placed = self.placed(turns, _material(interface, data), find)
        return [dict(turn) for turn in without_weights(placed)]

    def tools(self, interface: Interface[Any], data: Mapping[str, Any]) -> Tools:
        """What the model is offered beside the task's own tools: the one that was called for it."""
        return self.tools_beside(_material(interface, data))

    def tools_beside(self, material: str) -> Tools:
        """The tool whose result some material is; none where it stands elsewhere."""
        return (LOOK_UP_TOOL,) if material and self.context == "tool" else ()

    def placed(self, turns: Sequence[ChatTurn], material: str, find: FindTurn) -> list[ChatTurn]:
        """Turns with the system prompt and the task's material.

        Args:
            turns: clean ones; they stay as they are.
            material: facts and documents; left out where `context` is "none".
            find: the index of the user's turn that the material belongs to: with "user" it stands
                in it, with "tool" after it; without any, in the system message.
        """
        text = "" if self.context == "none" else material
        at = find(turns) if text and self.context in ("user", "tool") else None
        if at is None:
            return _with_system(turns, self.system, text)
        if self.context == "user":
            told = {**turns[at], "content": _together(text, turns[at]["content"])}
            return _with_system([*turns[:at], told, *turns[at + 1 :]], self.system)
        looked_up = _looked_up(turns[at], text)
        return _with_system([*turns[: at + 1], *looked_up, *turns[at + 1 :]], self.system)


def first_asked(turns: Sequence[ChatTurn]) -> int | None:
    """Where the user speaks last before the first turn that is learnt, or else last of all."""
    before = None
    for at, turn in enumerate(turns):
        if turn["role"] == "user":
            before = at
        elif before is not None and is_learnt(turn):
            break
    return before


def last_asked(turns: Sequence[ChatTurn]) -> int | None:
    """Where the user speaks last, or None."""
    for at in range(len(turns) - 1, -1, -1):
        if turns[at]["role"] == "user":
            return at
    return None


def _material(interface: Interface[Any], data: Mapping[str, Any]) -> str:
    inputs = interface.inputs(data)
    return context_text(inputs["context"], inputs["documents"])


def _with_system(turns: Sequence[ChatTurn], prompt: str, text: str = "") -> list[ChatTurn]:
    """Prompt, the system turn that the task has, then the material, all in one message."""
    if not prompt and not text:
        return list(turns)
    for at, turn in enumerate(turns):
        if turn["role"] == "system":
            own = turn["content"] if turn["content"] != prompt else ""
            told = {**turn, "content": _together(prompt, own, text)}
            return [*turns[:at], told, *turns[at + 1 :]]
    return [{"role": "system", "content": _together(prompt, text)}, *turns]


def _looked_up(asked: ChatTurn, text: str) -> tuple[ChatTurn, ChatTurn]:
    """A call for what a turn asks, and the material as its result."""
    arguments = json.dumps({"query": text_of(asked["content"])}, ensure_ascii=False)
    function = {"name": LOOK_UP_TOOL["function"]["name"], "arguments": arguments}
    call: ChatTurn = {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": _CALL_ID, "type": "function", "function": function}],
        "weight": 0,
    }
    return call, {"role": "tool", "content": text, "tool_call_id": _CALL_ID}


def _together(*contents: Any) -> Any:
    """Contents as one: text, or a list of parts where one of them is."""
    said = [content for content in contents if content]
    if all(isinstance(content, str) for content in said):
        return "\n\n".join(said)
    parts = ([{"type": TEXT, "text": c}] if isinstance(c, str) else c for c in said)
    return [part for each in parts for part in each]
