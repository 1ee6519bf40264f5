"""Numbers, amounts, dates and names of an answer that nothing in its task gives."""

from collections.abc import Iterator
from dataclasses import dataclass

from sync.common.languages import is_english
from sync.quality.facts.given import GivenFacts, given_facts
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
        if self.amounts:
            yield from unsupported_amounts(answer, given)
        if self.dates:
            yield from unsupported_dates(answer, given)
        if self.numbers:
            yield from unsupported_numbers(answer, given)
        if self.names and (names := list(unsupported_names(answer, given))) and is_english(answer):
            yield from names


def _given(text: CheckedText) -> GivenFacts:
    documents = (part for one in text.documents for part in (one.title, one.text))
    facts = (part for fact in text.context.items() for part in fact)
    labels = text.categories.values()
    return given_facts((text.prompt, text.guidelines, *facts, *labels, *documents))
