"""Parts of a query that its answer leaves out."""

from collections.abc import Iterator
from dataclasses import dataclass

from sync.quality.facts.asked import asked_parts, unanswered
from sync.quality.facts.sentences import content_stems
from sync.quality.text_checks.checked_text import CheckedText, TextFault

# words of a part from which on it should share one with the query
_LONG = 8


@dataclass(frozen=True)
class UnansweredIntent:
    """Intents without a part of the answer, and questions that the answer does not speak of.

    Attributes:
        questions: whether several questions in one plain turn are looked at, too.
    """

    questions: bool = True

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        if text.intents:
            yield from _intents(text)
            return
        parts = (
            asked_parts(text.question) if self.questions and text.question.count(" ") > 3 else []
        )
        for part in unanswered(parts, text.answer) if parts else ():
            asked = " ".join(part.text.split())
            yield TextFault(f'the answer says nothing of "{asked}"; answer it, or say why not', 0.3)


def _intents(text: CheckedText) -> Iterator[TextFault]:
    asked = content_stems(text.prompt)
    seen: dict[str, str] = {}
    for intent, part in text.intents:
        words = " ".join(part.split())
        if not words:
            yield TextFault(f"nothing answers the intent {intent!r}; write its part", 0.0, "error")
        elif words in seen:
            yield TextFault(
                f"the intents {seen[words]!r} and {intent!r} have the same answer; answer each", 0.2
            )
        elif len(words.split()) >= _LONG and not content_stems(words) & (
            asked | content_stems(intent.replace("_", " "))
        ):
            yield TextFault(
                f"the part for the intent {intent!r} shares no word with the query; see whether it "
                "answers it",
                0.4,
            )
        seen.setdefault(words, intent)
