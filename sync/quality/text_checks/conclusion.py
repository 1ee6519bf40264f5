"""Reasoning whose last step leads somewhere else than to the answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sync.quality.facts.decisions import (
    all_values,
    concluded_number,
    final_number,
    option_of,
    sides_taken,
    yes_or_no,
)
from sync.quality.facts.numbers import NumberInText
from sync.quality.facts.sentences import sentences
from sync.quality.text_checks.checked_text import CheckedText, TextFault

# a result may be given in another unit: a share in per cent, hours in minutes
_FACTORS = (1.0, 100.0, 60.0, 1000.0, 12.0, 7.0, 24.0)


@dataclass(frozen=True)
class ReasoningConclusion:
    """A last step whose number, option or decision is not the answer's.

    Attributes:
        numbers, decisions: whether these are compared.
    """

    numbers: bool = True
    decisions: bool = True

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        # calculator marks say nothing more than what stands behind them
        steps = [re.sub(r"<<[^<>]*>>", "", step) for step in text.reasoning if step.strip()]
        if not steps:
            return
        last, answer = steps[-1].strip(), text.answer.strip()
        apart = self._apart(last, answer)
        if apart is not None:
            concluded, answered = apart
            yield TextFault(
                f'the last step leads to "{concluded}", but the answer says "{answered}"; make the '
                "answer follow from the reasoning",
                0.1,
            )

    def _apart(self, step: str, answer: str) -> tuple[str, str] | None:
        """What the step and the answer say, where these differ."""
        if self.decisions and (apart := _decisions(step, answer)):
            return apart
        return _numbers(step, answer) if self.numbers else None


def _decisions(step: str, answer: str) -> tuple[str, str] | None:
    for decided in (option_of, yes_or_no):
        one, other = decided(step), decided(answer)
        if one and other:
            return (one, other) if one != other else None
    ends = list(sentences(step))
    ours, theirs = sides_taken(ends[-1] if ends else step), sides_taken(answer)
    both = ours.keys() & theirs.keys()
    if both and all(ours[name] != theirs[name] for name in both):
        return _short(ends[-1] if ends else step), _short(next(sentences(answer), answer))
    return None


def _numbers(step: str, answer: str) -> tuple[str, str] | None:
    concluded = concluded_number(step)
    if concluded is None:
        return None
    answered = list(all_values(answer))
    if not answered or _is_among(concluded, answered):
        return None
    final = final_number(answer)
    if final is not None and _is_among(final, list(all_values(step))):
        return None
    return concluded.text, final.text if final else _short(answer)


def _is_among(number: NumberInText, values: list[float]) -> bool:
    """Whether a number is one of these, rounded, or in another unit."""
    return any(
        abs(reading.value * factor - value) <= _slack(value, reading.decimals)
        or abs(reading.value - value * factor) <= 0.5 * 10.0**-reading.decimals
        for reading in number.readings
        for factor in _FACTORS
        for value in values
    )


def _slack(value: float, decimals: int) -> float:
    """Half of the last digit that a value shows, where it may be rounded from one with more."""
    shown = len(f"{value:.10f}".rstrip("0").partition(".")[2])
    return 0.5 * 10.0**-shown if decimals > shown else 1e-6


def _short(text: str) -> str:
    words = text.split()
    return " ".join(words[:12]) + ("…" if len(words) > 12 else "")
