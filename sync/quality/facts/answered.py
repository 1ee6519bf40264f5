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
_FURTHER = re.compile(
    r"\b(?:also|another (?:thing|question)|by the way|btw|besides|additionally|in addition)\b",
    re.IGNORECASE,
)
# of a sentence that goes on from the one before it
_GOES_ON = re.compile(
    r"\W*(?:it|its|they|their|them|this|that|these|those|he|she|there|then|after that|afterwards|otherwise|both|such|if (?:not|so)|"
    r"once (?:done|you have)|also|as well)\b|.*\b(?:of (?:it|them)|its|their)\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"\band (?:it|they|you|we|is|are|will|can|may|must|goes|arrives|comes|costs|takes|needs|has|was)\b",
    re.IGNORECASE,
)
_LONG = 60  # words of an answer from which on it would name what it speaks of
_LITTLE_WORDS = 0.25  # of the words of an English question at least
_NAMING = 1 / 3  # of a part's own words, above which it is named
_FEW = 2  # words of a part, of which one is enough


def unanswered(parts: Sequence[AskedPart], answer: str) -> list[AskedPart]:
    """The parts of which an answer says nothing, where it speaks of others."""
    units = list(_units(answer))
    everything = concepts(answer)
    asked = [part for part in parts if part.own or kind_asked(part.text)]
    english = _is_english(parts)
    named = [part for part in asked if _is_named(part, everything, english)]
    silent = [part for part in asked if part not in named and not part.is_problem]
    told = [part for part in asked if part not in named and part.is_problem]
    lacking = [part for part in silent if not _gives(part, answer)]
    if not units:
        return []
    further = any(_FURTHER.search(part.text) for part in parts)
    if told and further and not lacking and not _free(units, parts, english):
        has_words = (part for part in told if len(part.own) >= _FEW)
        return [part for part in has_words if not any(map(str.isdigit, part.text))][:1]
    if not silent:
        return []
    joined = len(_CLAUSE.findall(answer))
    if english and len(units) + joined < len(parts) and not _ALL.match(units[0]):
        return lacking[-1:] or silent[-1:]
    if (
        english
        and lacking
        and _sentences(answer) + joined < len(parts)
        and not _ALL.match(units[0])
    ):
        return lacking[-1:]
    of_a_kind = [part for part in lacking if kind_asked(part.text)]
    if not named:
        return of_a_kind if len(of_a_kind) < len(parts) else []
    free = len(_free(units, parts, english)) + joined
    long = len(answer.split()) >= _LONG
    return [part for part in lacking if part in of_a_kind or free < len(lacking) or long]


def undecided(parts: Sequence[AskedPart], answer: str) -> tuple[list[AskedPart], list[str]]:
    """The parts that words neither find in an answer nor miss there, and what it says.

    Returns:
        Parts none of whose own words are said, where there are sentences enough for all of them;
        and the sentences.
    """
    units = list(_units(answer))
    english = _is_english(parts)
    if not english or len(units) < len(parts):
        return [], []
    said = [sentence for sentence in sentences(answer) if not _COURTESY.match(sentence)]
    everything = concepts(answer)
    open_ones = [
        part
        for part in parts
        if not (part.is_problem or _is_named(part, everything, english) or _gives(part, answer))
    ]
    return open_ones, said


def _free(units: Sequence[str], parts: Sequence[AskedPart], english: bool) -> list[str]:
    """The units that belong to no part: they name none, and don't go on from one that does.

    A unit goes on where it begins with a word such as `it`, or has a word of the one before it.
    """
    free: list[str] = []
    before: frozenset[str] | None = None
    for unit in units:
        said = concepts(unit)
        if any(_belongs(unit, said, part, english) for part in parts):
            before = said
        elif before is not None and (_GOES_ON.match(unit) or said & before):
            before |= said
        else:
            free.append(unit)
            before = None
    return free


def _belongs(unit: str, said: frozenset[str], part: AskedPart, english: bool) -> bool:
    """Whether a unit has one of a part's own words, or the amount, number or time that it asks for."""
    own = frozenset(word for word in part.own if not word[0].isdigit())
    return bool(own & said) or (english and _gives(part, unit))


def _is_named(part: AskedPart, words: frozenset[str], english: bool) -> bool:
    """Whether some of a part's own words are said; of many words more than one in three.

    Args:
        english: else its little words are taken for its own, and one word is enough.
    """
    # a number such as a version stands with whatever is said of it
    own = frozenset(word for word in part.own if not word[0].isdigit()) or part.own
    least = len(own) * _NAMING if english and len(own) > _FEW else 0
    return len(own & words) > least


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
