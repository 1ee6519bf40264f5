"""The numbers of a text and their units, in whatever language and script it is.

Written in digits: with the separators of any country, as fractions, as powers of ten, in LaTeX, and
with a word such as "million" behind. Numbers in words are not read.
"""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

# digits with what may stand between them: blanks of a fixed width, points, commas, apostrophes
_BETWEEN = "[.,'\u2019\u066b\u066c\u00a0\u202f\u2009]"
_DIGITS = rf"\d+(?:{_BETWEEN}\d+)*"
# thousands with plain blanks, as in "12 500,50"; a leading zero is of a telephone number
_BLANKS = rf"(?!0)\d{{1,3}}(?: \d{{3}})+(?!\d)(?:{_BETWEEN}\d+)?(?![\w.,]*\d)"
_POWER = r"[eE][-+]?\d{1,3}\b"
_MONEY = "[$\u20ac\u00a3\u00a5\u20b9]"
_SIGN = rf"(?:(?<![\w.])[-\u2212])?{_MONEY}?"
# those of tablets and of recipes; 120/80 is a pressure, and 3/5 may be a day
_FRACTION = (
    r"(?P<over>1(?=/2\b)|[12](?=/3\b)|[1-3](?=/4\b)|[1-7](?=/8\b)|(?:1[0-5]|[1-9])(?=/16\b))"
    r"/(?P<under>\d+)(?![\d/]|[.,]\d)"
)
_NUMBER = re.compile(
    rf"(?P<sign>{_SIGN})(?:(?:(?P<whole>\d+) )?(?<![\d/.,]){_FRACTION}"
    rf"|(?P<written>{_BLANKS}|{_DIGITS}|(?<![\w.])\.\d+)(?P<power>{_POWER})?"
    r"(?:\s?(?P<times>[^\W\d_]+))?)"
)
_ALWAYS_DECIMAL = "\u066b"
_MOST_DIGITS = 30  # longer ones are no quantities
_DECIMALS = Decimal("0.000001")  # of a fraction
# what a word behind a number multiplies it by, as a power of ten
_TIMES: Mapping[str, int] = {
    **dict.fromkeys(("thousand", "tausend", "mille", "mil", "тыс", "тысяч"), 3),
    **dict.fromkeys(("million", "millions", "millionen", "mio", "millones", "млн"), 6),
    **dict.fromkeys(("billion", "billions", "milliarden", "milliarde", "mrd", "млрд"), 9),
    **dict.fromkeys(("lakh", "lakhs"), 5),
    **dict.fromkeys(("crore", "crores"), 7),
}
_TIMES_WITHOUT_BLANKS: Mapping[str, int] = {"千": 3, "万": 4, "萬": 4, "億": 8, "亿": 8}
_RAISED = re.compile("[\u00bc-\u00be\u2150-\u215e\u2189]|[\u00b2\u00b3\u00b9\u2070\u2074-\u2079]+")
_CURRENCIES: Mapping[str, str] = {
    "$": "usd",
    "\u20ac": "eur",
    "\u00a3": "gbp",
    "\u00a5": "jpy",
    "\u20b9": "inr",
}
_UNITS = frozenset(
    re.findall(
        r"\S+",
        "mg g kg \u00b5g \u03bcg mcg ng t ml l dl cl mm cm m km ft mi yd am pm h min ms "
        "kb mb gb tb kw mw kwh mwh usd eur gbp jpy inr chf sek nok dkk pln cny aud cad",
    )
)
_BESIDE = re.compile(rf"({_MONEY})?\s?\d[\d.,]*\s?({_MONEY}|[^\W\d_]+)?")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_LATEX_FRACTION = re.compile(r"\\[dt]?frac\s*\{?\s*(\d+?)\s*\}?\s*\{?\s*(\d+)\s*\}?")


def numbers(text: str) -> list[Decimal]:
    """The numbers of a text that are written in digits, of any script, in order.

    Separators may be those of any country: `1,234.5`, `1.234,5`, `1 234,5` and `1'234.5` are one
    number. A single separator before three digits separates thousands (`1.234` is `1,234`), unless
    a zero leads (`0.125`). `1/2`, `½` and `0.5` are one number, so are `1.2 million` and
    `1,200,000`, `-$250` and `$-250`.
    """
    matches = _NUMBER.finditer(_plain(text))
    return [value for match in matches if (value := _value(match)) is not None]


def units(text: str) -> frozenset[str]:
    """The common units and currencies that stand beside numbers in a text, in one form: "eur"."""
    beside = [word for match in _BESIDE.finditer(text) for word in match.groups() if word]
    known = (_CURRENCIES.get(word, word.casefold()) for word in beside)
    return frozenset(word for word in known if word in _UNITS)


def _plain(text: str) -> str:
    """The text with fractions, powers and LaTeX as they are typed."""
    if "\\" in text or "{,}" in text:
        text = text.replace("{,}", ",").replace("\\,", "\u202f")
        text = _LATEX_FRACTION.sub(r" \1/\2 ", text)
    return _RAISED.sub(_typed, text)


def _typed(match: re.Match[str]) -> str:
    """A fraction as its two numbers, `⁵` as `^5`; the square of a unit is no number."""
    text, place = match.string, match.start()
    before = text[place - 1] if place else " "
    if "FRACTION" in unicodedata.name(match[0]):
        return (" " if before.isdigit() else "") + unicodedata.normalize("NFKC", match[0]).replace(
            "\u2044", "/"
        )
    return match[0] if before.isalpha() else "^" + match[0].translate(_SUPERSCRIPTS)


def _value(match: re.Match[str]) -> Decimal | None:
    sign = "-" if match["sign"][:1] in ("-", "\u2212") else ""
    if match["under"]:
        part = Decimal(match["over"]) / Decimal(match["under"])
        value = Decimal(_ascii(match["whole"] or "0")) + part.quantize(_DECIMALS)
        return -value if sign else value
    if len(match["written"]) > _MOST_DIGITS:
        return None
    # as text, since arithmetic would round what is long
    read = Decimal(f"{sign}{_read(match['written'])}{match['power'] or ''}")
    return read.scaleb(power) if (power := _times(match)) else read


def _times(match: re.Match[str]) -> int:
    word = match["times"] or ""
    return _TIMES.get(word.casefold(), _TIMES_WITHOUT_BLANKS.get(word[:1], 0))


def _read(written: str) -> str:
    """Digits with separators as a plain decimal number."""
    groups = re.split(f"({_BETWEEN}| )", written)
    groups[0] = groups[0] or "0"  # of `.25`
    digits, separators = [_ascii(group) for group in groups[::2]], groups[1::2]
    if not separators:
        return digits[0]
    last, others = separators[-1], set(separators[:-1])
    in_thousands = len(digits[-1]) == 3 and len(digits[0]) <= 3 and digits[0] != "0"
    is_decimal = last == _ALWAYS_DECIMAL or bool(others - {last}) or not in_thousands
    if is_decimal and last in others:  # a date, a version, an address: no quantity, but the same
        is_decimal = False
    whole, fraction = (digits[:-1], digits[-1]) if is_decimal else (digits, "0")
    return f"{''.join(whole)}.{fraction}"


def _ascii(digits: str) -> str:
    return "".join(str(unicodedata.digit(digit)) for digit in digits)
