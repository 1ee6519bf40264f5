"""Chat messages in one form: what servers and older files write in another way is put right.

The form is OpenAI's of today: calls of tools stand in `tool_calls`, each with an id that the tool's
answer repeats. Put right is what can mean one thing only; the rest stays as it came, and
`call_fault` says what is wrong with it. Messages that are right already stay the same objects.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from label_configs.call_arguments import json_text, parsed
from label_configs.call_pairs import TaskMessage, paired
from label_configs.content import text_of
from label_configs.validation import DEEPEST, is_deeper

# OpenAI's earlier name
_ROLES = {"function": "tool"}
_PLAIN = frozenset(("system", "developer", "user", "assistant"))
# how models write calls into their text, for data sets that keep them there
_WRITTEN_CALL = re.compile(
    r"<tool_call|<function|<\|python_tag\|>|\[TOOL_CALLS\]|^\s*Action\s*:",
    re.IGNORECASE | re.MULTILINE,
)
_CALL_KEYS = ("id", "type", "function")


def put_right(messages: Sequence[Any]) -> list[Any]:
    """Messages in the form of today; what is no message, or can't be put right, stays.

    - Keys without a value go, empty `tool_calls`, too; a list of calls may be JSON text.
    - `function_call` becomes a call, the role `function` becomes `tool`.
    - A call without arguments has none (`{}`), one without an id gets one, and the answers that
      follow it are told which call they are to, where that is certain.
    - A tool that returned nothing returned "", one that returned data returned its JSON.
    """
    if all(map(_is_plain, messages)):
        return list(messages)
    return paired([_message(m) if isinstance(m, Mapping) else m for m in messages])


def with_messages_put_right(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """A task's data with its messages put right; the same object where nothing is to be done."""
    messages = data.get("messages")
    if not isinstance(messages, list) or all(map(_is_plain, messages)):
        return data
    return {**data, "messages": put_right(messages)}


def call_fault(messages: Sequence[TaskMessage]) -> str | None:
    """What hardly any trainer could read in messages that were put right; None if nothing.

    Returns:
        "message 3 …": what is wrong and what to do, without any text of the conversation.
    """
    called: set[str] = set()
    said_before = ""
    for number, message in enumerate(messages, start=1):
        role = message.get("role")
        if role != "tool":
            said_before = text_of(message.get("content")) if role == "assistant" else ""
            if len(message) == 2:
                continue  # as most are
        said = next(_faults(message), None)
        if said is not None:
            return f"message {number} {said}"
        called |= _call_ids(message)
        answers = role != "tool" or message.get("tool_call_id") in called
        if not answers and not _WRITTEN_CALL.search(said_before):
            return (
                f"message {number} is a tool's answer to no call before it: add the call to the "
                "assistant's message before it, or remove the answer"
            )
    return None


def has_gap(messages: Sequence[TaskMessage]) -> bool:
    """Whether a call has no answer before another speaks, or an answer has no call.

    Args:
        messages: without a fault.
    """
    if not any("tool_calls" in m or m.get("role") == "tool" for m in messages):
        return False
    waiting: set[str] = set()
    for message in messages:
        if message.get("role") == "tool":
            if message.get("tool_call_id") not in waiting:
                return True
            waiting.discard(message["tool_call_id"])
        elif waiting:
            return True
        waiting |= _call_ids(message)
    return False


def _call_ids(message: TaskMessage) -> set[str]:
    return {call["id"] for call in message.get("tool_calls") or ()}


def _is_plain(message: Any) -> bool:
    return (
        isinstance(message, Mapping)
        and len(message) == 2
        and isinstance(role := message.get("role"), str)
        and role in _PLAIN
        and "content" in message
    )


def _message(message: TaskMessage) -> TaskMessage:
    said = {k: v for k, v in message.items() if v is not None or k in ("role", "content")}
    role = said.get("role")
    if isinstance(role, str):
        said["role"] = _ROLES.get(role, role)
    calls = _calls(said.pop("tool_calls", None), said.pop("function_call", None))
    if calls:
        said["tool_calls"] = calls
    if said.get("role") == "tool":
        said["content"] = _returned(said.get("content"))
    elif calls and said.get("content") is None:
        said["content"] = ""
    return message if said == message else said


