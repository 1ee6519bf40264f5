"""The conversations of `conversations`, as rows of sources in the forms of three APIs."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from tests.sync.dataset.round_trip.conversations import Message

Row = dict[str, Any]


def chat(messages: Sequence[Message], tools: Sequence[Any]) -> Row:
    """OpenAI's chat form, which holds everything."""
    return {"messages": list(messages), "tools": list(tools)}


def anthropic(messages: Sequence[Message], tools: Sequence[Any]) -> Row:
    """Blocks, the system prompt beside them, results in the user's turn."""
    row: Row = {"messages": []}
    for message in messages:
        if message["role"] in ("system", "developer"):
            row["system"] = [{"type": "text", "text": message["content"]}]
        elif message["role"] == "tool":
            told = {
                "type": "tool_result",
                "tool_use_id": message["tool_call_id"],
                "content": message["content"],
            }
            last = row["messages"][-1]
            if last["role"] == "user":
                last["content"].append(told)
            else:
                row["messages"].append({"role": "user", "content": [told]})
        else:
            row["messages"].append({"role": message["role"], "content": _blocks(message)})
    schemas = [tool["function"] for tool in tools]
    row["tools"] = [
        {"name": s["name"], "description": s["description"], "input_schema": s["parameters"]}
        for s in schemas
    ]
    return row


def _blocks(message: Message) -> list[Any]:
    content = message["content"]
    blocks: list[Any] = []
    if message.get("reasoning_content"):
        blocks.append({"type": "thinking", "thinking": message["reasoning_content"]})
    if isinstance(content, str):
        blocks += [{"type": "text", "text": content}] if content else []
    else:
        blocks += (_picture(p) if p["type"] == "image_url" else p for p in content)
    for call in message.get("tool_calls") or ():
        function = call["function"]
        given = json.loads(function["arguments"])
        blocks.append(
            {"type": "tool_use", "id": call["id"], "name": function["name"], "input": given}
        )
    return blocks


def _picture(part: Any) -> Row:
    address: str = part["image_url"]["url"]
    if not address.startswith("data:"):
        return {"type": "image", "source": {"type": "url", "url": address}}
    kind, _, data = address.removeprefix("data:").partition(";base64,")
    return {"type": "image", "source": {"type": "base64", "media_type": kind, "data": data}}


def responses(messages: Sequence[Message], tools: Sequence[Any]) -> Row:
    """Items one after the other, calls and results among them."""
    items: list[Any] = []
    for message in messages:
        if message["role"] == "tool":
            own_id = message["tool_call_id"]
            told = {"call_id": own_id, "output": message["content"]}
            items.append({"type": "function_call_output", **told})
            continue
        if thought := message.get("reasoning_content"):
            summary = [{"type": "summary_text", "text": thought}]
            items.append({"type": "reasoning", "summary": summary})
        if message["content"]:
            items.append({"role": message["role"], "content": _said(message)})
        items += (
            {"type": "function_call", "call_id": call["id"], **call["function"]}
            for call in message.get("tool_calls") or ()
        )
    flat = [{"type": "function", **tool["function"]} for tool in tools]
    return {"input": items, "tools": flat}


def _said(message: Message) -> Any:
    content = message["content"]
    if isinstance(content, str):
        return content
    return [
        {"type": "input_image", "image_url": p["image_url"]["url"], **_detail(p)}
        if p["type"] == "image_url"
        else {"type": "input_text", "text": p["text"]}
        for p in content
    ]


def _detail(part: Any) -> Row:
    return {key: part["image_url"][key] for key in ("detail",) if key in part["image_url"]}


# the form, and what it holds beside words, calls, results and pictures
SOURCES: tuple[tuple[Callable[[Sequence[Message], Sequence[Any]], Row], frozenset[str]], ...] = (
    (chat, frozenset(("names", "weights", "reasoning", "detail"))),
    (anthropic, frozenset(("reasoning",))),
    (responses, frozenset(("reasoning", "detail"))),
)
