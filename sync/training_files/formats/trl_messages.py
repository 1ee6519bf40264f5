"""Messages as TRL reads them: no weights, and calls whose arguments are objects, not text.

Rules: TRL 1.16, "Dataset formats and types", and what its trainers and `trl.data_utils` do. Every
part of a line is a list of messages, or every part is text ("standard" in TRL's words); we write
messages. A null stands for a column that other lines have.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from label_configs.answer_turns import TextOrTurns, answer_turns
from label_configs.task_tools import Tools
from sync.common.json_text import Json, json_type
from sync.training_files.example import Message, Messages
from sync.training_files.formats.columns import IMAGES
from sync.training_files.formats.format import Fault, FileRules, Unsuitable
from sync.training_files.formats.json_types import text_fault
from sync.training_files.formats.message_rules import MessageRules
from sync.training_files.formats.pictures import beside, has_pictures
from sync.training_files.formats.tool_rules import TRL_CALLS
from sync.training_files.formats.tool_schemas import tools_faults, undeclared
from sync.training_files.formats.trl_pictures import has_marks, picture_faults

TRL_FILE = FileRules()
# Rows go to TRL's trainer as they are. Axolotl's own ways to prepare preferences know no names but
# role and content, and fail where the prompt is a column of messages called `prompt`.
AXOLOTL_AS_IT_IS = {"skip_prepare_dataset": True}
# `developer` is known to the templates of some models (gpt-oss), and passed through to them
ROLES = ("system", "developer", "user", "assistant", "tool")
PROMPT = MessageRules(roles=ROLES, calls=TRL_CALLS, weights="ignored")
ANSWER = MessageRules(
    roles=("assistant", "tool"), calls=replace(TRL_CALLS, whole=False), weights="learnt"
)
_UNCOUNTED = frozenset(("message", "messages", "role", "content"))  # marks are not looked for
_CHANGED = frozenset(("weight", "tool_calls"))
# for a picture, in the order in which `images` lists them
MARK_PART: Json = {"type": "image"}


def trl_messages(messages: Messages) -> list[Message]:
    """Messages in TRL's form; those that need no change are the same objects.

    Raises:
        Unsuitable: a call's arguments are no JSON object.
    """
    return [m if _CHANGED.isdisjoint(m) else _changed(m) for m in messages]


def prompt_line(prompt: Messages, tools: Tools, **answers: TextOrTurns) -> Json:
    """A line of a prompt, its answers by their keys, and tools and pictures where there are any.

    Raises:
        Unsuitable: a call's arguments are no JSON object, or an answer has a picture.
    """
    shows = has_pictures(prompt)
    marked, pictures = beside(prompt, MARK_PART) if shows else (prompt, [])
    line: Json = {"prompt": trl_messages(marked)}
    for key, answer in answers.items():
        turns: Sequence[Message] = answer_turns(answer)
        if shows or has_pictures(turns):
            turns, more = beside(turns, MARK_PART)
            if more:
                raise Unsuitable("a picture in an answer")
        line[key] = trl_messages(turns)
    if shows:
        line[IMAGES] = pictures
    return with_tools(line, tools)


def with_tools(line: Json, tools: Tools) -> Json:
    """A line with its tools, if there are any."""
    if tools:
        line["tools"] = list(tools)
    return line


def _changed(message: Message) -> Message:
    changed = {key: value for key, value in message.items() if key != "weight"}
    calls = changed.get("tool_calls")
    if isinstance(calls, list):
        changed["tool_calls"] = [_call(call) for call in calls]
    return changed


def _call(call: Any) -> Json:
    function = call.get("function") if isinstance(call, Mapping) else None
    arguments = function.get("arguments") if isinstance(function, Mapping) else None
    if isinstance(arguments, str):
        try:
            arguments = orjson.loads(arguments or "{}")
        except orjson.JSONDecodeError:
            arguments = None
    if function is None or not isinstance(arguments, dict):
        raise Unsuitable(
            "a tool call's arguments are not a JSON object, which TRL's chat templates need; "
            "correct them in the task"
        )
    return {**call, "function": {**function, "arguments": arguments}}


def part_faults(line: Any, parts: Sequence[tuple[str, MessageRules]]) -> list[Fault]:
    """Every rule that a line's parts and its tools break.

    Args:
        line: any JSON value.
        parts: each by its key and its rules.
    """
    if not isinstance(line, dict):
        return [Fault("object", f"expected an object, found {json_type(line)}")]
    found: list[Fault] = []
    text = all(type(line.get(key)) is str for key, _ in parts)
    for key, rules in parts:
        value = line.get(key)
        if text:
            fault = text_fault(key, value, key)
            found += () if fault is None else (fault,)
        elif key not in line:
            found.append(Fault(key, f"no '{key}'; add it as a list of messages"))
        else:
            found += rules.faults(value, f"{key} message")
            found += _role_faults(key, value)
    marked = not text and has_marks(line, parts)
    if marked and not any(f.rule in _UNCOUNTED and f.detail != "empty" for f in found):
        found += picture_faults(line, tuple(key for key, _ in parts))
    if line.get("tools") is not None:
        found += _tools_faults(
            line["tools"], [(f"{key} message", line.get(key)) for key, _ in parts]
        )
    return found


def _role_faults(key: str, messages: Any) -> Sequence[Fault]:
    """Why TRL can't tell where an answer begins, or that there is none."""
    if not isinstance(messages, list) or not messages:
        return ()
    last = messages[-1]
    role = last.get("role") if isinstance(last, dict) else None
    if key == "prompt":
        if role in ("system", "developer"):
            message = "the prompt's last message must be the user's, a tool's or the assistant's"
            return (Fault("last", f"{message}; add what the answer answers"),)
    elif role != "assistant" and not any(
        isinstance(m, dict) and m.get("role") == "assistant" for m in messages
    ):
        return (Fault("assistant", f"{key} has no assistant message to learn; add the answer"),)
    return ()


def _tools_faults(tools: Any, said: Sequence[tuple[str, Any]]) -> Iterator[Fault]:
    """TRL reads a list, or the JSON text of one."""
    if isinstance(tools, str):
        try:
            tools = orjson.loads(tools)
        except orjson.JSONDecodeError:
            yield Fault("tools", "tools must be a list of JSON schemas, found other text")
            return
    yield from tools_faults(tools)
    yield from undeclared(tools, *said)
