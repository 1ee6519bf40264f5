"""Names in English text: words with a capital where a plain word would have none.

Careful rather than complete. A sentence's first word has a capital anyway, a heading has it in
every word, and in languages such as German every noun has one; none of these is taken for a name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sync.quality.facts.sentences import STOP_WORDS, sentences

_TITLE = r"(?:Dr|Mr|Mrs|Ms|Prof|Professor|Judge|Justice|Sir|Captain|Senator|Inc)\b\.?"
_WORD = r"[A-Z][a-z\u00df-\u00f6\u00f8-\u00ff]+(?:['’-][A-Z]?[a-z\u00df-\u00ff]+)*"
_NAME = re.compile(
    rf"(?<![\w.@/#&-])(?:(?P<title>{_TITLE})\s)?(?P<name>{_WORD}(?:\s(?:[A-Z]\.\s?|(?:de|van|von|of|the)"
    rf"\s(?=[A-Z]))*{_WORD})*)(?![\w@/-])"
)
# before a place, and before what is one of many: `in Denmark`, `the Gram stain`
_PLACE = re.compile(r"\b(?:in|of|the|an?|and|or|across|throughout|within|than|like)\s$")
_NEXT = re.compile(r"['’]?s?[ -]([a-z]+)")
_LOWER = re.compile(r"\b[a-z]{3,}")
# with a capital in plain text, and no names
_PLAIN_WORDS = (
    "i monday tuesday wednesday thursday friday saturday sunday january february march april "
    "may june july august september october november december jan feb mar apr jun jul aug sep "
    "sept oct nov dec english american british european asian african spanish german french "
    "italian chinese japanese indian western eastern northern southern internet web email god "
    "earth christmas easter north south east west step table figure section appendix chapter "
    "part page note yes no dear hello hi thanks thank sincerely regards best kind please sir "
    "madam customer support team option answer question united kingdom states nations union "
    "world republic trial registration subject headings clinical medical"
)
_PLAIN = frozenset(_PLAIN_WORDS.split())


@dataclass(frozen=True, slots=True)
class Name:
    """A name, and its words in lower case, without a title."""

    text: str
    words: tuple[str, ...]


def names_in(text: str) -> Iterator[Name]:
    """Names in the sentences of a text: after a title, or within a sentence."""
    for sentence in sentences(text):
        # a heading, a label or a shout has hardly a plain word
        if len(_LOWER.findall(sentence)) < 2:
            continue
        for match in _NAME.finditer(sentence):
            name = _without_first(sentence, match)
            words = tuple(
                word.casefold() for word in re.findall(r"[^\W\d_]{2,}", name) if word[0].isupper()
            )
            if not words or any(word in _PLAIN for word in words):
                continue
            alone = len(words[-1]) > 2 and _stands_alone(sentence, match)
            if len(words) > 1 or match["title"] or alone:
                yield Name(f"{match['title'] or ''} {name}".strip(), words)


def _stands_alone(sentence: str, match: re.Match[str]) -> bool:
    """Whether a single word is someone: not a place that one is in, nor said of another word."""
    if _PLACE.search(sentence, max(0, match.start() - 12), match.start()):
        return False
    after = _NEXT.match(sentence, match.end())
    return after is None or after[1] in STOP_WORDS


def _without_first(sentence: str, match: re.Match[str]) -> str:
    """The name, less a first word that has its capital since a sentence or a clause begins."""
    name = match["name"]
    if match["title"]:
        return name
    before = sentence[: match.start()].rstrip()
    begins = not before or before[-1] in ".:;!?*_\"'“‘(•|>-–—" or before[-1].isdigit()
    return name.partition(" ")[2] if begins else name
