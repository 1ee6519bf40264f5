"""What is wrong with calls of tools: held against the tools' own schemas.

Schemas are read as JSON Schema 2020-12. Types that it does not know hold nothing, and a schema that
can't be read at all neither: a fault that is found is one. No address in a schema is fetched.
"""

import functools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from label_configs.call_arguments import parsed
from label_configs.content import ToolCall
from label_configs.task_tools import Tools

_LONGEST = 300  # letters of what a value or a schema is quoted with
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


def schema_faults(value: Any, schema: Any) -> list[str]:
    """What of a value does not fit a JSON schema: where it stands, and what is wrong.

    The order is that of the places.
    """
    import jsonschema
    import referencing.exceptions

    unreadable = (
        *(AttributeError, KeyError, RecursionError, TypeError, ValueError, re.error),
        *(jsonschema.exceptions.SchemaError, referencing.exceptions.Unresolvable),
    )
    if not isinstance(schema, Mapping):
        return []
    try:
        errors = list(_validator()(schema, registry=referencing.Registry()).iter_errors(value))
    except unreadable:
        return []
    best = (e if _kinds(e) else jsonschema.exceptions.best_match([e]) or e for e in errors)
    return sorted(f"{_at(error.absolute_path)}{_told(error)}" for error in best)


@functools.cache
def _validator() -> Any:
    """JSON Schema 2020-12, but for types that it does not know."""
    from jsonschema import Draft202012Validator, validators

    held = Draft202012Validator.VALIDATORS["type"]

    def known(validator: Any, types: Any, value: Any, schema: Any) -> Iterator[Any]:
        named = types if isinstance(types, list) else [types]
        if all(isinstance(each, str) and each in _TYPES for each in named):
            yield from held(validator, types, value, schema)

    return validators.extend(Draft202012Validator, {"type": known})


def _told(error: Any) -> str:
    """A fault in the words of the page; what is rare in those of the library."""
    if error.validator == "required":
        return f"lacks {error.message.removesuffix(' is a required property')}, which is required"
    if kinds := _kinds(error):
        return f"expected {' or '.join(kinds)}, found {_kind(error.instance)}"
    expected = error.validator_value
    if error.validator == "enum":
        among = ", ".join(map(_json, expected))
        return _short(f"expected one of {among}, found {_json(error.instance)}")
    if error.validator == "const":
        return _short(f"expected {_json(expected)}, found {_json(error.instance)}")
    return _short(str(error.message))


def _kinds(error: Any) -> list[str]:
    """The types that were expected, of branches too; none where the fault is another."""
    if error.validator == "type":
        expected = error.validator_value
        return expected if isinstance(expected, list) else [expected]
    branches = error.context if error.validator in ("anyOf", "oneOf") else ()
    if any(branch.validator != "type" or branch.relative_path for branch in branches):
        return []
    return [kind for branch in branches for kind in _kinds(branch)]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


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


def _kind(value: Any) -> str:
    kind = next(name for name in ("boolean", *_TYPES) if _is(value, name))
    short = isinstance(value, (str, int, float)) and len(_json(value)) <= 40
    return f"{kind} {_json(value)}" if short and not isinstance(value, bool) else kind


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, _TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _at(path: Iterable[str | int]) -> str:
    """A place such as `when.days[0]: `; "" for the whole."""
    where = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)
    return f"{where.removeprefix('.')}: " if where else ""


def _parameters(name: str, tools: Tools) -> Mapping[str, Any]:
    functions = map(_function, tools)
    found = next((f.get("parameters") for f in functions if f.get("name") == name), None)
    return found if isinstance(found, Mapping) else {}


def _function(tool: Mapping[str, Any]) -> Mapping[str, Any]:
    function = tool.get("function")
    return function if isinstance(function, Mapping) else {}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
