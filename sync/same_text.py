"""Which texts are the same to a reader: everywhere where prompts are compared as a whole.

White space between two words is one space, however it is written; none is not a space, and what
stands in a code fence stays as it is. Digits, punctuation, their places and case count.
"""

import re
import unicodedata

# in lists and quotations, too; one that is never closed goes to the end
_FENCED = re.compile(r"^[ \t>]*(`{3,}|~{3,}).*?(?:^[ \t>]*\1|\Z)", re.DOTALL | re.MULTILINE)


def as_read(text: str) -> str:
    """Equal for texts that are the same to a reader."""
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if "```" not in text and "~~~" not in text:
        return " ".join(text.split())
    parts, end = [], 0
    for fence in _FENCED.finditer(text):
        parts += [" ".join(text[end : fence.start()].split()), fence[0].strip()]
        end = fence.end()
    return "\n".join(filter(None, [*parts, " ".join(text[end:].split())]))


def without_case(text: str) -> str:
    """Equal for texts that differ in case at most: a hint, since `fooBar` is not `foobar`."""
    return as_read(text.casefold())