def _calls(calls: Any, old: Any) -> Any:
    """A message's calls in both forms, each put right; anything but a list of calls stays."""
    calls, old = _parsed(calls), _parsed(old)
    if isinstance(calls, Mapping):
        calls = [calls] if calls else []
    if old and not calls:
        calls = [old]
    if not isinstance(calls, list):
        return calls
    return [_call(call) if isinstance(call, Mapping) else call for call in calls]


def _call(call: TaskMessage) -> TaskMessage:
    function = call.get("function")
    if not isinstance(function, Mapping) and "name" in call:
        function = {k: call[k] for k in ("name", "arguments") if k in call}
    if not isinstance(function, Mapping):
        return call
    rest = {k: v for k, v in call.items() if k not in (*_CALL_KEYS, "name", "arguments")}
    own_id = call.get("id")
    if isinstance(own_id, int) and not isinstance(own_id, bool):
        own_id = str(own_id)
    built = {
        **({} if own_id in (None, "") else {"id": own_id}),
        "type": call.get("type") or "function",
        "function": {**function, "arguments": _arguments(function.get("arguments"))},
        **rest,
    }
    return call if built == call else built


def _arguments(arguments: Any) -> Any:
    """Arguments of a call; missing ones become {}, and JSON packed into text twice is unpacked."""
    if arguments is None:
        return "{}"
    if not isinstance(arguments, str):
        return arguments
    if not arguments.strip():
        return "{}"
    inner = _parsed(arguments)
    if inner is None:
        return "{}"
    return inner if isinstance(inner, str) and isinstance(_parsed(inner), dict) else arguments


def _returned(content: Any) -> Any:
    """What a tool returned, as text; parts of a content are for others to join."""
    if content is None:
        return ""
    is_parts = isinstance(content, list) and any(
        isinstance(part, Mapping) and "type" in part for part in content
    )
    if isinstance(content, str) or is_parts:
        return content
    return json_text(content)


def _parsed(text: Any) -> Any:
    """What JSON text holds; anything else, other text too, as it came.

    Text that escapes half a character is other text: what it holds could not be sent.
    """
    if not isinstance(text, str):
        return text
    try:
        held = json.loads(text) if text.strip() else None
        if "\\u" in text:
            json.dumps(held, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return text
    return held


def _faults(message: TaskMessage) -> Iterator[str]:
    if not isinstance(message.get("tool_call_id", ""), str):
        yield "has a tool_call_id that is no text: correct it"
    calls = message.get("tool_calls")
    if not calls:
        return
    if message.get("role") != "assistant":
        yield "calls a tool, and only the assistant may: correct its role, or remove the call"
    if not isinstance(calls, list):
        yield "has tool_calls that are no list of calls: correct them"
        return
    for call in calls:
        function = call.get("function") if isinstance(call, Mapping) else None
        name = function.get("name") if isinstance(function, Mapping) else None
        if not isinstance(function, Mapping) or not isinstance(name, str) or not name.strip():
            yield "calls a tool without a name: add the name, or remove the call"
        elif fault := _argument_fault(function.get("arguments")):
            yield fault
        elif not isinstance(call.get("id"), str):
            yield "calls a tool with an id that is no text: correct it"


def _argument_fault(arguments: Any) -> str | None:
    """What is wrong with a call's arguments; they may be JSON text, or the object itself."""
    given = parsed(arguments) if isinstance(arguments, str) else arguments
    if not isinstance(given, Mapping):
        return "calls a tool with arguments that are no JSON object: correct them"
    if is_deeper(dict(given)):
        return (
            f"calls a tool with arguments of lists and objects more than {DEEPEST} deep in each "
            "other, which no page can show: correct them, or remove the call"
        )
    return None
