"""Messages as the Converse API has them: blocks of text, reasoning, calls of tools, their results.

Sources are those of `bedrock_blocks`. An id of a call says only which result is to it, so one that
Bedrock would not take, or that stands twice, is replaced.
"""

from collections.abc import Mapping
from typing import Any

from label_configs.task_tools import Tools
from sync.common.json_text import Json
from sync.training_files.example import Message, Messages
from sync.training_files.formats.format import Unsuitable
from sync.training_files.formats.pictures import NOT_TEXT, has_pictures
from sync.training_files.formats.tool_rules import OPENAI_NAMES
from sync.training_files.formats.two_sides import (
    call_of,
    calls_of,
    calls_tools,
    in_pairs,
    text_of,
)

# by their last character, which is looked for first: one character is found many times as fast;
# and the characters before it
_RESERVED = {
    ":": ("rtm", ("User:", "Bot:", "Assistant:", "System:")),
    ">": ("eo", ("<image>", "<video>")),
    "]": ("S", ("[EOS]",)),
}
_PLAIN = 2  # role and content
_NO_PARAMETERS: Json = {"type": "object", "properties": {}}
_NAME = "a tool's name that Bedrock does not take: letters of English, digits, _ and -, 64 at most"


def converse_messages(turns: Messages, tools: Tools) -> list[Json]:
    """The turns as messages; what one side says in a row becomes one message.

    Raises:
        Unsuitable: the user does not begin, or something can't be said.
    """
    if has_pictures(turns):
        raise Unsuitable("a picture, which Bedrock's fine-tuning reads from S3 alone")
    if calls_tools(turns):
        in_pairs(turns)
    told = _Told(frozenset(_function(tool)["name"] for tool in tools))
    messages: list[Json] = []
    for turn in turns:
        role = "assistant" if turn["role"] == "assistant" else "user"
        blocks = told.blocks(turn)
        if messages and messages[-1]["role"] == role:
            messages[-1]["content"] += blocks
        else:
            messages.append({"role": role, "content": blocks})
    if not messages or messages[0]["role"] != "user":
        raise Unsuitable("a conversation that the user does not begin")
    return messages


def tool_config(tools: Tools) -> Json:
    """The tools as the API declares them.

    Raises:
        Unsuitable: one is no function, or has a name that Bedrock does not take.
    """
    return {"tools": [{"toolSpec": _spec(_function(tool))} for tool in tools]}


def free(text: str) -> str:
    """A text of a prompt.

    Raises:
        Unsuitable: it has a word that Bedrock keeps for itself.
    """
    if reserved_word(text) is not None:
        raise Unsuitable("a prompt with a word that Bedrock keeps for itself, such as 'User:'")
    return text


def reserved_word(text: str) -> str | None:
    """The word of a text that Bedrock keeps for itself, or None."""
    for last, (before, words) in _RESERVED.items():
        at = text.find(last)
        while at >= 0:
            if text[at - 1] in before and text.endswith(words, 0, at + 1):
                return next(word for word in words if text.endswith(word, 0, at + 1))
            at = text.find(last, at + 1)
    return None


class _Told:
    """What was called so far, by the ids of the task and by those that are written."""

    def __init__(self, known: frozenset[str]) -> None:
        self._known = known
        self._ids: dict[Any, str] = {}
        self._taken: set[str] = set()

    def blocks(self, turn: Message) -> list[Json]:
        """A turn's blocks, at least one."""
        if turn["role"] == "tool":
            return [{"toolResult": self._result(turn)}]
        if turn["role"] == "user":
            return [{"text": free(text_of(turn))}]
        if len(turn) == _PLAIN and "content" in turn:
            return [{"text": text_of(turn)}]
        calls = calls_of(turn)
        thought = turn.get("reasoning_content")
        blocks: list[Json] = []
        if thought:
            blocks.append({"reasoningContent": {"reasoningText": {"text": thought}}})
        if turn.get("content") or not calls:
            blocks.append({"text": text_of({"content": turn.get("content")})})
        return [*blocks, *({"toolUse": self._use(call)} for call in calls)]

    def _use(self, call: Any) -> Json:
        name, arguments = call_of(call)
        if name not in self._known:
            raise Unsuitable("a call of a tool that the task does not declare")
        own = call.get("id")
        written = own if _is_name(own) else ""
        number = len(self._taken)
        while not written or written in self._taken:
            number += 1
            written = f"call_{number}"
        self._taken.add(written)
        self._ids[own] = written
        return {"toolUseId": written, "name": name, "input": arguments}

    def _result(self, turn: Message) -> Json:
        content = turn.get("content")
        if not isinstance(content, str):
            raise Unsuitable(NOT_TEXT)
        # a text must say something
        said: Json = {"text": free(content)} if content.strip() else {"json": {}}
        return {"toolUseId": self._ids[turn.get("tool_call_id")], "content": [said]}


def _function(tool: Mapping[str, Any]) -> Mapping[str, Any]:
    function = tool.get("function")
    if not isinstance(function, Mapping):
        raise Unsuitable("tools that are no functions")
    if not _is_name(function.get("name")):
        raise Unsuitable(_NAME)
    return function


def _spec(function: Mapping[str, Any]) -> Json:
    told = {key: function[key] for key in ("name", "description") if function.get(key)}
    return {**told, "inputSchema": {"json": function.get("parameters") or _NO_PARAMETERS}}


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and OPENAI_NAMES.fullmatch(value) is not None
