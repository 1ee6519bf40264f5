"""The assistant's turns of a conversation that an expert can edit, as a task has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from label_configs.call_pairs import TaskMessage
from label_configs.content import text_of
from label_configs.visible_text import visible_text

TRAIN, LEAVE_OUT = "train on it", "leave out"


@dataclass(frozen=True)
class Turn:
    """One turn of the assistant's.

    Attributes:
        text: the turn as it should read.
        quality: good / acceptable / poor, as it reads in the end; None when not marked.
        train: `TRAIN`, `LEAVE_OUT` or None when the expert did not choose.
    """

    text: str = ""
    quality: str | None = None
    train: str | None = None

    @property
    def trained_on(self) -> bool:
        """Whether to learn this turn, in a conversation that was not rejected.

        What the expert chose, or else yes unless it is marked poor. A turn without text never is.
        """
        return self.chosen and bool(visible_text(self.text))

    @property
    def chosen(self) -> bool:
        """What the expert chose, or else yes unless it is marked poor."""
        return self.quality != "poor" if self.train is None else self.train == TRAIN


def with_reply(messages: Sequence[TaskMessage]) -> list[TaskMessage]:
    """A conversation, with an empty turn of the assistant's where a user or a tool spoke last."""
    missing = [] if ends_with_reply(messages) else [{"role": "assistant", "content": ""}]
    return [*messages, *missing]


def ends_with_reply(messages: Sequence[TaskMessage]) -> bool:
    """Whether nobody waits for the assistant at a conversation's end."""
    return bool(messages) and messages[-1]["role"] not in ("user", "tool")


def standing(data: Mapping[str, Any]) -> list[Turn]:
    """The turns as the task has them, the missing reply as an empty one."""
    whole = with_reply(data["messages"])
    return [Turn(words(m)) for m, turn in zip(whole, editable(whole), strict=True) if turn]


def editable(whole: Sequence[TaskMessage]) -> list[bool]:
    """Which messages are turns of the assistant's with an editor of their own.

    Those are the turns that say something or have yet to be written, and the last one, also where
    it only calls tools: no other turn after it could say whether it is learnt.

    Args:
        whole: by `with_reply`.
    """
    last = len(whole) - 1
    return [
        message["role"] == "assistant" and (at == last or not only_calls(message))
        for at, message in enumerate(whole)
    ]


def only_calls(message: TaskMessage) -> bool:
    """Whether a turn calls tools and says nothing."""
    return bool(message.get("tool_calls")) and not words(message).strip()


def words(message: TaskMessage) -> str:
    """What a message says; "" where it only calls tools."""
    return text_of(message.get("content"))
