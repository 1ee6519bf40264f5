"""Calculations in an answer or its reasoning that don't add up."""

from collections.abc import Iterator
from dataclasses import dataclass

from drafting.sums.expressions import Equation, equations_in
from sync.quality.facts.rates import stated_rates
from sync.quality.facts.restated import restated_results
from sync.quality.facts.stated_shares import stated_shares
from sync.quality.facts.totals import wrong_totals
from sync.quality.facts.worded_sums import worded_sums
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
            for equation in _sums_in(part):
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


def _sums_in(text: str) -> Iterator[Equation]:
    """In signs and in words, each once."""
    seen: set[float] = set()
    for equation in (
        *equations_in(text),
        *worded_sums(text),
        *stated_shares(text),
        *stated_rates(text),
        *restated_results(text),
    ):
        if equation.is_true or equation.said not in seen:
            yield equation
        if not equation.is_true:
            seen.add(equation.said)


def _plain(value: float) -> str:
    return f"{round(value, 4):,.4f}".rstrip("0").rstrip(".")
