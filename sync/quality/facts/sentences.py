"""Sentences of a text, and the words in them that carry its meaning."""

import re
from collections.abc import Iterator
from functools import lru_cache

# what may end a sentence
_END = re.compile(r"[.!?؟।][\"'”’)\]*_]*\s+|[。！？][”’」）]*|\n+")
# after these, and after an initial, a stop ends none
_ABBREVIATED = re.compile(
    r"\b(?:[A-Z]|Dr|Mr|Ms|Mrs|Prof|vs|cf|St|No|Nr|ca|al|bzw|Fig|approx|e\.g|i\.e|z\.B)$"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_STOP_WORDS_WORDS = (
    "a about above after again all also am an and any are as at be because been before being "
    "below between both but by can could did do does doing down during each either else ever "
    "every few for from further had has have having he her here hers him his how however i if "
    "in into is it its just let ll may me might more most must my no nor not now of off on once "
    "only or other our ours out over own per please same shall she should so some such than "
    "that the their theirs them then there these they this those through thus to too under "
    "until up upon us very was we were what when where whether which while who whom whose why "
    "will with within without would yes yet you your yours don doesn didn isn aren wasn weren "
    "won can't cannot it's i'm"
)
STOP_WORDS = frozenset(_STOP_WORDS_WORDS.split())
_ALL_ENDINGS = (
    "ations ation ingly ities ments ment ness ions ings ies ing ion ity ied ers est ed es er ly "
    "al s e"
)
_ENDINGS = tuple(_ALL_ENDINGS.split())


def sentences(text: str) -> Iterator[str]:
    """Sentences and lines of a text, without the white space around them."""
    start = 0
    for end in _END.finditer(text):
        at = end.start()
        if text[at] == "." and _ABBREVIATED.search(text, max(0, at - 8), at):
            continue
        if sentence := text[start : end.end()].strip():
            yield sentence
        start = end.end()
    if rest := text[start:].strip():
        yield rest


def content_stems(text: str) -> frozenset[str]:
    """Stems of the words of a text that carry meaning, so that `paid` alone differs from `pays`."""
    return frozenset(
        stem(word)
        for word in _WORD.findall(text.casefold())
        if word not in STOP_WORDS and len(word) > 1
    )


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """A word without its English ending; of words of five letters and more."""
    word = word.replace("’", "'").removesuffix("'s")
    if not word.isascii():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
