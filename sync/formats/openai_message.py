"""The rules that OpenAI's chat format has for messages: each alone, and all in their order."""

from collections.abc import Iterator, Sequence
from typing import Any

from sync.json_text import is_unicode

ROLES = ("system", "user", "assistant", "tool")

Fault = tuple[str, str]


def check_message(number: int, message: Any) -> Iterator[Fault]:
    """(rule, message) for each rule that one message breaks by itself.

    Args:
        number: of the message in its conversation, from 1.
    """
    where = f"message {number}"
    if not isinstance(message, dict):
        yield "message", f"{where} must be an object, found {type(message).__name__}"
        return
    role = message.get("role")
    if role not in ROLES:
        yield "role", f"{where}: role must be one of {', '.join(ROLES)}, found {role!r}"
    yield from _check_content(where, message)
    if "weight" in message:
        weight = message["weight"]
        if role != "assistant":
            yield "weight", f"{where}: only assistant messages may have a weight"
        elif type(weight) is not int or weight not in (0, 1):
            yield "weight", f"{where}: weight must be the integer 0 or 1, found {weight!r}"
    if "name" in message and not isinstance(message["name"], str):
        yield "name", f"{where}: name must be text"
    if "tool_calls" in message:
        yield from _check_tool_calls(where, message)


def check_order(messages: Sequence[dict[str, Any]]) -> Iterator[Fault]:
    """(rule, message) for each rule about the conversation as a whole."""
    answers = [m for m in messages if m.get("role") == "assistant"]
    if not answers:
        yield "assistant", "no assistant message, so there is nothing to learn"
    elif all(m.get("weight") == 0 for m in answers):
        yield "weight", "every assistant message has weight 0, so there is nothing to learn"
    if messages[-1].get("role") != "assistant":
        yield (
            "last",
            f"the last message must be the assistant's, found {messages[-1].get('role')!r}",
        )
    called: list[Any] = []
    for number, message in enumerate(messages, start=1):
        if message.get("role") == "tool" and message.get("tool_call_id") not in called:
            yield (
                "tool_call_id",
                f"message {number} answers tool call {message.get('tool_call_id')!r}, "
                "which was not made before it",
            )
        calls = message.get("tool_calls")
        called += [
            call["id"]
            for call in (calls if isinstance(calls, list) else ())
            if isinstance(call, dict) and isinstance(call.get("id"), str)
        ]


def _check_content(where: str, message: dict[str, Any]) -> Iterator[Fault]:
    content = message.get("content")
    if content is None and message.get("tool_calls"):
        return
    if isinstance(content, list):  # parts: text, images
        if not content or not all(isinstance(p, dict) and "type" in p for p in content):
            yield "content", f"{where}: content parts must be objects with a type"
    elif not isinstance(content, str):
        yield "content", f"{where}: content must be text, found {type(content).__name__}"
    elif not content.strip() and message.get("role") != "tool":
        yield "content", f"{where}: content is empty"
    elif not is_unicode(content):
        yield "content", f"{where}: content holds half of a character (a lone surrogate)"


def _check_tool_calls(where: str, message: dict[str, Any]) -> Iterator[Fault]:
    calls = message["tool_calls"]
    if message.get("role") != "assistant":
        yield "tool_calls", f"{where}: only assistant messages may call tools"
    if not isinstance(calls, list) or not calls:
        yield "tool_calls", f"{where}: tool_calls must be a non-empty list"
        return
    for call in calls:
        function = call.get("function") if isinstance(call, dict) else None
        if not isinstance(function, dict) or not isinstance(function.get("name"), str):
            yield "tool_calls", f"{where}: a tool call needs a function with a name"
            continue
        if not isinstance(call.get("id"), str):
            yield "tool_calls", f"{where}: a tool call needs an id"
        if not isinstance(function.get("arguments"), str):
            yield (
                "tool_arguments",
                f"{where}: function.arguments must be text (JSON in a string), found "
                f"{type(function.get('arguments')).__name__}",
            )
