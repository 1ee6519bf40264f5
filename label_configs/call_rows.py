"""The calls of an answer as rows of the page: the tool, and its arguments as JSON.

The page makes its rows from task data, which no prediction can extend. So a task with tools has
rows enough for most drafts and some to spare; one without has none, and its page shows nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from label_configs import items
from label_configs.call_arguments import compact, readable
from label_configs.content import ToolCall, calls_of
from label_configs.items import FoundItems, ResultItem
from label_configs.source_reasoning import DRAFT_CALLS
from label_configs.task_tools import tools_of

# task data that only the page needs
ROWS, CHOICES = "call_rows", "tool_choices"
NO_CALL = "no call"  # in place of a tool: the row is none
PARTS = ("tool", "arguments")  # of a row
LEAST, SPARE = 8, 2
# a key that no keyboard has: else every choice would take a letter of its own
_NO_KEY = "f19"
_HINT = 300  # characters


def drafted_calls(data: Mapping[str, Any]) -> tuple[ToolCall, ...]:
    """The calls of the answer that the task brings along."""
    return calls_of({"tool_calls": data.get(DRAFT_CALLS)})


def page_fields(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the page needs to show rows of calls; nothing where the task knows of no tool."""
    offered = tool_hints(data)
    if not offered:
        return {}
    chosen = [
        {"value": name, "hotkey": _NO_KEY, **({"hint": hint} if hint else {})}
        for name, hint in offered.items()
    ]
    wanted = len(drafted_calls(data)) + SPARE
    return {CHOICES: chosen, ROWS: rows(max(LEAST, wanted, len(data.get(ROWS) or ())))}


def rows(count: int) -> list[dict[str, int]]:
    """Rows of the page."""
    return [{"row": at} for at in range(count)]


def patch(calls: Sequence[ToolCall]) -> dict[str, Any]:
    """Task data for a draft with more calls than a task has rows for; usually nothing."""
    return {ROWS: rows(len(calls) + SPARE)} if len(calls) > LEAST - SPARE else {}


def tool_hints(data: Mapping[str, Any]) -> dict[str, str]:
    """Names of the tools to choose from, with what each is for: declared, or called already."""
    functions = [tool.get("function") for tool in tools_of(data)]
    hints = {
        str(function.get("name")): " ".join(str(function.get("description") or "").split())[:_HINT]
        for function in functions
        if isinstance(function, Mapping) and function.get("name")
    }
    called = [call for message in data["messages"] for call in calls_of(message)]
    for call in (*called, *drafted_calls(data)):
        hints.setdefault(call.name, "")
    return hints


def encode(calls: Sequence[ToolCall], to_name: str) -> list[ResultItem]:
    """Calls as the result items of their rows, in order."""
    built: list[ResultItem] = []
    for at, call in enumerate(calls):
        if call.name:
            built.append(items.choices(f"tool_{at}", to_name, call.name))
        if call.arguments:
            built.append(items.textarea(f"arguments_{at}", to_name, readable(call.arguments)))
    return built


def controls(count: int) -> set[str]:
    """Names of the controls of so many rows."""
    return {f"{part}_{at}" for at in range(count) for part in PARTS}


def decode(found: FoundItems, count: int) -> tuple[ToolCall, ...]:
    """The calls of so many rows; one that says so, or that nobody filled, is none.

    Arguments without a tool stay, with no name: whoever typed them forgot to choose one.
    """
    read: list[ToolCall] = []
    for at in range(count):
        name, typed = found.choice(f"tool_{at}") or "", found.text(f"arguments_{at}")
        if name != NO_CALL and (name or typed.strip()):
            read.append(ToolCall(name, compact(typed)))
    return tuple(read)
