"""The rules that Bedrock has for the blocks of a message: what may stand where, and tools' pairs.

Sources, as of November 2026: AWS, "Preparing data for SFT on Amazon Nova 2" (pictures, videos,
documents and toolResult in the user's turns only, reasoningContent and toolUse in the assistant's;
a toolUseId is unique, and answered exactly once; results are text or JSON; a name is one of
toolConfig's) and the Converse API (`ToolUseBlock`: names and ids of letters, digits, _ and -, 64
at most; every toolUse is answered in the next message). A conversation may end with a call.
"""

from collections.abc import Iterator
from typing import Any

from sync.common.json_text import Json
from sync.training_files.formats.format import Fault
from sync.training_files.formats.json_types import not_filled
from sync.training_files.formats.tool_rules import OPENAI_NAMES
from sync.training_files.formats.tool_schemas import schema_fault

# blocks other than text, and whose they are
SPEAKERS = {
    "image": "user",
    "video": "user",
    "document": "user",
    "toolResult": "user",
    "reasoningContent": "assistant",
    "toolUse": "assistant",
}


def block_kind(block: Any) -> str | None:
    """Which of the blocks other than text a block is, or None."""
    if not isinstance(block, dict):
        return None
    return next((key for key in SPEAKERS if key in block), None)


def block_faults(where: str, role: Any, kind: str, block: Json) -> Iterator[Fault]:
    """Every rule that a block other than text breaks by itself."""
    if role in ("user", "assistant") and role != SPEAKERS[kind]:
        yield Fault(
            "block", f"{where}: {kind} may stand in a message of the {SPEAKERS[kind]}'s only"
        )
    if kind not in ("toolUse", "toolResult"):
        return
    said = block[kind] if isinstance(block[kind], dict) else {}
    if not _is_name(said.get("toolUseId")):
        yield Fault(kind, f"{where}: {kind} must have a toolUseId of letters, digits, _ and -")
    if kind == "toolUse":
        if not _is_name(said.get("name")) or not isinstance(said.get("input"), dict):
            yield Fault(
                kind,
                f"{where}: toolUse must have a name of letters, digits, _ and -, 64 at most, and "
                "an input, an object",
            )
        return
    content = said.get("content")
    if not isinstance(content, list) or not all(
        isinstance(part, dict) and ("text" in part or "json" in part) for part in content
    ):
        came = not_filled(content)
        yield Fault(
            kind, f'{where}: toolResult must have a list of {{"text"}} or {{"json"}}, found {came}'
        )


def pair_faults(messages: list[Json]) -> Iterator[Fault]:
    """Calls without results, and the other way round; of messages right in all else."""
    seen: set[str] = set()
    open_ids: list[str] = []
    for number, message in enumerate(messages, 1):
        results = _ids(message, "toolResult")
        calls = _ids(message, "toolUse")
        if sorted(results) != sorted(open_ids):
            yield Fault(
                "tool_pairs",
                f"message {number}: {len(results)} toolResult blocks to {len(open_ids)} toolUse "
                "blocks of the message before; write one for each, with its toolUseId",
            )
        if len(set(calls)) < len(calls) or not seen.isdisjoint(calls):
            yield Fault(
                "tool_pairs",
                f"message {number}: a toolUseId stands twice in the conversation; give each call "
                "its own",
            )
        seen.update(calls)
        open_ids = calls


def tool_config_faults(config: Any, messages: Any) -> Iterator[Fault]:
    """Every rule that the declared tools break, and calls of others."""
    tools = config.get("tools") if isinstance(config, dict) else None
    if not isinstance(tools, list) or not tools or not all(map(_spec, tools)):
        yield Fault(
            "tools", "toolConfig must have tools, a list of toolSpec with a name and an inputSchema"
        )
        return
    known = {_spec(tool)["name"] for tool in tools}
    for number, tool in enumerate(tools, 1):
        schema = _spec(tool)["inputSchema"].get("json")
        fault = schema_fault(f"tool {number}", schema if schema is not None else [])
        if fault is not None:
            yield fault
    for number, message in enumerate(messages if isinstance(messages, list) else (), 1):
        if not known.issuperset(_said(message, "toolUse", "name")):
            yield Fault(
                "undeclared",
                f"message {number}: toolUse must have the name of a tool in toolConfig; declare it",
            )


def _spec(tool: Any) -> Json:
    """A tool's specification; empty where it is none."""
    spec = tool.get("toolSpec") if isinstance(tool, dict) else None
    if not isinstance(spec, dict) or not _is_name(spec.get("name")):
        return {}
    return spec if isinstance(spec.get("inputSchema"), dict) else {}


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and OPENAI_NAMES.fullmatch(value) is not None


def _ids(message: Any, kind: str) -> list[str]:
    return _said(message, kind, "toolUseId")


def _said(message: Any, kind: str, key: str) -> list[str]:
    blocks = message.get("content") if isinstance(message, dict) else None
    found = [
        block[kind].get(key)
        for block in (blocks if isinstance(blocks, list) else ())
        if isinstance(block, dict) and isinstance(block.get(kind), dict)
    ]
    return [value for value in found if isinstance(value, str)]
