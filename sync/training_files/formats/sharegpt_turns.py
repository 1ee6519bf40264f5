"""Messages as ShareGPT's turns, the way that LLaMA-Factory reads them.

A call of tools is a turn `function_call` whose text is JSON, `{"name", "arguments"}` or a list of
them; with words before it, the JSON stands in `<tool_call>` (its `FunctionFormatter`, 0.9.5). What
the tool said is one turn `observation`. The tools themselves are JSON as text, too. A picture is
`<image>` in a turn's text, and stands in the list `images`.
"""

import json
from typing import Any

from label_configs.answer_turns import TextOrTurns, answer_turns
from label_configs.task_tools import Tools
from sync.common.json_text import Json, to_json
from sync.training_files.example import Message, Messages
from sync.training_files.formats.columns import IMAGES
from sync.training_files.formats.format import Unsuitable
from sync.training_files.formats.pictures import NOT_TEXT, marked
from sync.training_files.formats.two_sides import (
    REASONING,
    call_of,
    calls_of,
    system_and_turns,
    text_of,
)

ASKING = ("human", "observation")
ANSWERING = ("gpt", "function_call")

_FROM = {"user": "human", "assistant": "gpt", "tool": "observation"}
_ASKED = {"role": "user", "content": "?"}  # so that an answer's turn stands in its place
_BEGIN, _END = "<tool_call>", "</tool_call>"


def turns_line(messages: Messages, **more: Any) -> Json:
    """A line of turns, and with them whatever else, tools at the end; pictures where there are any.

    Args:
        more: the line's other keys; `tools` as schemas.

    Raises:
        Unsuitable: the turns are none, see `turns`.
    """
    tools = tools_text(more.pop("tools", ()))
    messages, pictures = marked(messages)
    beside = {IMAGES: pictures} if pictures else {}
    return {"conversations": turns(messages), **more, **beside, "tools": tools}


def turns(messages: Messages) -> list[Json]:
    """The turns: optionally a system's, then asking and answering by turns.

    Raises:
        Unsuitable: they don't take turns, or something can't be said.
    """
    system, rest = system_and_turns(messages)
    said = [{"from": "system", "value": system}] if system else []
    for number, message in enumerate(rest):
        role = message["role"]
        if (role == "assistant") != (number % 2 == 1):
            raise Unsuitable(_why(rest, number))
        if message.get("tool_calls"):
            said.append({"from": "function_call", "value": _calls(message)})
        elif role == "tool":
            said.append({"from": "observation", "value": _answer(message)})
        else:
            said.append({"from": _FROM[role], "value": text_of(message)})
    return said


def answer_turn(answer: TextOrTurns) -> Json:
    """An answer as the one turn that a pair has for it.

    Raises:
        Unsuitable: it is more than one turn, or can't be said.
    """
    _asked, *said = turns([_ASKED, *answer_turns(answer)])
    if len(said) != 1:
        raise Unsuitable("an answer of more than one turn")
    return said[0]


def tools_text(tools: Tools) -> str:
    """The tools as JSON text, `[]` for none.

    It stands in every line, since LLaMA-Factory wants each column that `dataset_info.json` names.
    """
    return to_json(list(tools)) if tools else "[]"


def calls_in(value: Any) -> Any:
    """What LLaMA-Factory reads as the calls of a `function_call` turn's text; None for no JSON."""
    if not isinstance(value, str):
        return None
    begin, end = value.find(_BEGIN), value.find(_END)
    told = value[begin + len(_BEGIN) : end] if 0 <= begin < end else value
    try:
        return json.loads(told)
    except (ValueError, RecursionError):
        return None


def _why(messages: Messages, number: int) -> str:
    if number == 0:
        return "a conversation that the user does not begin"
    if messages[number]["role"] == messages[number - 1]["role"] == "tool":
        return "several tools' answers in a row"
    return "two turns of one side in a row"


def _calls(message: Message) -> str:
    """A turn's calls as text, behind what it says beside them.

    Raises:
        Unsuitable: its words hold what marks a call, or it has reasoning beside them.
    """
    if message.get("reasoning_content"):
        raise Unsuitable(REASONING)
    calls = [dict(zip(("name", "arguments"), call_of(c), strict=True)) for c in calls_of(message)]
    told = to_json(calls[0] if len(calls) == 1 else calls)
    words = message.get("content") or ""
    if not isinstance(words, str):
        raise Unsuitable(NOT_TEXT)
    if not words and _BEGIN not in told:
        return told
    if _BEGIN in words or _END in words:
        raise Unsuitable(f"words beside a call that readers take for another call, {_BEGIN}")
    told = told.replace("<", "\\u003c")  # so that nothing in it ends the call
    return f"{words}\n{_BEGIN}{told}{_END}" if words else f"{_BEGIN}{told}{_END}"


def _answer(message: Message) -> str:
    content = message.get("content")
    if not isinstance(content, str):
        raise Unsuitable(NOT_TEXT)
    return content
