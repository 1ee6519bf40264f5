"""Which texts are the same to a reader: everywhere where prompts are compared as a whole.

White space between two words is one space, however it is written; none is not a space. Indentation
counts, which is how code and lists are read, and what stands in a code fence stays as it is.
Digits, punctuation, their places and case count.
"""

import re
import unicodedata

# in lists and quotations, too; one that is never closed goes to the end
_FENCED = re.compile(r"^[ \t>]*(`{3,}|~{3,}).*?(?:^[ \t>]*\1|\Z)", re.DOTALL | re.MULTILINE)


def as_read(text: str) -> str:
    """Equal for texts that are the same to a reader."""
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    # most texts: no white space but single spaces between words, since no other is printable
    if text.isprintable() and "  " not in text and not (text[:1] == " " or text[-1:] == " "):
        return text
    if "```" not in text and "~~~" not in text:
        return _collapsed(text)
    parts, end = [], 0
    for fence in _FENCED.finditer(text):
        parts += [_collapsed(text[end : fence.start()]), fence[0].strip()]
        end = fence.end()
    return "\n".join(filter(None, [*parts, _collapsed(text[end:])]))


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
