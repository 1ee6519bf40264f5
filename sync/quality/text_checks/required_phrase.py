"""Answers without a phrase that they must hold, such as a disclosure.

A phrase is found in any case, with any white space, quotes and marks of Markdown, and with a few
letters more or less; in other words it is another phrase.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rapidfuzz.fuzz import partial_ratio

from sync.quality.text_checks.checked_text import CheckedText, TextFault

_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class RequiredPhrase:
    """Answers that lack a phrase.

    Attributes:
        phrases: what every answer must hold.
        where_said: phrase -> words; where question or answer has one of them, the answer must hold
            the phrase.
        where_category: phrase -> kind and label, such as "topic=investment".
        at_least: how alike, in (0, 100], what stands in an answer must be to a phrase.
    """

    phrases: tuple[str, ...] = ()
    where_said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    where_category: Mapping[str, str] = field(default_factory=dict)
    at_least: float = 95.0

    def __post_init__(self) -> None:
        if not 0 < self.at_least <= 100:
            raise ValueError(f"at_least must be in (0, 100], found {self.at_least}")
        for wanted in self.where_category.values():
            if not all(part.strip() for part in wanted.partition("=")):
                raise ValueError(f"where_category: expected 'kind=label', found {wanted!r}")
        for phrase in (*self.phrases, *self.where_said, *self.where_category):
            if not _plain(phrase):
                raise ValueError(f"a phrase must hold words, found {phrase!r}")

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        answer = _plain(text.answer)
        for phrase, why in self._wanted(text):
            if partial_ratio(_plain(phrase), answer) < self.at_least or len(answer) < len(
                _plain(phrase)
            ) * (self.at_least / 100):
                yield TextFault(f"the answer lacks “{phrase}”{why}; add it", 0.1, "error")

    def _wanted(self, text: CheckedText) -> Iterator[tuple[str, str]]:
        """Each phrase that the answer must hold, and why."""
        yield from ((phrase, "") for phrase in self.phrases)
        said = f" {_plain(text.question)} {_plain(text.answer)} "
        for phrase, words in self.where_said.items():
            found = next((word for word in words if f" {_plain(word)} " in said), None)
            if found is not None:
                yield phrase, f", which “{found}” asks for"
        for phrase, wanted in self.where_category.items():
            kind, _, label = (part.strip() for part in wanted.partition("="))
            if text.categories.get(kind) == label:
                yield phrase, f", which {kind} {label!r} asks for"


def _plain(text: str) -> str:
    """Words in lower case with one blank between them; scripts without blanks as they are."""
    return _SIGNS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()
