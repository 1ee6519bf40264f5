"""Rules that providers have for the order of chat messages."""

from collections.abc import Iterator
from typing import Any

from sync.common.json_text import Json
from sync.training_files.formats.format import Fault, FaultSeverity


def chat_of(form: str, line: Json) -> Any:
    """The conversation of a line: of a preference, what both outputs answer."""
    if form != "openai-preference":
        return line.get("messages")
    asked = line.get("input")
    return asked.get("messages") if type(asked) is dict else None


def roles_of(messages: Any) -> list[Any]:
    """The role of each message; none where there are no messages."""
    if type(messages) is not list:
        return []
    return [message.get("role") if type(message) is dict else None for message in messages]


def system_first(roles: list[Any], severity: FaultSeverity = "error") -> Iterator[Fault]:
    """A system message is the first one or there is none."""
    if "system" in roles[1:]:
        number = roles.index("system", 1) + 1
        yield Fault(
            "system-first",
            f"message {number} is a system message; only the first message may be one: join them",
            severity,
        )


def alternating(
    roles: list[Any], begins: tuple[str, ...], severity: FaultSeverity = "error"
) -> Iterator[Fault]:
    """User and assistant take turns, after an optional system message.

    What a tool answers, and what the assistant says after it, belongs to the assistant's turn.

    Args:
        begins: roles that may speak first.
    """
    first = 1 if roles[:1] == ["system"] else 0
    before: Any = None
    for number, role in enumerate(roles[first:], first + 1):
        if role not in ("user", "assistant", "tool"):
            return  # another rule's matter
        if before is None:
            if role not in begins:
                expected = " or ".join(begins)
                yield Fault(
                    "alternation",
                    f"message {number} is of {role}; the first one after an optional system "
                    f"message must be of {expected}",
                    severity,
                )
                return
        elif role == before and role != "tool":
            yield Fault(
                "alternation",
                f"messages {number - 1} and {number} are both of {role}; user and assistant must "
                "take turns: join the two",
                severity,
            )
            return
        before = role
