"""A record as chat messages, the way a model meets them: context first, the answer last."""

from collections.abc import Mapping, Sequence
from typing import Any

from label_configs.context import context_text

Message = dict[str, Any]

_KEYS = ("role", "content", "name", "tool_calls", "tool_call_id")


def training_messages(data: Mapping[str, Any], answer: str) -> list[Message]:
    """A task's conversation with the accepted answer as its last turn.

    The context goes into the system message, since the answer was written with it in sight; the
    guidelines do not, since the tuned model is to keep them without being told.

    Args:
        data: task data with `messages` and, optionally, `context`.
    """
    turns = [{key: m[key] for key in _KEYS if key in m} for m in data["messages"]]
    return [*_with_context(turns, data.get("context") or {}), _assistant(answer)]


def _assistant(answer: str) -> Message:
    return {"role": "assistant", "content": answer}


def _with_context(turns: Sequence[Message], context: Mapping[str, Any]) -> list[Message]:
    """The turns with the facts at the end of the first system message, or in a new one."""
    text = context_text(context)
    if not text:
        return list(turns)
    for i, turn in enumerate(turns):
        if turn["role"] == "system":
            told = {**turn, "content": f"{turn['content']}\n\n{text}"}
            return [*turns[:i], told, *turns[i + 1 :]]
    return [{"role": "system", "content": text}, *turns]
