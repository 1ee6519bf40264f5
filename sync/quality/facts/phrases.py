"""A phrase in a text: the same words, but for typing errors within them.

A word that is missing, added or another makes it another phrase, above all a number and a negation.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, groupby, product

from rapidfuzz.distance import Indel, Levenshtein
from rapidfuzz.fuzz import partial_ratio_alignment, ratio

# struck out, or seen by nobody: comments, tags, the addresses of links
_UNSEEN = re.compile(
    r"~~[^~\n]+~~|<!--.*?(?:-->|\Z)|</?[a-zA-Z][^<>\n]{0,200}>|(?<=\])\([^()\s]*\)", re.S
)
# each sign of a script without blanks is a word
_WORD = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|"
    r"(?:(?![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff])[^\W_])+"
)
_SHORT_FORMS = (
    (re.compile(r"\b(can|could|do|does|did|is|are|was|were|has|have|had|should|would|must|need)"
                r"(?:n['’]t|not)\b", re.IGNORECASE), r"\1 not"),
    (re.compile(r"\bcan['’]t\b", re.IGNORECASE), "can not"),
    (re.compile(r"\bwon['’]t\b", re.IGNORECASE), "will not"),
)  # fmt: skip
_NEGATIONS_TEXT = (
    "no not never none nothing nor neither without cannot nicht kein keine keinen keiner keinerlei "
    "nie niemals ohne ne pas jamais aucun aucune sans nunca ningún ninguna sin non mai senza niet "
    "geen nooit zonder não nunca sem nie bez не нет без"
)
_NEGATIONS = frozenset(_NEGATIONS_TEXT.split())
_ARTICLES = frozenset({"a", "an", "the"})
# before and behind a phrase that a sentence takes back
_DENIED = re.compile(
    r"\b(?:(?:not|n['’]t|never|no longer|untrue|false|wrong|incorrect|myth|nobody|without)\b"
    r"[^.!?\n]{0,40}\b(?:that|says?|said|saying|states?|stating|claim\w*|true|means?|think|believe|"
    r"holds?|add\w*|mention\w*|write|include)\b[^.!?\n:;]{0,25}$"
    r"|(?:ignore|disregard|forget|skip)\b[^.!?\n]{0,25}$)",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(
    r"^[\"'”’*_»]{0,3},? (?:(?:is|was|were|are) (?:not|no longer|untrue|wrong|false|outdated)"
    r"|does not (?:hold|apply)|no longer (?:holds?|applies|apply))\b",
    re.IGNORECASE,
)
# how alike a word of some length is to itself with a typing error
_TYPING = 0.78
_LEAST_LETTERS = 4
_EXACT, _SEARCHED = 90.0, 10.0
_BEFORE, _AFTER = 90, 40


@dataclass(frozen=True)
class PhraseWords:
    """A text's words in lower case, and where each stands."""

    text: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @cached_property
    def plain(self) -> str:
        """With one blank between them."""
        return " ".join(self.words)

    @cached_property
    def at(self) -> list[int]:
        """Where each word starts in `plain`."""
        return [0, *accumulate(len(word) + 1 for word in self.words)][: len(self.words)]


@lru_cache(maxsize=256)
def phrase_words(text: str) -> PhraseWords:
    """The words of a text that can be seen."""
    text = _UNSEEN.sub(" ", unicodedata.normalize("NFKC", text))
    for form, full in _SHORT_FORMS:
        text = form.sub(full, text)
    found = [*_WORD.finditer(text)]
    return PhraseWords(
        text,
        tuple(match[0].casefold() for match in found),
        tuple(match.start() for match in found),
        tuple(match.end() for match in found),
    )


def holds_phrase(answer: PhraseWords, phrase: PhraseWords, at_least: float) -> bool:
    """Whether a phrase stands in a text and means what it says there.

    Args:
        at_least: how alike, in (0, 100]; below 90 words may differ, but no number or negation.
    """
    return any(
        not _is_denied(answer, first, last)
        for first, last in _places(answer, phrase, at_least)
        if is_same_phrase(phrase.words, answer.words[first:last], exact=at_least >= _EXACT)
    )


def _places(answer: PhraseWords, phrase: PhraseWords, at_least: float) -> Iterator[tuple[int, int]]:
    """Runs of words as alike as is wanted: every one that is the same, or else the likeliest."""
    said, wanted = f" {answer.plain} ", f" {phrase.plain} "
    at = said.find(wanted)
    is_there = at >= 0
    while at >= 0:
        first = bisect_right(answer.at, at) - 1
        yield first, first + len(phrase.words)
        at = said.find(wanted, at + 1)
    if is_there or len(answer.plain) < len(phrase.plain) * at_least / 100:
        return
    found = partial_ratio_alignment(
        phrase.plain, answer.plain, score_cutoff=max(1.0, at_least - _SEARCHED)
    )
    if found is None or not answer.words:
        return
    first = bisect_right(answer.at, found.dest_start) - 1
    last = bisect_right(answer.at, max(found.dest_start, found.dest_end - 1))
    ranges = [
        (a, b)
        for a, b in product(range(first - 1, first + 2), range(last - 1, last + 2))
        if 0 <= a < b <= len(answer.words)
    ]
    best = max(ranges, key=lambda one: ratio(phrase.plain, " ".join(answer.words[slice(*one)])))
    if ratio(_letters(phrase.words), _letters(answer.words[slice(*best)])) >= at_least:
        yield best


def _letters(words: Sequence[str]) -> str:
    """Words in one, without their articles."""
    return "".join(word for word in words if word not in _ARTICLES)


def is_same_phrase(phrase: Sequence[str], other: Sequence[str], *, exact: bool) -> bool:
    """Whether two runs of words are one, but for typing errors.

    Args:
        exact: whether every word must be there.
    """
    if _weights(phrase) != _weights(other):
        return False
    if not exact:
        return True
    return all(
        _is_typing_error(_letters(some), _letters(others))
        for some, others in _changed(phrase, other)
    )


def _changed(
    phrase: Sequence[str], other: Sequence[str]
) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """The runs of words in which two differ."""
    operations = Levenshtein.opcodes(phrase, other)
    for same, run in groupby(operations, key=lambda operation: operation.tag == "equal"):
        if not same:
            first, *rest = run
            last = rest[-1] if rest else first
            yield phrase[first.src_start : last.src_end], other[first.dest_start : last.dest_end]


def _weights(words: Sequence[str]) -> tuple[list[str], int]:
    """What turns the meaning: numbers, and how many negations there are."""
    numbers = [word for word in words if any(char.isdecimal() for char in word)]
    return numbers, sum(word in _NEGATIONS for word in words)


def _is_typing_error(one: str, other: str) -> bool:
    if one == other or (one in _NEGATIONS and other in _NEGATIONS):
        return True
    if min(len(one), len(other)) < _LEAST_LETTERS:
        return False
    short, long = sorted((one, other), key=len)
    # legal and illegal
    if long.endswith(short) and len(long) - len(short) >= 2:
        return False
    return Indel.normalized_similarity(one, other) >= _TYPING


def _is_denied(answer: PhraseWords, first: int, last: int) -> bool:
    start, end = answer.starts[first], answer.ends[last - 1]
    before, after = answer.text[max(0, start - _BEFORE) : start], answer.text[end : end + _AFTER]
    return _DENIED.search(before) is not None or _DENIED_AFTER.match(after) is not None
