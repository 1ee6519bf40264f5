"""Calls that an expert adds to turns of a conversation: the rows of the page for them.

They come after the rows of the calls that the conversation holds: first those of the last turn,
then one for each turn of the assistant's before it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from label_configs.assistant_turns import editable, ends_with_reply, with_reply
from label_configs.call_rows import LEAST, SPARE
from label_configs.content import ToolCall, calls_of
from label_configs.edited_calls import AS_IT_WAS, TAKEN_OUT, standing_calls


def rows_of_reply(data: Mapping[str, Any]) -> int:
    """How many calls the last turn can get: more where a model may draft it."""
    return SPARE if ends_with_reply(data["messages"]) else LEAST


def row_titles(data: Mapping[str, Any]) -> list[str]:
    """What each row for a further call says, in order."""
    whole, titles = with_reply(data["messages"]), []
    turn, call = 0, 0
    for message, has_editor in zip(whole[:-1], editable(whole), strict=False):
        turn += has_editor
        if message["role"] == "assistant":
            titles.append(f"add to turn {turn}" if has_editor else f"add beside call {call + 1}")
        call += len(calls_of(message))
    return [*["add to the last turn"] * rows_of_reply(data), *titles]


def added_calls(
    data: Mapping[str, Any], calls: Sequence[ToolCall]
) -> dict[int, tuple[ToolCall, ...]]:
    """The calls that an expert added, by the index of the message that makes them.

    Args:
        calls: of a record.
    """
    found: dict[int, tuple[ToolCall, ...]] = {}
    for at, _, call in _placed(data, calls):
        found[at] = (*found.get(at, ()), call)
    return found


def without_result(
    data: Mapping[str, Any], calls: Sequence[ToolCall]
) -> tuple[int, ToolCall] | None:
    """The first call that was added before others speak, and its number; or None."""
    first = min(_placed(data, calls), key=lambda placed: placed[:2], default=None)
    if first is None or first[0] + 1 >= len(with_reply(data["messages"])):
        return None
    return first[1:]


def _placed(
    data: Mapping[str, Any], calls: Sequence[ToolCall]
) -> Iterator[tuple[int, int, ToolCall]]:
    """Each call that was added: the index of its message, its number in the record, and it."""
    whole, held = with_reply(data["messages"]), len(standing_calls(data))
    earlier = [at for at, message in enumerate(whole[:-1]) if message["role"] == "assistant"]
    places = [*[len(whole) - 1] * rows_of_reply(data), *earlier]
    for number, (at, call) in enumerate(zip(places, calls[held:], strict=False), start=held + 1):
        if call not in (AS_IT_WAS, TAKEN_OUT):
            yield at, number, call
