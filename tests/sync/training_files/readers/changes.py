"""Changes to a line of a training file that keep its structure in mind."""

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

Line = dict[str, Any]
Change = Callable[[random.Random, Line], None]

MISSING: Any = ...  # of a key that is to be taken away


def messages_of(line: Line) -> Iterator[list[Any]]:
    """Every non-empty list of messages of a line."""
    inside = line.get("input")
    for part in (line, inside if isinstance(inside, dict) else {}):
        for key in PARTS:
            value = part.get(key)
            if isinstance(value, list) and value and isinstance(value[0], dict):
                yield value


PARTS = (
    *(
        "messages",
        "prompt",
        "completion",
        "chosen",
        "rejected",
        "conversations",
        "preferred_output",
    ),
    "non_preferred_output",
)


def _set(message: Line, key: str, value: Any) -> None:
    if value is MISSING:
        message.pop(key, None)
    else:
        message[key] = copy.deepcopy(value)


def _message(chance: random.Random, line: Line) -> Any:
    lists = list(messages_of(line))
    return chance.choice(chance.choice(lists)) if lists else None


def setting(key: str, values: list[Any]) -> Change:
    """A change that gives a message another value of a key."""

    def change(chance: random.Random, line: Line) -> None:
        message = _message(chance, line)
        if isinstance(message, dict):
            _set(message, key, chance.choice(values))

    return change


def column(key: str, values: list[Any]) -> Change:
    """A change that gives a line another value of a key."""

    def change(chance: random.Random, line: Line) -> None:
        _set(line, key, chance.choice(values))

    return change


def order(*others: Line) -> Change:
    """A change that takes messages away, doubles, swaps, adds them, or leaves none of it a message.

    Args:
        others: messages that may be added.
    """

    def change(chance: random.Random, line: Line) -> None:
        lists = list(messages_of(line))
        if not lists:
            return
        messages = chance.choice(lists)
        at = chance.randrange(len(messages))
        kind = chance.randrange(6)
        if kind == 0:
            del messages[at]
        elif kind == 1:
            messages.insert(at, copy.deepcopy(messages[at]))
        elif kind == 2:
            other = chance.randrange(len(messages))
            messages[at], messages[other] = messages[other], messages[at]
        elif kind == 3:
            messages.append(copy.deepcopy(chance.choice(others)))
        elif kind == 4:
            messages.insert(0, copy.deepcopy(chance.choice(others)))
        else:
            messages[at] = chance.choice((None, "words", [], 7))

    return change
