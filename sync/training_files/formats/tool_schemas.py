"""The rules for what a line declares: functions by name, and the schemas of their parameters.

Sources, as of November 2026: OpenAI's API description (`FunctionObject`: its name as in calls,
`parameters` a JSON Schema object) and JSON Schema's list of types. Readers put a schema into the
prompt as it stands, so a type that JSON Schema does not know is a warning; OpenAI's service says
"schema must be a JSON Schema of type object" of some.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from sync.common.json_text import json_type
from sync.training_files.formats.format import Fault
from sync.training_files.formats.tool_rules import OPENAI_NAMES_TOLD, called_names

JSON_TYPES = frozenset(("object", "array", "string", "number", "integer", "boolean", "null"))
_PYTHON = {
    "dict": "object",
    "list": "array",
    "tuple": "array",
    "str": "string",
    "float": "number",
    "int": "integer",
    "bool": "boolean",
    "none": "null",
}
_MOST = 1_000  # parts of a schema that are looked at


def tools_faults(tools: Any, names: re.Pattern[str] | None = None) -> Iterator[Fault]:
    """Every rule that a line's `tools` break: a list of functions, each with a name.

    Args:
        names: what a function's name must be; None: any text.
    """
    if not isinstance(tools, list):
        yield Fault("tools", f"tools must be a list of JSON schemas, found {json_type(tools)}")
        return
    if (wrong := _nameless(tools)) is not None:
        yield wrong
        return
    told: set[str] = set()
    for number, tool in enumerate(tools, 1):
        function = tool["function"]
        name = function["name"]
        if names is not None and not names.fullmatch(name):
            yield Fault(
                "tool_name",
                f"tool {number}: a function's name may have {OPENAI_NAMES_TOLD}; rename it",
            )
        if name in told:
            message = f"tool {number} has the name of an earlier one; leave one out, or rename it"
            yield Fault("tools", message, "warning")
        told.add(name)
        fault = schema_fault(f"tool {number}", function.get("parameters"))
        if fault is not None:
            yield fault


def _nameless(tools: list[Any]) -> Fault | None:
    for number, tool in enumerate(tools, 1):
        function = tool.get("function") if isinstance(tool, dict) else None
        if not isinstance(function, dict) or not isinstance(function.get("name"), str):
            return Fault(
                "tools",
                f"tool {number} must be an object with type 'function' and a function that has a "
                "name; write its JSON schema",
            )
    return None


def schema_fault(where: str, schema: Any, *, capitals: bool = False) -> Fault | None:
    """Why parameters are no JSON schema of an object, or None.

    Args:
        schema: None or {} where the function has no parameters.
        capitals: whether types may be written in capitals, as Google's are.
    """
    if schema is None or schema == {}:
        return None
    if not isinstance(schema, dict):
        message = f"{where}: parameters must be a JSON schema, found {json_type(schema)}"
        return Fault("tool_schema", message, "warning", "type")
    kind = _type(schema, capitals)
    if isinstance(kind, str) and kind not in ("object", *_PYTHON) and kind in JSON_TYPES:
        message = f"{where}: parameters must be of type object, found {kind}; name each of them"
        return Fault("tool_schema", message, "warning")
    for name in _types(schema, capitals):
        if name not in JSON_TYPES:
            other = _PYTHON.get(name.lower())
            came = f"'{name}'; write '{other}'" if other else "another"
            return Fault(
                "tool_schema",
                f"{where}: a type must be one of {', '.join(sorted(JSON_TYPES))}, found {came}",
                "warning",
            )
    return None


def _type(schema: Any, capitals: bool) -> Any:
    kind = schema.get("type")
    return kind.lower() if capitals and isinstance(kind, str) else kind


def _types(schema: Any, capitals: bool) -> Iterator[str]:
    """Every type that a schema names, of its parts, too."""
    waiting = [schema]
    for _ in range(_MOST):
        if not waiting:
            return
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        if not isinstance(part, dict):
            continue
        kind = _type(part, capitals)
        for name in kind if isinstance(kind, list) else [kind]:
            if isinstance(name, str):
                yield name
        properties = part.get("properties")
        waiting += properties.values() if isinstance(properties, dict) else ()
        waiting += [part.get(key) for key in ("items", "anyOf", "oneOf", "allOf")]


def undeclared(tools: Any, *parts: tuple[str, Any]) -> Iterator[Fault]:
    """Calls of functions that a line declares tools without; a line without any declares none.

    Args:
        parts: (what a message is called, messages).
    """
    if not isinstance(tools, list) or not tools or _nameless(tools) is not None:
        return
    known = {tool["function"]["name"] for tool in tools}
    for where, messages in parts:
        yield from not_declared(known, list(called_names(messages)), where)


def not_declared(known: set[str], called: Sequence[tuple[int, str]], where: str) -> Iterator[Fault]:
    """That calls are of functions that are not known; `called` has (message, name)."""
    for number, name in called:
        if name not in known:
            yield Fault(
                "undeclared",
                f"{where} {number} calls a function that the line does not declare; declare it in "
                "its tools",
                "warning",
            )
