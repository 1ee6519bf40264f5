"""A call of a tool held against the tools' schemas: what an expert should put right in it.

Looked at is what experts get wrong: the tool's name, arguments that are missing or unknown, their
types and the values that are listed. All else that a JSON schema can ask for is taken for granted.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from label_configs.content import ToolCall

_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
}
_DEEPEST = 20  # a schema may name itself in what it holds


def tool_names(tools: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The names of a task's tools."""
    functions = (tool.get("function") for tool in tools)
    return tuple(str(f["name"]) for f in functions if isinstance(f, Mapping) and "name" in f)


def arguments_fault(call: ToolCall, tools: Sequence[Mapping[str, Any]]) -> str | None:
    """The first thing wrong with a call, as the rest of a sentence; None where nothing is.

    Args:
        tools: schemas in OpenAI's form; without any, only the form of the arguments is looked at.
    """
    try:
        given = json.loads(call.arguments)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        return f"calls {call.name!r} with arguments that are no JSON object"
    if not tools:
        return None
    schemas = dict(zip(tool_names(tools), _parameters(tools), strict=True))
    if call.name not in schemas:
        return f"calls {call.name!r}, which is none of the task's tools ({', '.join(schemas)})"
    wrong = next(_faults(given, schemas[call.name], "", _DEEPEST), None)
    return None if wrong is None else f"calls {call.name!r} {wrong}"


def _parameters(tools: Sequence[Mapping[str, Any]]) -> Iterator[Any]:
    for tool in tools:
        function = tool.get("function")
        if isinstance(function, Mapping) and "name" in function:
            yield function.get("parameters")


def _faults(value: Any, schema: Any, place: str, deep: int) -> Iterator[str]:
    """What a value lacks by its schema, the first in order of importance first."""
    if not isinstance(schema, Mapping) or not deep:
        return
    kinds = schema.get("type")
    known = [k for k in ([kinds] if isinstance(kinds, str) else kinds or ()) if k in _TYPES]
    if known and not any(_is_a(value, kind) for kind in known):
        yield f"with {place or 'arguments'} that should be {' or '.join(known)}"
        return
    listed = schema.get("enum")
    if isinstance(listed, list) and value not in listed:
        said = ", ".join(json.dumps(one, ensure_ascii=False) for one in listed)
        yield f"with {place} that is none of {said}"
    if isinstance(value, dict):
        yield from _faults_within(value, schema, place, deep)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _faults(inner, schema.get("items"), f"{place}[{at}]", deep - 1)


def _faults_within(
    value: dict[str, Any], schema: Mapping[str, Any], place: str, deep: int
) -> Iterator[str]:
    within = f"{place}." if place else ""
    asked = schema.get("required")
    for name in asked if isinstance(asked, list) else ():
        if name not in value:
            yield f"without {within}{name}"
    properties = schema.get("properties")
    known = properties if isinstance(properties, Mapping) else {}
    for name, inner in value.items():
        if name in known:
            yield from _faults(inner, known[name], f"{within}{name}", deep - 1)
        elif schema.get("additionalProperties") is False:
            yield f"with {within}{name}, which it does not take"


def _is_a(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    whole = kind == "integer" and isinstance(value, float) and value.is_integer()
    return whole or isinstance(value, _TYPES[kind])
