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
    if isinstance(tools, str):
        try:
            tools = json.loads(tools)
        except (ValueError, RecursionError):
            return ()
    if isinstance(tools, Mapping) and ("name" in tools or "function" in tools):
        tools = [tools]
    if not isinstance(tools, list):
        return ()
    return tuple(_tool(tool) for tool in tools if isinstance(tool, Mapping) and tool)


def _tool(tool: Mapping[str, Any]) -> Mapping[str, Any]:
    bare = "name" in tool and "function" not in tool
    return {"type": "function", "function": tool} if bare else tool
