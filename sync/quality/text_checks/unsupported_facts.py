"""Numbers, amounts, dates and names of an answer that nothing in its task gives."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sync.common.languages import is_english
from sync.quality.facts.derived import made_in
from sync.quality.facts.given import GivenFacts, given_facts
from sync.quality.facts.proportions import unsupported_proportions
from sync.quality.facts.stated import without_marks
from sync.quality.facts.support import (
    unsupported_amounts,
    unsupported_dates,
    unsupported_names,
    unsupported_numbers,
)
from sync.quality.text_checks.checked_text import CheckedText, TextFault

# of more, the finding tells only how many
_QUOTED = 3
# letters by which a language is hardly told
_SHORT = 80


@dataclass(frozen=True)
class UnsupportedFacts:
    """Facts that stand in the answer alone, where a context or documents could hold them.

    Attributes:
        numbers, amounts, dates, names: whether these are looked for; names in English only.
        most: as many as this are still taken for common knowledge.
    """

    numbers: bool = True
    amounts: bool = True
    dates: bool = True
    names: bool = True
    most: int = 0

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        if not (text.documents or text.context):
            return
        found = list(dict.fromkeys(self._unsupported(text)))
        if len(found) > self.most:
            quoted = ", ".join(f'"{" ".join(fact.split())}"' for fact in found[:_QUOTED])
            more = f" and {len(found) - _QUOTED} more" if len(found) > _QUOTED else ""
            yield TextFault(
                f"the answer says {quoted}{more}, which the prompt, context, documents and "
                "guidelines do not hold; correct it, or add where it is from",
                0.5 / len(found),
            )

    def _unsupported(self, text: CheckedText) -> Iterator[str]:
        answer, given = without_marks(text.answer), _given(text)
        found = [*self._quantities(answer, given)]
        if found and (made := made_in((text.answer, *text.reasoning))):
            found = [*self._quantities(answer, given.with_values(made))]
        yield from found
        if self.names and (names := list(unsupported_names(answer, given))) and _is_english(text):
            yield from names

    def _quantities(self, answer: str, given: GivenFacts) -> Iterator[str]:
        if self.amounts:
            yield from unsupported_amounts(answer, given)
        if self.dates:
            yield from unsupported_dates(answer, given)
        if self.numbers:
            yield from unsupported_numbers(answer, given)
            yield from unsupported_proportions(answer, given)


def _is_english(text: CheckedText) -> bool:
    """Whether the answer is, judged with its question where it is short."""
    answer = text.answer
    return is_english(answer if len(answer) > _SHORT else f"{text.question}\n{answer}")


def _given(text: CheckedText) -> GivenFacts:
    documents = (part for one in text.documents for part in (one.title, one.text))
    facts = (part for fact in text.context.items() for part in fact)
    labels = text.categories.values()
    given = given_facts((text.prompt, text.guidelines, *facts, *labels, *documents))
    return replace(given, is_of_a_case=bool(text.context))
