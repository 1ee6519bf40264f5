"""The assistant's turns of a conversation: as a task has them, and as an expert left them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from label_configs.call_pairs import TaskMessage
from label_configs.content import ToolCall, text_of
from label_configs.edited_calls import with_calls
from label_configs.source_reasoning import same_words, without_reasoning

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
        return self.chosen and bool(self.text.strip())

    @property
    def chosen(self) -> bool:
        """What the expert chose, or else yes unless it is marked poor."""
        return self.quality != "poor" if self.train is None else self.train == TRAIN


def with_reply(messages: Sequence[TaskMessage]) -> list[TaskMessage]:
    """A conversation, with an empty turn of the assistant's where the user spoke last."""
    missing = not messages or messages[-1]["role"] == "user"
    return [*messages, *([{"role": "assistant", "content": ""}] if missing else [])]


def standing(data: Mapping[str, Any]) -> list[Turn]:
    """The turns as the task has them, the missing reply as an empty one."""
    return [Turn(words(m)) for m in with_reply(data["messages"]) if is_editable(m)]


def as_edited(
    messages: Sequence[TaskMessage], turns: Iterable[Turn], calls: Sequence[ToolCall] = ()
) -> list[tuple[dict[str, Any], Turn | None]]:
    """A conversation with the words of an expert's turns, and the turn that each message is.

    A turn that was edited loses the reasoning that the source had for it.
    A turn that was emptied keeps its old words as context for what follows. The missing reply is
    there, with "" if nobody wrote it.

    Args:
        calls: as the expert left them, in order; without any they are as they were.
    """
    left = iter(turns)
    whole = with_reply(messages)
    built: list[tuple[dict[str, Any], Turn | None]] = []
    for was, message in zip(whole, with_calls(whole, calls), strict=True):
        turn = next(left, Turn()) if is_editable(was) else None
        if message is None:
            continue
        if turn is not None and turn.text.strip():
            said = turn.text.strip()
            kept = message if same_words(said, words(was)) else without_reasoning(message)
            built.append(({**kept, "content": said}, turn))
        else:
            built.append((dict(message), turn))
    return built


def weighted(
    edited: Sequence[tuple[dict[str, Any], Turn | None]],
    trained_on: Sequence[Turn],
    *,
    calls_too: bool,
) -> list[dict[str, Any]]:
    """A conversation with `weight` 1 on the assistant's turns that are learnt, 0 on the others.

    Args:
        edited: by `as_edited`.
        calls_too: a turn that only calls tools is learnt as the turn after it is; else never, since
            nobody vouched for it.
    """
    built: list[dict[str, Any]] = []
    answer: Turn | None = None
    for message, turn in reversed(edited):
        if message["role"] == "assistant":
            answer = turn or answer
            learnt = answer in trained_on and (turn is not None or calls_too)
            message = {**message, "weight": int(learnt)}
        built.append(message)
    return built[::-1]


def in_place(
    data: Mapping[str, Any],
    turns: Iterable[Turn],
    draft: Sequence[Turn] | None,
    calls: Sequence[ToolCall] = (),
) -> Iterator[tuple[Turn, str, list[dict[str, Any]]]]:
    """Each turn that an expert left, what stood there before, and the conversation that led to it.

    Args:
        draft: the turns that the expert opened; None: as the task has them.
        calls: as for `as_edited`.
    """
    edited = as_edited(data["messages"], turns, calls)
    before = iter(standing(data) if draft is None else draft)
    for at, (_, turn) in enumerate(edited):
        if turn is not None:
            stood = next(before, Turn()).text.strip()
            yield turn, stood, [message for message, _ in edited[:at]]


def is_editable(message: TaskMessage) -> bool:
    """Whether it is a turn of the assistant's that says something or has yet to be written."""
    speaks = bool(words(message).strip()) or not message.get("tool_calls")
    return message["role"] == "assistant" and speaks


def words(message: TaskMessage) -> str:
    """What a message says; "" where it only calls tools."""
    return text_of(message.get("content"))
