"""Answers without a phrase that they must hold, such as a disclosure.

A phrase is found in any case, with any white space, quotes and marks of Markdown, and with typing
errors within its words; in other words it is another phrase, see `sync.quality.facts.phrases`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sync.quality.facts.phrases import holds_phrase, phrase_words
from sync.quality.text_checks.checked_text import CheckedText, TextFault


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
            if not phrase_words(phrase).words:
                raise ValueError(f"a phrase must hold words, found {phrase!r}")

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        answer = phrase_words(text.answer)
        for phrase, why in self._wanted(text):
            if not holds_phrase(answer, phrase_words(phrase), self.at_least):
                yield TextFault(f"the answer lacks “{phrase}”{why}; add it", 0.1, "error")

    def _wanted(self, text: CheckedText) -> Iterator[tuple[str, str]]:
        """Each phrase that the answer must hold, and why."""
        yield from ((phrase, "") for phrase in self.phrases)
        said = f" {phrase_words(text.question).plain} {phrase_words(text.answer).plain} "
        for phrase, words in self.where_said.items():
            found = next((word for word in words if _is_said(word, said)), None)
            if found is not None:
                yield phrase, f", which “{found}” asks for"
        categories = {_plain(kind): _plain(label) for kind, label in text.categories.items()}
        for phrase, wanted in self.where_category.items():
            kind, _, label = (part.strip() for part in wanted.partition("="))
            if categories.get(_plain(kind)) == _plain(label):
                yield phrase, f", which {kind} {label!r} asks for"


def _is_said(word: str, said: str) -> bool:
    """Whether a word or its plural stands between others, or its singular."""
    plain = phrase_words(word).plain
    forms = [plain, f"{plain}s", f"{plain}es"]
    if plain.endswith("y"):
        forms.append(f"{plain[:-1]}ies")
    if plain.endswith("s") and not plain.endswith("ss"):
        forms.append(plain[:-1])
    return any(f" {form} " in said for form in forms)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
