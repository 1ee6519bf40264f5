"""The tools of a task as schemas, whichever of the usual ways they were written in."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

Tools = Sequence[Mapping[str, Any]]


def tools_of(data: Mapping[str, Any]) -> Tools:
    """The JSON schemas of a task's tools, also where a table holds them as text.

    OpenAI's `functions` of before, and schemas that stand by themselves, become tools.
    """
    tools = data.get("tools") or data.get("functions")
    if not tools:
        return ()
    tools = _parsed(tools)
    if isinstance(tools, Mapping) and ("name" in tools or "function" in tools):
        tools = [tools]
    if not isinstance(tools, list):
        return ()
    listed = map(_parsed, tools)
    return tuple(_tool(tool) for tool in listed if isinstance(tool, Mapping) and tool)


def tools_are_read(data: Mapping[str, Any]) -> bool:
    """Whether all that a task says of its tools is read by `tools_of`."""
    tools = _parsed(data.get("tools") or data.get("functions"))
    if not tools:
        return True
    named = len(tools) if isinstance(tools, list) else 1
    return len(tools_of(data)) == named


def _parsed(tools: Any) -> Any:
    """What JSON text holds, also where it was packed into text twice; other text as it came."""
    for _ in range(2):
        if isinstance(tools, str):
            try:
                tools = json.loads(tools) if tools.strip() else None
            except (ValueError, RecursionError):
                return tools
    return tools


def _tool(tool: Mapping[str, Any]) -> Mapping[str, Any]:
    bare = "name" in tool and "function" not in tool
    return {"type": "function", "function": tool} if bare else tool
