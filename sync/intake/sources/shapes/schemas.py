"""Tools as OpenAI's chat form has them: a function each, with name, description and parameters.

A tool of the provider's own, such as a search of the web, has a name alone.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sync.common.errors import SourceError
from sync.common.json_text import json_type
from sync.intake.sources.json_values import parse

# how Gemini spells the types of a schema
_TYPES = frozenset(("STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"))
_SCHEMAS = ("parameters", "input_schema", "parametersJsonSchema", "parameters_json_schema")
_DECLARATIONS = ("functionDeclarations", "function_declarations")


def take_tools(fields: dict[str, Any], name: str, where: str) -> None:
    """Take a field's tools out of the row, and put them into its `tools` as functions.

    Raises:
        SourceError: they are no tools.
    """
    given = fields.pop(name, None)
    if isinstance(given, str):  # a column of a table can't hold a list
        try:
            given = parse(given) if given.strip() else None
        except (ValueError, RecursionError) as error:
            raise SourceError(f"{where}: {name!r} is text that is no JSON ({error})") from error
    if isinstance(given, Mapping):
        given = given["tools"] if isinstance(given.get("tools"), list) else [given]
    if not given:
        return
    if not isinstance(given, list):
        raise SourceError(f"{where}: {name!r} must be a list of tools, found {json_type(given)}")
    functions: list[Any] = []
    for number, tool in enumerate(given, start=1):
        if not isinstance(tool, Mapping):
            raise SourceError(
                f"{where}: tool {number} of {name!r} must be an object, found {json_type(tool)}"
            )
        functions += _functions(tool)
    fields["tools"] = [*fields.get("tools", ()), *functions]


def _functions(tool: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The functions of one entry, of which Gemini's holds several."""
    if isinstance(tool.get("function"), Mapping):
        yield dict(tool)
        return
    declared = next((tool[name] for name in _DECLARATIONS if name in tool), None)
    if isinstance(declared, list):
        yield from (_function(each) for each in declared if isinstance(each, Mapping))
        return
    spec = tool.get("toolSpec")
    if isinstance(spec, Mapping):
        schema = spec.get("inputSchema")
        inner = schema.get("json", schema) if isinstance(schema, Mapping) else schema
        yield _function({**spec, "parameters": inner})
    elif "name" in tool:
        yield _function(tool)
    else:
        own = tool.get("type") or next(iter(tool), "")
        yield {"type": "function", "function": {"name": own}}


def _function(given: Mapping[str, Any]) -> dict[str, Any]:
    schema = next((given[name] for name in _SCHEMAS if given.get(name) is not None), None)
    said = {name: given[name] for name in ("name", "description", "strict") if name in given}
    return {
        "type": "function",
        "function": {**said, **({} if schema is None else {"parameters": _in_lower_case(schema)})},
    }


def _in_lower_case(schema: Any) -> Any:
    """A JSON schema, where Gemini may have spelled its types in capitals."""
    if isinstance(schema, list):
        return [_in_lower_case(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {
        name: value.lower()
        if name == "type" and isinstance(value, str) and value in _TYPES
        else _in_lower_case(value)
        for name, value in schema.items()
    }
