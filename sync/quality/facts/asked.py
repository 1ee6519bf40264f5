"""The questions and requests within a turn, and what kind of answer each asks for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sync.quality.facts.asked_words import concepts
from sync.quality.facts.sentences import sentences

_WH = r"(?:what|how|when|where|why|who|whom|whose|which)"
_AUXILIARY = r"(?:can|could|do|does|did|is|are|am|was|will|would|should|may|must|has|have|isn['’]t|don['’]t|doesn['’]t)"
_ASKING = rf"(?:{_WH}|{_AUXILIARY})"
_VERBS = (
    r"(?:explain|describe|tell|list|compare|give|show|provide|include|calculate|summari[sz]e|suggest|recommend|confirm|"
    r"send|let (?:me|us) know|outline|name|mention|advise|clarify|define|discuss|estimate|write|draft|translate|"
    r"add|update|change|cancel|refund|replace|reset|check|help)"
)
_FURTHER = (
    r"(?:also|and|plus|besides|additionally|in addition|furthermore|moreover|another (?:thing|question)|one more "
    r"(?:thing|question)|second(?:ly)?|third(?:ly)?|last(?:ly)?|finally|by the way|btw|while (?:i['’]m|we['’]re) at it|"
    r"on top of that|next|separately|too)"
)
# a part behind another one in the same sentence
_JOINED = re.compile(
    rf",?;?\s+(?:and|or|as well as|plus)\s+(?:also\s+)?(?=(?:by |for |in |at |to |with )?{_ASKING}\s+\w+|(?:whether|if)\s+\w+|"
    rf"(?:please\s+)?(?:also\s+)?{_VERBS}\s+\w+)|,\s+(?={_WH}\s+\w+|(?:do|does|can|is|are|will)\s+(?:i|we|you|it|there|they|the)\s)",
    re.IGNORECASE,
)
_LISTED = re.compile(r"^\s*(?:\(?\d{1,2}[.):]|[-*•]|\(?[a-h][.)])\s+(?=\S)")
_STARTS = re.compile(rf"^\W*(?:{_FURTHER},? )?{_ASKING}\b", re.IGNORECASE)
_REQUEST = re.compile(
    rf"^\W*(?:{_FURTHER},? )*(?:please,? )?(?:also )?(?:please )?{_VERBS}\b", re.IGNORECASE
)
_INDIRECT = re.compile(
    r"\b(?:i(?:['’]d| would) (?:also )?(?:like|love) to|i (?:also )?(?:want|need|wanted|have) to|i(?:['’]m| am| was) (?:also )?"
    r"(?:wondering|curious|not sure|unsure|unclear)|i wonder|i (?:also )?(?:don['’]t|do not) (?:know|understand) (?:what|how|when|where|why|who|which|if|whether)|i (?:also )?"
    r"can(?:['’]t|not) (?:find|figure|tell|see)|it (?:is|['’]s) (?:not |un)clear|no idea|my (?:\w+ )?question is)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(
    rf"^\W*(?:{_FURTHER},? )?(?:by |for |in |at |to |with )?(?:{_ASKING}|whether)\b", re.IGNORECASE
)
_FIRST = re.compile(rf"^\W*(?:{_FURTHER},? )+", re.IGNORECASE)
_MORE = re.compile(rf"^\W*{_FURTHER}\b|\balso\b", re.IGNORECASE)
_COURTESY = re.compile(
    r"^\W*(?:hi|hello|hey|dear|good (?:morning|day|evening)|thanks|thank you|many thanks|cheers|regards|(?:can|could) you "
    r"(?:please )?help(?: me| us)?\W*$|(?:any|some) (?:help|ideas?|advice|thoughts)\b|what (?:should|can|do) (?:i|we) do\W*$|"
    r"how are you|is (?:that|this) (?:right|correct|ok|possible)\W*$|right\W*$|ok(?:ay)?\W*$)",
    re.IGNORECASE,
)
# how the rest is to be answered
_MANNER = re.compile(
    r"^\W*(?:please )?(?:explain|describe|tell|keep|make|do|write|say|put|give) (?:me )?(?:it|this|that|them)\b(?: \w+){0,4}\W*$",
    re.IGNORECASE,
)
# asked only where the part before is answered so
_IF_SO = re.compile(r"^\W*(?:and )?if (?:so|not|yes|no)\b", re.IGNORECASE)
_MOST = 8


@dataclass(frozen=True, slots=True)
class AskedPart:
    """One of several questions and requests.

    Attributes:
        own: the concepts of its words that no other part has.
        is_problem: it states what is wrong and does not ask.
    """

    text: str
    own: frozenset[str]
    is_problem: bool = False


def asked_parts(question: str) -> list[AskedPart]:
    """The questions and requests of a turn, where there are at least two; else none."""
    found = list(_parts(question))[: _MOST + 1]
    if not 2 <= len(found) <= _MOST:
        return []
    words = [concepts(_FIRST.sub("", text)) for text, _ in found]
    return [
        AskedPart(
            text, own.difference(*(other for k, other in enumerate(words) if k != i)), problem
        )
        for i, ((text, problem), own) in enumerate(zip(found, words, strict=True))
    ]


def _parts(question: str) -> Iterator[tuple[str, bool]]:
    """Each part, and whether it is but a problem that was told before a further question."""
    told = ""
    for sentence in sentences(question):
        listed = _LISTED.match(sentence)
        text = sentence[listed.end() :] if listed else sentence
        if _COURTESY.match(text) or _IF_SO.match(text) or _MANNER.match(text):
            continue
        asks = text.rstrip("\"'”)* ").endswith(("?", "？", "؟"))
        is_request = bool(_REQUEST.match(text) or _INDIRECT.search(text))
        if asks or is_request or (listed and _STARTS.match(text)):
            if told and _MORE.search(text):
                yield told, True
            told = ""
            yield from ((piece, False) for piece in _pieces(text) if _is_question(piece))
        elif len(text.split()) > 2:
            if told and _FIRST.match(text):
                yield told, True
                yield text, True
                told = ""
            else:
                told = text


def _pieces(text: str) -> Iterator[str]:
    """The questions of a sentence; what comes before the first asking word goes with it."""
    before = ""
    for piece in _JOINED.split(text):
        if _ASKS.match(piece) or _INDIRECT.search(piece) or _REQUEST.match(piece):
            yield f"{before} {piece}".strip()
            before = ""
        else:
            before = f"{before} {piece}".strip()
    if before:
        yield before


def _is_question(part: str) -> bool:
    return len(part.split()) > 1 or "？" in part or "؟" in part
