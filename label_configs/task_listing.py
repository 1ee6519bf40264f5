"""What Label Studio's table of tasks says of a task: a line of words in place of JSON.

Nothing reads these fields but people. They are made of fields that a task holds anyway, so they
are no input of a draft and no part of what a source says.
"""

import functools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from label_configs.content import PICTURE, image_urls, text_of

# Label Studio shows the names as they are, as titles of columns
LAST_QUESTION = "last_question"
CATEGORISED_AS = "categorised_as"

# columns of a question's line; three lines of the table
WIDTH = 160
# what is looked at of a long message: enough for the line, however much Markdown is in it
_HEAD = 800
# a line or a text that may hold more than its words
_MARKUP = re.compile(r"[*_`\[\]\\<&~|]|^\s*(?:[#>+=-]|\d+[.)]\s)", re.MULTILINE)
# what no page shows, and what turns writing around
_UNSEEN = dict.fromkeys(
    (*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), " "
)
_JOINER = "\u200d"
_CUT = "…"


def last_question(messages: Sequence[Mapping[str, Any]]) -> str:
    """What the user said last, in one line; empty where the user says nothing.

    A picture without words is `[picture]`.

    Args:
        messages: role and content each.
    """
    said = (message for message in reversed(messages) if message["role"] == "user")
    last = next(said, None)
    if last is None:
        return ""
    said_last = text_of(last["content"])
    pictures = PICTURE * bool(image_urls(last["content"]))
    return one_line(said_last) if said_last.strip() else pictures


def one_line(text: str, width: int = WIDTH) -> str:
    """A text without line breaks and Markdown, cut to some columns, between words if possible.

    Args:
        width: at most; a Chinese, Japanese or Korean letter takes two.
    """
    head = text[:_HEAD]
    words = _flat(head)
    if _MARKUP.search(head):
        words = _flat(" ".join(_said(_markdown().parse(head)))) or words
    return _cut(words, width, more=len(text) > _HEAD)


def _said(tokens: Sequence[Token]) -> Iterator[str]:
    """The words of Markdown, block by block; the number of an item is one of its words."""
    for token in tokens:
        if token.type == "inline":
            yield "".join(_inline(token.children or ()))
        elif token.type in ("fence", "code_block"):
            yield token.content
        elif token.type == "list_item_open" and token.info:
            yield f"{token.info}{token.markup}"


def _inline(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        yield " " if token.type in ("softbreak", "hardbreak") else token.content


def _flat(text: str) -> str:
    """All white space as single spaces."""
    return " ".join(text.translate(_UNSEEN).split())


def _cut(text: str, width: int, *, more: bool) -> str:
    """The text, or its beginning and a sign that it goes on.

    Args:
        more: whether it goes on in any case.
    """
    at = _fitting(text, width)
    if at == len(text):
        return text + _CUT if more else text
    at = _between_letters(text, at)
    space = text.rfind(" ", 0, at + 1)
    return text[: space if space > at // 2 else at].rstrip() + _CUT


def _fitting(text: str, width: int) -> int:
    """How many characters fit."""
    if text.isascii():
        return min(len(text), width)
    columns = 0
    for at, letter in enumerate(text):
        columns += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if columns > width:
            return at
    return len(text)


def _between_letters(text: str, at: int) -> int:
    """The last place up to `at` at which no accent, emoji or flag is torn apart."""
    while at > 1 and (_continues(text[at]) or text[at - 1] == _JOINER):
        at -= 1
    flags = 0
    while flags < at and _is_half_a_flag(text[at - flags - 1]):
        flags += 1
    return at - 1 if flags % 2 and _is_half_a_flag(text[at]) else at


def _continues(letter: str) -> bool:
    is_skin = "\U0001f3fb" <= letter <= "\U0001f3ff"
    return letter == _JOINER or is_skin or unicodedata.category(letter).startswith("M")


def _is_half_a_flag(letter: str) -> bool:
    return "\U0001f1e6" <= letter <= "\U0001f1ff"


@functools.cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")
