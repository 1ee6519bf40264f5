"""Ties: what tasks share for which a split keeps them together, such as one conversation id."""

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any

from label_configs.content import INSTRUCTION_ROLES, calls_of, text_of
from sync.common.picture_names import pictures_in
from sync.settings.split import SplitSection

# where a tie comes from, and a digest of what is shared
Tie = tuple[str, str]

OPENING = "opening"
PICTURE = "picture"
RESULTS = "results"
# characters of the user's without which a beginning is no more than a greeting
_OPENING_LEAST = 20
# characters of tools' results without which they are no more than a sign that all went well
_RESULTS_LEAST = 40


def ties_of(data: Mapping[str, Any], settings: SplitSection) -> tuple[Tie, ...]:
    """All ties of a task; a field that it lacks, or that is empty, ties nothing.

    Conversations about one picture, or with the same calls and the same results, are cut from one
    thing, as those with one beginning are.
    """
    found = [
        (path, _digest(value))
        for path in settings.keep_together
        for value in _values(data, path.split("."))
    ]
    if settings.openings:
        opening = _opening(data)
        found += [(OPENING, opening)] if opening else []
        found += [(PICTURE, _digest(name)) for name in pictures_in(data.get("messages"))]
        returned = _returned(data)
        found += [(RESULTS, returned)] if returned else []
    return tuple(dict.fromkeys(found))


def _values(value: Any, path: list[str]) -> Iterator[str]:
    """What stands at a path as text, numbers as well; of a list, each of its entries."""
    if isinstance(value, list):
        for entry in value:
            yield from _values(entry, path)
    elif path:
        if isinstance(value, Mapping):
            yield from _values(value.get(path[0]), path[1:])
    elif isinstance(value, float) and value.is_integer():
        # as tables hold the numbers of a column in which some are missing
        yield str(int(value))
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool) and value != "":
        yield str(value)


def _opening(data: Mapping[str, Any]) -> str | None:
    """A digest of how a conversation begins; the same for all cuts of one, however long.

    A picture says more than a greeting.

    The opening goes as far as the first turn by which the user has said more than a greeting, so
    that `Hi` and `Hello, how can I help?` tie nobody. System turns are the project's, not the
    conversation's.

    Returns:
        None where there is nothing but a greeting.
    """
    said, opening = 0, []
    for message in data.get("messages") or ():
        if not isinstance(message, Mapping):
            continue
        role, content = message.get("role"), message.get("content")
        plain = " ".join(text_of(content).casefold().split())
        seen = [] if isinstance(content, str) else pictures_in([message])
        if role in INSTRUCTION_ROLES or not (plain or seen):
            continue
        opening += [str(role), plain, *seen]
        if role == "user":
            said += len(plain) + _OPENING_LEAST * len(seen)
            if said >= _OPENING_LEAST:
                return _digest(*opening)
    return None


def _returned(data: Mapping[str, Any]) -> str | None:
    """A digest of what was called and what came back, whatever was said; None where that is little.

    However the user puts it: who knows the results of a test task knows its answer.
    """
    told, said = [], 0
    for message in data.get("messages") or ():
        if not isinstance(message, Mapping):
            continue
        if message.get("role") == "tool":
            content = " ".join(text_of(message.get("content")).split())
            told.append(content)
            said += len(content)
        elif message.get("tool_calls"):
            told += (call.written() for call in calls_of(message))
    return _digest(*told) if said >= _RESULTS_LEAST else None


def _digest(*parts: str) -> str:
    said = "\0".join(parts).encode("utf-8", "replace")
    return blake2b(said, digest_size=12).hexdigest()
