"""A trajectory's steps as the rows of the page: one folded line each, all of the step below it.

A row is shown by the page's Markdown, which takes HTML: HyperText would make a map of its text for
spans, and a hundred of them take seconds.
"""

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from label_configs import rendering
from label_configs.call_arguments import json_text
from label_configs.content import ToolCall, calls_of, image_urls, text_of
from label_configs.task_listing import one_line
from label_configs.trajectory import TrajectoryStep, steps_of

# columns; the page cuts what does not fit into its line
_WORDS, _ARGUMENT, _ARGUMENTS, _RESULT = 120, 24, 90, 60
_FOLDED, _UNFOLDED = '<details class="lt-result">', '<details class="lt-result" open>'


def rows(data: Mapping[str, Any]) -> list[dict[str, str]]:
    """The fields of each row: a step's line and details as HTML."""
    return [{"html": _row(step, number)} for number, step in enumerate(steps_of(data), start=1)]


def line(step: TrajectoryStep) -> tuple[str, str]:
    """What a step did in one line of text, its words and its calls; and what came back."""
    said = one_line(text_of(step.turn.get("content")), _WORDS)
    parts = [said, *map(_call, calls_of(step.turn))]
    got = "; ".join(_result(message.get("content")) for message in step.results)
    return " · ".join(filter(None, parts)), f"→ {got}" if got else ""


def _row(step: TrajectoryStep, number: int) -> str:
    did, got = map(escape, line(step))
    said = f'<b>{number}</b><span dir="auto">{did}</span>' + (f"<i>{got}</i>" if got else "")
    summary = f'<summary class="lt-act-line">{said}</summary>'
    # who unfolds a step wants to see what came of it
    body = rendering.conversation_html([step.turn, *step.results]).replace(_FOLDED, _UNFOLDED)
    replies = rendering.conversation_html(step.replies)
    said = f'<div class="lt-act-reply">{replies}</div>' if replies else ""
    # one line is one block of HTML, and nothing in it is Markdown
    return (
        f'<div class="lt-act-step"><details class="lt-act">{summary}'
        f'<div class="lt-act-all">{body}</div></details>{said}</div>'
    ).replace("\n", "&#10;")


def _call(call: ToolCall) -> str:
    """A call in short: `search(from="TXL", on="3 May", …)`."""
    given = _parsed(call.arguments)
    if not isinstance(given, dict):
        return f"{call.name}({one_line(call.arguments, _ARGUMENTS)})"
    told = (f"{name}={_short(value)}" for name, value in given.items())
    return f"{call.name}({one_line(', '.join(told), _ARGUMENTS)})"


def _short(value: Any) -> str:
    """A value in a few letters; one that is too long is cut."""
    told = json_text(value)
    return told if len(told) <= _ARGUMENT else f"{told[: _ARGUMENT - 1]}…"


def _result(content: Any) -> str:
    """What a tool answered in a few words: how many entries, else its first words."""
    text = text_of(content)
    given = _parsed(text)
    if isinstance(given, list):
        return f"{len(given)} result{'' if len(given) == 1 else 's'}"
    pictures = len(image_urls(content))
    shown = f"{pictures} picture{'' if pictures == 1 else 's'}" if pictures else ""
    return " ".join(filter(None, [one_line(text, _RESULT), shown])) or "nothing"


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
