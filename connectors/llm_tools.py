"""The tools that a model may call: as a request has them, and as text for servers without them.

The text is in the form that Hermes and Qwen are taught, which other models follow when they are
told of it; `drafting.calls_in_text` reads the calls that come back so.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from connectors.llm_content import PromptMessage, joined, words

ToolChoice = Literal["auto", "required", "none"]
TOOL_CHOICES: tuple[ToolChoice, ...] = get_args(ToolChoice)

_TOLD = (
    "You may call tools. To call one, write a block of this form for each call and nothing "
    "after the last:\n"
    '<tool_call>\n{"name": "NAME", "arguments": {}}\n</tool_call>'
)
_REQUIRED = "Call at least one of them."
_ONE = "Call one of them at most."
_LISTED = "These are the tools, as JSON schemas:"


@dataclass(frozen=True)
class OfferedTools:
    """What a model may call, and how.

    Attributes:
        schemas: of the tools, in OpenAI's form; at least one.
        choice: `required`: it must call one; `none`: it is told of them and may not; `auto`: it
            decides, as every server has it where nothing is said.
        parallel: whether it may call several at once; None: as the server has it.
        shown: names of those that it may not call: they only stand in its prompt, as it learned.
    """

    schemas: tuple[Mapping[str, Any], ...]
    choice: ToolChoice = "auto"
    parallel: bool | None = None
    shown: tuple[str, ...] = ()

    @property
    def to_call(self) -> tuple[Mapping[str, Any], ...]:
        """The schemas of those that it may call."""
        return tuple(s for s in self.schemas if s.get("function", {}).get("name") not in self.shown)

    @property
    def says_choice(self) -> bool:
        """Whether a request must name the choice."""
        return self.choice != "auto"

    def options(self, *, choice: bool, parallel: bool) -> dict[str, Any]:
        """The fields of a request.

        Args:
            choice: the server takes `tool_choice`.
            parallel: it takes `parallel_tool_calls`.
        """
        asked: dict[str, Any] = {"tools": [dict(schema) for schema in self.schemas]}
        if choice and self.says_choice:
            asked["tool_choice"] = self.choice
        if parallel and self.parallel is not None:
            asked["parallel_tool_calls"] = self.parallel
        return asked


def written_out(
    messages: Sequence[PromptMessage], tools: OfferedTools | None
) -> list[PromptMessage]:
    """Messages without tools, calls and results in fields of their own: all of it is text.

    Results that follow each other are one turn of the user's, with what the user says after them.
    """
    built: list[PromptMessage] = []
    for message in messages:
        turn = _as_text(message)
        from_tools = built and built[-1].get(_RESULT) and turn["role"] == "user"
        if from_tools:
            kept = {_RESULT: True} if turn.get(_RESULT) else {}
            content = joined(built[-1]["content"], turn["content"])
            built[-1] = {"role": "user", "content": content, **kept}
        else:
            built.append(turn)
    plain = [{k: v for k, v in turn.items() if k != _RESULT} for turn in built]
    if tools is None or tools.choice == "none" or not tools.to_call or not plain:
        return list(plain)
    first, *others = plain
    return [{**first, "content": joined(first["content"], _told(tools))}, *others]


_RESULT = "is a result"  # marks a turn while they are joined


def _as_text(message: PromptMessage) -> PromptMessage:
    """A turn with its calls, or a tool's result, as text."""
    content = message["content"]
    if message["role"] == "tool":
        said = f"<tool_response>\n{words(content)}\n</tool_response>"
        return {"role": "user", "content": said, _RESULT: True}
    calls = [_written(call["function"]) for call in message.get("tool_calls") or ()]
    said = joined(content or "", "\n".join(calls)) if calls else content
    return {"role": message["role"], "content": said}


def _written(function: Mapping[str, Any]) -> str:
    name = json.dumps(function["name"], ensure_ascii=False)
    arguments = function.get("arguments") or "{}"
    if not isinstance(arguments, str):
        arguments = json.dumps(arguments, ensure_ascii=False)
    return f'<tool_call>\n{{"name": {name}, "arguments": {arguments}}}\n</tool_call>'


def _told(tools: OfferedTools) -> str:
    wanted = [_REQUIRED] if tools.choice == "required" else []
    wanted += [_ONE] if tools.parallel is False else []
    listed = (json.dumps(schema, ensure_ascii=False) for schema in tools.to_call)
    return "\n".join([" ".join([_TOLD, *wanted]), _LISTED, *listed])
