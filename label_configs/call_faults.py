"""What is wrong with calls of tools: held against the tools' own schemas.

The schema's words that are held: type, enum, const, required, properties, additionalProperties,
items, anyOf, oneOf and allOf. Others are passed over: a fault that is found is one.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from label_configs.call_arguments import parsed
from label_configs.content import ToolCall
from label_configs.task_tools import Tools

# schemas within schemas that are held; deeper ones are taken as they are
_DEEPEST = 30
# JSON's types as Python has them; True and False are no numbers there
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}


def call_faults(calls: Sequence[ToolCall], tools: Tools, first: int = 1) -> list[str]:
    """What is wrong with calls, a sentence's beginning each: which call, where, what is wrong.

    Args:
        tools: the task's; where it has none, only whether arguments are JSON can be told.
        first: the number of the first one.
    """
    return [
        f"call {number} ({call.name or 'no tool'}) {fault}"
        for number, call in enumerate(calls, start=first)
        for fault in _faults(call, tools)
    ]


def unlisted_arguments(calls: Sequence[ToolCall], tools: Tools) -> list[str]:
    """As `call_faults`: arguments that a tool doesn't list, though its schema lets them pass."""
    found = []
    for number, call in enumerate(calls, start=1):
        listed = _parameters(call.name, tools).get("properties")
        given = parsed(call.arguments)
        if isinstance(listed, Mapping) and listed and given:
            found += [
                f"call {number} ({call.name}) has the argument {name!r}, which the tool does not "
                f"list (it lists {', '.join(map(repr, listed))})"
                for name in given
                if name not in listed
            ]
    return found


def schema_faults(value: Any, schema: Any, where: str = "") -> list[str]:
    """What of a value does not fit a JSON schema: where it stands, and what is wrong.

    Args:
        where: the value's place, such as `when.day`; "" for the whole.
    """
    return list(_held(value, schema, where, 0))


def _faults(call: ToolCall, tools: Tools) -> list[str]:
    if not call.name.strip():
        return ["has arguments, but no tool is chosen"]
    declared = [_function(tool).get("name") for tool in tools]
    if declared and call.name not in declared:
        return [f"calls a tool that is not declared (there are {', '.join(map(str, declared))})"]
    given = parsed(call.arguments)
    if given is None:
        return [f"has arguments that are no JSON object{_why(call.arguments)}"]
    return schema_faults(given, _parameters(call.name, tools))


def _why(arguments: str) -> str:
    try:
        read = json.loads(arguments)
    except json.JSONDecodeError as error:
        return f": {error.msg} in line {error.lineno}, column {error.colno}"
    except (ValueError, RecursionError):
        return ""
    return f" but {_kind(read)}" if not isinstance(read, dict) else ""


def _held(value: Any, schema: Any, where: str, depth: int) -> Iterator[str]:
    if not isinstance(schema, Mapping) or depth > _DEEPEST:
        return
    kinds = schema.get("type")
    asked = kinds if isinstance(kinds, list) else [kinds] if isinstance(kinds, str) else []
    if asked and not any(_is(value, kind) for kind in asked):
        yield f"{_at(where)}expected {' or '.join(asked)}, found {_kind(value)}"
        return
    among = schema.get("enum")
    if isinstance(among, list) and not any(_equal(value, each) for each in among):
        yield f"{_at(where)}expected one of {', '.join(map(_json, among))}, found {_json(value)}"
    if "const" in schema and not _equal(value, schema["const"]):
        yield f"{_at(where)}expected {_json(schema['const'])}, found {_json(value)}"
    yield from _in_branches(value, schema, where, depth)
    if isinstance(value, dict):
        yield from _in_object(value, schema, where, depth)
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _held(item, schema.get("items"), f"{where}[{at}]", depth + 1)


def _in_object(
    value: Mapping[str, Any], schema: Mapping[str, Any], where: str, depth: int
) -> Iterator[str]:
    required, listed = schema.get("required"), schema.get("properties")
    properties = listed if isinstance(listed, Mapping) else {}
    for name in required if isinstance(required, list) else ():
        if name not in value:
            yield f"{_at(where)}lacks {name!r}, which is required"
    others = schema.get("additionalProperties")
    for name, inner in value.items():
        place = f"{where}.{name}" if where else name
        if name in properties:
            yield from _held(inner, properties[name], place, depth + 1)
        elif others is False and "patternProperties" not in schema:
            known = ", ".join(map(repr, properties)) or "none"
            yield f"{_at(where)}has {name!r}, which is not among its arguments ({known})"
        else:
            yield from _held(inner, others, place, depth + 1)


def _in_branches(value: Any, schema: Mapping[str, Any], where: str, depth: int) -> Iterator[str]:
    for each in _listed(schema.get("allOf")):
        yield from _held(value, each, where, depth + 1)
    for word in ("anyOf", "oneOf"):
        faults = [list(_held(value, each, where, depth + 1)) for each in _listed(schema.get(word))]
        if faults and all(faults):
            yield min(faults, key=len)[0]


def _listed(schemas: Any) -> Sequence[Any]:
    return schemas if isinstance(schemas, list) else ()


def _is(value: Any, kind: str) -> bool:
    if kind not in _TYPES:
        return True
    if isinstance(value, bool) and kind != "boolean":
        return False
    whole = kind == "integer" and isinstance(value, float) and value.is_integer()
    return whole or isinstance(value, _TYPES[kind])


def _equal(one: Any, another: Any) -> bool:
    """Whether two values of JSON are the same; true is no 1 there."""
    return isinstance(one, bool) == isinstance(another, bool) and one == another


def _kind(value: Any) -> str:
    kind = next(name for name in ("boolean", *_TYPES) if _is(value, name))
    short = isinstance(value, (str, int, float)) and len(_json(value)) <= 40
    return f"{kind} {_json(value)}" if short and not isinstance(value, bool) else kind


def _at(where: str) -> str:
    return f"{where}: " if where else ""


def _parameters(name: str, tools: Tools) -> Mapping[str, Any]:
    functions = map(_function, tools)
    found = next((f.get("parameters") for f in functions if f.get("name") == name), None)
    return found if isinstance(found, Mapping) else {}


def _function(tool: Mapping[str, Any]) -> Mapping[str, Any]:
    function = tool.get("function")
    return function if isinstance(function, Mapping) else {}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
