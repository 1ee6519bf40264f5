"""Reasoning in a source's turns, set apart from what they say."""

from collections.abc import Mapping, Sequence
from typing import Any

from label_configs.raw_reply import leftover, split_reply
from label_configs.source_reasoning import NAME
from sync.sources.shapes import Message

# as newer servers name it
OTHER_NAME = "reasoning"


def set_apart(messages: Sequence[Message]) -> list[Message]:
    """Turns of the assistant's with their reasoning under `reasoning_content`.

    Where it stands in the text, as `<think>` or in channels, it moves there, so that no expert
    reads it as the answer. A text that would be empty then stays as it is.
    """
    return [_set_apart(m) if m.get("role") == "assistant" else m for m in messages]


def _set_apart(message: Message) -> Message:
    known = message.get(NAME) or message.get(OTHER_NAME)
    told: list[str] = [known] if isinstance(known, str) and known.strip() else []
    said: Mapping[str, Any] = {}
    content = message.get("content")
    if isinstance(content, str):
        split, left = split_reply(content), leftover(content)
        if left is not None and left.certain and split.answer and not split.unclosed:
            said = {"content": split.answer}
            told += [split.reasoning] if split.reasoning else []
    if not told and not said:
        return message
    kept = {name: value for name, value in message.items() if name not in (NAME, OTHER_NAME)}
    return {**kept, **said, **({NAME: "\n\n".join(told)} if told else {})}
