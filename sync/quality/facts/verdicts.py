"""Whether two texts that answer one question decide it in opposite ways, as reasoning and its answer.

What is compared: a side of a pair of opposites, what may be done, `yes` and `no` with what the
question asks, the same words denied, and which of several alternatives is chosen.
"""

import re
from collections.abc import Sequence

from sync.quality.facts.alternatives import chosen_otherwise
from sync.quality.facts.claims import MainClaim, claim_of, claim_words, leading_answer, shared_words
from sync.quality.facts.classes_of_alternatives import (
    names_nothing_of,
    other_name,
    other_of_a_class,
    other_value,
)
from sync.quality.facts.sentences import sentences
from sync.quality.facts.sides import is_denied, sides_taken

_MAY = re.compile(
    r"\b(?P<may>can|could|may(?! (?:not )?be\b)|should|ought to|must(?= not)|mustn(?=['’]t)|"
    r"(?:is|are|am) (?:able|allowed|permitted|free|entitled|welcome) to)(?P<not>['’]t\b| ?not\b|n['’]t\b)?",
    re.IGNORECASE,
)
_LEFT_ALONE = re.compile(r"\b(?:avoid(?:ed)?|refrain|abstain)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(?P<asked>(?:is|are|am|was|were|do|does|did|can|could|may|must|should|shall|will|would|has|have|had|"
    r"isn['’]t|aren['’]t|doesn['’]t|don['’]t|can['’]t)\b[^?]{5,}\?)",
    re.IGNORECASE,
)
_OPEN = re.compile(r"\b(?:what|which|who|whom|whose|when|where|why|how)\b", re.IGNORECASE)
_CONCLUDES = re.compile(
    r"\W*(?:so|therefore|thus|hence|consequently|accordingly|then|overall|in conclusion|in summary|in short|as a result|"
    r"this means|that means|it follows|we conclude|conclusion|daher|also|folglich|donc|así que|por lo tanto)\b",
    re.IGNORECASE,
)
_SHORT = 16  # words up to which a sentence that does not begin so is a conclusion
_SHORT_CLAUSE, _FEW_WORDS = 10, 3
_CONDITION = re.compile(r"\W*(?:if|unless|whether|suppose|assuming)\b", re.IGNORECASE)
_HEDGED = re.compile(r"\b(?:may|might|could) (?:not )?be\b|\bperhaps\b|\bpossibly\b", re.IGNORECASE)
_SHARED = 0.6  # of the words of the shorter of two claims, from which on they say the same
# sides that decide a question whatever else its words are
_DECISIVE = frozenset({"refund", "approve", "eligible", "covered", "valid", "guilty"})


def opposed(question: str, step: str, answer: str, earlier: str = "") -> tuple[str, str] | None:
    """The sentences in which a step and an answer decide in opposite ways; None where they don't.

    Args:
        step: what the answer should follow from.
        earlier: the steps before it.
    """
    steps, said = list(sentences(step)), list(sentences(answer))[:3]
    if not steps or not said or _CONDITION.match(steps[-1]):
        return None
    told, first = steps[-1], said[0]
    for one in (told, step):
        if (sentence := _on_another_side(one, said)) is not None:
            return told, sentence
    claim = claim_of(told)
    known = f"{question} {earlier} {step}"
    if chosen_otherwise(question, told, claim, said) or _another_one(
        question, known, told, claim, first
    ):
        return told, first
    if any(sides_taken(one).keys() & sides_taken(answer).keys() for one in (told, step)):
        return None
    if _may_otherwise(told, first) or _denied(claim, said):
        return told, first
    expected, given = _expected(question, told, claim), leading_answer(first)
    if expected is not None and given is not None and expected != given:
        return told, first
    return None


def _another_one(question: str, known: str, told: str, claim: MainClaim, first: str) -> bool:
    """Whether an answer has another name or another word of a class than a sentence.

    One that calculates goes on from where the reasoning ends.
    """
    return "=" not in first and (
        other_of_a_class(told, claim.clause, first)
        or other_name(known, claim.clause, first)
        or other_value(claim.clause, told, first)
        or names_nothing_of(question, known, told, first)
    )


def _on_another_side(step: str, said: Sequence[str]) -> str | None:
    """The first of some sentences that takes sides of a step's, where it takes all of them otherwise."""
    ours = sides_taken(step)
    for sentence in said if ours else ():
        theirs = sides_taken(sentence)
        both = ours.keys() & theirs.keys()
        if both:
            return sentence if all(ours[name] != theirs[name] for name in both) else None
    return None


def _may(sentence: str) -> bool | None:
    """Whether a sentence says that something may be done, or may not; None where it says neither."""
    said = {
        found["not"] is None and not is_denied(sentence, found.start())
        for found in _MAY.finditer(sentence)
    }
    if not said and (allowed := sides_taken(sentence).get("allowed")) is not None:
        return allowed
    if len(said) != 1:
        return None
    return said.pop() != (_LEFT_ALONE.search(sentence) is not None)


def _may_otherwise(told: str, first: str) -> bool:
    """Whether one sentence says that something may be done that the other says may not."""
    one, other = _may(told), _may(first)
    apart = one is not None and other is not None and one != other
    return apart and bool(claim_words(told) & claim_words(first))


def _denied(claim: MainClaim, said: Sequence[str]) -> bool:
    """Whether one of the first sentences has the same words, and just one of the two denies them."""
    for other in map(claim_of, said[:2]):
        same, prefixes = shared_words(claim, other)
        least, most = sorted((len(claim.words), len(other.words)))
        is_short = max(claim.length, other.length) <= _SHORT_CLAUSE
        if least < _FEW_WORDS and not (is_short and claim.last and other.last):
            continue
        if least and len(same) >= _SHARED * least:
            odd = (claim.denials + other.denials + prefixes) % 2 == 1
            return odd and most <= 2 * least + 1
    return False


def _polar_question(question: str) -> str:
    """The last question that is answered by yes or no; "" where there is none."""
    for sentence in reversed(list(sentences(question))):
        found = _ASKS.search(sentence)
        if found is not None:
            return "" if _OPEN.search(sentence[: found.start()]) else found["asked"]
    return ""


def _expected(question: str, told: str, claim: MainClaim) -> bool | None:
    """What a yes-or-no question's answer is by a sentence; None where that can't be told."""
    asked = _polar_question(question)
    concludes = _CONCLUDES.match(told) is not None or len(told.split()) <= _SHORT
    if not asked or not concludes or _HEDGED.search(claim.clause):
        return None
    wanted = claim_of(asked)
    same, prefixes = shared_words(wanted, claim)
    ours, theirs = sides_taken(asked), sides_taken(claim.clause)
    if (both := ours.keys() & theirs.keys()) and (same or both & _DECISIVE):
        agree = {ours[name] == theirs[name] for name in both}
        return agree.pop() if len(agree) == 1 else None
    may, can = _may(asked), _may(claim.clause)
    if may is not None and can is not None and same:
        return may == can
    is_short = claim.length <= _SHORT_CLAUSE and len(wanted.words) < _FEW_WORDS
    about_it = bool(claim.last & same) if is_short else len(same) >= _FEW_WORDS
    if about_it and len(same) >= (0.5 if is_short else _SHARED) * len(wanted.words):
        return (claim.denials + wanted.denials + prefixes) % 2 == 0
    return None
