"""Parts of a query that its answer leaves out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rapidfuzz.fuzz import ratio

from drafting.sums.numbers import numbers_in
from sync.quality.blanks.stand_ins import stands_in
from sync.quality.facts.answered import unanswered, undecided
from sync.quality.facts.asked import AskedPart, asked_parts
from sync.quality.facts.asked_words import concepts, gives, kind_asked
from sync.quality.facts.sentences import content_stems
from sync.quality.text_checks.by_meaning import LeftOut
from sync.quality.text_checks.checked_text import CheckedText, TextFault

# words of a part from which on it should share one with the query
_LONG = 8
# answers to two intents at least this like are the same
_SAME = 95.0
_CROSSED = 2  # words that each other's answers have at least
# what puts an answer off
_LATER = re.compile(
    r"\W*(?:(?:we|i) (?:will|['’]ll) (?:get back|come back|answer|look into|check)|(?:this|that|it) (?:will be|is to be) "
    r"answered|(?:more|details|answer) (?:later|to follow|soon)|see (?:above|below|the (?:other|previous) (?:part|answer|"
    r"section))|same as (?:above|before)|as (?:above|before)|(?:not|un)answered|skipped?)\b[^.!?]{0,60}\W*$",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"\W*(?:(?:sure|okay|ok|of course|certainly|gladly|thanks?|thank you|many thanks|great question|good question|happy to help|"
    r"i(?:['’]m| am) happy to help|we(?:['’]re| are) happy to help|(?:we|i) hope (?:this|that) helps)\b[^.!?]{0,40}[.!]*\s*){1,3}",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class UnansweredIntent:
    """Intents without a part of the answer, and questions that the answer does not speak of.

    Attributes:
        questions: whether several questions in one plain turn are looked at, too.
    """

    by_meaning: ClassVar[bool] = True

    questions: bool = True

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        asks = self.questions and text.question.count(" ") > 3
        parts = asked_parts(text.question) if asks else []
        if text.intents:
            yield from _intents(text, parts)
            if len(parts) <= len(text.intents):
                return
        if parts:
            yield from _left_out(parts, text.answer)


def _left_out(parts: Sequence[AskedPart], answer: str) -> Iterator[TextFault]:
    """Parts of a plain turn that an answer says nothing of, by its words or else by its meaning."""
    found = unanswered(parts, answer)
    for part in found:
        asked = " ".join(part.text.split())
        yield TextFault(f'the answer says nothing of "{asked}"; answer it, or say why not', 0.3)
    if found:
        return
    asked_for = tuple(" ".join(part.text.split()) for part in parts)
    left, said = undecided(parts, answer)
    for part in left:
        at = parts.index(part)
        yield TextFault(
            f'nothing in the answer seems to speak of "{asked_for[at]}"; see whether it is answered',
            0.5,
            "info",
            LeftOut(asked_for, at, tuple(said)),
        )


def _intents(text: CheckedText, parts: Sequence[AskedPart]) -> Iterator[TextFault]:
    asked = _words(text.prompt)
    seen: dict[str, str] = {}
    for intent, part in text.intents:
        words = " ".join(part.split())
        if (why := _says_nothing(words, intent, text.question)) is not None:
            yield TextFault(f"{why} the intent {intent!r}; write its part", 0.0, "error")
        elif (same := next((one for one in seen if ratio(one, words) >= _SAME), None)) is not None:
            yield TextFault(
                f"the intents {seen[same]!r} and {intent!r} have the same answer; answer each", 0.2
            )
        elif len(words.split()) >= _LONG and not _words(words) & (
            asked | _words(intent.replace("_", " "))
        ):
            yield TextFault(
                f"the part for the intent {intent!r} shares no word with the query; see whether it "
                "answers it",
                0.4,
            )
        seen.setdefault(words, intent)
    yield from _swapped(text, parts)


def _words(text: str) -> frozenset[str]:
    """Stems and numbers."""
    return content_stems(text) | {number.text for number in numbers_in(text)}


def _says_nothing(part: str, intent: str, question: str) -> str | None:
    """Why a part answers nothing, up to the intent's name; None where it says something."""
    if not part:
        return "nothing answers"
    is_name = part.strip(".!:").lower() == intent.replace("_", " ").lower()
    if (
        is_name
        or stands_in(part) is not None
        or _LATER.fullmatch(part)
        or _COURTESY.fullmatch(part)
    ):
        return f"{part[:40]!r} does not answer"
    if len(part) > 10 and part.endswith("?") and part.lower() in " ".join(question.lower().split()):
        return "the question itself stands for"
    return None


def _swapped(text: CheckedText, parts: Sequence[AskedPart]) -> Iterator[TextFault]:
    """Two intents of which each has the other's answer, by the words of their questions."""
    if len(parts) != len(text.intents):
        return
    said = [part for _, part in text.intents]
    for i, one in enumerate(parts):
        for j, other in enumerate(parts[:i]):
            own = _fits(one, said[i]) + _fits(other, said[j])
            crossed = _fits(one, said[j]) + _fits(other, said[i])
            if crossed >= max(_CROSSED, 2 * own + 1):
                names = text.intents[j][0], text.intents[i][0]
                yield TextFault(
                    f"the intents {names[0]!r} and {names[1]!r} have each other's answer; turn them",
                    0.2,
                )


def _fits(part: AskedPart, answer: str) -> int:
    """How many of a part's own words an answer has, and what it asks for as one more."""
    kind = kind_asked(part.text)
    return len(part.own & concepts(answer)) + (bool(kind) and gives(kind, part.text, answer))
