"""The rules that formats have for chat messages: each alone, and tool answers in their order.

One place for what OpenAI's and TRL's formats share; they differ in the roles that they know, in
the form of a tool call's arguments, and in weights. What is right is passed over quickly, since
most messages are: the reasons are looked for only where the quick look finds something unusual.
No message of a fault holds any text of the example, which may be private.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sync.common.json_text import is_unicode, json_type
from sync.training_files.formats.format import Fault
from sync.training_files.formats.json_types import not_filled, text_fault
from sync.training_files.formats.part_rules import ANY_PARTS, OPENAI_PARTS, PartRules
from sync.training_files.formats.tool_rules import (
    OPENAI_CALLS,
    OPENAI_NAMES,
    OPENAI_NAMES_TOLD,
    CallRules,
)

ROLES = ("system", "user", "assistant", "tool")

OPENAI_KEYS = frozenset(
    ("role", "content", "name", "weight", "tool_calls", "tool_call_id", "refusal")
)

_TOOL_RULES = frozenset(("message", "role", "tool_calls", "tool_arguments", "tool_call_id"))

# the names that other formats give to roles: safe to repeat, and a hint at what to write instead
_SAME_ROLE = {
    "human": "user",
    "gpt": "assistant",
    "model": "assistant",
    "bot": "assistant",
    "ai": "assistant",
    "chatbot": "assistant",
    "function_call": "assistant",
    "function": "tool",
    "observation": "tool",
    "ipython": "tool",
    "developer": "system",
    "system": "developer",
}


def role_fault(where: str, role: Any, roles: tuple[str, ...]) -> Fault:
    """A role that the format does not know."""
    expected = f"{where}: role must be {', '.join(roles[:-1])} or {roles[-1]}"
    if not isinstance(role, str):
        return Fault("role", f"{expected}, found {json_type(role)}")
    same = _SAME_ROLE.get(role)
    if same in roles:
        return Fault("role", f"{expected}, found '{role}'; write '{same}'")
    return Fault("role", f"{expected}, found another")


@dataclass(frozen=True, slots=True)
class MessageRules:
    """What a format asks of a list of messages.

    Attributes:
        roles: those that its readers know, at least two.
        calls: the rules for an assistant's calls of tools and for the tools' answers.
        weights: what becomes of an assistant's `weight` 0 or 1: it is "read"; readers do
            not know it and the turn is "learnt" all the same; or it is "ignored", since nothing
            there is learnt.
        keys: those that its readers know; None: any.
        names: what a participant's name must be; None: any text.
        parts: the rules for a content that is a list of parts.
    """

    roles: tuple[str, ...] = ROLES
    calls: CallRules = OPENAI_CALLS
    weights: Literal["read", "learnt", "ignored"] = "read"
    keys: frozenset[str] | None = None
    names: re.Pattern[str] | None = None
    parts: PartRules = ANY_PARTS

    def faults(self, messages: Any, where: str = "message") -> list[Fault]:
        """Every rule that a list of messages breaks.

        Args:
            messages: any JSON value.
            where: what one of them is called, such as "prompt message"; its number follows.
        """
        if type(messages) is not list or not messages:
            came = not_filled(messages)
            return [Fault("messages", f"{where}s: expected a non-empty list, found {came}")]
        found: list[Fault] = []
        roles = self.roles
        calls = parts = False
        for number, message in enumerate(messages, 1):
            # the quick look: nothing but a known role and text that says something
            if type(message) is dict and len(message) == 2:
                role = message.get("role")
                content = message.get("content")
                if (
                    type(content) is str
                    and content
                    and not content.isspace()
                    and role in roles
                    and role != "tool"
                    and (content.isascii() or is_unicode(content))
                ):
                    continue
            calls = calls or _is_about_tools(message)
            parts = parts or (
                isinstance(message, dict) and isinstance(message.get("content"), list)
            )
            found += self._message(f"{where} {number}", message)
        if parts and (fault := self.parts.number_fault(messages)) is not None:
            found.append(fault)
        if calls:
            found += self.calls.order_faults(messages, where)
            # what is wrong by itself has no answer, and is not told twice
            if not any(f.severity == "error" and f.rule in _TOOL_RULES for f in found):
                found += self.calls.pair_faults(messages, where)
        return found

    def _message(self, where: str, message: Any) -> Iterator[Fault]:
        """Every rule that one message breaks by itself."""
        if not isinstance(message, dict):
            yield Fault("message", f"{where} must be an object, found {json_type(message)}")
            return
        role = message.get("role")
        if role not in self.roles:
            yield role_fault(where, role, self.roles)
        yield from self._content(where, message)
        if "weight" in message:
            yield from self._weight(where, role, message["weight"])
        name = message.get("name")
        if "name" in message and not isinstance(name, str) and (name, self.names) != (None, None):
            yield Fault("name", f"{where}: name must be text, found {json_type(name)}")
        elif name is not None and self.names is not None and not self.names.fullmatch(name):
            yield Fault("name", f"{where}: a name may have {OPENAI_NAMES_TOLD}; change it")
        reasoning = message.get("reasoning_content")
        if reasoning is not None:
            fault = text_fault(f"{where}: reasoning_content", reasoning, "reasoning", empty=True)
            if fault is not None:
                yield fault
        if message.get("function_call"):
            # OpenAI's own description of its files still has it
            yield Fault(
                "function_call",
                f"{where}: function_call is the form of before, which few readers know; write "
                "tool_calls",
                "error" if self.keys is None else "warning",
            )
        if "tool_calls" in message:
            yield from self.calls.faults(where, role, message["tool_calls"])
        if self.keys is not None and not self.keys.issuperset(message.keys() - {"function_call"}):
            yield self._unknown_keys(where, message)

    def _content(self, where: str, message: dict[str, Any]) -> Iterator[Fault]:
        content = message.get("content")
        calls = message.get("tool_calls") or message.get("function_call")
        if content is None and calls and message.get("role") == "assistant":
            return
        if isinstance(content, list):  # parts: text, images
            yield from self.parts.faults(where, message.get("role"), content)
            return
        silent = message.get("role") == "tool" or bool(message.get("tool_calls"))
        fault = text_fault(f"{where}: content", content, empty=silent)
        if fault is not None:
            yield fault

    def _weight(self, where: str, role: Any, weight: Any) -> Iterator[Fault]:
        if self.weights != "read":
            harm = self.weights == "learnt" and weight == 0
            yield Fault(
                "weight",
                f"{where}: this format's readers know no weight"
                f"{' and learn the turn all the same' * harm}; take the "
                f"{'turn' if harm else 'weight'} away",
                "error" if harm else "warning",
            )
            return
        if role != "assistant":
            message = f"{where}: only assistant messages may have a weight; take it away"
            yield Fault("weight", message, detail="role")
        if type(weight) is not int or weight not in (0, 1):
            came = "another number" if type(weight) in (int, float) else json_type(weight)
            message = f"{where}: weight must be the integer 0 or 1, found {came}"
            yield Fault("weight", message, detail="true or false" * isinstance(weight, bool))

    def _unknown_keys(self, where: str, message: dict[str, Any]) -> Fault:
        if "reasoning_content" in message:
            return Fault(
                "keys",
                f"{where}: reasoning_content is read by some trainers (Together, Fireworks, "
                "TRL) but is not in OpenAI's format; leave it out where it is refused",
                "warning",
            )
        return Fault(
            "keys",
            f"{where} has a key that the format does not know (it knows "
            f"{', '.join(sorted(self.keys or ()))}); take it away where it is refused",
            "warning",
        )


OPENAI = MessageRules(keys=OPENAI_KEYS, names=OPENAI_NAMES, parts=OPENAI_PARTS)


def _is_about_tools(message: Any) -> bool:
    return isinstance(message, dict) and ("tool_calls" in message or message.get("role") == "tool")
