"""The reasoning that a conversation's turns brought along, as an expert left it.

The page has a row for each turn that tells some, in order; a task without any has none.
"""

from collections.abc import Mapping
from typing import Any

from label_configs.assistant_turns import editable, with_reply
from label_configs.call_pairs import TaskMessage
from label_configs.content import calls_of
from label_configs.source_reasoning import NAME, reasoning_of, same_words, without_reasoning

ROWS = "reasoning_rows"  # task data that only the page needs


def page_fields(data: Mapping[str, Any]) -> dict[str, Any]:
    """A row for each turn with reasoning, with its place; nothing where there is none."""
    rows = []
    whole = with_reply(data["messages"])
    turn, call = 0, 1
    for message, has_editor in zip(whole, editable(whole), strict=True):
        turn += has_editor
        if reasoning_of(message):
            rows.append({"title": f"turn {turn}" if has_editor else f"call {call}"})
        call += len(calls_of(message))
    return {ROWS: rows} if rows else {}


def shown_reasoning(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The reasoning that the page has rows for; none in tasks that were pushed before it had."""
    told = filter(None, map(reasoning_of, data["messages"]))
    return tuple(text for text, _ in zip(told, data.get(ROWS) or (), strict=False))


def with_reasoning(
    message: dict[str, Any], was: TaskMessage, corrected: str | None
) -> dict[str, Any]:
    """A turn with its reasoning as the expert left it, whatever became of its words.

    Args:
        message: as edited: without reasoning where that led to other words.
        was: as the task has it.
        corrected: None where nothing was said of it; "" where it was taken out.
    """
    if corrected is None or same_words(corrected, reasoning_of(was)):
        return message
    bare = without_reasoning(message)
    return {**bare, NAME: corrected.strip()} if corrected.strip() else bare
