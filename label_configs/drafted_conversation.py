"""A conversation as the draft of itself, or with the reply that a model writes at its end."""

from collections.abc import Mapping
from typing import Any

from label_configs.added_calls import rows_of_reply
from label_configs.assistant_turns import Turn, ends_with_reply, standing, with_reply
from label_configs.call_rows import ROWS
from label_configs.content import ToolCall
from label_configs.drafted_turn import read_calls
from label_configs.edited_calls import standing_calls
from label_configs.edited_reasoning import shown_reasoning
from label_configs.multi_turn_items import MultiTurn
from label_configs.reply import ReplyError, reply_answer


def as_it_stands(data: Mapping[str, Any]) -> MultiTurn | None:
    """A finished conversation; None where its last reply is missing."""
    turns, last = standing(data), with_reply(data["messages"])[-1]
    if not turns or not (turns[-1].text or last.get("tool_calls")):
        return None
    return _record(tuple(turns), standing_calls(data), data)


def with_drafted(turn: Mapping[str, Any], data: Mapping[str, Any]) -> MultiTurn:
    """The turns as they stand, with a model's whole turn as the last.

    Its calls are held where the last reply is missing: else nobody sees them.

    Raises:
        ReplyError: it says nothing and calls nothing, or its calls are none that could be taken.
    """
    calls, content = read_calls(turn, data), str(turn.get("content") or "")
    said = content.strip() if calls else reply_answer(content)
    turns, most = (*standing(data)[:-1], Turn(said)), rows_of_reply(data)
    if ends_with_reply(data["messages"]):
        calls = ()
    elif len(calls) > most:
        raise ReplyError(f"the model's reply calls {len(calls)} tools, expected {most} at most")
    elif calls and not _has_rows(data, len(standing_calls(data)) + len(calls)):
        raise ReplyError("the model's reply calls tools, which this task's page has no rows for")
    return _record(turns, (*standing_calls(data), *calls), data)


def _record(
    turns: tuple[Turn, ...], calls: tuple[ToolCall, ...], data: Mapping[str, Any]
) -> MultiTurn:
    held = calls if _has_rows(data, len(calls)) else ()
    return MultiTurn(turns=turns, calls=held, reasoning=shown_reasoning(data))


def _has_rows(data: Mapping[str, Any], calls: int) -> bool:
    """Whether the page can show so many calls; one that was pushed before may have no rows."""
    return "turns" not in data or len(data.get(ROWS) or ()) >= calls
