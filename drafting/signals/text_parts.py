"""The sentences, words and numbers of a text, in whatever language and script it is."""

import functools
import re
import unicodedata
from decimal import Decimal

# full stops of Latin, Greek and Cyrillic texts need a blank after them, or they would cut numbers
# and addresses; those of scripts that do without blanks don't
_ENDS = re.compile(
    r"(?<=[.!?;\u2026\u061f\u06d4\u0589])[\"'\u201d\u2019)\]*_]*\s+|(?<=[\u3002\uff01\uff1f\u0964\u0965\u104b\u1362])|\n+"
)
# digits with what may stand between them: blanks of a fixed width, points, commas, apostrophes
_BETWEEN = "[.,'\u2019\u066b\u066c\u00a0\u202f\u2009]"
_NUMBER = re.compile(rf"(?<![\w.])[-\u2212]?(?:\.\d+|\d+(?:{_BETWEEN}\d+)*)|\d+(?:{_BETWEEN}\d+)*")
_INSIDE = "'\u2019-"  # of words
_ALWAYS_DECIMAL = "\u066b"
_MOST_DIGITS = 30  # longer ones are no quantities


def sentences(text: str) -> list[str]:
    """The sentences and lines of a text that hold a letter or a digit, in order."""
    parts = (part.strip() for part in _ENDS.split(text))
    return [part for part in parts if any(map(str.isalnum, part))]


def words(text: str) -> list[str]:
    """The words of a text without case; what stands between blanks, where a script has blanks."""
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    parted = "".join(c if c in _INSIDE or _is_of_word(c) else " " for c in plain)
    return [word for part in parted.split() if (word := part.strip(_INSIDE))]


def numbers(text: str) -> list[Decimal]:
    """The numbers of a text that are written in digits, of any script, in order.

    Separators may be those of any country: `1,234.5`, `1.234,5` and `1'234.5` are one number. A
    single separator before three digits separates thousands (`1.234` is `1,234`), unless a zero
    leads (`0.125`).
    """
    return [_value(match[0]) for match in _NUMBER.finditer(text) if len(match[0]) <= _MOST_DIGITS]


@functools.cache
def _is_of_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"  # marks are vowels in many scripts


def _value(written: str) -> Decimal:
    sign = -1 if written[0] in "-\u2212" else 1
    groups = re.split(f"({_BETWEEN})", written.lstrip("-\u2212"))
    groups[0] = groups[0] or "0"  # of `.25`
    digits, separators = [_ascii(group) for group in groups[::2]], groups[1::2]
    if not separators:
        return sign * Decimal(digits[0])
    last, others = separators[-1], set(separators[:-1])
    in_thousands = len(digits[-1]) == 3 and len(digits[0]) <= 3 and digits[0] != "0"
    is_decimal = last == _ALWAYS_DECIMAL or bool(others - {last}) or not in_thousands
    if is_decimal and last in others:  # a date, a version, an address: no quantity, but the same
        is_decimal = False
    whole, fraction = (digits[:-1], digits[-1]) if is_decimal else (digits, "0")
    return sign * Decimal(f"{''.join(whole)}.{fraction}")


def _ascii(digits: str) -> str:
    return "".join(str(unicodedata.digit(digit)) for digit in digits)
