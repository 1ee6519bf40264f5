"""OpenAI's Responses form: `input` and `output` as lists of items, of which turns are made.

What the model gave in a row is one turn of the assistant's: reasoning, words, calls of tools.
"""

from collections.abc import Callable, Mapping
from typing import Any

from label_configs.message_forms import put_right
from label_configs.source_reasoning import NAME as REASONING
from sync.common.errors import SourceError
from sync.common.json_text import json_type
from sync.intake.sources.row import Unshowable
from sync.intake.sources.shapes.parts import call, messages_of, read_parts, result
from sync.intake.sources.shapes.schemas import take_tools
from sync.intake.sources.shapes.shape import RowShape, SourceMessage, take_turns

_Item = Mapping[str, Any]
_MESSAGE = "message"


def _conversation(fields: dict[str, Any], where: str) -> list[SourceMessage]:
    take_tools(fields, "tools", where)
    told = fields.pop("instructions", None)
    said: list[SourceMessage] = []
    if isinstance(told, str) and told.strip():
        said.append({"role": "system", "content": told})
    for name, role in (("input", "user"), ("output", "assistant")):
        given = fields.get(name)
        if isinstance(given, str) and not given.lstrip().startswith("["):
            fields.pop(name)
            said += [{"role": role, "content": given}] if given.strip() else []
        elif given is not None:
            for number, item in enumerate(take_turns(fields, name, "items", where), start=1):
                _add(item, said, f"{where}: item {number} of {name!r}")
    return put_right(said)


def _add(item: Any, said: list[SourceMessage], at: str) -> None:
    if not isinstance(item, Mapping):
        raise SourceError(f"{at} must be an object, found {json_type(item)}")
    kind = item.get("type") or (_MESSAGE if "role" in item else None)
    reader = _READERS.get(str(kind))
    if reader is None:
        raise Unshowable(
            f"{at} is of type {kind!r}, a step that no page can show: say in words what it did, "
            "or remove the conversation"
        )
    reader({k: v for k, v in item.items() if v is not None}, said, at)


def _message(item: _Item, said: list[SourceMessage], at: str) -> None:
    rest = {k: v for k, v in item.items() if k not in ("type", "id", "status", "phase")}
    content = rest.get("content", "")
    found = messages_of(rest, at) if isinstance(content, list) and content else [rest]
    last = said[-1] if said else {}
    # words that follow reasoning, or a call, in the same breath
    if rest.get("role") == "assistant" and len(found) == 1 and _is_open(last):
        said[-1] = {**found[0], **{k: v for k, v in last.items() if k != "content"}}
    else:
        said += found


def _is_open(message: SourceMessage) -> bool:
    return message.get("role") == "assistant" and not message.get("content")


def _reasoning(item: _Item, said: list[SourceMessage], at: str) -> None:
    told = item.get("content") or item.get("summary") or []
    parts = [{"type": "text", "text": p.get("text")} for p in told if isinstance(p, Mapping)]
    words = "\n\n".join(p["text"] for p in parts if isinstance(p["text"], str) and p["text"])
    sealed = item.get("encrypted_content")
    if not words and not sealed:
        return
    last = said[-1] if said else {}
    if not _is_open(last) or "tool_calls" in last:
        last = {"role": "assistant", "content": ""}
        said.append(last)
    if words:
        words = "\n\n".join(filter(None, [last.get(REASONING), words]))
        said[-1] = {**last, REASONING: words}
    else:
        said[-1] = {**last, "redacted_reasoning": [*last.get("redacted_reasoning", ()), sealed]}


def _call(item: _Item, said: list[SourceMessage], at: str) -> None:
    given = item.get("arguments")
    if item["type"] == "custom_tool_call":
        given = {"input": item.get("input", "")}
    made = call(item.get("name"), given, item.get("call_id") or item.get("id"))
    last = said[-1] if said else {}
    if last.get("role") == "assistant":
        said[-1] = {**last, "tool_calls": [*last.get("tool_calls", ()), made]}
    else:
        said.append({"role": "assistant", "content": "", "tool_calls": [made]})


def _result(item: _Item, said: list[SourceMessage], at: str) -> None:
    output = item.get("output")
    if isinstance(output, list):
        output = read_parts(output, at).text_or_parts
    said.append(result(output, item.get("call_id")))


def _is_responses(fields: Mapping[str, Any]) -> bool:
    """Whether the input or the output is a list of items."""
    if "instruction" in fields or "messages" in fields:
        return False
    listed = [fields[name] for name in ("input", "output") if isinstance(fields.get(name), list)]
    items = [item for found in listed for item in found[:1]]
    return any(isinstance(item, Mapping) and not item.keys().isdisjoint(_MARKS) for item in items)


_MARKS = ("role", "type")
_READERS: dict[str, Callable[[_Item, list[SourceMessage], str], None]] = {
    _MESSAGE: _message,
    "reasoning": _reasoning,
    **dict.fromkeys(("function_call", "custom_tool_call"), _call),
    **dict.fromkeys(("function_call_output", "custom_tool_call_output"), _result),
}
shape = RowShape(
    "Responses", "input", _conversation, _is_responses, ("output", "instructions", "tools")
)
