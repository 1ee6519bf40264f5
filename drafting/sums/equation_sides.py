"""The sides of an equation: the longest calculation before a sign, and what follows it."""

from collections.abc import Sequence

from drafting.sums.calculations import SumSide
from drafting.sums.numbers import NumberRead
from drafting.sums.sum_tokens import SumToken

# between a number and an operator these are no part of what it counts
_NO_UNIT_TEXT = (
    "which who that or to is are was were so then because if when but has have had will would can "
    "he she they it we you i there this these those more than as equals equal makes gives from by"
)
_NO_UNIT = frozenset(_NO_UNIT_TEXT.split())
_ARTICLES_TEXT = "the those these all his her their its my our your another extra only just about"
_ARTICLES = frozenset(_ARTICLES_TEXT.split())
_MOST_WORDS = 9
# letters that are units rather than unknowns, right behind a number
_LETTER_UNITS = frozenset("mglhskJWVANCFKdtLwy")
_FRACTIONS = {"half": 0.5, "quarter": 0.25, "third": 1 / 3}
_MULTIPLES = {"twice": 2.0, "double": 2.0, "triple": 3.0, "thrice": 3.0}
_MAKES = frozenset({"of", *_MULTIPLES, *_FRACTIONS})
_STARTS = frozenset({"-", *_MULTIPLES, *_FRACTIONS})
_BARRIERS = frozenset({"sign", "line", "end"})
_MOST_TOKENS = 60


def left_of(tokens: Sequence[SumToken], sign: int) -> SumSide | None:
    """The longest calculation right before a sign; None of what is none, and of algebra."""
    start = sign
    while start and sign - start < _MOST_TOKENS and tokens[start - 1].kind not in _BARRIERS:
        start -= 1
    part = tokens[start:sign]
    if not any(token.kind == "operator" or token.text.lower() in _MAKES for token in part):
        return None
    for at, token in enumerate(part):
        if token.kind not in ("number", "open") and token.text.lower() not in _STARTS:
            continue
        if at and (token.text == "-" or (token.kind == "open" and part[at - 1].kind == "number")):
            continue
        side = _Reader(part[at:]).side(to_the_end=True)
        if side is not None:
            return None if _goes_on_before(part[:at]) or not side.calculates else side
    return None


def _goes_on_before(tokens: Sequence[SumToken]) -> bool:
    """Whether an operator stands there, perhaps with `his` or an unknown behind it."""
    for token in reversed(tokens[-3:]):
        if token.kind != "word" or not (token.text in _ARTICLES or len(token.text) == 1):
            return token.kind in ("operator", "close")
    return False


def right_of(tokens: Sequence[SumToken], sign: int) -> SumSide | None:
    """The number or the calculation right behind a sign."""
    part = tokens[sign + 1 : sign + 1 + _MOST_TOKENS]
    reader = _Reader(part)
    side = reader.side(to_the_end=False)
    if side is None or not side.numbers:
        return None
    rest = part[reader.at : reader.at + 2]
    if rest and rest[0].kind == "operator" and (len(rest) < 2 or _is_unknown(rest[1])):
        return None
    return side


def _is_unknown(token: SumToken) -> bool:
    return token.kind == "open" or (token.kind == "word" and len(token.text) == 1)


