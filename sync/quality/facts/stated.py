"""Which numbers of an answer state something about the world.

Marks of a list, numbers of steps, tables and sources, years of citations, code and addresses don't;
nor do small counts of what the answer lists itself.
"""

import re
from collections.abc import Iterator

from drafting.sums.number_words import spelled_numbers
from drafting.sums.numbers import PERCENT, NumberInText, NumberRead, numbers_in, unit_of
from drafting.sums.unit_names import COUNTED_UNITS

_NOT_SAID = re.compile(
    r"^[ \t>]*(?P<fence>`{3,}|~{3,}).*?(?:^[ \t>]*(?P=fence)|\Z)"
    r"|`[^`\n]+`"
    r"|\b(?:https?://|www\.|doi:|10\.\d{4,}/)\S+|(?<!\S)[^\s@]*@\S+"
    r"|\b(?:PMID|PMC|ISBN|DOI|NCT)[: ]?\s?[\d-]+"
    r"|\[\d[\d,;–\- ]*\]|\(\d{1,2}\)|\^\d+"
    # (Smith, 2019; Lee et al. 2020) · Smith et al. (2019)
    r"|\((?:e\.g\.,? |see )?[A-Z][^()\d]{1,60}(?:1[89]|20)\d\d[a-z]?(?:[;,][^()]{1,120})?\)"
    r"|\bet al\.?,? \(?(?:1[89]|20)\d\d[a-z]?\)?"
    # J Med 2016; 16(2): 1138-1144
    r"|\b(?:1[89]|20)\d\d ?; ?\d+(?: ?\(\d+\))?: ?\w?\d+(?:[-–]\w?\d+)?"
    r"|\b(?:e\. ?g\.|for example|for instance|such as|z\. ?B\.),? [^.;)]*"
    # marks of a list, also within a line
    r"|^[ \t>*_#|-]*\(?\d{1,3}[.):](?=[ \t*_])"
    r"|(?<=[;:,.] )\(?\d{1,2}\)(?=\s)"
    r"|<<[^<>]*>>|\b24/7\b",
    re.DOTALL | re.MULTILINE,
)
_LABEL = re.compile(
    r"(?:\b(?:steps?|tables?|fig(?:ure|s)?|sections?|chapters?|parts?|pages?|pp?|nos?|numbers?|"
    r"questions?|items?|points?|phases?|types?|grades?|stages?|class(?:es)?|levels?|articles?|"
    r"clauses?|options?|answers?|rules?|appendix|notes?|lines?|refs?|references?|schedule|tier|"
    r"art|schritt|abschnitt|seite|abb)\b\.?|[§#№])\s?$",
    re.IGNORECASE,
)
# a cut-off, which an answer sets by data that its sources hold: <= 45 years, P < .05
_BOUND = re.compile(r"[<>≤≥](?:\s?(?:or\s?)?=)?\s?$")
# 21st, 4a
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|ème|º|ª|[a-f])\b")
_CONFIDENCE = re.compile(r"\s?(?:%|percent)\s(?:CI\b|confidence)")
_COUNTED = re.compile(
    r"[ -](?:(per ?cent)|(?:(?:working|business|calendar|consecutive|full|whole|more) )?"
    r"([^\W\d_]+))"
)
_LIKE_A_WORD = frozenset({"in", "of", "and", "to", "or", "is", "are", "was"})
_SMALL = 10.0
_SMALL_IN_WORDS = 12.0


def without_marks(text: str) -> str:
    """The text with spaces in place of what states nothing, so that places stay."""
    return _NOT_SAID.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"\S", " ", match[0])


def is_small(number: NumberInText) -> bool:
    """Whether a number is a small count of anything, which an answer may make itself."""
    small = all(r.value <= _SMALL and not r.decimals for r in number.readings)
    return small and number.of not in COUNTED_UNITS and number.of != PERCENT


def stated_numbers(text: str) -> Iterator[NumberInText]:
    """Numbers in digits that state something, small ones among them.

    Args:
        text: `without_marks`.
    """
    for number in numbers_in(text):
        if (
            number.glued
            or _BOUND.search(text, max(0, number.start - 8), number.start)
            or _ORDINAL.match(text, number.end)
            or _LABEL.search(text, max(0, number.start - 14), number.start)
            or _CONFIDENCE.match(text, number.end - 1 if number.of == PERCENT else number.end)
        ):
            continue
        yield number


def numbers_in_words(text: str) -> Iterator[NumberInText]:
    """Every number in English words."""
    for start, end, value in spelled_numbers(text):
        after = _COUNTED.match(text, end)
        of = PERCENT if after and after[1] else unit_of(after[2]) if after else ""
        readings = (NumberRead(value, 3 if value % 1 else 0),)
        yield NumberInText(start, end, text[start:end], readings, of, glued=False)


def states_in_words(number: NumberInText) -> bool:
    """Whether a number in words is more than a small count, or is of a unit."""
    value = number.readings[0].value
    counts = number.of in COUNTED_UNITS - {"second", "time"} or number.of == PERCENT
    return value > _SMALL_IN_WORDS or counts
