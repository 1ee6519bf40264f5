"""Files of preferences, whose conversation ends where two answers begin.

The answers stay in the task as fields, as they do in rows of other shapes.
"""

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from sync.common.errors import SourceError
from sync.intake.sources.shapes.chat import chat_messages
from sync.intake.sources.shapes.schemas import take_tools
from sync.intake.sources.shapes.shape import RowShape, SourceMessage, take_turns

_CHOSEN, _REJECTED = "chosen_messages", "rejected_messages"


def _whole_conversations(fields: dict[str, Any], where: str) -> list[SourceMessage]:
    """What two whole conversations begin with; their ends become `chosen` and `rejected`."""
    if _REJECTED not in fields:
        raise SourceError(f"{where}: has {_CHOSEN!r} and no {_REJECTED!r}; add it")
    chosen, rejected = (
        chat_messages(take_turns(fields, name, "{role, content}", where), f"{where}: {name!r}")
        for name in (_CHOSEN, _REJECTED)
    )
    shared = _shared(chosen, rejected)
    if not shared:
        raise SourceError(
            f"{where}: {_CHOSEN!r} and {_REJECTED!r} begin differently, so they answer no one "
            "question; correct them"
        )
    fields |= {"chosen": chosen[len(shared) :], "rejected": rejected[len(shared) :]}
    return shared


def _shared(one: Sequence[SourceMessage], other: Sequence[SourceMessage]) -> list[SourceMessage]:
    """What both begin with, without a turn of the assistant's at its end."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    shared = [message for message, _ in same]
    while shared and shared[-1].get("role") == "assistant":
        shared.pop()
    return shared


def _openai(fields: dict[str, Any], where: str) -> list[SourceMessage]:
    """The messages and tools of `input`; both outputs stay as they are."""
    given = dict(fields.pop("input"))
    if given.get("tools"):
        fields["tools"] = given["tools"]
        take_tools(fields, "tools", where)
    return chat_messages(take_turns(given, "messages", "{role, content}", where), where)


def _is_openai(fields: Mapping[str, Any]) -> bool:
    given = fields.get("input")
    return isinstance(given, Mapping) and "messages" in given


whole = RowShape("preference", _CHOSEN, _whole_conversations, also_read=(_REJECTED, "tools"))
openai = RowShape("OpenAI preference", "input", _openai, _is_openai)
