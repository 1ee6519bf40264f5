"""Task data as the HTML that the page shows: conversation, facts and documents.

Label Studio's own tags show a conversation as a transcript and let HTML in a text through; here
nothing that a user wrote is ever markup. Only an assistant's turns are read as Markdown, since
that is what models write.
"""

import functools
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any
from unicodedata import east_asian_width

from markdown_it import MarkdownIt

from label_configs import call_cards
from label_configs.content import (
    INSTRUCTION_ROLES,
    TEXT,
    ToolCall,
    calls_of,
    image_urls,
    parts_of,
    text_of,
)
from label_configs.context import readable
from label_configs.pictures import picture_html
from label_configs.source_reasoning import reasoning_of

# documents that a task opens with: so many at most, and together so many lines of such a width,
# which is what the place for them shows at once beside a conversation
OPEN_DOCUMENTS = 2
OPEN_LINES = 10
LINE_WIDTH = 65


def conversation_html(
    messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]] = ()
) -> str:
    """A conversation, one block a turn; what instructs the model is folded, and so is reasoning.

    A call of a tool is a card in its turn, with the tool's answer folded in it. Pictures stand
    where they were sent; the page fetches them and nothing else.

    Args:
        messages: role and content each, and calls where there are some.
        tools: schemas of what the model may call; shown folded, before the first turn.
    """
    answers = answers_to_calls(messages)
    in_cards = {at for found in answers for at in found if at is not None}
    turns = (
        _turn(message, [None if to is None else messages[to] for to in answers[at]])
        for at, message in enumerate(messages)
        if at not in in_cards
    )
    return call_cards.tools_html(tools) + "".join(turns)


def answers_to_calls(messages: Sequence[Mapping[str, Any]]) -> list[list[int | None]]:
    """Where the tools' answers stand: for each message, an index for each of its calls.

    An answer is a later message of a tool that names the call; None where there is none.
    """
    named: dict[Any, list[int]] = {}
    for at, message in enumerate(messages):
        own = message.get("tool_call_id") if message["role"] == "tool" else None
        if own and isinstance(own, str):
            named.setdefault(own, []).append(at)
    found: list[list[int | None]] = []
    for at, message in enumerate(messages):
        found.append([])
        for call in calls_of(message):
            later = [to for to in named.get(call.id, ()) if to > at]
            found[-1].append(later[0] if later else None)
            if later:
                named[call.id].remove(later[0])
    return found


def reasoning_html(reasoning: str) -> str:
    """What led to a turn, folded; "" where nothing is told."""
    if not reasoning.strip():
        return ""
    told = f'<div class="lt-markdown">{markdown_html(reasoning)}</div>'
    return f'<details class="lt-reasoning"><summary>Reasoning</summary>{told}</details>'


def context_html(context: Mapping[str, Any], documents: Sequence[Mapping[str, Any]] = ()) -> str:
    """Facts as a table, then each document under its title: open where few and short, else folded.

    Args:
        context: names to facts; a fact that is no text is shown as JSON, an absent one left out.
        documents: title and text each.
    """
    facts = "".join(
        f"<tr><th>{escape(_title(name))}</th><td>{escape(readable(fact))}</td></tr>"
        for name, fact in context.items()
        if fact is not None
    )
    table = f'<table class="lt-facts"><tbody>{facts}</tbody></table>' if facts else ""
    unfolded = " open" if _fit(documents) else ""
    shown = "".join(
        f'<details class="lt-document"{unfolded}>'
        f"<summary>{escape(str(document['title']))}</summary>"
        f'<div class="lt-markdown">{markdown_html(str(document["text"]))}</div></details>'
        for document in documents
    )
    return f"<h5>Context</h5>{table}{shown}" if table or shown else ""


def markdown_html(text: str) -> str:
    """Markdown (CommonMark and tables) as HTML; HTML in it is shown, not obeyed."""
    html: str = _markdown().render(text)
    return html


def _fit(documents: Sequence[Mapping[str, Any]]) -> bool:
    """Whether documents are few and short enough to stand open beside the conversation."""
    texts = [str(document["text"]) for document in documents[: OPEN_DOCUMENTS + 1]]
    if len(texts) > OPEN_DOCUMENTS or sum(map(len, texts)) > OPEN_LINES * LINE_WIDTH:
        return False
    lines = [line for text in texts for line in text.strip().splitlines()]
    return sum(1 + (_width(line) - 1) // LINE_WIDTH for line in lines if line) <= OPEN_LINES


def _width(line: str) -> int:
    """The columns that a line takes; a Chinese, Japanese or Korean letter takes two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line)


def _title(name: object) -> str:
    return str(name).replace("_", " ")


def _turn(message: Mapping[str, Any], answers: Sequence[Mapping[str, Any] | None]) -> str:
    """One turn.

    Args:
        answers: to each of its calls.
    """
    role = escape(str(message["role"]))
    cards = [_card(call, answer) for call, answer in zip(calls_of(message), answers, strict=True)]
    said = reasoning_html(reasoning_of(message)) + _said(message, bool(cards)) + "".join(cards)
    if role in INSTRUCTION_ROLES:
        name = f'<summary class="lt-role">{role}</summary>'
        return f'<details class="lt-turn lt-system">{name}{said}</details>'
    return f'<div class="lt-turn lt-{role}"><div class="lt-role">{role}</div>{said}</div>'


def _said(message: Mapping[str, Any], calls: bool) -> str:
    """The words and pictures of a turn, in order; a turn that only calls tools has none."""
    content = message["content"]
    if isinstance(content, str):
        return "" if calls and not content.strip() else _words(message, content)
    return "".join(
        _words(message, text_of([part]))
        if part.get("type") == TEXT
        else "".join(map(picture_html, image_urls([part])))
        for part in parts_of(content)
    )


def _words(message: Mapping[str, Any], text: str) -> str:
    if message["role"] == "assistant":
        return f'<div class="lt-markdown">{markdown_html(text)}</div>'
    return f'<div class="lt-verbatim">{escape(text)}</div>'


def _card(call: ToolCall, answer: Mapping[str, Any] | None) -> str:
    if answer is None:
        return call_cards.call_html(call)
    seen = "".join(map(picture_html, image_urls(answer["content"])))
    return call_cards.call_html(call, text_of(answer["content"]), seen)


@functools.cache
def _markdown() -> MarkdownIt:
    # no images: opening a task must not fetch anything
    return (
        MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable("image")
    )
