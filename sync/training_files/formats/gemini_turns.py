"""Messages as Gemini's contents: turns of user and model, each made of parts.

What the API's `Content`, `FunctionCall` and `FunctionResponse` hold; a tool's answer is a part of
a user's turn. Turns of one side in a row become parts of one turn, since sides alternate.
"""

import json
from collections.abc import Mapping
from typing import Any

from sync.common.json_text import Json
from sync.training_files.example import Message, Messages, Tools
from sync.training_files.formats.format import Unsuitable
from sync.training_files.formats.two_sides import call_of, calls_of, text_of


def contents(messages: Messages) -> list[Json]:
    """The turns, without the system's.

    Raises:
        Unsuitable: the user does not begin, or something can't be said.
    """
    turns: list[Json] = []
    called: dict[str, str] = {}
    for message in messages:
        role = "model" if message["role"] == "assistant" else "user"
        parts = _parts(message, called)
        if turns and turns[-1]["role"] == role:
            turns[-1]["parts"] += parts
        else:
            turns.append({"role": role, "parts": parts})
    if not turns or turns[0]["role"] != "user":
        raise Unsuitable("a conversation that the user does not begin")
    return turns


def declarations(tools: Tools) -> list[Json]:
    """The tools as one `Tool` of function declarations."""
    keys = ("name", "description", "parameters")
    declared = []
    for tool in tools:
        function = tool.get("function")
        if not isinstance(function, Mapping):
            raise Unsuitable("tools that are no functions")
        declared.append({k: function[k] for k in keys if k in function})
    return [{"functionDeclarations": declared}]


def _parts(message: Message, called: dict[str, str]) -> list[Json]:
    """A message's parts; `called` remembers which tool a call's id was for."""
    if message["role"] == "tool":
        answers = message.get("tool_call_id")
        name = called.get(answers) if isinstance(answers, str) else None
        if name is None:
            raise Unsuitable("a tool's answer to no call that was made before it")
        return [{"functionResponse": {"name": name, "response": _response(message)}}]
    calls = calls_of(message)
    parts: list[Json] = []
    if message.get("content") or not calls:
        parts.append({"text": text_of(message)})
    for call in calls:
        name, arguments = call_of(call)
        if isinstance(own_id := call.get("id"), str):
            called[own_id] = name
        parts.append({"functionCall": {"name": name, "args": arguments}})
    return parts


def _response(message: Message) -> Json:
    """A tool's answer as the object that the API wants; `output` is its name for plain text."""
    content = message.get("content")
    if not isinstance(content, str):
        raise Unsuitable("a message that is not text alone")
    said = _object(content)
    return {"output": content} if said is None else said


def _object(text: Any) -> Json | None:
    try:
        value = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
