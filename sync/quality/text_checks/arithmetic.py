"""Calculations in an answer or its reasoning that don't add up."""

from collections.abc import Iterator
from dataclasses import dataclass

from sync.quality.facts.expressions import equations_in
from sync.quality.facts.totals import wrong_totals
from sync.quality.text_checks.checked_text import CheckedText, TextFault


@dataclass(frozen=True)
class Arithmetic:
    """Equations, shares and totals of lists that are wrong by more than rounding.

    Attributes:
        reasoning: whether the steps of reasoning are looked at, too.
        totals: whether lists are added up.
    """

    reasoning: bool = True
    totals: bool = True

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        parts = [("the answer", text.answer)]
        if self.reasoning:
            parts += [(f"step {i}", step) for i, step in enumerate(text.reasoning, start=1)]
        for where, part in parts:
            for equation in equations_in(part):
                if not equation.is_true:
                    said = " ".join(equation.text.split())
                    yield TextFault(
                        f'{where} says "{said}", but it makes {_plain(equation.result)}; '
                        "calculate it again",
                        0.1,
                        "error",
                    )
            for total in wrong_totals(part) if self.totals else ():
                yield TextFault(
                    f'{where} says "{total.text}", but the items above it make '
                    f"{_plain(total.makes)}; add them up again",
                    0.2,
                )


def _plain(value: float) -> str:
    return f"{round(value, 4):,.4f}".rstrip("0").rstrip(".")
