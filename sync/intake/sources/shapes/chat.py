"""OpenAI's chat form: `messages`, each with role and content; its older forms become today's."""

from collections.abc import Mapping
from typing import Any

from label_configs.message_forms import put_right
from sync.common.errors import SourceError
from sync.common.json_text import json_type
from sync.intake.sources.row import Unshowable
from sync.intake.sources.shapes.shape import RowShape, SourceMessage, take_turns

_TEXT_PARTS = ("text", "input_text", "output_text")


def _conversation(fields: dict[str, Any], where: str) -> list[SourceMessage]:
    messages = take_turns(fields, "messages", "{role, content}", where)
    for number, message in enumerate(messages, start=1):
        if not isinstance(message, Mapping):
            raise SourceError(
                f"{where}: message {number} must hold 'role' and 'content', "
                f"found {json_type(message)}"
            )
    put = put_right(messages)
    return [_message(number, message, where) for number, message in enumerate(put, start=1)]


def _message(number: int, message: SourceMessage, where: str) -> SourceMessage:
    # tables hold every field of every row
    said = {name: value for name, value in message.items() if value is not None}
    if isinstance(said.get("content"), list):
        said["content"] = _joined(number, said["content"], where)
    calls = said.get("tool_calls")
    if calls and not str(said.get("content", "")).strip():
        raise Unshowable(
            f"{where}: message {number} only calls a tool ({_called(calls)}), which no page can "
            "show: say in its content what it does, or remove the conversation"
        )
    if "content" in message:
        said.setdefault("content", "")  # null: an empty message, and not one of another form
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


shape = RowShape("chat", "messages", _conversation)
