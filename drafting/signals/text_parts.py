"""The sentences and words of a text, in whatever language and script it is."""

import functools
import re
import unicodedata

# full stops of Latin, Greek and Cyrillic texts need a blank after them, or they would cut numbers
# and addresses; those of scripts that do without blanks don't
_ENDS = re.compile(
    r"(?<=[.!?;\u2026\u061f\u06d4\u0589])[\"'\u201d\u2019)\]*_]*\s+|(?<=[\u3002\uff01\uff1f\u0964\u0965\u104b\u1362])|\n+"
)
_INSIDE = "'\u2019-"  # of words


def sentences(text: str) -> list[str]:
    """The sentences and lines of a text that hold a letter or a digit, in order."""
    parts = (part.strip() for part in _ENDS.split(text))
    return [part for part in parts if any(map(str.isalnum, part))]


def words(text: str) -> list[str]:
    """The words of a text without case; what stands between blanks, where a script has blanks."""
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    parted = "".join(c if c in _INSIDE or _is_of_word(c) else " " for c in plain)
    return [word for part in parted.split() if (word := part.strip(_INSIDE))]


@functools.cache
def _is_of_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"  # marks are vowels in many scripts
