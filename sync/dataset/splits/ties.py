"""Ties: what tasks share for which a split keeps them together, such as one conversation id."""

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from typing import Any

from label_configs.content import INSTRUCTION_ROLES
from sync.common.task_texts import turns
from sync.settings.split import SplitSection

# where a tie comes from, and a digest of what is shared
Tie = tuple[str, str]

OPENING = "opening"
# characters of the user's without which a beginning is no more than a greeting
_OPENING_LEAST = 20


def ties_of(data: Mapping[str, Any], settings: SplitSection) -> tuple[Tie, ...]:
    """All ties of a task; a field that it lacks, or that is empty, ties nothing."""
    found = [
        (path, _digest(value))
        for path in settings.keep_together
        for value in _values(data, path.split("."))
    ]
    opening = _opening(data) if settings.openings else None
    return tuple(dict.fromkeys(found + ([(OPENING, opening)] if opening else [])))


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

    The opening goes as far as the first turn by which the user has said more than a greeting, so
    that `Hi` and `Hello, how can I help?` tie nobody. System turns are the project's, not the
    conversation's.

    Returns:
        None where there is nothing but a greeting.
    """
    said, opening = 0, []
    for role, content in turns(data):
        plain = " ".join(content.casefold().split())
        if role in INSTRUCTION_ROLES or not plain:
            continue
        opening += [str(role), plain]
        if role == "user":
            said += len(plain)
            if said >= _OPENING_LEAST:
                return _digest(*opening)
    return None


def _digest(*parts: str) -> str:
    said = "\0".join(parts).encode("utf-8", "replace")
    return blake2b(said, digest_size=12).hexdigest()
