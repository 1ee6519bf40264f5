"""Rows of Axolotl's data sets in the names of our formats, by the type that its YAML says.

`chat_template` maps the keys and roles of messages (`prompt_strategies/chat_template.py`);
arguments of calls may be JSON text there, and a weight is read where `message_field_training` names
it.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from sync.common.json_text import Json
from sync.training_files.validation.reading import RowReading

READER = "axolotl"
_ROLES = {
    "human": "user",
    "user": "user",
    "assistant": "assistant",
    "gpt": "assistant",
    "system": "system",
    "tool": "tool",
}
_KNOWN = "chat_template, alpaca, completion, stepwise_supervised"


def reading_of(told_by: str, entry: str, said: Json, run: Mapping[str, Any]) -> RowReading:
    """How rows of an entry are read.

    Args:
        said: the entry.
        run: the whole YAML; with `rl`, rows are preferences.

    Raises:
        ValueError: of a type that is not known here.
    """

    def read(form: str | None, line: Callable[[Json], Json] | None, names: str = "") -> RowReading:
        return RowReading(told_by, entry, READER, form, line, names=names)

    kind = said.get("type")
    if isinstance(kind, dict):
        return read("alpaca", _Fields(kind).row, "fields as the type names them")
    if kind is None:
        return read(None, None)
    base = str(kind).split(":")[0]
    if base == "sharegpt":
        raise ValueError(
            "Axolotl has no type sharegpt any more; write chat_template with field_messages: "
            "conversations, and message_property_mappings"
        )
    preference = run.get("rl") in ("dpo", "ipo", "orpo", "simpo")
    if base in ("chat_template", "chat_template.default") and not preference:
        messages = _Messages(said)
        return read("trl-language-modeling", messages.row, messages.told())
    if base == "chat_template.default":
        return read("trl-preference", _Messages(said).pair)
    if base.split(".")[0] in ("alpaca", "alpaca_chat", "alpaca_w_system") and not preference:
        return read("alpaca", None)
    if base == "stepwise_supervised":
        return read("trl-stepwise", None)
    if base in ("completion", "pretrain"):
        field = said.get("field") or said.get("text_column") or "text"
        return read("trl-language-modeling", lambda row: {"text": row.get(field)})
    raise ValueError(f"rows of its type are not checked here, which knows {_KNOWN}")


class _Messages:
    """Rows of the type `chat_template`."""

    def __init__(self, said: Json) -> None:
        self._field = said.get("field_messages") or "messages"
        self._chosen = said.get("field_chosen") or "chosen"
        self._rejected = said.get("field_rejected") or "rejected"
        self._tools = said.get("field_tools") or "tools"
        mapped = said.get("message_property_mappings") or {}
        self._names = {own: name for own, name in mapped.items() if isinstance(name, str)}
        for own in ("role", "content"):  # as they were named before there were mappings
            self._names.setdefault(own, said.get(f"message_field_{own}") or own)
        roles = said.get("roles")
        self._roles = (
            {name: own for own, names in roles.items() for name in names} if roles else _ROLES
        )
        self._trained = said.get("message_field_training")

    def told(self) -> str:
        """Which names the rows have in place of ours."""
        pairs = [(self._field, "messages"), *((name, own) for own, name in self._names.items())]
        return ", ".join(f"'{name}' as {own}" for name, own in pairs if name != own)

    def row(self, row: Json) -> Json:
        """A conversation."""
        messages = row.get(self._field)
        line: Json = {"messages": self._all(messages)}
        if row.get(self._tools) is not None:
            line["tools"] = row[self._tools]
        return line

    def pair(self, row: Json) -> Json:
        """A preference: messages, and two answers of one message each."""
        line = self.row(row)
        sides = {
            "chosen": [self._one(row.get(self._chosen))],
            "rejected": [self._one(row.get(self._rejected))],
        }
        return {"prompt": line.pop("messages"), **sides, **line}

    def _all(self, messages: Any) -> Any:
        return [self._one(m) for m in messages] if isinstance(messages, list) else messages

    def _one(self, message: Any) -> Any:
        if type(message) is not dict:
            return message
        mapped = set(self._names.values()) | {self._trained}
        made = {key: value for key, value in message.items() if key not in mapped}
        for own, name in self._names.items():
            if message.get(name) is not None:
                made[own] = message[name]
        role = made.get("role")
        made["role"] = self._roles.get(role, role) if isinstance(role, str) else role
        calls = made.get("tool_calls")
        if isinstance(calls, list):
            made["tool_calls"] = [_call(call) for call in calls]
        return made


def _call(call: Any) -> Any:
    """A call whose arguments are the object that their text holds."""
    function = call.get("function") if isinstance(call, Mapping) else None
    if not isinstance(function, Mapping) or not isinstance(function.get("arguments"), str):
        return call
    try:
        arguments = json.loads(function["arguments"])
    except (ValueError, RecursionError):
        return call
    return {**call, "function": {**function, "arguments": arguments}}


class _Fields:
    """Rows of a type of one's own, which names a field for each part."""

    def __init__(self, kind: Json) -> None:
        self._names = {
            "system": kind.get("field_system") or "system",
            "instruction": kind.get("field_instruction") or "instruction",
            "input": kind.get("field_input") or "input",
            "output": kind.get("field_output") or "output",
        }

    def row(self, row: Json) -> Json:
        return {own: row[name] for own, name in self._names.items() if name in row}
