"""Messages as Gemini's contents: turns of user and model, each made of parts.

What the API's `Content`, `FunctionCall` and `FunctionResponse` hold; a tool's answer is a part of
a user's turn. Turns of one side in a row become parts of one turn, since sides alternate.
"""

import json
from typing import Any

from sync.examples.example import Message, Messages, Tools
from sync.formats.format import Json, Unsuitable
from sync.formats.two_sides import text_of


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
    functions = [tool["function"] for tool in tools]
    return [{"functionDeclarations": [{k: f[k] for k in keys if k in f} for f in functions]}]


def _parts(message: Message, called: dict[str, str]) -> list[Json]:
    """A message's parts; `called` remembers which tool a call's id was for."""
    if message["role"] == "tool":
        name = called.get(message.get("tool_call_id", ""))
        if name is None:
            raise Unsuitable("a tool's answer to no call that was made before it")
        return [{"functionResponse": {"name": name, "response": _response(message)}}]
    calls = message.get("tool_calls") or ()
    parts: list[Json] = []
    if message.get("content") or not calls:
        parts.append({"text": text_of(message)})
    for call in calls:
        function = call["function"]
        called[call["id"]] = function["name"]
        arguments = _object(function.get("arguments"))
        if arguments is None:
            raise Unsuitable("a call of tools whose arguments are not a JSON object")
        parts.append({"functionCall": {"name": function["name"], "args": arguments}})
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
    except (TypeError, ValueError):
        return None
    return value if isinstance(value, dict) else None
