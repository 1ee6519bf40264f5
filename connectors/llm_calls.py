"""The calls of tools in a server's message, whichever way it writes them, in OpenAI's chat form."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.llm_content import storable


def calls_in(message: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """The calls that a model makes; one without a name is none.

    They stand in `tool_calls`, in `function_call` of before, or in parts of type `tool_use`. What
    was written as arguments stays as it came where it is no JSON.
    """
    return tuple(filter(None, (_call(one) for one in _told(message))))


def _told(message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    told = message.get("tool_calls")
    calls = [told] if isinstance(told, Mapping) else list(told or ())
    if not calls and isinstance(old := message.get("function_call"), Mapping):
        calls = [{"function": old}]
    content = message.get("content")
    if not calls and isinstance(content, list):
        calls = [part for part in content if _is_use(part)]
    yield from (call for call in calls if isinstance(call, Mapping))


def _is_use(part: Any) -> bool:
    return isinstance(part, Mapping) and part.get("type") == "tool_use"


def _call(told: Mapping[str, Any]) -> dict[str, Any] | None:
    function = told.get("function")
    if not isinstance(function, Mapping):
        function = told
    name = function.get("name")
    if not isinstance(name, str) or not name.strip():
        return None
    arguments = next(
        (function[key] for key in ("arguments", "parameters", "input") if key in function), None
    )
    own_id = told.get("id")
    called = {"name": storable(name).strip(), "arguments": storable(arguments_text(arguments))}
    known = {"id": own_id} if isinstance(own_id, str) and own_id else {}
    return {**known, "type": "function", "function": called}


def arguments_text(arguments: Any) -> str:
    """A call's arguments as JSON text; none are `{}`, and JSON in text twice is unpacked."""
    if not isinstance(arguments, str):
        return json.dumps(arguments or {}, ensure_ascii=False)
    if not arguments.strip():
        return "{}"
    try:
        inner = json.loads(arguments)
    except (ValueError, RecursionError):
        return arguments
    if inner is None:
        return "{}"
    return arguments_text(inner) if isinstance(inner, str) and inner != arguments else arguments
