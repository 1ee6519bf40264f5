"""The numbers, operators, signs and words of a text that may calculate something.

Marks of Markdown and LaTeX are taken away first: `**12 + 5 = 18**`, `3 \\times 4 = 13`.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from drafting.sums.number_words import spelled_numbers
from drafting.sums.numbers import NumberRead, number_readings

_EMPHASIS = re.compile(r"\*\*|__|`")
_MARKS = (
    (re.compile(r"(?<=\d)\*\*(?=\d)"), "^"),
    (_EMPHASIS, ""),
    (re.compile(r"^[ \t>]*(?:[-+*•–]|\d{1,2}[.)])[ \t]+", re.MULTILINE), ""),
    (re.compile(r"(?<![\w)* ])([ ]?)\*([^*\n]{1,60})\*(?![\w(*])"), r"\1\2"),
    (re.compile(r"<<[^<>]*>>"), ""),
)
_LATEX = (
    (re.compile(r"\\[dt]?frac\{([^{}]{1,40})\}\{([^{}]{1,40})\}"), r"(\1)/(\2)"),
    (re.compile(r"\\(?:text|mathrm|mathbf|boxed|textbf)\{([^{}]{0,60})\}"), r" \1 "),
    (re.compile(r"\\times|\\cdot"), "×"),
    (re.compile(r"\\div"), "÷"),
    (re.compile(r"\\approx"), "≈"),
    (re.compile(r"\\left|\\right|\\[,;! ()\[\]]|\{,\}"), ""),
    (re.compile(r"\\([$%€£])"), r"\1"),
)
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "k": 1e3, "bn": 1e9}
_OPERATORS = {
    "+": "+", "plus": "+", "-": "-", "−": "-", "–": "-", "minus": "-", "less": "-", "^": "^",
    "*": "*", "×": "*", "·": "*", "x": "*", "times": "*", "multiplied": "*", "²": "^2", "³": "^3",
    "/": "/", "÷": "/", "divided": "/",
}  # fmt: skip
_ABOUT = r"(?:about|roughly|approximately|approx\.|around|nearly|almost|some|circa|~|≈)"
_SAID = (
    r"(?:(?:which|that|this|it)\s)?(?:equals?|(?:is|are) equal to|is|are|makes?|comes? (?:out )?to"
    r"|gives?(?:\s(?:us|you|him|her|them|a total of))?|adds? up to|amounts? to|totals?|leaves?"
    r"|yields?|works? out (?:at|to|as)|results? in)|that's|i\.e\.,?|i\.e"
)
_MONEY = r"(?:\b[A-Z]{3}\b|\b[A-Z]{1,2}[$€£¥₹]|[$€£¥₹]|\bRs\.?)"
CURRENCY = re.compile(rf"^{_MONEY}")
_WORDED = r"(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty)\b"
_DIGITS = (
    r"(?:\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?![\d/])(?:[.,]\d+)?|\d+[ ]\d/\d{1,2}(?![\d/])"
    r"|\d+(?:[.,'’]\d+)*(?:[ ]?[½¼¾⅓⅔])?|(?<![\w.])\.\d+|[½¼¾⅓⅔])"
)
_SIGN = (
    rf"(?P<sign>[=≈≅→⇒]+>?|->|(?P<said>,?\s(?:{_SAID})(?=\s(?:{_ABOUT}\s|exactly\s|only\s|just\s)?"
    rf"(?:{_MONEY}[ ]?)?(?:[−-]?\(?{_MONEY}?[\d½¼¾⅓⅔.]|{_WORDED}))))"
)
SIGN = re.compile(_SIGN)
_TOKEN = re.compile(
    rf"{_SIGN}"
    rf"|(?P<number>(?:{_MONEY}[ \u00a0]?)?(?P<digits>{_DIGITS})"
    r"(?P<scale>[ ]?(?:thousand|million|billion|dozen)\b|(?:k|bn)\b)?"
    r"(?P<percent>[ ]?%|[ ]per ?cent\b)?)"
    r"|(?P<glue>(?<=[\w)])[-/](?=[^\W\d_]))"
    r"|(?P<operator>[-+*×÷·^−–/]|[xX](?=\s?[\d($€£.½¼¾])|(?<=[\d)])[²³])"
    r"|(?P<open>[(\[])|(?P<close>[)\]])|(?P<word>[^\W\d_](?:[\w'’²³]*\w|[²³])?)|(?P<line>\n)|(?P<end>\S)"
)


@dataclass(frozen=True, slots=True)
class SumToken:
    """One token.

    Attributes:
        kind: number, operator, sign, open, close, word, line or end (of what may be calculated).
        text: as written; of an operator, its sign.
        readings: of a number.
        is_said: of a sign, that words stand for it.
        written: an operator as it is written, with a blank before it if there is one.
    """

    kind: str
    text: str
    start: int
    end: int
    readings: tuple[NumberRead, ...] = ()
    is_said: bool = False
    written: str = ""

    @property
    def is_percent(self) -> bool:
        return self.kind == "number" and self.text.endswith(("%", "cent"))

    @property
    def is_whole(self) -> bool:
        """100 %, by which one multiplies to tell a percentage."""
        return self.is_percent and self.readings[0].value == 1.0


def without_emphasis(text: str) -> str:
    """A text without the marks of bold and code."""
    return _EMPHASIS.sub("", text)


@lru_cache(maxsize=64)
def without_marks_of_form(text: str) -> str:
    """A text as it is read: without Markdown's and LaTeX's marks."""
    for pattern, plain in (*(_LATEX if "\\" in text else ()), *_MARKS):
        text = pattern.sub(plain, text)
    return text


def sum_tokens(text: str) -> list[SumToken]:
    """The tokens of a text in order, numbers in words among them."""
    spelled = {start: (end, value) for start, end, value in spelled_numbers(text)}
    tokens: list[SumToken] = []
    until = 0
    for match in _TOKEN.finditer(text):
        kind, start = str(match.lastgroup), match.start()
        if start < until:
            continue
        if kind in ("said", "sign"):
            tokens.append(SumToken("sign", match[0], start, match.end(), (), bool(match["said"])))
        elif kind == "word" and start in spelled:
            until, value = spelled[start]
            spoken = (NumberRead(value, 3 if value % 1 else 0),)
            tokens.append(SumToken("number", text[start:until], start, until, spoken))
        elif kind == "operator" or (kind == "word" and match[0].lower() in _OPERATORS):
            tokens.append(_operator(text, match))
        elif kind == "word" and match[0] == "by" and tokens and tokens[-1].kind == "operator":
            tokens[-1] = replace(tokens[-1], end=match.end())
        elif match["number"]:
            readings = _readings(match)
            kind = "number" if readings else "end"
            tokens.append(SumToken(kind, match[0], start, match.end(), readings))
        elif kind != "glue":
            tokens.append(SumToken(kind, match[0], start, match.end()))
    return tokens


def _operator(text: str, match: re.Match[str]) -> SumToken:
    blank = text[max(0, match.start() - 1) : match.start()]
    written = (blank if blank == " " else "") + match[0]
    sign = _OPERATORS[match[0].lower()]
    return SumToken("operator", sign, match.start(), match.end(), (), False, written)


def _readings(match: re.Match[str]) -> tuple[NumberRead, ...]:
    """What a number with its part, its scale and its percent sign may be."""
    digits = match["digits"].strip()
    part = 0.0
    if digits[-1] in _FRACTIONS:
        digits, part = digits[:-1].strip(), _FRACTIONS[digits[-1]]
    elif "/" in digits:
        digits, _, fraction = digits.partition(" ")
        one, _, whole = fraction.partition("/")
        part = int(one) / (int(whole) or 1)
    scale = _SCALES.get((match["scale"] or "").strip(), 1.0)
    scale /= 100.0 if match["percent"] else 1.0
    found = number_readings(digits) if digits else (NumberRead(0.0, 0),)
    decimals = 3 if part else 0
    if match["scale"] and match["scale"].strip() == "dozen":
        # 3 dozen * 12 eggs per dozen
        return tuple(NumberRead(one.value * n, one.decimals) for one in found for n in (1.0, 12.0))
    return tuple(NumberRead((one.value + part) * scale, one.decimals + decimals) for one in found)
