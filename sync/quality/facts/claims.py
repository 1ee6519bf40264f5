"""What a sentence claims: its main clause, the words that carry it, and how often it denies."""

import re
from dataclasses import dataclass
from functools import lru_cache

from drafting.sums.numbers import numbers_in
from sync.quality.facts.sentences import content_stems
from sync.quality.facts.sides import denials

_YES = re.compile(
    r"\W*(?:yes|yeah|yep|certainly|of course|sure(?:ly)?|absolutely|definitely|indeed|correct|gladly|good news|"
    r"that(?:['’]s| is) (?:right|correct|true|possible)|ja|oui|sí|sì|sim|gewiss|natürlich)\b"
    r"(?! (?:one|more|longer|matter|doubt|need))",
    re.IGNORECASE,
)
# `no` as an answer, and not in "no fee is due"
_NO = re.compile(
    r"\W*(?:no(?=\W*$|\W*[,.;:!–—-]|\s+(?:it|you|we|they|he|she|i|this|that)\b)|nope\b|unfortunately\b|sorry\b|"
    r"(?:i(?:['’]m| am)|we(?:['’]re| are)) (?:afraid|sorry)\b|regrettably\b|not at all\b|never\b|"
    r"that(?:['’]s| is) (?:not|in)|nein\b|non\b|não\b|leider\b)",
    re.IGNORECASE,
)
_CONCLUDED = re.compile(
    r"\b(?:so|therefore|thus|hence|consequently|which means|this means|that means)\b,?",
    re.IGNORECASE,
)
# reasons and conditions, before the claim and behind it
_FIRST_CLAUSE = re.compile(
    r"^\W*(?:because|since|as|although|though|while|if|when|unless|despite|given|after|with)\b[^,]*, ",
    re.IGNORECASE,
)
_SIDE_CLAUSE = re.compile(
    r"\b(?:because|since|although|though|while|whereas|if|unless|until|when|even|despite)\b.*|\(.*?\)",
    re.IGNORECASE | re.DOTALL,
)
_IES, _ABLE = re.compile(r"(\w{3,})ie[sd]\b"), re.compile(r"(\w{4,})[ia]ble\b")
_PREFIXES = ("un", "in", "im", "ir", "il", "non", "dis")
_LAST = frozenset(
    {
        "it",
        "her",
        "him",
        "them",
        "us",
        "me",
        "you",
        "this",
        "that",
        "now",
        "here",
        "again",
        "still",
        "too",
        "already",
    }
)


@dataclass(frozen=True, slots=True)
class MainClaim:
    """A sentence's main clause, without a `yes` or `no` before it.

    Attributes:
        words: stems and numbers.
        last: the words of its last word, pronouns left out; none in "it is up".
        length: its words, however little they mean.
    """

    clause: str
    words: frozenset[str]
    last: frozenset[str]
    length: int
    denials: int


@lru_cache(maxsize=256)
def claim_of(sentence: str) -> MainClaim:
    """What a sentence claims."""
    concluded = _CONCLUDED.split(sentence)[-1]
    clause = _FIRST_CLAUSE.sub("", concluded if len(concluded.split()) > 1 else sentence)
    clause = _SIDE_CLAUSE.sub(" ", clause)
    for lead in (_YES, _NO):
        clause = lead.sub("", clause, count=1)
    ends = [word.strip(".,;:!?\"'*”").lower() for word in clause.split()]
    while ends and (ends[-1] in _LAST or not ends[-1]):
        ends.pop()
    last = claim_words(ends[-1]) if ends else frozenset()
    return MainClaim(clause, claim_words(clause), last, len(clause.split()), denials(clause))


def claim_words(text: str) -> frozenset[str]:
    """Stems and numbers; of `applies` as of `apply`, of `deductible` as of `deduct`."""
    plain = _ABLE.sub(r"\1", _IES.sub(r"\1y", text))
    return content_stems(plain) | {number.text for number in numbers_in(text)}


def leading_answer(text: str) -> bool | None:
    """True for `yes` and words like it at the beginning, False for `no`; None for other beginnings."""
    if _YES.match(text):
        return True
    return False if _NO.match(text) else None


def shared_words(one: MainClaim, other: MainClaim) -> tuple[frozenset[str], int]:
    """The words of two claims that are the same, and how many of them one has with a prefix that denies."""
    same = one.words & other.words
    bare = {
        word[len(prefix) :]
        for here, there in ((one.words, other.words), (other.words, one.words))
        for word in here - there
        for prefix in _PREFIXES
        if word.startswith(prefix) and word[len(prefix) :] in there
    }
    return same | bare, len(bare)
