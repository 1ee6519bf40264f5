"""A turn of the assistant's as an expert writes it in one editor: words, then calls of tools.

Each call begins a line of its own, as `name({"argument": "value"})`; its arguments are JSON and may
run over several lines. `label_configs.content.spoken` writes a turn in this form.
"""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NoReturn

from label_configs.content import ToolCall, call_messages

_BEGINS = re.compile(r"^[ \t]*([A-Za-z_][\w.:/-]*)\(\s*(?=[{)])", re.MULTILINE)
_ENDS = re.compile(r"\s*\)[ \t]*(?:\n\s*|\Z)")


@dataclass(frozen=True)
class WrittenTurn:
    """What was written.

    Attributes:
        calls: without ids, their arguments as they were typed.
        broken: the name of a tool whose call can't be read; "" if there is none.
    """

    words: str = ""
    calls: tuple[ToolCall, ...] = ()
    broken: str = ""

    def message(self) -> dict[str, Any]:
        """The turn as a message of task data, its calls without ids."""
        called = {"tool_calls": call_messages(self.calls)} if self.calls else {}
        return {"role": "assistant", "content": self.words, **called}


def read_written(text: str, tools: Collection[str] = ()) -> WrittenTurn:
    """A turn as it was written; calls are those that nothing but calls follows.

    Args:
        tools: the names of the task's tools. A line that begins like a call of one of them and
            can't be read is a broken call; other such lines are words.
    """
    text = text.strip()
    begun = list(_BEGINS.finditer(text))
    for match in begun:
        calls = _calls(text, match.start())
        if calls:
            return WrittenTurn(text[: match.start()].rstrip(), calls)
    last = begun[-1][1] if begun and begun[-1][1] in tools else ""
    return WrittenTurn(text, broken=last)


def _calls(text: str, at: int) -> tuple[ToolCall, ...]:
    """The calls from there to the end; none where anything else stands among them."""
    found: list[ToolCall] = []
    while at < len(text):
        match = _BEGINS.match(text, at)
        if match is None:
            return ()
        start = end = match.end()
        if text[start] == "{":
            try:
                end = _DECODER.raw_decode(text, start)[1]
            except (ValueError, RecursionError):
                return ()
        closed = _ENDS.match(text, end)
        if closed is None:
            return ()
        found.append(ToolCall(match[1], text[start:end] or "{}"))
        at = closed.end()
    return tuple(found)


def _refused(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_refused)
