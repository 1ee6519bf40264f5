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

from label_configs.content import INSTRUCTION_ROLES, text_of
from label_configs.context import readable

# documents that a task opens with: so many at most, and together so many lines of such a width,
# which is what the place for them shows at once beside a conversation
OPEN_DOCUMENTS = 2
OPEN_LINES = 10
LINE_WIDTH = 65


def conversation_html(messages: Sequence[Mapping[str, Any]]) -> str:
    """A conversation, one block a turn; a system message is folded.

    Args:
        messages: role and content each.
    """
    return "".join(_turn(message) for message in messages)


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


def _turn(message: Mapping[str, Any]) -> str:
    role, content = escape(str(message["role"])), text_of(message["content"])
    if role == "assistant":
        said = f'<div class="lt-markdown">{markdown_html(content)}</div>'
    else:
        said = f'<div class="lt-verbatim">{escape(content)}</div>'
    if role in INSTRUCTION_ROLES:
        name = f'<summary class="lt-role">{role}</summary>'
        return f'<details class="lt-turn lt-system">{name}{said}</details>'
    return f'<div class="lt-turn lt-{role}"><div class="lt-role">{role}</div>{said}</div>'


@functools.cache
def _markdown() -> MarkdownIt:
    # no images: opening a task must not fetch anything
    return (
        MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable("image")
    )
