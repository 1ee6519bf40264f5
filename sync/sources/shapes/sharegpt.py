"""ShareGPT: `conversations`, each turn with from and value."""

import json
from collections.abc import Mapping
from typing import Any

from sync.errors import SourceError
from sync.sources.row import Unshowable
from sync.sources.shapes.shape import Message, Shape, take_turns

_ROLES = {
    "human": "user",
    "user": "user",
    "gpt": "assistant",
    "assistant": "assistant",
    "chatgpt": "assistant",
    "bard": "assistant",
    "bing": "assistant",
    "model": "assistant",
    "system": "system",
    "tool": "tool",
    "observation": "tool",
    "function_response": "tool",
    "tool_response": "tool",
}
_CALLS = ("function_call", "tool_call")


def _conversation(fields: dict[str, Any], where: str) -> list[Message]:
    turns = take_turns(fields, "conversations", "{from, value}", where)
    return [_message(number, turn, where) for number, turn in enumerate(turns, start=1)]


def _message(number: int, turn: Any, where: str) -> Message:
    said = dict(turn) if isinstance(turn, Mapping) else {}
    # some files name the fields as OpenAI does
    speaker, words = said.get("from", said.get("role")), said.get("value", said.get("content"))
    if not isinstance(speaker, str) or not isinstance(words, str):
        raise SourceError(f"{where}: turn {number} must hold 'from' and 'value', both text")
    if speaker.lower() in _CALLS:
        raise Unshowable(
            f"{where}: turn {number} only calls a tool ({_called(words)}), which no page can "
            "show: have a 'gpt' turn say what it does, or remove the conversation"
        )
    role = _ROLES.get(speaker.lower())
    if role is None:
        known = ", ".join([*_ROLES, *_CALLS])
        raise SourceError(f"{where}: turn {number} is from {speaker!r}; known are {known}")
    rest = {k: v for k, v in said.items() if k not in ("from", "value") and v is not None}
    return {**rest, "role": role, "content": words}


def _called(words: str) -> str:
    try:
        call = json.loads(words)
    except (ValueError, RecursionError):
        return "without a name"
    name = call.get("name") if isinstance(call, dict) else None
    return str(name or "without a name")


shape = Shape("ShareGPT", "conversations", _conversation)
