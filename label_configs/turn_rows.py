"""The rows of the page of `multi_turn`: one for each turn of the assistant's that can be edited."""

from collections.abc import Mapping
from typing import Any

from label_configs import call_rows, rendering
from label_configs.assistant_turns import is_editable, standing, with_reply, words
from label_configs.call_pairs import TaskMessage
from label_configs.content import calls_of
from label_configs.source_reasoning import reasoning_of


def turn_rows(data: Mapping[str, Any]) -> list[dict[str, str]]:
    """A row each: who speaks, what was said before, and the turn as it stands."""
    total = len(standing(data))
    rows: list[dict[str, str]] = []
    before: list[TaskMessage] = []
    for message in with_reply(data["messages"]):
        if not is_editable(message):
            before.append(message)
            continue
        said, who = words(message), f"assistant, turn {len(rows) + 1} of {total}"
        row = {
            "who": who if said else f"{who}, a new reply",
            "before_html": rendering.conversation_html(before)
            + rendering.reasoning_html(reasoning_of(message)),
            "was_html": rendering.markdown_html(said or "There was no reply yet."),
        }
        rows.append(row)
        calls = message.get("tool_calls")
        before = [{"role": "assistant", "content": "", "tool_calls": calls}] if calls else []
    return rows


def listed_calls(data: Mapping[str, Any]) -> dict[str, Any]:
    """A row for each call of the conversation and some to add, and the tools to choose from."""
    fields = call_rows.page_fields(data)
    if not fields:
        return {}
    total = sum(len(calls_of(message)) for message in data["messages"])
    titles = [*[""] * total, *["add to the last turn"] * call_rows.SPARE]
    return {**fields, call_rows.ROWS: [{"title": title} for title in titles]}
