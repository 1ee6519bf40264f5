"""The reasoning that a source gives for a turn of the assistant's, as long as the turn stands."""

from collections.abc import Mapping, Sequence
from typing import Any

from label_configs.raw_reply import leftover, split_reply

NAME = "reasoning_content"  # as chat templates name it
OTHER_NAMES = ("reasoning", "thinking")  # as newer servers and Ollama do
# task data: the source's own answer as the draft: its words, "" where it only calls tools; its
# calls, as `tool_calls` of a message, where it has some; and what led to it
DRAFT_FIELD = "labeltune_draft"
DRAFT_CALLS = "labeltune_draft_calls"
DRAFT_REASONING = "labeltune_draft_reasoning"
OF_A_DRAFT = (DRAFT_FIELD, DRAFT_CALLS, DRAFT_REASONING)


def reasoning_of(message: Mapping[str, Any]) -> str:
    """What led to a turn of the assistant's; "" where nothing is told."""
    told = message.get(NAME) if message["role"] == "assistant" else None
    return told.strip() if isinstance(told, str) else ""


def without_reasoning(message: Mapping[str, Any]) -> dict[str, Any]:
    """An edited turn without its reasoning, which led to the old words."""
    return {name: value for name, value in message.items() if name != NAME}


def answer_turn(answer: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """An accepted answer as a turn; with its reasoning where it is the source's, unchanged."""
    turn = {"role": "assistant", "content": answer}
    drafted, thought = data.get(DRAFT_FIELD), data.get(DRAFT_REASONING)
    stands = isinstance(drafted, str) and same_words(drafted, answer)
    return {**turn, NAME: thought} if stands and isinstance(thought, str) else turn


def same_words(one: str, another: str) -> bool:
    """Whether two texts differ in white space at most, which an editor may change."""
    return one.split() == another.split()


def held_in(data: Mapping[str, Any]) -> int:
    """How many turns of a task's source have their reasoning."""
    return sum(map(bool, map(reasoning_of, data["messages"]))) + (DRAFT_REASONING in data)


def set_apart(messages: Sequence[Any]) -> list[Any]:
    """Turns of the assistant's with their reasoning under `reasoning_content`.

    Where it stands in the text, as `<think>` or in channels, it moves there, so that no expert
    reads it as the answer. A text that would be empty then stays as it is, unless the turn calls a
    tool; so does what is no message. Turns that are right already stay the same objects.
    """
    return [
        _set_apart(m) if isinstance(m, Mapping) and m.get("role") == "assistant" else m
        for m in messages
    ]


def _set_apart(message: Mapping[str, Any]) -> Mapping[str, Any]:
    content = message.get("content")
    left = leftover(content) if isinstance(content, str) else None
    others = [message[name] for name in OTHER_NAMES if name in message]
    if left is None and not others and message.get(NAME, "") is not None:
        return message
    known = next(filter(None, [message.get(NAME), *others]), None)
    told: list[str] = [known] if isinstance(known, str) and known.strip() else []
    said: Mapping[str, Any] = {}
    if isinstance(content, str) and left is not None and left.certain:
        split = split_reply(content)
        if (split.answer or message.get("tool_calls")) and not split.unclosed:
            said = {"content": split.answer}
            told += [split.reasoning] if split.reasoning else []
    if not told and not said:
        return message
    kept = {name: value for name, value in message.items() if name not in (NAME, *OTHER_NAMES)}
    return {**kept, **said, **({NAME: "\n\n".join(told)} if told else {})}
