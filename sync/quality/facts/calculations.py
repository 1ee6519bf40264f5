"""What a calculation makes: its numbers in each of their readings, and its operators.

By the usual precedence, and from left to right as on a simple calculator.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, product

from sync.quality.facts.numbers import NumberRead, number_readings

_TOKEN = re.compile(
    r"(?P<number>(?:\d+(?:[.,]\d+)*|\.\d+))[ ]?(?P<percent>%)?|(?P<op>[+*×÷/·()−–-]|\bx\b|x|plus"
    r"|minus|"
    r"times|multiplied by|divided by)|(?P<other>[A-Za-z$€£]+|\s+)|(?P<bad>.)"
)
_OPERATORS = {
    "+": "+", "plus": "+", "-": "-", "−": "-", "–": "-", "minus": "-", "*": "*", "×": "*", "·": "*",
    "x": "*", "times": "*", "multiplied by": "*", "/": "/", "÷": "/", "divided by": "/",
    "(": "(", ")": ")",
}  # fmt: skip
# of many numbers that may be read in two ways
_READINGS = 32

Token = str | float
Readings = list[NumberRead]


def calculation(side: str) -> list[list[NumberRead] | str] | None:
    """Numbers with all their readings, and operators; None of what is not arithmetic."""
    tokens: list[list[NumberRead] | str] = []
    for token in _TOKEN.finditer(side):
        if token["bad"]:
            return None
        if token["number"]:
            readings = number_readings(token["number"])
            if not readings:
                return None
            scale = 100.0 if token["percent"] else 1.0
            tokens.append([NumberRead(r.value / scale, r.decimals) for r in readings])
        elif token["op"]:
            tokens.append(_OPERATORS[token["op"]])
    while tokens and tokens.count("(") < tokens.count(")") and tokens[-1] == ")":
        tokens.pop()
    while tokens and tokens.count("(") > tokens.count(")") and tokens[0] == "(":
        tokens.pop(0)
    return tokens or None


def results(tokens: Sequence[list[NumberRead] | str]) -> Iterator[float]:
    """What the tokens make in each reading, and from left to right."""
    options: list[list[Token]] = [
        [token] if isinstance(token, str) else [reading.value for reading in token]
        for token in tokens
    ]
    for chosen in islice(product(*options), _READINGS):
        for value in (_evaluated(list(chosen)), _from_left(chosen)):
            if value is not None:
                yield value


def _evaluated(tokens: list[Token]) -> float | None:
    """By the usual precedence; None of what is not well formed, and of a division by nothing."""
    tokens = tokens[::-1]
    try:
        value = _sum(tokens)
    except (IndexError, ZeroDivisionError, TypeError):
        return None
    return None if tokens else value


def _sum(tokens: list[Token]) -> float:
    value = _product(tokens)
    while tokens and tokens[-1] in ("+", "-"):
        sign = 1 if tokens.pop() == "+" else -1
        value += sign * _product(tokens)
    return value


def _product(tokens: list[Token]) -> float:
    value = _atom(tokens)
    while tokens and tokens[-1] in ("*", "/"):
        operator, other = tokens.pop(), _atom(tokens)
        value = value * other if operator == "*" else value / other
    return value


def _atom(tokens: list[Token]) -> float:
    token = tokens.pop()
    if token == "-":
        return -_atom(tokens)
    if token == "(":
        value = _sum(tokens)
        if tokens.pop() != ")":
            raise IndexError
        return value
    if isinstance(token, str):
        raise TypeError
    return token


def _from_left(tokens: Sequence[Token]) -> float | None:
    """As on a simple calculator, which many people write down."""
    if "(" in tokens or len(tokens) < 4:
        return None
    value: float | None = tokens[0] if isinstance(tokens[0], float) else None
    for operator, other in zip(tokens[1::2], tokens[2::2], strict=False):
        value = None if value is None else _evaluated([value, operator, other])
    return value