class _Reader:
    """Reads a side, a token at a time."""

    def __init__(self, tokens: Sequence[SumToken]) -> None:
        self.at = 0
        self._tokens = tokens
        self._read: list[SumToken] = []
        self._operands: list[Sequence[NumberRead] | str] = []
        self._units: list[str] = []

    def side(self, *, to_the_end: bool) -> SumSide | None:
        """All of the tokens, or as many of the first as are a calculation."""
        if not self._sum() or (to_the_end and self.at < len(self._tokens)):
            return None
        return SumSide(tuple(self._read), tuple(self._operands), tuple(self._units))

    def _next(self, ahead: int = 0) -> SumToken | None:
        at = self.at + ahead
        return self._tokens[at] if at < len(self._tokens) else None

    def _take(self, operand: Sequence[NumberRead] | str) -> None:
        self._read.append(self._tokens[self.at])
        self._operands.append(operand)
        self.at += 1

    def _sum(self) -> bool:
        """Terms and operators; of an operator without a term behind it, up to there."""
        token = self._next()
        if token is not None and token.kind == "operator" and token.text == "-":
            self._take("-")
        if not self._term():
            return False
        while (token := self._next()) is not None:
            state = self.at, len(self._read), len(self._operands), len(self._units)
            if token.kind == "operator" and token.text[0] != "^":
                self._take(token.text)
            elif token.kind == "open" and self._read[-1].end == token.start:
                self._operands.append("*")
            elif token.text == "of" and self._is_share():
                self._take("*")
                self._skip_article()
            else:
                break
            if not self._term():
                self._back(*state)
                break
        return True

    def _back(self, at: int, read: int, operands: int, units: int) -> None:
        self.at = at
        del self._read[read:], self._operands[operands:], self._units[units:]

    def _is_share(self) -> bool:
        """Whether what was read is a percentage or a fraction."""
        last = self._read[-1]
        if last is not self._tokens[self.at - 1]:
            return False
        if last.is_percent or last.text.lower() in _FRACTIONS or last.text[-1] in "½¼¾⅓⅔":
            return True
        whole = last.kind == "number" and self._read[-2:-1]
        return bool(whole) and self._read[-2].text == "/"

    def _skip_article(self) -> None:
        while (token := self._next()) is not None and token.text in _ARTICLES:
            self.at += 1

    def _term(self) -> bool:
        while (token := self._next()) is not None and token.text in _ARTICLES:
            self.at += 1
        if token is None:
            return False
        word = token.text.lower()
        if token.kind == "open":
            return self._bracket()
        if token.kind == "word" and word in _MULTIPLES:
            self._take([NumberRead(_MULTIPLES[word], 0)])
            self._skip_article()
            self._operands.append("*")
            return self._term()
        if token.kind == "word" and word in _FRACTIONS:
            self._take([NumberRead(_FRACTIONS[word], 3)])
            if (following := self._next()) is not None and following.kind == "number":
                self._operands.append("*")
                return self._term()
            return (following := self._next()) is not None and following.text == "of"
        if token.kind != "number":
            return False
        self._take(token.readings)
        if (
            (power := self._next()) is not None
            and power.kind == "operator"
            and power.text[0] == "^"
        ):
            self._power(power)
        return self._words()

    def _power(self, power: SumToken) -> None:
        exponent = self._next(1)
        if len(power.text) > 1:
            self._take("^")
            self._operands.append([NumberRead(float(power.text[1:]), 0)])
        elif exponent is not None and exponent.kind == "number":
            self._take("^")
            self._take(exponent.readings)

    def _bracket(self) -> bool:
        self._take("(")
        if not self._sum():
            return False
        token = self._next()
        if token is None or token.kind != "close":
            return False
        self._take(")")
        return self._words()

    def _words(self) -> bool:
        """What is counted; False where it is an unknown of algebra."""
        count, first = 0, ""
        before = self._tokens[self.at - 1]
        while (token := self._next()) is not None and count < _MOST_WORDS:
            if token.kind == "open" and (width := self._words_in_bracket()):
                self.at += width
                continue
            if token.kind != "word" or token.text.lower() in _NO_UNIT:
                break
            if token.text == "of" and not count and self._is_share_of_number():
                break
            glued = not count and token.start == before.end and len(token.text) == 1
            if glued and token.text not in _LETTER_UNITS:
                return False
            first, count = first or token.text, count + 1
            self.at += 1
        self._units.append(first)
        return True

    def _is_share_of_number(self) -> bool:
        following = [token for token in (self._next(1), self._next(2)) if token is not None]
        return self._is_share() and any(token.kind in ("number", "open") for token in following)

    def _words_in_bracket(self) -> int:
        """How many tokens a bracket has that holds words alone: `5 (tests)`."""
        width = 1
        while (token := self._next(width)) is not None and token.kind == "word":
            width += 1
        return width + 1 if token is not None and token.kind == "close" and width > 1 else 0
