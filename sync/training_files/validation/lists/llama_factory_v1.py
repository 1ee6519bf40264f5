"""Samples of LLaMA-Factory's version 1: messages whose parts have a `value`, whatever their type.

`{"role": "user", "content": [{"type": "text", "value": "Hi"}], "loss_weight": 0.0}`, and for
preferences `chosen_messages` and `rejected_messages`; reasoning and calls are parts, too. Source:
`v1/utils/types.py` of November 2026. They are looked at as chat messages, which say the same.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import orjson

from label_configs.call_pairs import paired
from sync.common.json_text import Json
from sync.training_files.validation.reading import RowReading

_READER = "llama-factory"
_PAIR = ("chosen_messages", "rejected_messages")
_TOLD = "version 1's parts with a value, which no other reader knows, as chat messages"
_PLACES = {"video_url": "<video>", "audio_url": "<audio>"}


def sampled(rows: Sequence[Json]) -> RowReading | None:
    """How rows are read that are such samples; None where they are others'."""
    if rows and all(map(_is_pair, rows)):
        return pairs()
    if rows and all(_is_sample(row.get("messages")) for row in rows):
        return samples()
    return None


def samples(told_by: str = "", entry: str = "") -> RowReading:
    """Conversations."""
    return RowReading(told_by, entry, _READER, "trl-language-modeling", _chat, names=_TOLD)


def pairs(told_by: str = "", entry: str = "") -> RowReading:
    """Preferences."""
    return RowReading(told_by, entry, _READER, "trl-preference", _preference, names=_TOLD)


def _is_pair(row: Json) -> bool:
    return all(_is_sample(row.get(key)) for key in _PAIR)


def _is_sample(messages: Any) -> bool:
    """Whether messages are of such parts alone."""
    if not isinstance(messages, list) or not messages:
        return False
    contents = [m.get("content") if isinstance(m, dict) else None for m in messages]
    return all(
        isinstance(parts, list)
        and parts
        and all(isinstance(part, dict) and part.keys() == {"type", "value"} for part in parts)
        for parts in contents
    )


def _chat(row: Json) -> Json:
    messages = row.get("messages")
    return {"messages": _messages(messages), **_tools(row)}


def _preference(row: Json) -> Json:
    """The messages that both begin with are the prompt."""
    return {**whole_pair(*(_messages(row.get(key)) for key in _PAIR)), **_tools(row)}


def whole_pair(chosen: Any, rejected: Any) -> Json:
    """A preference of two whole conversations: what both begin with is the prompt."""
    if not isinstance(chosen, list) or not isinstance(rejected, list):
        return {"prompt": [], "chosen": chosen, "rejected": rejected}
    same = 0
    while same < min(len(chosen), len(rejected)) - 1 and chosen[same] == rejected[same]:
        same += 1
    return {"prompt": chosen[:same], "chosen": chosen[same:], "rejected": rejected[same:]}


def _tools(row: Json) -> Json:
    """A row's tools as a list; its own value where it is no JSON text of one."""
    tools = row.get("tools")
    if tools is None:
        return {}
    try:
        tools = orjson.loads(tools) if isinstance(tools, str) else tools
    except orjson.JSONDecodeError:
        return {"tools": tools}
    if isinstance(tools, list):  # a function may stand there by itself
        tools = [
            {"type": "function", "function": t} if isinstance(t, dict) and "name" in t else t
            for t in tools
        ]
    return {"tools": tools}


def _messages(messages: Any) -> Any:
    if not isinstance(messages, list):
        return messages
    return paired([_message(message) for message in messages])


def _message(message: Any) -> Any:
    if not isinstance(message, dict) or not isinstance(message.get("content"), list):
        return message
    left = {k: v for k, v in message.items() if k not in ("content", "loss_weight")}
    held: dict[str, list[Any]] = {"said": [], "reasoning": [], "tool_call": []}
    for part in message["content"]:
        kind = part.get("type") if isinstance(part, Mapping) else None
        held[kind if kind in ("reasoning", "tool_call") else "said"].append(part)
    calls = [_call(part.get("value")) for part in held["tool_call"]]
    made: Json = {**left, "content": _content(held["said"]) if held["said"] or not calls else None}
    if calls:
        made["tool_calls"] = calls
    thought = [p.get("value") for p in held["reasoning"]]
    if thought:
        made["reasoning_content"] = "\n".join(t for t in thought if isinstance(t, str))
    return made


def _content(parts: list[Any]) -> Any:
    """Text where all parts are, else parts in OpenAI's form; others as they are."""
    kinds = {part.get("type") for part in parts if isinstance(part, Mapping)}
    if kinds == {"text"} and all(isinstance(part.get("value"), str) for part in parts):
        return "".join(part["value"] for part in parts)
    return [_part(part) for part in parts]


def _part(part: Any) -> Any:
    if not isinstance(part, Mapping) or "value" not in part:
        return part
    kind, value = part.get("type"), part["value"]
    if kind == "image_url":
        return {"type": kind, "image_url": {"url": value}}
    if kind in _PLACES:
        return {"type": "text", "text": _PLACES[kind]}
    return {"type": kind, "text": value}


def _call(value: Any) -> Any:
    """A call in TRL's form; what is none as it is."""
    try:
        call = orjson.loads(value) if isinstance(value, str) else value
    except orjson.JSONDecodeError:
        return value
    if not isinstance(call, dict):
        return value
    arguments = call.get("arguments")
    if isinstance(arguments, str):
        with suppress(orjson.JSONDecodeError):  # the rules say what it must be
            arguments = orjson.loads(arguments)
    return {"type": "function", "function": {"name": call.get("name"), "arguments": arguments}}
