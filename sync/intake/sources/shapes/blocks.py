"""Anthropic's and Bedrock's forms: `messages` of blocks, system prompt and tools beside them."""

from collections.abc import Callable, Mapping
from typing import Any

from sync.intake.sources.shapes.chat import chat_messages
from sync.intake.sources.shapes.parts import read_parts
from sync.intake.sources.shapes.schemas import take_tools
from sync.intake.sources.shapes.shape import RowShape, SourceMessage, take_turns

_Test = Callable[[Mapping[str, Any]], bool]
# blocks that only one of them has
_ANTHROPIC = frozenset(("tool_use", "tool_result", "thinking", "redacted_thinking"))
_BEDROCK = frozenset(("toolUse", "toolResult", "reasoningContent", "cachePoint"))


def _conversation(fields: dict[str, Any], where: str) -> list[SourceMessage]:
    """The system prompt first, then the messages; their tools as functions."""
    given = fields.pop("system", None)
    fields.pop("schemaVersion", None)
    fields.pop("anthropic_version", None)
    take_tools(fields, "toolConfig", where)
    take_tools(fields, "tools", where)
    turns = take_turns(fields, "messages", "{role, content}", where)
    system = [] if given in (None, "", []) else [_system(given, where)]
    return [*system, *chat_messages(turns, where)]


def _system(given: Any, where: str) -> SourceMessage:
    if isinstance(given, list):
        given = read_parts(given, f"{where}: 'system'").text_or_parts
    return {"role": "system", "content": given}


def _is_anthropic(fields: Mapping[str, Any]) -> bool:
    """Whether blocks or tools are Anthropic's, or a system prompt stands beside blocks."""
    if _has_tool(fields, lambda tool: "input_schema" in tool):
        return True
    beside = "system" in fields
    return any(
        str(block.get("type")) in _ANTHROPIC
        or (beside and block.get("type") == "text")
        or isinstance(block.get("source"), Mapping)
        for content in _lists(fields)
        for block in content
        if isinstance(block, Mapping)
    )


def _is_bedrock(fields: Mapping[str, Any]) -> bool:
    """Whether the row says so, or blocks are Bedrock's: without a type, and nobody else's."""
    if str(fields.get("schemaVersion") or "").startswith("bedrock") or "toolConfig" in fields:
        return True
    beside = "system" in fields
    return any(
        "type" not in block and (not _BEDROCK.isdisjoint(block) or (beside and "text" in block))
        for content in _lists(fields)
        for block in content
        if isinstance(block, Mapping)
    )


def _lists(fields: Mapping[str, Any]) -> list[list[Any]]:
    """The contents that are lists of blocks."""
    messages = fields.get("messages")
    if type(messages) is not list:
        return []
    contents = [message.get("content") for message in messages if type(message) is dict]
    return [content for content in contents if type(content) is list]


def _has_tool(fields: Mapping[str, Any], test: _Test) -> bool:
    tools = fields.get("tools")
    listed = tools if isinstance(tools, list) else ()
    return any(isinstance(tool, Mapping) and test(tool) for tool in listed)


_READ = ("system", "tools", "tool_choice")
anthropic = RowShape("Anthropic", "messages", _conversation, _is_anthropic, _READ)
bedrock = RowShape(
    "Bedrock", "messages", _conversation, _is_bedrock, ("system", "schemaVersion", "toolConfig")
)
