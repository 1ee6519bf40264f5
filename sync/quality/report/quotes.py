"""Texts of a project as a page may quote them: short, and nothing in them is a command.

The page's template escapes HTML. What is left are characters that act without being seen: control
characters, which browsers drop or refuse, and those that turn the direction of what follows, by
which a text could be made to read as another.
"""

import re
import sys
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from label_configs import Interface
from sync.common.task_texts import turns
from sync.records import LabelledRecord

# characters of a question and of an answer that a page shows
QUESTION, ANSWER = 240, 360
_INSTEAD = "\N{REPLACEMENT CHARACTER}"
_CUT = "\N{HORIZONTAL ELLIPSIS}"
# embeddings, overrides and isolates of direction; each quotation has an element of its own instead
_TURNING = dict.fromkeys((*range(8234, 8239), *range(8294, 8298)))
_CONTROL = {
    code: _INSTEAD
    for code in (*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
    if chr(code) not in "\t\n"
}
# line breaks that are none to HTML, and the end of a text to some programs
_BREAKS = {0x2028: "\n", 0x2029: "\n"}
_HARMLESS = {**_CONTROL, **_TURNING, **_BREAKS}
_BLANK_LINES = re.compile(r"\s*\n\s*\n\s*")
_JOINER = "\N{ZERO WIDTH JOINER}"


@dataclass(frozen=True, slots=True)
class TaskQuote:
    """What a task asks and what was answered, each as a page may show it; empty where unknown."""

    question: str = ""
    answer: str = ""


def harmless(text: object, most: int = sys.maxsize) -> str:
    """A text as a page may show it.

    Args:
        most: characters; what is longer ends with an ellipsis, between two words where it can.
    """
    said = str(text)
    # only what may be shown is looked at; a little more, since blank lines become one
    said = said[: most * 2 + 100] if len(said) > most * 2 + 100 else said
    said = calmed(_BLANK_LINES.sub("\n", said.replace("\r\n", "\n").strip()))
    return said if len(said) <= most else _cut(said, most)


def calmed(text: str) -> str:
    """A text of any length without the characters that act unseen."""
    return text.translate(_HARMLESS)


def one_line(text: object, most: int = 80) -> str:
    """The same as one line, as for a label."""
    return " ".join(harmless(text, most).split())


def quote_of(record: LabelledRecord, interface: Interface[Any]) -> TaskQuote:
    """The question of a finished task and its answer."""
    return TaskQuote(question_of(record.data), harmless(interface.answer(record.record), ANSWER))


def question_of(data: Mapping[str, Any]) -> str:
    """What a task's user said last."""
    said = [said for role, said in turns(data) if role == "user"]
    return harmless(said[-1] if said else "", QUESTION)


def _cut(text: str, most: int) -> str:
    """Cut before a word, or else before a character that stands alone."""
    end = most - 1
    word = max(text.rfind(" ", end - 24, end + 1), text.rfind("\n", end - 24, end + 1))
    if word > 0:
        return text[:word].rstrip() + _CUT
    while end > 0 and _continues(text, end):
        end -= 1
    return text[: end or most - 1] + _CUT


def _continues(text: str, place: int) -> bool:
    """Whether a character is drawn as one with that before it: an accent, a part of an emoji."""
    joined = _JOINER in (text[place], text[place - 1])
    return joined or unicodedata.category(text[place]) in ("Mn", "Me", "Mc")
