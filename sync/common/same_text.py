"""Which texts are the same to a reader: everywhere where prompts are compared as a whole.

White space between two words is one space, however it is written; none is not a space. Indentation
counts, which is how code and lists are read, and what stands in a code fence stays as it is.
Digits, punctuation, their places and case count.
"""

import re
import unicodedata
from collections.abc import Sequence

# in lists and quotations, too; one that is never closed goes to the end
_FENCED = re.compile(r"^[ \t>]*(`{3,}|~{3,}).*?(?:^[ \t>]*\1|\Z)", re.DOTALL | re.MULTILINE)
# nobody writes it; with its spaces, one at the border of a text beside it stands twice
_BETWEEN = " |~^~| "


def as_read(text: str) -> str:
    """A form of a text that is equal for texts that are the same to a reader."""
    if is_plain(text):
        return text
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if "```" not in text and "~~~" not in text:
        return _collapsed(text)
    parts, end = [], 0
    for fence in _FENCED.finditer(text):
        parts += [_collapsed(text[end : fence.start()]), fence[0].strip()]
        end = fence.end()
    return "\n".join(filter(None, [*parts, _collapsed(text[end:])]))


def all_as_read(texts: Sequence[str]) -> str:
    """`as_read` of several texts as one, in which each end counts; nothing where all are blank."""
    if not is_said(texts):
        return ""
    whole = _BETWEEN.join(texts)
    # so that a long conversation is looked at once and not turn by turn
    return whole if is_plain(whole) else _BETWEEN.join(map(as_read, texts))


def is_said(texts: Sequence[str]) -> bool:
    """Whether one of them is more than white space."""
    return any(text and not text.isspace() for text in texts)


def is_plain(text: str) -> bool:
    """Whether `as_read` would leave a text as it is."""
    # single spaces between words are the only white space, since no other is printable
    return (
        text.isprintable()
        and "  " not in text
        and not text.startswith(" ")
        and not text.endswith(" ")
        and (text.isascii() or unicodedata.is_normalized("NFC", text))
    )


def _collapsed(text: str) -> str:
    if "\n  " not in text and "\n\t" not in text:
        return " ".join(text.split())
    found = ""
    for line in text.split("\n"):
        bare = " ".join(line.split())
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        between = f"\n{indent}" if len(indent) > 1 or "\t" in indent else " "
        if bare:
            found += f"{between if found else ''}{bare}"
    return found
