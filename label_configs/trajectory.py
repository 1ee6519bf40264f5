"""A trajectory as steps: each turn of the assistant's, with what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from label_configs.call_pairs import TaskMessage


@dataclass(frozen=True)
class TrajectoryStep:
    """One step.

    Attributes:
        at: the place of its turn in the conversation.
        turn: the assistant's: words, reasoning, calls of tools.
        followed: all messages up to the next step: results of tools, words of the user.
    """

    at: int
    turn: TaskMessage
    followed: tuple[TaskMessage, ...]

    @property
    def results(self) -> tuple[TaskMessage, ...]:
        """What tools answered."""
        return tuple(message for message in self.followed if message["role"] == "tool")

    @property
    def replies(self) -> tuple[TaskMessage, ...]:
        """What anybody else said before the next step."""
        return tuple(message for message in self.followed if message["role"] != "tool")


def steps_of(data: Mapping[str, Any]) -> list[TrajectoryStep]:
    """The steps of a task's conversation, in order."""
    messages: Sequence[TaskMessage] = data.get("messages") or ()
    starts = [at for at, message in enumerate(messages) if message["role"] == "assistant"]
    return [
        TrajectoryStep(start, messages[start], tuple(messages[start + 1 : end]))
        for start, end in pairwise([*starts, len(messages)])
    ]


def asked_before(data: Mapping[str, Any]) -> list[TaskMessage]:
    """What stands before the first step: the system's words and the user's task."""
    messages: Sequence[TaskMessage] = data.get("messages") or ()
    steps = steps_of(data)
    return list(messages[: steps[0].at] if steps else messages)
