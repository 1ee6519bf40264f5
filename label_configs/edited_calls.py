"""The calls that a conversation holds, as an expert left each: corrected, taken out, or as it was.

They are numbered in the order in which they stand, whatever turn they are of. So turns keep the
numbers that they had before calls could be edited, and annotations of then stay what they were.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from label_configs.call_arguments import compact
from label_configs.call_faults import call_faults
from label_configs.call_pairs import TaskMessage
from label_configs.call_rows import NO_CALL
from label_configs.content import ToolCall, calls_of, spoken
from label_configs.items import FoundItems
from label_configs.source_reasoning import without_reasoning
from label_configs.task_tools import tools_of

AS_IT_WAS = ToolCall("", "")  # nothing was said of it
TAKEN_OUT = ToolCall(NO_CALL, "")


def standing_calls(data: Mapping[str, Any]) -> tuple[ToolCall, ...]:
    """All calls of a task's conversation, as a record holds them: without ids."""
    found = (call for message in data["messages"] for call in calls_of(message))
    return tuple(ToolCall(call.name, compact(call.arguments)) for call in found)


def read_calls(found: FoundItems, count: int) -> tuple[ToolCall, ...]:
    """What an annotation says of the first so many calls, one each."""
    read: list[ToolCall] = []
    for at in range(count):
        name, typed = found.choice(f"tool_{at}") or "", found.text(f"arguments_{at}")
        if name == NO_CALL:
            read.append(TAKEN_OUT)
        elif name or typed.strip():
            read.append(ToolCall(name, compact(typed)))
        else:
            read.append(AS_IT_WAS)
    return tuple(read)


def with_calls(
    messages: Sequence[TaskMessage], calls: Sequence[ToolCall]
) -> list[TaskMessage | None]:
    """Messages with their calls as edited; None for one that is gone with them.

    A call keeps its id, so that its result stays its own; the result of one that was taken out
    goes, and so does a turn that says nothing else. A turn whose calls were changed loses the
    reasoning that led to them.
    """
    left = list(calls)
    gone: list[str] = []  # in which anything can be looked for, an id that is no text too
    built: list[TaskMessage | None] = []
    for message in messages:
        held = calls_of(message)
        if held and left:
            said, left = left[: len(held)], left[len(held) :]
            gone += [call.id for call, edit in zip(held, said, strict=False) if edit == TAKEN_OUT]
            built.append(_edited(message, said))
        elif message["role"] == "tool" and message.get("tool_call_id") in gone:
            built.append(None)
        else:
            built.append(message)
    return built


def _edited(message: TaskMessage, edits: Sequence[ToolCall]) -> TaskMessage | None:
    raw = list(message["tool_calls"])
    kept = []
    for at, call in enumerate(raw):
        edit = edits[at] if at < len(edits) else AS_IT_WAS
        was = calls_of({"tool_calls": [call]})
        stands = edit == AS_IT_WAS or [edit] == [
            ToolCall(c.name, compact(c.arguments)) for c in was
        ]
        if stands:
            kept.append(call)
        elif edit != TAKEN_OUT:
            function = {**call["function"], "name": edit.name, "arguments": edit.arguments}
            kept.append({**call, "function": function})
    if kept == raw:
        return message
    without = {k: v for k, v in without_reasoning(message).items() if k != "tool_calls"}
    changed = {**without, **({"tool_calls": kept} if kept else {})}
    return changed if spoken(changed).strip() else None


def faults_of_edits(calls: Sequence[ToolCall], data: Mapping[str, Any]) -> list[str]:
    """What is wrong with calls that were changed, each by its number in the conversation."""
    was = standing_calls(data)
    found = []
    for at, call in enumerate(calls):
        if call not in (AS_IT_WAS, TAKEN_OUT) and (at >= len(was) or call != was[at]):
            found += call_faults([call], tools_of(data), first=at + 1)
    return found
