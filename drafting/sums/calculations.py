"""What a calculation makes: its numbers in each of their readings, and its operators.

By the usual precedence, and from left to right as on a simple calculator.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product

from drafting.sums.numbers import NumberRead
from drafting.sums.sum_tokens import SumToken

# of many numbers that may be read in two ways
_READINGS = 32
_LARGEST_POWER = 64

Token = str | float
_CALCULATE = ("+", "-", "*", "/", "^")


@dataclass(frozen=True)
class SumSide:
    """A side.

    Attributes:
        tokens: numbers, operators and brackets, with what they count.
        operands: the same as `calculations.results` takes them.
        units: the first word behind each number, or "".
    """

    tokens: tuple[SumToken, ...]
    operands: tuple[Sequence[NumberRead] | str, ...]
    units: tuple[str, ...]

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end

    @cached_property
    def numbers(self) -> list[SumToken]:
        return [token for token in self.tokens if token.kind == "number"]

    @property
    def first(self) -> SumToken:
        """Its first number."""
        return self.numbers[0]

    @property
    def calculates(self) -> bool:
        """Whether it is more than a number."""
        return any(operand in _CALCULATE for operand in self.operands[1:])

    @property
    def is_worded(self) -> bool:
        """Whether an operator is a word."""
        return any(
            token.kind == "operator" and len(token.written.strip()) > 2 for token in self.tokens
        )

    @property
    def is_spaced(self) -> bool:
        """Whether a blank stands before every operator, so that 5-10 is a range."""
        return all(token.written[:1] == " " for token in self.tokens if token.kind == "operator")

    @property
    def is_crossed(self) -> bool:
        """Whether a letter x multiplies, as in sizes."""
        return any(token.text == "*" and token.written.strip() in "xX" for token in self.tokens)

    @property
    def has_fractions_divided(self) -> bool:
        """`2 / 1/2`, which is read in two ways."""
        return len({token.written for token in self.tokens if token.text == "/"}) > 1

    @property
    def with_share(self) -> list[float]:
        """`150 + 20%` as 150 and a fifth of it."""
        if len(self.operands) != 3 or self.operands[1] not in ("+", "-"):
            return []
        whole, share = self.numbers[0], self.numbers[-1]
        if whole.is_percent or not share.is_percent:
            return []
        sign = 1 if self.operands[1] == "+" else -1
        return [a.value * (1 + sign * b.value) for a in whole.readings for b in share.readings]


def results(tokens: Sequence[Sequence[NumberRead] | str]) -> Iterator[float]:
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
    except (IndexError, ZeroDivisionError, TypeError, OverflowError):
        return None
    return None if tokens else value


def _sum(tokens: list[Token]) -> float:
    value = _product(tokens)
    while tokens and tokens[-1] in ("+", "-"):
        sign = 1 if tokens.pop() == "+" else -1
        value += sign * _product(tokens)
    return value


def _product(tokens: list[Token]) -> float:
    value = _power(tokens)
    while tokens and tokens[-1] in ("*", "/"):
        operator, other = tokens.pop(), _power(tokens)
        value = value * other if operator == "*" else value / other
    return value


def _power(tokens: list[Token]) -> float:
    value = _atom(tokens)
    if not tokens or tokens[-1] != "^":
        return value
    tokens.pop()
    exponent = _power(tokens)
    if abs(exponent) > _LARGEST_POWER or (value < 0 and exponent % 1):
        raise OverflowError
    return float(value**exponent)


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
