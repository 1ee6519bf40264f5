"""A conversation as an expert left it: its words, its calls, and what of it is learnt."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from label_configs.added_calls import added_calls
from label_configs.answer_turns import TextOrTurns
from label_configs.assistant_turns import Turn, editable, standing, with_reply, words
from label_configs.call_pairs import TaskMessage, with_new_ids
from label_configs.content import ToolCall, call_messages
from label_configs.edited_calls import with_calls
from label_configs.edited_reasoning import with_reasoning
from label_configs.multi_turn_items import MultiTurn
from label_configs.source_reasoning import reasoning_of, same_words, without_reasoning
from label_configs.visible_text import visible_text


@dataclass(frozen=True)
class EditedMessage:
    """One message of a conversation.

    Attributes:
        at: its index in the conversation as the task has it.
        message: as it reads now.
        turn: what the expert says of it; None where it is none that has an editor.
        added: whether calls were added to it.
        learnt: whether it is to be trained on.
    """

    at: int
    message: dict[str, Any]
    turn: Turn | None = None
    added: bool = False
    learnt: bool = False


@dataclass(frozen=True)
class ComparedTurn:
    """A turn of the assistant's as it reads now, and as it stood before.

    Attributes:
        prompt: the conversation that leads to it, as edited.
    """

    edited: EditedMessage
    now: TextOrTurns
    stood: TextOrTurns
    prompt: list[dict[str, Any]]


def edited_conversation(data: Mapping[str, Any], record: MultiTurn) -> list[EditedMessage]:
    """A conversation with an expert's words and calls.

    A turn that was edited loses the reasoning that the source had for it, unless the expert
    corrected that, too.
    A turn that was emptied keeps its old words as context for what follows, unless calls were
    added in their place. The missing reply is there, with "" if nobody wrote it. It ends with the
    first turn that calls were added to: what follows was said without their results.
    """
    built = _learnt(_whole(data, record), record)
    first = next((number for number, one in enumerate(built, start=1) if one.added), len(built))
    return built[:first]


def compared_turns(
    data: Mapping[str, Any], record: MultiTurn, draft: MultiTurn | None
) -> Iterator[ComparedTurn]:
    """Each turn of the assistant's beside what stood there before.

    Args:
        draft: that the expert opened; None: the conversation as the task has it.
    """
    whole = with_reply(data["messages"])
    drafted = added_calls(data, draft.calls) if draft is not None else {}
    opened = iter(standing(data) if draft is None else draft.turns)
    edited = edited_conversation(data, record)
    for number, one in enumerate(edited):
        if one.message["role"] != "assistant":
            continue
        was = whole[one.at]
        said, stood = words(one.message), words(was)
        if one.turn is not None:
            said, stood = one.turn.text.strip(), next(opened, Turn()).text.strip()
        before = [*(was.get("tool_calls") or ()), *call_messages(drafted.get(one.at, ()))]
        yield ComparedTurn(
            one,
            _answer(said, one.message.get("tool_calls")),
            _answer(stood, before),
            [earlier.message for earlier in edited[:number]],
        )


def _whole(data: Mapping[str, Any], record: MultiTurn) -> list[EditedMessage]:
    whole, added = with_reply(data["messages"]), added_calls(data, record.calls)
    left, thoughts = iter(record.turns), iter(record.reasoning)
    built: list[EditedMessage] = []
    kept = zip(whole, with_calls(whole, record.calls), editable(whole), strict=True)
    for at, (was, message, has_editor) in enumerate(kept):
        turn = next(left, Turn()) if has_editor else None
        thought = next(thoughts, None) if reasoning_of(was) else None
        said, more = turn.text.strip() if turn else "", added.get(at, ())
        if message is None and was["role"] == "assistant" and (said or more):
            message = {**without_reasoning(was), "content": "", "tool_calls": []}
        if message is None:
            continue
        now = _with_words(message, was, said)
        if more:
            now = _with_added(now, more, said if turn else words(now), whole, len(built) + 1)
        now = with_reasoning(now, was, thought)
        built.append(EditedMessage(at, now, turn, bool(more)))
    return built


def _with_words(message: TaskMessage, was: TaskMessage, said: str) -> dict[str, Any]:
    if not said:
        return dict(message)
    kept = message if same_words(said, words(was)) else without_reasoning(message)
    now = {**kept, "content": said}
    return {name: value for name, value in now.items() if name != "tool_calls" or value}


def _with_added(
    message: Mapping[str, Any],
    added: Sequence[ToolCall],
    said: str,
    whole: Sequence[TaskMessage],
    number: int,
) -> dict[str, Any]:
    """A turn that makes further calls, each with an id of its own, and may say nothing."""
    calls = [*(message.get("tool_calls") or ()), *call_messages(added)]
    named = with_new_ids(calls, whole, number)
    return {**without_reasoning(message), "content": said, "tool_calls": named}


def _learnt(built: Sequence[EditedMessage], record: MultiTurn) -> list[EditedMessage]:
    """Messages with whether each is learnt.

    A turn that only calls tools is learnt as the turn after it is, in annotations that say
    something of its calls: else nobody vouched for it.
    """
    found: list[EditedMessage] = []
    after, chosen = False, record.verdict != "reject"
    for one in reversed(built):
        if one.message["role"] == "assistant":
            calls = bool(record.calls and one.message.get("tool_calls"))
            if one.turn is None:
                learnt = chosen if one.added else after and bool(record.calls)
            else:
                chosen = one.turn.chosen and record.verdict != "reject"
                last_calls = calls and one is built[-1] and not visible_text(words(one.message))
                learnt = chosen and (bool(visible_text(one.turn.text)) or one.added or last_calls)
                after = learnt
            one = replace(one, learnt=learnt)
        found.append(one)
    return found[::-1]


def _answer(said: str, calls: Sequence[Any] | None) -> TextOrTurns:
    """An answer as it is compared: text, or a turn where it calls tools."""
    if not calls:
        return said
    return [{"role": "assistant", "content": said, "tool_calls": list(calls)}]
