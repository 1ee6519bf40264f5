"""Tells what a number is by the words beside it.

A number alone is ambiguous: nine digits may be a phone, an order or a sum. The nearest cue before
it decides, or the one right after it, as in `21 284 698 office`.
"""

import re
from enum import Enum

from sync.intake.redaction.recognisers import cue_words as words
from sync.intake.redaction.recognisers.writing import AFTER, BEFORE


class Cue(Enum):
    """The kind of number that the nearest word announces."""

    PHONE = "phone"
    CARD = "card"
    SSN = "ssn"
    IBAN = "iban"
    OTHER = "other"


# further back than this a word says nothing about the number
_REACH = 60

_WORDS = {
    Cue.PHONE: words.PHONE,
    Cue.CARD: words.CARD,
    Cue.SSN: words.SSN,
    Cue.IBAN: words.IBAN,
    Cue.OTHER: words.OTHER,
}
_BEYOND = {
    Cue.PHONE: words.PHONE_BEYOND,
    Cue.CARD: words.CARD_BEYOND,
    Cue.OTHER: words.OTHER_BEYOND,
}
_GLUED = {Cue.PHONE: words.PHONE_GLUED, Cue.CARD: words.CARD_GLUED, Cue.OTHER: words.OTHER_GLUED}


def _kind(cue: Cue) -> str:
    """A named group of a kind's words; a word in Latin letters may touch Han and the like."""
    patterns = [f"{BEFORE}(?:{_WORDS[cue]}){AFTER}"]
    if cue in _BEYOND:
        patterns.append(rf"(?<![^\W\d_])(?:{_BEYOND[cue]})(?![^\W\d_])")
    patterns += filter(None, [_GLUED.get(cue)])
    return f"(?P<{cue.name}>{'|'.join(patterns)})"


# so that one search gives the nearest of all kinds
_IN_ASCII = re.compile(
    "|".join(rf"(?P<{cue.name}>\b(?:{found})\b)" for cue, found in _WORDS.items()), re.IGNORECASE
)
_IN_ANY = re.compile("|".join(map(_kind, _WORDS)), re.IGNORECASE)
_AFTER = re.compile(
    r"\s{0,2}[-\u2013,(]?\s?(?:\w+\s)?(?:phone|telephone|mobile|cell|fax|office|desk|home|landline)\b"
    rf"|[^\W\d]{{0,6}}(?:{words.PHONE_BEHIND})",
    re.IGNORECASE,
)


def cue_of(text: str, start: int, end: int) -> Cue | None:
    """The kind that the words around `text[start:end]` announce; None where none does.

    Words before another number belong to that number and are not looked at.
    """
    before = text[max(0, start - _REACH) : start]
    stretch = re.split(r"[\d<>]", before)[-1]
    nearest = None
    search = _IN_ASCII if stretch.isascii() else _IN_ANY
    for match in search.finditer(stretch):
        nearest = Cue[match.lastgroup or ""]
    if nearest is None and _AFTER.match(text, end):
        return Cue.PHONE
    return nearest
