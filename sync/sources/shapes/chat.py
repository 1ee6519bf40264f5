"""OpenAI's chat form: `messages`, each with role and content."""

import json
from collections.abc import Mapping
from typing import Any

from sync.errors import SourceError
from sync.sources.row import Unshowable
from sync.sources.shapes.shape import Message, Shape

# OpenAI's later and earlier names
_ROLES = {"developer": "system", "function": "tool"}
_TEXT_PARTS = ("text", "input_text", "output_text")


def _conversation(fields: dict[str, Any], where: str) -> list[Message]:
    messages = fields.pop("messages")
    if isinstance(messages, str):  # a column of a table can't hold a list
        messages = _from_text(messages, where)
    if not isinstance(messages, list):
        raise SourceError(
            f"{where}: 'messages' must be a list of {{role, content}}, "
            f"found a {type(messages).__name__}"
        )
    return [_message(number, message, where) for number, message in enumerate(messages, start=1)]


def _message(number: int, message: Any, where: str) -> Message:
    if not isinstance(message, Mapping):
        raise SourceError(
            f"{where}: message {number} must hold 'role' and 'content', "
            f"found a {type(message).__name__}"
        )
    # tables hold every field of every row
    said = {name: value for name, value in message.items() if value is not None}
    role = said.get("role")
    if isinstance(role, str):
        said["role"] = _ROLES.get(role, role)
    if isinstance(said.get("content"), list):
        said["content"] = _joined(number, said["content"], where)
    calls = said.get("tool_calls") or said.get("function_call")
    if calls and not str(said.get("content", "")).strip():
        raise Unshowable(
            f"{where}: message {number} only calls a tool ({_called(calls)}), which no page can "
            "show: say in its content what it does, or remove the conversation"
        )
    return said


def _joined(number: int, parts: list[Any], where: str) -> str:
    texts = []
    for part in parts:
        kind = part.get("type") if isinstance(part, Mapping) else type(part).__name__
        text = part.get("text") if isinstance(part, Mapping) else None
        if kind not in _TEXT_PARTS or not isinstance(text, str):
            raise Unshowable(
                f"{where}: message {number} holds a part of type {kind!r}, and pages show text "
                "only: replace it by words, or remove the conversation"
            )
        texts.append(text)
    return "\n".join(texts)


def _called(calls: Any) -> str:
    names = []
    for call in calls if isinstance(calls, list) else [calls]:
        function = call.get("function", call) if isinstance(call, Mapping) else {}
        name = function.get("name") if isinstance(function, Mapping) else None
        names.append(str(name or "without a name"))
    return ", ".join(names)


def _from_text(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{where}: 'messages' is text that is no JSON list ({error})") from error


shape = Shape("chat", "messages", _conversation)
