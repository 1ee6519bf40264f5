"""The reasoning that a source gives for a turn of the assistant's, as long as the turn stands."""

from collections.abc import Mapping
from typing import Any

NAME = "reasoning_content"  # as chat templates name it
# task data: the source's own answer as the draft, and what led to it
DRAFT_FIELD = "labeltune_draft"
DRAFT_REASONING = "labeltune_draft_reasoning"


def reasoning_of(message: Mapping[str, Any]) -> str:
    """What led to a turn of the assistant's; "" where nothing is told."""
    told = message.get(NAME) if message["role"] == "assistant" else None
    return told.strip() if isinstance(told, str) else ""


def without_reasoning(message: Mapping[str, Any]) -> dict[str, Any]:
    """A turn whose words changed: what led to the old ones does not lead to the new."""
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
