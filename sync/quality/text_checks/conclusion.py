"""Reasoning whose last step leads somewhere else than to the answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from drafting.sums.number_words import spelled_numbers
from drafting.sums.numbers import NumberInText, numbers_in
from sync.quality.facts.concluded_values import given_otherwise
from sync.quality.facts.decisions import (
    all_values,
    concluded_number,
    final_number,
    option_of,
    yes_or_no,
)
from sync.quality.facts.verdicts import opposed
from sync.quality.text_checks.checked_text import CheckedText, TextFault

_OF_THOUSANDS = r"thousand|k?[gm]|m[gl]|l|(?:kilo|milli[gml]|lit|ton|gram)\w*"
# a result may be given in another unit, where a word tells of one: a share in per cent
_FACTORS = (
    (100.0, re.compile(r"[%$€£]|\b(?:per ?cent|pence|cm|cent\w*|m|met(?:er|re)s?)\b", re.I)),
    (60.0, re.compile(r"\b(?:min\w*|hours?|h|hr?s?|sec\w*)\b", re.I)),
    (1000.0, re.compile(rf"\b(?:{_OF_THOUSANDS})\b", re.I)),
    (12.0, re.compile(r"\b(?:months?|years?|annual\w*|dozens?|inch(?:es)?|feet|foot)\b", re.I)),
    (7.0, re.compile(r"\b(?:weeks?|weekly|days?)\b", re.I)),
    (24.0, re.compile(r"\b(?:days?|hours?)\b", re.I)),
)  # fmt: skip
_CALCULATOR = re.compile(r"<<[^<>]*>>")
_COUNT = 2  # `one` is a pronoun, too
_CLOCK = re.compile(r"\b(\d{1,2}):00\b")


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
        steps = [_CALCULATOR.sub("", step) for step in text.reasoning if step.strip()]
        if not steps:
            return
        last, answer = steps[-1].strip(), _CALCULATOR.sub("", text.answer).strip()
        if last in answer:
            # what is said once more follows; what stands behind it may not
            answer = answer.rpartition(last)[2].strip(" .\n")
        apart = self._apart(text.question, " ".join(steps[:-1]), last, answer)
        if apart is not None:
            concluded, answered = apart
            yield TextFault(
                f'the last step leads to "{concluded}", but the answer says "{answered}"; make the '
                "answer follow from the reasoning",
                0.1,
            )

    def _apart(self, question: str, earlier: str, step: str, answer: str) -> tuple[str, str] | None:
        """What the step and the answer say, where these differ."""
        if self.decisions and (apart := _decisions(question, earlier, step, answer)):
            return apart
        if not self.numbers:
            return None
        return _numbers(step, answer) or given_otherwise(f"{question} {earlier}", step, answer)


def _decisions(question: str, earlier: str, step: str, answer: str) -> tuple[str, str] | None:
    for decided in (option_of, yes_or_no):
        one, other = decided(step), decided(answer)
        if one and other:
            return (one, other) if one != other else None
    apart = opposed(question, step, answer, earlier)
    return None if apart is None else (_short(apart[0]), _short(apart[1]))


def _numbers(step: str, answer: str) -> tuple[str, str] | None:
    step, answer = (_CLOCK.sub(r"\1", text) for text in (step, answer))
    concluded, surely = concluded_number(step)
    if concluded is None:
        return _numbers_in_words(step, answer) or _numbers_of_one_unit(step, answer)
    factors = [factor for factor, told in _FACTORS if told.search(f"{step} {answer}")]
    answered = list(all_values(answer))
    if not answered or _is_among(concluded, answered, factors):
        return None
    final = final_number(answer)
    said = final.text if final else _short(answer)
    if surely:
        return concluded.text, said
    numbers = [number for number in numbers_in(answer) if not number.glued]
    only = final or (numbers[0] if len(numbers) == 1 else None)
    if only is None or _is_among(only, list(all_values(step)), []):
        return None
    return concluded.text, said


def _numbers_in_words(step: str, answer: str) -> tuple[str, str] | None:
    """The only numbers of both, where the step writes its own in words, or ends with it."""
    concluded, answered = list(spelled_numbers(step)), set(all_values(answer))
    if not concluded or len(answered) != 1 or list(numbers_in(step)):
        return None
    start, end, value = concluded[-1]
    if len(concluded) > 1 and step[end:].strip(" .!"):
        return None
    return None if value in answered or value < _COUNT else (step[start:end], _short(answer))


def _numbers_of_one_unit(step: str, answer: str) -> tuple[str, str] | None:
    """The only number of an answer, and the only one of a step that counts the same."""
    answered = [number for number in numbers_in(answer) if not number.glued]
    if len(answered) != 1 or not answered[0].of:
        return None
    concluded = [number for number in numbers_in(step) if number.of == answered[0].of]
    if len(concluded) != 1 or _is_among(concluded[0], list(all_values(answer)), []):
        return None
    return concluded[0].text, answered[0].text


def _is_among(number: NumberInText, values: list[float], factors: list[float]) -> bool:
    """Whether a number is one of these, rounded, or in another unit."""
    return any(
        abs(reading.value * factor - value) <= _slack(value, reading.decimals)
        or abs(reading.value - value * factor) <= 0.5 * 10.0**-reading.decimals
        for reading in number.readings
        for factor in (1.0, *factors)
        for value in values
    )


def _slack(value: float, decimals: int) -> float:
    """Half of the last digit that a value shows, where it may be rounded from one with more."""
    shown = len(f"{value:.10f}".rstrip("0").partition(".")[2])
    return 0.5 * 10.0**-shown if decimals > shown else 1e-6


def _short(text: str) -> str:
    words = text.split()
    return " ".join(words[:12]) + ("…" if len(words) > 12 else "")
