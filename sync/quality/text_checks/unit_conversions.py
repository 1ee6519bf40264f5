"""Quantities that are given in two units, which don't agree."""

from collections.abc import Iterator
from dataclasses import dataclass

from sync.quality.facts.conversions import conversions_in
from sync.quality.text_checks.checked_text import CheckedText, TextFault


@dataclass(frozen=True)
class UnitConversions:
    """Conversions such as `5 km (3.1 miles)` that are wrong by more than the digits shown allow.

    Attributes:
        reasoning: whether the steps of reasoning are looked at, too.
    """

    reasoning: bool = True

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        for part in (text.answer, *(text.reasoning if self.reasoning else ())):
            for conversion in conversions_in(part):
                if not conversion.is_true:
                    yield TextFault(
                        f'"{" ".join(conversion.text.split())}" is no conversion: the first is '
                        f"{conversion.makes:.4g} {conversion.unit}; correct one of them",
                        0.1,
                        "error",
                    )
