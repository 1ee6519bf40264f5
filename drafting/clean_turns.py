"""A task's turns as chat messages: only what the chat form knows, and copied only where needed.

So they stand in the files of a release, and so a model is asked that learned from these.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from label_configs.content import IMAGE

ChatTurn = Mapping[str, Any]

KEYS = ("role", "content", "name", "tool_calls", "tool_call_id", "weight")  # in this order
_PLAIN = 2  # every turn of a task has role and content
# what OpenAI asks of a participant's name, beside 64 characters at most
_NOT_IN_NAMES = re.compile(r"[^a-zA-Z0-9_-]+")
_LONGEST_NAME = 64


def clean(turns: Sequence[ChatTurn]) -> list[ChatTurn]:
    """Turns without what providers do not know; `weight` is 0 on an assistant's turn, or absent.

    A developer speaks as the system, the name that all of them know.
    """
    return [
        t
        if len(t) == _PLAIN and type(t.get("content")) is str and t["role"] != "developer"
        else _as_system(_with_parts(_cleaned(t)))
        for t in turns
    ]


def without_weights(messages: Sequence[ChatTurn]) -> list[ChatTurn]:
    """Turns as a prompt: nothing in it is learnt, so nothing says what is."""
    return [_without(message, "weight") if "weight" in message else message for message in messages]


def is_learnt(message: ChatTurn) -> bool:
    """Whether a clean message is one that the model is to write."""
    return message["role"] == "assistant" and "weight" not in message


def _as_system(turn: ChatTurn) -> ChatTurn:
    return {**turn, "role": "system"} if turn["role"] == "developer" else turn


def _with_parts(turn: ChatTurn) -> ChatTurn:
    """A turn without what stands beside its pictures, such as their names at the source."""
    content = turn.get("content")
    return {**turn, "content": list(map(_part, content))} if type(content) is list else turn


def _part(part: Any) -> Any:
    if not isinstance(part, Mapping) or part.get("type") != IMAGE:
        return part
    image = part.get("image_url")
    if isinstance(image, Mapping):
        image = {key: image[key] for key in ("url", "detail") if image.get(key) is not None}
    return {"type": IMAGE, "image_url": image}


def _cleaned(turn: ChatTurn) -> ChatTurn:
    kept = {key: turn[key] for key in KEYS if turn.get(key) is not None or key == "content"}
    if "name" in kept and turn["role"] != "tool":  # a tool's is the one that it is called by
        kept["name"] = _name(kept["name"])
        if not kept["name"]:
            del kept["name"]
    if "weight" in kept and (turn["role"] != "assistant" or turn["weight"] != 0):
        del kept["weight"]
    if "tool_calls" in kept:
        kept["tool_calls"] = _with_text(kept["tool_calls"])
        kept["content"] = kept["content"] or None
    return kept


def _name(name: Any) -> str:
    """A participant's name as providers take it; "" for none."""
    return _NOT_IN_NAMES.sub("_", name).strip("_")[:_LONGEST_NAME] if isinstance(name, str) else ""


def _with_text(calls: Any) -> Any:
    """Calls with their arguments as JSON text; what is no call stays for the formats to refuse."""
    if not isinstance(calls, list):
        return calls
    return [
        {**call, "function": {**function, "arguments": json.dumps(arguments, ensure_ascii=False)}}
        if isinstance(call, Mapping)
        and isinstance(function := call.get("function"), Mapping)
        and isinstance(arguments := function.get("arguments"), Mapping)
        else call
        for call in calls
    ]


def _without(message: ChatTurn, key: str) -> ChatTurn:
    return {name: value for name, value in message.items() if name != key}
