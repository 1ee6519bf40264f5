"""A trajectory's steps as the rows of the page: one folded line each, all of the step below it.

The rows are choices that the task itself offers, three a step, the worst first, and the last one
shows the step: whatever else the page has for each step makes it seconds slower at a hundred.
"""

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from label_configs import rendering
from label_configs.agent_steps_items import mark
from label_configs.call_arguments import json_text
from label_configs.content import ToolCall, calls_of, image_urls, text_of
from label_configs.task_listing import one_line
from label_configs.trajectory import TrajectoryStep, steps_of
from label_configs.trajectory_lessons import STEP_VERDICTS

# of task data; the second one of what an older LabelTune pushed
CHOICES, ROWS_OF_BEFORE = "step_choices", "steps"

# a choice without a key gets a letter, and of two with one key the page writes a warning, which
# takes it long: so each has a character that no keyboard has
_NO_KEY = 0xE000

# columns; the page cuts what does not fit into its line
_WORDS, _ARGUMENT, _ARGUMENTS, _RESULT = 120, 24, 90, 60
_FOLDED, _UNFOLDED = '<details class="lt-result">', '<details class="lt-result" open>'


def page_fields(data: Mapping[str, Any]) -> dict[str, Any]:
    """What the page needs of the steps.

    A task that an older LabelTune pushed keeps its rows: its annotations hold controls of theirs.
    """
    before = data.get(ROWS_OF_BEFORE)
    is_shown = isinstance(before, list) and before and all(_is_row(each) for each in before)
    return {CHOICES: [], ROWS_OF_BEFORE: before} if is_shown else {CHOICES: choices(data)}


def choices(data: Mapping[str, Any]) -> list[dict[str, str]]:
    """A choice for each verdict on each step, with what the page shows of it as HTML."""
    found: list[dict[str, str]] = []
    for number, step in enumerate(steps_of(data), start=1):
        for verdict in reversed(STEP_VERDICTS):
            html = f'<span class="lt-mark">{verdict}</span>'
            if verdict == STEP_VERDICTS[0]:
                html = f'<span class="lt-act-cell">{_row(step, number)}{html}</span>'
            key = chr(_NO_KEY + len(found))
            found.append({"value": mark(number, verdict), "html": html, "hotkey": key})
    return found


def line(step: TrajectoryStep) -> tuple[str, str]:
    """What a step did in one line of text, its words and its calls; and what came back."""
    said = one_line(text_of(step.turn.get("content")), _WORDS)
    parts = [said, *map(_call, calls_of(step.turn))]
    got = "; ".join(_result(message.get("content")) for message in step.results)
    return " · ".join(filter(None, parts)), f"→ {got}" if got else ""


def _is_row(given: Any) -> bool:
    return isinstance(given, dict) and given.keys() == {"html"}


def _row(step: TrajectoryStep, number: int) -> str:
    did, got = map(escape, line(step))
    said = f'<b>{number}</b><span dir="auto">{did}</span>' + (f"<i>{got}</i>" if got else "")
    summary = f'<summary class="lt-act-line">{said}</summary>'
    # who unfolds a step wants to see what came of it
    body = rendering.conversation_html([step.turn, *step.results]).replace(_FOLDED, _UNFOLDED)
    replies = rendering.conversation_html(step.replies)
    # a click on a choice chooses it, but for one within details
    said = f'<details class="lt-act-reply" open><summary></summary>{replies}</details>'
    return (
        f'<div class="lt-act-step"><details class="lt-act">{summary}'
        f'<div class="lt-act-all">{body}</div></details>{said if replies else ""}</div>'
    )


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
