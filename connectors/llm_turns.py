"""A prompt's turns for chat templates without a system role, or with strictly alternating turns."""

from collections.abc import Sequence
from itertools import pairwise

from connectors.llm_content import PromptMessage, joined

__all__ = ["PromptMessage", "as_taken", "has_system", "repeats"]

_SYSTEM = ("system", "developer")
_TOOL = "tool"


def has_system(messages: Sequence[PromptMessage]) -> bool:
    """Whether a turn is the system's."""
    return any(message["role"] in _SYSTEM for message in messages)


def repeats(messages: Sequence[PromptMessage]) -> bool:
    """Whether turns of one side follow each other, or the user does not begin.

    Results of tools may follow each other, as the calls of one turn do.
    """
    roles = [message["role"] for message in messages if message["role"] not in _SYSTEM]
    in_a_row = any(one == next_ != _TOOL for one, next_ in pairwise(roles))
    return in_a_row or roles[:1] != ["user"]


def as_taken(
    messages: Sequence[PromptMessage], *, system: bool = True, any_turns: bool = True
) -> list[PromptMessage]:
    """The turns in a form that a template takes; no word of them is lost.

    Args:
        system: it takes a system's turn; else its text opens the user's first turn.
        any_turns: it takes turns in any order; else user and assistant take turns, user first.
    """
    turns = list(messages) if system else _folded(messages)
    return turns if any_turns else _alternating(turns)


def _folded(messages: Sequence[PromptMessage]) -> list[PromptMessage]:
    told = [m["content"] for m in messages if m["role"] in _SYSTEM]
    turns = [m for m in messages if m["role"] not in _SYSTEM]
    if not told:
        return turns
    said = told[0]
    for more in told[1:]:
        said = joined(said, more)
    if not turns or turns[0]["role"] != "user":
        return [{"role": "user", "content": said}, *turns]
    first, *others = turns
    return [{**first, "content": joined(said, first["content"])}, *others]


def _alternating(turns: Sequence[PromptMessage]) -> list[PromptMessage]:
    """Join turns of one role in a row; put a user's `…` before an assistant's first turn.

    Results of tools stay apart, since each says which call it answers.
    """
    built: list[PromptMessage] = []
    for turn in turns:
        if built and built[-1]["role"] == turn["role"] != _TOOL:
            built[-1] = _both(built[-1], turn)
        else:
            built.append(turn)
    begin = next((at for at, turn in enumerate(built) if turn["role"] not in _SYSTEM), len(built))
    if begin < len(built) and built[begin]["role"] != "user":
        built.insert(begin, {"role": "user", "content": "…"})
    return built


def _both(one: PromptMessage, other: PromptMessage) -> PromptMessage:
    """Two turns of one role as one, with the calls of both."""
    calls = [*(one.get("tool_calls") or ()), *(other.get("tool_calls") or ())]
    content = joined(one["content"], other["content"])
    return {**one, "content": content, **({"tool_calls": calls} if calls else {})}
