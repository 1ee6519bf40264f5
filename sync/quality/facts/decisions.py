"""What a text decides: yes or no, an option, one of two opposites, or a number."""

import re
from collections.abc import Iterator

from drafting.sums.number_words import spelled_numbers
from drafting.sums.numbers import NumberInText, numbers_in

_SAID = (
    r"(?:(?:the\s+)?(?:final\s+|correct\s+|right\s+|best\s+)?"
    r"(?:answer|decision|verdict|conclusion|option|choice)(?:\s+(?:is|must be|should be)(?:\s+(?:therefore|thus|hence|then|clearly))?"
    r"|\s*[:=])\s*"
    r"(?:that\s+)?\W{0,4})"
)
_THUS = (
    r"(?:\b(?:so|therefore|thus|hence|consequently|in conclusion|we conclude|overall)\b[,:]?\s+"
    r"(?:that\s+|the answer is\s+)?)"
)
_OPTION = re.compile(
    rf"{_SAID}(?:option\s+)?\(?\*{{0,2}}([A-Ha-h])\*{{0,2}}(?:[).:,;]|\s*$|\s+(?:is|because|since)\b)"
    r"|^\W{0,3}(?:option\s+)?\(?([A-H])\)?[).:]?\*{0,2}\s*$"
    rf"|{_THUS}(?:option\s+)?\(?([A-H])\)?\s+(?:is|must be)\b",
    re.IGNORECASE,
)
_YES_NO = re.compile(
    rf"(?:{_SAID}|{_THUS}|^\W{{0,3}})(yes|maybe|no(?=\W*$|\W*[,.;:!–—-]|\s+(?:it|you|we|they|he|she|i|this|that)\b))"
    r"\b(?=\W|$)",
    re.IGNORECASE,
)
_RESULT = re.compile(
    rf"####\s*|\\boxed\{{|(?:{_SAID})|\b(?:in total|totals?(?:\s+(?:is|of|comes to))?|equals?|"
    rf"makes|"
    rf"comes to|which is|leaves?)\b\s*|(?:=|≈)\s*|{_THUS}",
    re.IGNORECASE,
)
_FINAL = re.compile(rf"####\s*|\\boxed\{{|{_SAID}", re.IGNORECASE)


def option_of(text: str) -> str | None:
    """The letter of the option that a text chooses last."""
    found = [next(filter(None, match.groups())) for match in _OPTION.finditer(text)]
    return found[-1].upper() if found else None


def yes_or_no(text: str) -> str | None:
    """`yes`, `no` or `maybe`, where a text begins or concludes with it."""
    found = {match[1].lower() for match in _YES_NO.finditer(text)}
    return found.pop() if len(found) == 1 else None


def final_number(text: str) -> NumberInText | None:
    """The number after `####`, `the answer is` or in a box."""
    ends = [match.end() for match in _FINAL.finditer(text)]
    return next(
        (n for n in numbers_in(text) if ends and ends[-1] <= n.start <= ends[-1] + 12), None
    )


def concluded_number(step: str) -> tuple[NumberInText | None, bool]:
    """The number that a step leads to, and whether it is surely its result.

    It is the last one that stands right after a sign of a result; without any sign, the only one.
    """
    numbers = [number for number in numbers_in(step) if not number.glued]
    if not numbers:
        return None, False
    ends = {match.end(): match[0] for match in _RESULT.finditer(step)}
    led = [n for n in numbers if any(end <= n.start <= end + 3 for end in ends)]
    if led:
        return led[-1], _ends_with(led[-1], numbers, step)
    thus = re.search(_THUS, step, re.IGNORECASE)
    after = [number for number in numbers if thus and number.start >= thus.end()]
    if len(after) == 1:
        return after[0], False
    return (numbers[0], False) if len(numbers) == 1 else (None, False)


def _ends_with(number: NumberInText, numbers: list[NumberInText], step: str) -> bool:
    """Whether a step ends with an equation that has this result, and that gives no reason."""
    before = step[: number.start]
    equals = re.search(r"[=≈]\s*[^\w\s]{0,3}\s*$", before) is not None
    in_words = any(start > number.start for start, _, _ in spelled_numbers(step))
    return equals and number == numbers[-1] and not in_words and "because" not in before


def all_values(text: str) -> Iterator[float]:
    """Every number of a text, in digits and in words."""
    for number in numbers_in(text):
        yield from number.values
    yield from (value for _, _, value in spelled_numbers(text))
