"""The questions within a question, and whether an answer speaks of each."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sync.quality.facts.amounts import amounts_in
from sync.quality.facts.dates import dates_in
from sync.quality.facts.numbers import numbers_in
from sync.quality.facts.sentences import content_stems, sentences

_ASKING = (
    r"(?:what|how|when|where|why|who|which|can|could|do|does|did|is|are|will|would|should|may|am)"
)
_JOINED = re.compile(rf",?;?\s+(?:and|also|or)\s+(?:also\s+)?(?={_ASKING}\s+\w+)", re.IGNORECASE)
_LISTED = re.compile(r"^\s*(?:\(?\d{1,2}[.):]|[-*•]|\(?[a-h][.)])\s+(?=\S)")
_STARTS = re.compile(rf"^\W*(?:and |also |but |or )?{_ASKING}\b", re.IGNORECASE)
# words of asking that say nothing of what is asked
_EMPTY = content_stems(
    "need want know tell get like question help thing anything something someone people make take "
    "give much many long possible able explain please happen use work see go come find good best "
    "difference way ask one two first second lot really actually exactly still already"
)
_MONEY = re.compile(r"\bcosts?\b|\bprices?\b|\bfees?\b|\bcharges?\b|how much|\bpay\b", re.I)
_TIME = re.compile(
    r"\bwhen\b|how long|how soon|how often|\bdeadlines?\b|\bby what date\b|\bhours?\b", re.I
)
_COUNT = re.compile(r"\bhow (?:many|much|old|far|high|big|large)\b", re.I)
_TIME_SAID = re.compile(
    r"\b(?:minutes?|hours?|days?|weeks?|months?|years?|today|tomorrow|immediately|instantly|always|"
    r"never|daily|weekly|monthly|monday|tuesday|wednesday|thursday|friday|saturday|sunday|am|pm|"
    r"soon|once|twice|at once|right away|as soon as)\b",
    re.I,
)
_LEAST_STEMS = 1


@dataclass(frozen=True, slots=True)
class AskedPart:
    """One of several questions.

    Attributes:
        own: stems of words that no other part has.
    """

    text: str
    own: frozenset[str]


def asked_parts(question: str) -> list[AskedPart]:
    """The questions of a turn, where there are at least two; else none."""
    texts = list(_parts(question))
    if len(texts) < 2:
        return []
    stems = [content_stems(text) - _EMPTY for text in texts]
    return [
        AskedPart(text, own.difference(*(other for k, other in enumerate(stems) if k != i)))
        for i, (text, own) in enumerate(zip(texts, stems, strict=True))
    ]


def _parts(question: str) -> Iterator[str]:
    for sentence in sentences(question):
        listed = _LISTED.match(sentence)
        text = sentence[listed.end() :] if listed else sentence
        if text.rstrip("\"'”)* ").endswith(("?", "？", "؟")):
            yield from (part.strip() for part in _JOINED.split(text) if _is_question(part))
        elif listed and _STARTS.match(text):
            yield text


def _is_question(part: str) -> bool:
    return len(part.split()) > 1 or "？" in part or "؟" in part


def unanswered(parts: Sequence[AskedPart], answer: str) -> list[AskedPart]:
    """The parts of which an answer says nothing, where it speaks of others.

    A part is spoken of where one of its own words stands in the answer, or what it asks for: an
    amount, a time, a number.
    """
    said = content_stems(answer)
    silent = [part for part in parts if len(part.own) >= _LEAST_STEMS and not part.own & said]
    silent = [part for part in silent if not _gives_what_is_asked(part.text, answer)]
    return silent if len(silent) < len(parts) else []


def _gives_what_is_asked(question: str, answer: str) -> bool:
    numbers = numbers_in(answer)
    if _MONEY.search(question) and (
        any(amounts_in(answer, numbers)) or re.search(r"\bfree\b|no (?:fee|charge)", answer, re.I)
    ):
        return True
    if _TIME.search(question) and (_TIME_SAID.search(answer) or dates_in(answer)):
        return True
    return bool(_COUNT.search(question) and numbers)
