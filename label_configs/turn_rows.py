"""The rows of the page of `multi_turn`: one for each turn of the assistant's that can be edited."""

from collections.abc import Mapping
from typing import Any

from label_configs import call_rows, rendering
from label_configs.added_calls import row_titles
from label_configs.assistant_turns import editable, only_calls, standing, with_reply, words
from label_configs.call_pairs import TaskMessage
from label_configs.content import calls_of
from label_configs.source_reasoning import reasoning_of


def turn_rows(data: Mapping[str, Any]) -> list[dict[str, str]]:
    """A row each: who speaks, what was said before, and the turn as it stands."""
    total = len(standing(data))
    rows: list[dict[str, str]] = []
    before: list[TaskMessage] = []
    whole = with_reply(data["messages"])
    for at, (message, has_editor) in enumerate(zip(whole, editable(whole), strict=True)):
        if not has_editor:
            before.append(message)
            continue
        said, calls = words(message), only_calls(message)
        row = {
            "who": f"assistant, turn {len(rows) + 1} of {total}"
            + ("" if said else ", calls of tools" if calls else ", a new reply"),
            "before_html": rendering.conversation_html(before)
            + rendering.reasoning_html(reasoning_of(message))
            + (_own_cards(message) if at == len(whole) - 1 else ""),
            "was_html": rendering.markdown_html(
                said or ("It only calls tools." if calls else "There was no reply yet.")
            ),
        }
        rows.append(row)
        before = _calls_alone(message)
    return rows


def listed_calls(data: Mapping[str, Any]) -> dict[str, Any]:
    """A row for each call of the conversation and some to add, and the tools to choose from."""
    fields = call_rows.page_fields(data)
    if not fields:
        return {}
    total = sum(len(calls_of(message)) for message in data["messages"])
    titles = [*[""] * total, *row_titles(data)]
    return {**fields, call_rows.ROWS: [{"title": title} for title in titles]}


def _own_cards(message: TaskMessage) -> str:
    """The calls of the last turn, above its words, since no row comes after it."""
    cards = rendering.conversation_html(_calls_alone(message))
    # the class tells the style that a turn without words is learnt all the same
    name = "lt-only-calls" if only_calls(message) else "lt-own-calls"
    return f'<div class="{name}">{cards}</div>' if cards else ""


def _calls_alone(message: TaskMessage) -> list[TaskMessage]:
    calls = message.get("tool_calls")
    return [{"role": "assistant", "content": "", "tool_calls": calls}] if calls else []
