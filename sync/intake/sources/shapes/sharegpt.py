"""ShareGPT: `conversations`, each turn with from and value."""

import json
from collections.abc import Mapping
from typing import Any

from label_configs.message_forms import put_right
from sync.common.errors import SourceError
from sync.intake.sources.row import Unshowable
from sync.intake.sources.shapes.shape import RowShape, SourceMessage, take_turns

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
    "function": "tool",
    "function_response": "tool",
    "tool_response": "tool",
}
_CALLS = ("function_call", "tool_call")


def _conversation(fields: dict[str, Any], where: str) -> list[SourceMessage]:
    said: list[SourceMessage] = []
    for number, turn in enumerate(take_turns(fields, "conversations", "{from, value}", where), 1):
        speaker, words, rest = _parts(number, turn, where)
        if speaker in _CALLS:
            said[-1:] = [_with_call(said[-1:], number, words, where)]
        else:
            said.append({**rest, "role": _role(speaker, number, where), "content": words})
    return put_right(said)


def _parts(number: int, turn: Any, where: str) -> tuple[str, str, dict[str, Any]]:
    """Who speaks, in lower case, the words, and what else the turn holds."""
    said = dict(turn) if isinstance(turn, Mapping) else {}
    # some files name the fields as OpenAI does
    speaker, words = said.get("from", said.get("role")), said.get("value", said.get("content"))
    if isinstance(speaker, str) and words is None and {"value", "content"} & said.keys():
        words = ""  # a tool that returned nothing, or an empty message, which is refused as that
    if not isinstance(speaker, str) or not isinstance(words, str):
        raise SourceError(f"{where}: turn {number} must hold 'from' and 'value', both text")
    names = ("from", "value") if "from" in said else ("role", "content")
    rest = {k: v for k, v in said.items() if k not in names and v is not None}
    return speaker.lower(), words, rest


def _role(speaker: str, number: int, where: str) -> str:
    role = _ROLES.get(speaker)
    if role is None:
        known = ", ".join([*_ROLES, *_CALLS])
        raise SourceError(f"{where}: turn {number} is from {speaker!r}; known are {known}")
    return role


def _with_call(before: list[SourceMessage], number: int, words: str, where: str) -> SourceMessage:
    """The assistant's words with the call that follows them; one without words can't be shown."""
    message = before[0] if before else {}
    if message.get("role") != "assistant" or message.get("tool_calls"):
        raise Unshowable(
            f"{where}: turn {number} only calls a tool ({_called(words)}), which no page can "
            "show: have a 'gpt' turn say what it does, or remove the conversation"
        )
    return {**message, "tool_calls": words}


def _called(words: str) -> str:
    try:
        call = json.loads(words)
    except (ValueError, RecursionError):
        return "without a name"
    name = call.get("name") if isinstance(call, dict) else None
    return str(name or "without a name")


shape = RowShape("ShareGPT", "conversations", _conversation)
