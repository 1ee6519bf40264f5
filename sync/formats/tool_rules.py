"""The rules that formats have for tools: what may be called, the calls, and their answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sync.formats.format import Fault
from sync.formats.json_types import json_type, not_filled


@dataclass(frozen=True, slots=True)
class CallRules:
    """What a format asks of calls of tools.

    Attributes:
        arguments: the type of `function.arguments`: JSON as text, or the object itself.
        ids: whether each call has an id, which its answer repeats.
        whole: whether a list of messages holds every call that its tools' answers are to.
    """

    arguments: type[str] | type[dict[str, Any]]
    ids: bool
    whole: bool = True

    def faults(self, where: str, role: Any, calls: Any) -> Iterator[Fault]:
        """Every rule that one message's `tool_calls` break.

        Args:
            where: such as "message 3".
            role: the message's.
        """
        if calls is None and not self.ids:
            return  # a column that is null in this row
        if role != "assistant":
            yield Fault("tool_calls", f"{where}: only assistant messages may call tools")
        if not isinstance(calls, list) or not calls:
            came = not_filled(calls)
            yield Fault("tool_calls", f"{where}: tool_calls must be a non-empty list, found {came}")
            return
        for call in calls:
            yield from self._call(where, call)

    def _call(self, where: str, call: Any) -> Iterator[Fault]:
        function = call.get("function") if isinstance(call, dict) else None
        if not isinstance(function, dict) or not isinstance(function.get("name"), str):
            yield Fault("tool_calls", f"{where}: a tool call needs a function with a name")
            return
        if self.ids and not isinstance(call.get("id"), str):
            yield Fault("tool_calls", f"{where}: a tool call needs an id that is text")
        arguments = function.get("arguments")
        if isinstance(arguments, self.arguments):
            return
        expected = (
            "text (JSON in a string)"
            if self.arguments is str
            else "an object (the JSON itself, not as text)"
        )
        yield Fault(
            "tool_arguments",
            f"{where}: function.arguments must be {expected}, found {json_type(arguments)}",
        )

    def order_faults(self, messages: list[Any], where: str) -> Iterator[Fault]:
        """Tools' answers whose `tool_call_id` names no call that was made before them."""
        if not self.whole:
            return
        called: list[str] = []
        for number, message in enumerate(messages, 1):
            if not isinstance(message, dict):
                continue
            answers = message.get("tool_call_id")
            told = self.ids or answers is not None
            if message.get("role") == "tool" and told and answers not in called:
                came = "another" if isinstance(answers, str) else json_type(answers)
                yield Fault(
                    "tool_call_id",
                    f"{where} {number}: tool_call_id must be the id of a tool call that was made "
                    f"before it, found {came}",
                )
            calls = message.get("tool_calls")
            called += [
                call["id"]
                for call in (calls if isinstance(calls, list) else ())
                if isinstance(call, dict) and isinstance(call.get("id"), str)
            ]


OPENAI_CALLS = CallRules(arguments=str, ids=True)
TRL_CALLS = CallRules(arguments=dict, ids=False)


def tools_fault(tools: Any) -> Fault | None:
    """The rule that a line's `tools` break, or None: a list of functions, each with a name."""
    if not isinstance(tools, list):
        return Fault("tools", f"tools must be a list of JSON schemas, found {json_type(tools)}")
    for number, tool in enumerate(tools, 1):
        function = tool.get("function") if isinstance(tool, dict) else None
        if not isinstance(function, dict) or not isinstance(function.get("name"), str):
            return Fault(
                "tools",
                f"tool {number} must be an object with type 'function' and a function that has a "
                "name; write its JSON schema",
            )
    return None
