"""The reasoning that a source's turns brought along: in the lines, or counted as left out."""

from collections.abc import Sequence
from typing import Any

from drafting.clean_turns import clean, without_weights
from drafting.plain_prompt import Reasoning
from label_configs import Interface
from label_configs.answer_turns import TextOrTurns
from label_configs.call_pairs import paired
from label_configs.source_reasoning import held_in, reasoning_of
from sync.common.wording import counted
from sync.records import LabelledRecord
from sync.training_files.example import Message

_SAID = 2  # role and content


def with_source_reasoning(
    cleaned: Sequence[Message], turns: Sequence[Message], reasoning: Reasoning
) -> list[Message]:
    """Clean turns with the reasoning of the turns that they were made of.

    In `<think>` it is told only where the turn is learnt: chat templates leave it out of earlier
    ones.
    """
    if reasoning == "none":
        return list(cleaned)
    return [
        _with(one, reasoning_of(turn), reasoning) for one, turn in zip(cleaned, turns, strict=True)
    ]


def think(thought: str, answer: str | None) -> str:
    """An answer behind its reasoning, as reasoning models are taught; it may only call tools."""
    told = f"<think>\n{thought}\n</think>"
    return f"{told}\n\n{answer}" if answer else told


def learnt_answers(
    prompt: Sequence[Message], answers: Sequence[TextOrTurns], reasoning: Reasoning
) -> tuple[TextOrTurns, ...]:
    """Answers to a prompt as they are learnt: each call with an id, with what led to them.

    Where answers are compared, all of them have their reasoning or none: else a model learns to
    think, or not to, and not which answer is better.
    """
    silent = any(isinstance(a, str) or not any(map(reasoning_of, a)) for a in answers)
    return tuple(_learnt(prompt, a, "none" if silent else reasoning) for a in answers)


def untold_turns(record: LabelledRecord, interface: Interface[Any], reasoning: Reasoning) -> int:
    """How many turns of a finished task have a reasoning that no conversation of it tells."""
    held = held_in(record.data)
    if not held or reasoning == "none":
        return held
    turns = interface.training_turns(record.record, record.data) or []
    told = [t for t in turns if reasoning_of(t) and (reasoning != "think" or _is_learnt(t))]
    return max(0, held - len(told))  # what a model thought for a draft, no source gave


def untold_note(turns: int, reasoning: Reasoning) -> str:
    """That reasoning is left out, and why; a sentence."""
    why = "where the turn was edited or is not learnt"
    if reasoning == "none":
        why = 'export.reasoning = "reasoning_content" or "think" keeps it with unchanged turns'
    return f"Reasoning that the source gave for {counted(turns, 'turn')} is left out: {why}."


def _with(message: Message, thought: str, reasoning: Reasoning) -> Message:
    if not thought:
        return message
    if reasoning == "reasoning_content":
        return {**message, "reasoning_content": thought}
    content = message.get("content")
    if not _is_learnt(message) or not isinstance(content, str | None):
        return message
    return {**message, "content": think(thought, content)}


def _learnt(prompt: Sequence[Message], answer: TextOrTurns, reasoning: Reasoning) -> TextOrTurns:
    """Turns as they are learnt; text where nothing else is left of them."""
    if isinstance(answer, str):
        return answer
    cleaned = clean(paired([*prompt, *answer])[len(prompt) :])
    told = without_weights(with_source_reasoning(cleaned, answer, reasoning))
    only = told[0].get("content") if len(told) == 1 and len(told[0]) == _SAID else None
    return only if isinstance(only, str) else told


def _is_learnt(message: Message) -> bool:
    return bool(message.get("weight", 1) != 0)
