"""What a format holds of a conversation, and what its reader makes of a line again.

The reader is the one by which `push` takes such files: it puts every form back into the model's.
"""

import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from label_configs.answer_turns import answer_turns
from label_configs.source_reasoning import set_apart
from label_configs.task_tools import tools_of
from sync.common.json_text import Json, to_json_line
from sync.intake.sources.row import Row
from sync.intake.sources.row_to_task import task_of
from sync.settings.sources import SourcesSection
from sync.training_files.formats.two_sides import in_order_of_calls

Message = dict[str, Any]

OPENAI = frozenset(("names", "weights", "reasoning", "detail"))
TRL = frozenset(("names", "reasoning"))
# what of a conversation each format has a place for, beside words, calls, results and pictures
HOLDS: dict[str, frozenset[str]] = {
    "openai-chat": OPENAI,
    "openai-preference": OPENAI,
    "openai-reinforcement": OPENAI,
    "trl-language-modeling": TRL,
    "trl-prompt-completion": TRL,
    "trl-preference": TRL,
    "trl-unpaired-preference": TRL,
    "sharegpt": frozenset(),
    "sharegpt-preference": frozenset(),
    "sharegpt-kto": frozenset(),
    "alpaca": frozenset(),
    "gemini": frozenset(("objects",)),
    "bedrock-conversation": frozenset(("reasoning", "no empty result")),
}


def read_back(row: Json) -> tuple[list[Message], Any]:
    """The messages and the tools of a line, as a source is read."""
    values = json.loads(to_json_line(row))
    for key in ("prompt", "completion", "chosen", "rejected", "label"):
        values.pop(key, None)
    _, task = task_of(Row("a.jsonl, line 1", values), SourcesSection(), "keep", Path("/"))
    return task.data["messages"], list(tools_of(task.data))


def said(messages: Sequence[Any], holds: frozenset[str]) -> list[Any]:
    """A conversation as what is compared: of it, what a format has a place for."""
    calls: dict[str, int] = {}
    told: list[Any] = []
    for message in in_order_of_calls(set_apart(messages)):
        role = "system" if message["role"] == "developer" else message["role"]
        turn: dict[str, Any] = {"role": role, "content": _content(message, holds)}
        for call in message.get("tool_calls") or ():
            calls[call["id"]] = len(calls)
            function = call["function"]
            given = function["arguments"]
            given = json.loads(given) if isinstance(given, str) else given
            turn.setdefault("calls", []).append((function["name"], given))
        if role == "tool":
            turn["answers"] = calls[message["tool_call_id"]]
        for key, held in (("name", "names"), ("reasoning_content", "reasoning")):
            if message.get(key) and held in holds and role != "tool":
                turn[key] = message[key]
        if "weights" in holds and "weight" in message:
            turn["weight"] = message["weight"]
        told.append(turn)
    return told


def _content(message: Message, holds: frozenset[str]) -> Any:
    content = message.get("content") or ""
    if message["role"] == "tool":
        return _result(content, holds)
    if isinstance(content, str):
        return content
    told: list[Any] = []
    for part in content:
        if part["type"] == "text":
            is_text = bool(told) and isinstance(told[-1], str)
            told[-1:] = [f"{told[-1]}\n{part['text']}"] if is_text else [*told[-1:], part["text"]]
        else:
            image = part["image_url"]
            told.append((image["url"], image.get("detail") if "detail" in holds else None))
    return told


def _result(content: str, holds: frozenset[str]) -> Any:
    try:
        value = json.loads(content)
    except ValueError:
        value = None
    if "objects" in holds:
        return value if isinstance(value, dict) else {"output": content}
    return "{}" if "no empty result" in holds and not content else content


def can_hold(name: str, messages: Sequence[Any], tools: Sequence[Any]) -> bool:
    """Whether a format has a place for all of a conversation of `conversations`."""
    if "weights" not in HOLDS[name] and not _is_vouched_for(messages):
        return False
    pictures = any(isinstance(m["content"], list) for m in messages)
    if name.startswith("openai-preference"):
        return not pictures
    if name.startswith(("openai", "trl")):
        return True
    if "reasoning" not in HOLDS[name] and any(m.get("reasoning_content") for m in messages):
        return False
    roles = [message["role"] for message in messages]
    if name == "alpaca":
        return not tools and "tool" not in roles
    if name.startswith("sharegpt"):
        return ("tool", "tool") not in pairwise(roles)
    if name == "bedrock-conversation":
        asked = [m["content"] for m in messages if m["role"] != "assistant"]
        return not pictures and not any("User:" in content for content in asked)
    return True


def _is_vouched_for(messages: Sequence[Any]) -> bool:
    """Whether no turn is learnt after one that is not."""
    learnt = [m.get("weight", 1) != 0 for m in messages if m["role"] == "assistant"]
    return learnt == sorted(learnt, reverse=True)


def rows_of(name: str, example: Any, line: Json) -> list[tuple[list[Any], Json]]:
    """The conversations of an example, and a line as the rows of a source that hold them."""
    if name == "openai-preference":
        given = line["input"]
        return [
            ([*example.prompt, *answer_turns(answer)],
             {**given, "messages": given["messages"] + line[key]})
            for answer, key in (
                (example.chosen, "preferred_output"), (example.rejected, "non_preferred_output"),
            )
        ]  # fmt: skip
    sides = [key for key in ("chosen", "rejected", "completion") if hasattr(example, key)]
    if not sides:
        return [(list(example.messages), line)]
    rows = []
    for side in sides:
        answer = getattr(example, side)
        turns = [answer] if isinstance(answer, dict) else answer_turns(answer)
        row = dict(line)
        for key, prompt in (("messages", "prompt"), ("conversations", "conversations")):
            if side in line:
                said = line[side] if isinstance(line[side], list) else [line[side]]
                row = {**line, key: line[prompt] + said} if prompt in line else row
        rows.append(([*example.prompt, *turns], row))
    return rows
