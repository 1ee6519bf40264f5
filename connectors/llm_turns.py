"""A prompt's turns for chat templates without a system role, or with strictly alternating turns."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

# one turn of a prompt: its role and its content
PromptMessage = Mapping[str, str]

_SYSTEM = ("system", "developer")
_BETWEEN = "\n\n"


def has_system(messages: Sequence[PromptMessage]) -> bool:
    """Whether a turn is the system's."""
    return any(message["role"] in _SYSTEM for message in messages)


def repeats(messages: Sequence[PromptMessage]) -> bool:
    """Whether turns of one side follow each other, or the user does not begin."""
    roles = [message["role"] for message in messages if message["role"] not in _SYSTEM]
    in_a_row = any(one == next_ for one, next_ in pairwise(roles))
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
    said = _BETWEEN.join(told)
    if not turns or turns[0]["role"] != "user":
        return [{"role": "user", "content": said}, *turns]
    first, *others = turns
    return [{**first, "content": f"{said}{_BETWEEN}{first['content']}"}, *others]


def _alternating(turns: Sequence[PromptMessage]) -> list[PromptMessage]:
    """Join turns of one role in a row; put a user's `…` before an assistant's first turn."""
    built: list[PromptMessage] = []
    for turn in turns:
        if built and built[-1]["role"] == turn["role"]:
            joined = f"{built[-1]['content']}{_BETWEEN}{turn['content']}"
            built[-1] = {**built[-1], "content": joined}
        else:
            built.append(turn)
    begin = next((at for at, turn in enumerate(built) if turn["role"] not in _SYSTEM), len(built))
    if begin < len(built) and built[begin]["role"] != "user":
        built.insert(begin, {"role": "user", "content": "…"})
    return built
