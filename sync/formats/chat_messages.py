"""A record as chat messages, the way a model meets them: context first, the answer last."""

from collections.abc import Mapping, Sequence
from typing import Any

from label_configs.context import context_text

Message = dict[str, Any]

_KEYS = ("role", "content", "name", "tool_calls", "tool_call_id", "weight")


def training_messages(turns: Sequence[Mapping[str, Any]], data: Mapping[str, Any]) -> list[Message]:
    """A conversation to train on, with the task's context in its system message.

    The context is there since the answer was written with it in sight; the guidelines are not,
    since the tuned model is to keep them without being told.

    Args:
        turns: messages, the last of them an answer.
        data: task data with, optionally, `context` and `documents`.
    """
    kept = [{key: turn[key] for key in _KEYS if key in turn} for turn in turns]
    text = context_text(data.get("context") or {}, data.get("documents") or ())
    if not text:
        return kept
    for i, turn in enumerate(kept):
        if turn["role"] == "system":
            told = {**turn, "content": f"{turn['content']}\n\n{text}"}
            return [*kept[:i], told, *kept[i + 1 :]]
    return [{"role": "system", "content": text}, *kept]
