"""Calls of tools as the HTML that the page shows: cards with arguments, results and schemas.

Names, arguments and results are anybody's words, so they are never markup.
"""

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from label_configs.content import ToolCall

# tables within tables; what lies deeper is shown as JSON
DEEPEST = 4
# entries of an object or a list that become rows; one with more is shown as JSON
LONGEST = 200


def call_html(call: ToolCall, result: str | None = None, seen: str = "") -> str:
    """A call as a card: the tool's name, its arguments as a table, and the folded result.

    Args:
        result: what the tool answered; None where that is not known.
        seen: HTML of the pictures in the result.
    """
    name = f'<div class="lt-call-name">{escape(call.name)}</div>'
    answered = result_html(result, seen) if result is not None else ""
    return f'<div class="lt-call">{name}{_arguments(call.arguments)}{answered}</div>'


def result_html(result: str, seen: str = "") -> str:
    """What a tool answered, folded: an object as a table, anything else as it was written."""
    given = _parsed(result)
    shown = _value(given, 0) if isinstance(given, dict) and given else _verbatim(result)
    return f'<details class="lt-result"><summary>Result</summary>{shown}{seen}</details>'


def tools_html(tools: Sequence[Mapping[str, Any]]) -> str:
    """The tools that the model is offered, folded: what each is for and what it asks for.

    Args:
        tools: JSON schemas in OpenAI's form; "" where there are none.
    """
    shown = "".join(_tool(tool.get("function")) for tool in tools)
    if not shown:
        return ""
    summary = f'<summary class="lt-role">Tools ({len(tools)})</summary>'
    return f'<details class="lt-turn lt-system lt-tools">{summary}{shown}</details>'


def _arguments(arguments: str) -> str:
    given = _parsed(arguments)
    if not isinstance(given, dict):
        return _verbatim(arguments)
    return _value(given, 0) if given else '<div class="lt-call-none">no arguments</div>'


def _value(value: Any, depth: int) -> str:
    """A value of JSON: objects and lists as tables, anything else as it is."""
    if isinstance(value, str):
        return _verbatim(value)
    if not isinstance(value, (dict, list)):
        return _verbatim(json.dumps(value))
    if not value or depth >= DEEPEST or len(value) > LONGEST:
        return _verbatim(json.dumps(value, ensure_ascii=False))
    named = value.items() if isinstance(value, dict) else enumerate(value, start=1)
    rows = "".join(
        f"<tr><th>{escape(str(name))}</th><td>{_value(inner, depth + 1)}</td></tr>"
        for name, inner in named
    )
    return f'<table class="lt-facts lt-arguments"><tbody>{rows}</tbody></table>'


def _tool(function: Any) -> str:
    if not isinstance(function, Mapping):
        return ""
    said = function.get("description")
    told = _verbatim(said) if isinstance(said, str) and said.strip() else ""
    parameters = function.get("parameters")
    schema = parameters if isinstance(parameters, Mapping) else {}
    required = schema.get("required")
    asked = required if isinstance(required, list) else []
    properties = schema.get("properties")
    named = properties.items() if isinstance(properties, Mapping) else ()
    rows = "".join(
        f"<tr><th>{escape(str(name))}{'' if name in asked else ' (optional)'}</th>"
        f"<td>{_verbatim(_asked_for(wanted))}</td></tr>"
        for name, wanted in named
    )
    table = f'<table class="lt-facts lt-arguments"><tbody>{rows}</tbody></table>' if rows else ""
    name = f'<div class="lt-call-name">{escape(str(function.get("name", "")))}</div>'
    return f'<div class="lt-call">{name}{told}{table}</div>'


def _asked_for(wanted: Any) -> str:
    """What a schema says of one argument: its type, the values it may take, what it means."""
    if not isinstance(wanted, Mapping):
        return ""
    kind, values, said = (wanted.get(key) for key in ("type", "enum", "description"))
    kinds = kind if isinstance(kind, list) else [kind] if kind else []
    parts = [" or ".join(map(str, kinds))]
    if isinstance(values, list):
        parts.append("one of " + ", ".join(json.dumps(v, ensure_ascii=False) for v in values))
    if isinstance(said, str):
        parts.append(said)
    return ": ".join(filter(None, parts))


def _verbatim(text: str) -> str:
    return f'<div class="lt-verbatim">{escape(text)}</div>'


def _parsed(text: str) -> Any:
    """JSON as Python has it; None where it is no JSON, or escapes half a character."""
    try:
        given = json.loads(text)
        if "\\u" in text:
            json.dumps(given, ensure_ascii=False).encode()  # the page is sent as UTF-8
    except (ValueError, RecursionError):
        return None
    return given
