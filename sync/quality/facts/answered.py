"""Which parts of a question an answer leaves out.

An answer says the same in other words, so that a part's own words are not in it proves little. It
counts where the answer has no amount, number or time though the part asks for one, where every
sentence of it belongs to another part, or where it has fewer sentences than there are parts.
"""

import re
from collections.abc import Iterator, Sequence

from sync.quality.facts.asked import AskedPart
from sync.quality.facts.asked_words import concepts, gives, kind_asked
from sync.quality.facts.sentences import STOP_WORDS, sentences

_UNITS = re.compile(r";\s+|,\s+(?:and|but|so)\s+(?=\w+\s+\w+)|\s+[–—-]\s+")
_COURTESY = re.compile(
    r"^\W*(?:hi|hello|dear|thanks?|thank you|we hope|i hope|hope (?:this|that)|let (?:me|us) know|feel free|please (?:let|feel "
    r"free)|best|kind regards|regards|sincerely|(?:i['’]m|we['’]re) (?:happy|glad|sorry)|(?:we|i) apologi[sz]e|sorry|great "
    r"question|good question|happy to help|if you have (?:any )?(?:further|more|other)|don['’]t hesitate|have a|yours|your \w+ "
    r"team|sure\W*$|of course\W*$|certainly\W*$|yes\W*$|no\W*$)",
    re.IGNORECASE,
)
# one sentence for every part
_ALL = re.compile(
    r"\W*(?:yes|no|both|all|neither|none|either|the answer is|answer:|not |unfortunately|i (?:don['’]t|can['’]t|do not|cannot)|"
    r"we (?:don['’]t|can['’]t|do not|cannot)|#)|\W*[\w$€£.,%-]+\W*$",
    re.IGNORECASE,
)
_LONG = 60  # words of an answer from which on it would name what it speaks of
_LITTLE_WORDS = 0.25  # of the words of an English question at least
_FEW = 2  # words of a part, of which one is enough


def unanswered(parts: Sequence[AskedPart], answer: str) -> list[AskedPart]:
    """The parts of which an answer says nothing, where it speaks of others."""
    units = list(_units(answer))
    said = [concepts(unit) for unit in units]
    everything = concepts(answer)
    asked = [part for part in parts if part.own or kind_asked(part.text)]
    english = _is_english(parts)
    named = [part for part in asked if _is_named(part, everything, english)]
    silent = [part for part in asked if part not in named and not part.is_problem]
    lacking = [part for part in silent if not _gives(part, answer)]
    if not silent or not units:
        return []
    if english and len(units) < len(parts) and not _ALL.match(units[0]):
        return lacking[-1:] or silent[-1:]
    if english and lacking and _sentences(answer) < len(parts) and not _ALL.match(units[0]):
        return lacking[-1:]
    of_a_kind = [part for part in lacking if kind_asked(part.text)]
    if not named:
        return of_a_kind if len(of_a_kind) < len(parts) else []
    free = sum(not any(_is_named(part, each, english) for part in parts) for each in said)
    long = len(answer.split()) >= _LONG
    return [part for part in lacking if part in of_a_kind or free < len(lacking) or long]


def _is_named(part: AskedPart, words: frozenset[str], english: bool) -> bool:
    """Whether some of a part's own words are said; of many words more than one in three.

    Args:
        english: else its little words are taken for its own, and one word is enough.
    """
    least = len(part.own) / 3 if english and len(part.own) > _FEW else 0
    return len(part.own & words) > least


def _is_english(parts: Sequence[AskedPart]) -> bool:
    words = re.findall(r"[^\W\d_]+", " ".join(part.text for part in parts).casefold())
    return sum(word in STOP_WORDS for word in words) >= _LITTLE_WORDS * len(words)


def _gives(part: AskedPart, answer: str) -> bool:
    kind = kind_asked(part.text)
    return bool(kind) and gives(kind, part.text, answer)


def _sentences(answer: str) -> int:
    return sum(_COURTESY.match(sentence) is None for sentence in sentences(answer))


def _units(answer: str) -> Iterator[str]:
    """Sentences and clauses that say something."""
    for sentence in sentences(answer):
        if not _COURTESY.match(sentence):
            yield from (
                unit for unit in _UNITS.split(sentence) if len(unit.split()) > 1 or unit == sentence
            )
